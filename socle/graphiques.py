"""Graphiques en SVG, tirés des mêmes nombres que le tableau voisin; aucun style en ligne (CSP)."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from socle.formats import argent

LARGEUR = 1000


@dataclass(frozen=True)
class Part:
    """Un rectangle de la barre : son genre (classe), sa position et sa largeur, en millièmes de l'échelle."""

    genre: str
    x: int
    largeur: int


@dataclass(frozen=True)
class Barre:
    """Barre d'enveloppe : versé, engagé non versé, proposé; le reste est disponible."""

    parts: tuple[Part, ...]
    texte: str
    largeur: int = LARGEUR


def barre_enveloppe(*, dotation: Decimal, engage: Decimal, verse: Decimal, propose: Decimal = Decimal(0)) -> Barre:
    """La barre d'une enveloppe. Un dépassement s'arrête au bout de la barre; le texte, lui, dit les vrais nombres."""
    texte = _("Dotation {dotation}; versé {verse}; engagé et non versé {engage}; disponible {disponible}").format(
        dotation=argent(dotation),
        verse=argent(verse),
        engage=argent(engage - verse),
        disponible=argent(dotation - engage),
    )
    parts, debut = [], 0
    for genre, montant in (("verse", verse), ("engage", engage - verse), ("propose", propose)):
        largeur = min(LARGEUR - debut, int(montant / dotation * LARGEUR)) if dotation else 0
        if largeur > 0:
            parts.append(Part(genre, debut, largeur))
            debut += largeur
    return Barre(tuple(parts), texte)
