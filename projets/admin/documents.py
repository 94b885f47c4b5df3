"""Les documents d'une demande à côté de son texte : une pièce choisie s'ouvre dans la page, sans script."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from projets.admin.suivi import avec_venue, venue
from projets.models import Projet
from projets.requetes.dossier import PieceLue
from socle.admin.actes import adresse_lecture

PARAMETRE = "piece"
ANCRE = "#document"


@dataclass(frozen=True)
class Volet:
    """Le document ouvert, son adresse seule, les autres qui se montrent, et la page sans volet."""

    lue: PieceLue
    adresse: str
    autres: list[tuple[PieceLue, str]]
    fermer: str


def adresse_du_volet(projet: Projet, piece: Any, filtres: str) -> str:
    """Le dossier, cette pièce ouverte à côté."""
    return avec_venue(f"{adresse_lecture(projet)}?{PARAMETRE}={piece.pk}{ANCRE}", filtres)


def volet(request: HttpRequest, projet: Projet, pieces: list[PieceLue]) -> Volet | None:
    """La pièce que l'adresse nomme; nul sans paramètre, 404 si elle n'est pas du dossier ou ne se montre pas."""
    demandee = request.GET.get(PARAMETRE, "")
    if not demandee:
        return None
    montrables = [lue for lue in pieces if lue.montrable]
    lue = next((lue for lue in montrables if str(lue.piece.pk) == demandee), None)
    if lue is None:
        raise Http404
    filtres = venue(request)
    return Volet(
        lue,
        f"{reverse('admin:projets_projet_apercu', args=[projet.pk])}?{PARAMETRE}={lue.piece.pk}",
        [(autre, adresse_du_volet(projet, autre.piece, filtres)) for autre in montrables if autre is not lue],
        avec_venue(f"{adresse_lecture(projet)}#pieces", filtres),
    )


def liens(request: HttpRequest, projet: Projet, pieces: list[PieceLue]) -> list[tuple[PieceLue, str]]:
    """Chaque pièce, et le lien qui l'ouvre à côté; vide si elle ne se montre pas."""
    filtres = venue(request)
    return [(lue, adresse_du_volet(projet, lue.piece, filtres) if lue.montrable else "") for lue in pieces]
