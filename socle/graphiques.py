"""Graphiques en SVG, tirés des mêmes nombres que le tableau voisin; aucun style en ligne (CSP).

Plein, hachuré, pointillé, vide : lisible sans couleur. Les motifs sont des tracés coupés au rectangle ici même, sans
`pattern` ni `clipPath` : le même SVG sert à l'écran et au PDF.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from socle.formats import argent

LARGEUR, HAUTEUR = 1000, 40
PAS_HACHURES, PAS_POINTS, COTE_POINT = 14, 24, 6


@dataclass(frozen=True)
class Part:
    """Un rectangle de la barre : son genre (classe), sa place en millièmes de l'échelle, le tracé de son motif."""

    genre: str
    x: int
    largeur: int
    hachures: str = ""
    points: str = ""

    @property
    def plein(self) -> bool:
        return not (self.hachures or self.points)


@dataclass(frozen=True)
class Barre:
    """Une barre : ses parts dans un cadre large de `largeur` millièmes; le vide du cadre est le disponible."""

    parts: tuple[Part, ...]
    texte: str
    largeur: int = LARGEUR


def hachures(x: int, largeur: int, hauteur: int = HAUTEUR) -> str:
    """Segments à 45°, coupés au rectangle (attribut d)."""
    segments = []
    for depart in range(-hauteur + PAS_HACHURES, largeur, PAS_HACHURES):
        debut, fin = max(0, -depart), min(hauteur, largeur - depart)
        if fin > debut:
            segments.append(f"M{x + depart + debut} {hauteur - debut}L{x + depart + fin} {hauteur - fin}")
    return "".join(segments)


def points(x: int, largeur: int, hauteur: int = HAUTEUR) -> str:
    """Petits carrés à mi-hauteur, entiers dans le rectangle (attribut d)."""
    haut, marge = (hauteur - COTE_POINT) // 2, PAS_POINTS // 2
    departs = range(x + marge, x + largeur - COTE_POINT, PAS_POINTS)
    return "".join(f"M{depart} {haut}h{COTE_POINT}v{COTE_POINT}h-{COTE_POINT}z" for depart in departs)


MOTIFS: dict[str, Callable[[int, int], dict[str, str]]] = {
    "engage": lambda x, largeur: {"hachures": hachures(x, largeur)},
    "argent": lambda x, largeur: {"hachures": hachures(x, largeur)},
    "propose": lambda x, largeur: {"points": points(x, largeur)},
    "nature": lambda x, largeur: {"points": points(x, largeur)},
}


def _part(genre: str, x: int, largeur: int) -> Part:
    motif = MOTIFS.get(genre)
    return Part(genre, x, largeur, **(motif(x, largeur) if motif else {}))


def barre_enveloppe(
    *,
    dotation: Decimal,
    engage: Decimal,
    verse: Decimal,
    propose: Decimal = Decimal(0),
    echelle: Decimal | None = None,
) -> Barre:
    """La barre d'une enveloppe : versé plein, engagé hachuré, proposé pointillé, disponible vide.

    `echelle` : la plus grande dotation voisine, pour que les barres se comparent. Un dépassement s'arrête au bout du
    cadre; le texte, lui, dit les vrais nombres.
    """
    texte = _("Dotation {dotation}; versé {verse}; engagé et non versé {engage}; disponible {disponible}").format(
        dotation=argent(dotation),
        verse=argent(verse),
        engage=argent(engage - verse),
        disponible=argent(dotation - engage),
    )
    cadre = int(dotation / echelle * LARGEUR) if echelle else LARGEUR
    parts, debut = [], 0
    for genre, montant in (("verse", verse), ("engage", engage - verse), ("propose", propose)):
        largeur = min(cadre - debut, int(montant / dotation * cadre)) if dotation else 0
        if largeur > 0:
            parts.append(_part(genre, debut, largeur))
            debut += largeur
    return Barre(tuple(parts), texte, cadre)


def barre_simple(*, montant: Decimal, echelle: Decimal, genre: str, texte: str) -> Barre:
    """Une barre d'une seule part, sur l'échelle commune : `verse` plein, `argent` hachuré, `nature` pointillé."""
    largeur = min(LARGEUR, int(montant / echelle * LARGEUR)) if echelle else 0
    return Barre((_part(genre, 0, largeur),) if largeur > 0 else (), texte, largeur)
