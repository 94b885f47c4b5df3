"""PDF : le seul import de WeasyPrint. HTML d'un gabarit → PDF/UA-1, sans réseau ni fichier local (décision 12, pile)."""

from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

BASE = "statique:///"
VARIANTE = "pdf/ua-1"


class RessourceInterdite(ValueError):
    """Le document demande une ressource hors de nos fichiers statiques."""


class LecteurStatique(URLFetcher):
    """Ne sert que nos fichiers statiques : ni `file:`, ni réseau, ni chemin qui remonte."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        morceaux = urlsplit(url)
        chemin = unquote(morceaux.path).lstrip("/")
        trouve = finders.find(chemin) if morceaux.scheme == "statique" and not morceaux.netloc else None
        if not trouve:
            raise RessourceInterdite(f"Ressource refusée dans un PDF : {url[:80]}")
        return URLFetcherResponse(url, Path(trouve).read_bytes())


@lru_cache(maxsize=1)
def polices() -> FontConfiguration:
    """Configuration de polices partagée par tous les rendus du processus."""
    return FontConfiguration()


@lru_cache(maxsize=8)
def feuille(chemin: str) -> CSS:
    """Feuille de style analysée une fois par processus."""
    return CSS(url=f"{BASE}{chemin}", font_config=polices(), url_fetcher=LecteurStatique())


def rendre_html(gabarit: str, contexte: dict[str, Any]) -> str:
    """HTML accessible d'un document, prêt pour `rendre_pdf`."""
    return render_to_string(gabarit, contexte)


def mettre_en_page(html: str, feuilles: tuple[str, ...] = ("pdf/pdf.css",)) -> Document:
    """Les pages composées d'un document HTML complet (`lang` et `title` obligatoires)."""
    return HTML(string=html, base_url=BASE, url_fetcher=LecteurStatique()).render(
        font_config=polices(), stylesheets=[feuille(nom) for nom in feuilles], pdf_variant=VARIANTE
    )


def rendre_pdf(html: str, feuilles: tuple[str, ...] = ("pdf/pdf.css",)) -> bytes:
    """PDF/UA-1 balisé.

    La variante se passe à render() et à write_pdf() : au premier seul, les balises manquent en silence.
    """
    return mettre_en_page(html, feuilles).write_pdf(pdf_variant=VARIANTE)


def pdf_de(gabarit: str, contexte: dict[str, Any]) -> bytes:
    """Gabarit et contexte → PDF."""
    return rendre_pdf(rendre_html(gabarit, contexte))
