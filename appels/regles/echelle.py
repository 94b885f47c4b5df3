"""L'échelle d'un critère en mots : un mot par note, ou par palier de notes."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

LIGNE = re.compile(r"^(\d{1,3})\s*(?:[=:–-]\s*)?(\D.*)$")
MOT_MAX = 60


class EchelleIllisible(ValueError):
    """Une échelle qui ne se lit pas; le message dit laquelle de ses lignes, et pourquoi."""


@dataclass(frozen=True)
class Palier:
    """À partir de cette note, ce mot."""

    note: int
    mot: str


def lire_paliers(rangees: Iterable[dict[str, Any]]) -> list[Palier]:
    """Les paliers rangés avec le critère, du plus bas au plus haut."""
    return sorted((Palier(int(r["note"]), str(r["mot"])) for r in rangees), key=lambda p: p.note)


def lire_echelle(texte: str, maximum: int) -> list[Palier]:
    """« 0 Pas du tout; 5 Un peu; 15 Beaucoup » → paliers. Vide : aucun mot.

    Refuse (`EchelleIllisible`) : une ligne sans note ou sans mot, une note hors de 0 à `maximum`, deux fois la même, un seul palier.
    """
    paliers: list[Palier] = []
    for ligne in filter(None, (morceau.strip() for morceau in re.split(r"[;\n]", texte))):
        lue = LIGNE.match(ligne)
        if lue is None:
            raise EchelleIllisible(
                _("« {ligne} » ne se lit pas : écrivez une note puis son mot, par exemple « 5 Un peu ».").format(
                    ligne=ligne
                )
            )
        note, mot = int(lue[1]), lue[2].strip()
        if note > maximum:
            raise EchelleIllisible(
                _("« {ligne} » : la note dépasse le maximum du critère, {maximum}.").format(
                    ligne=ligne, maximum=maximum
                )
            )
        if len(mot) > MOT_MAX:
            raise EchelleIllisible(_("« {ligne} » : le mot est trop long.").format(ligne=ligne))
        if any(palier.note == note for palier in paliers):
            raise EchelleIllisible(_("La note {note} a deux mots : gardez-en un.").format(note=note))
        paliers.append(Palier(note, mot))
    if len(paliers) == 1:
        raise EchelleIllisible(_("Une échelle compte au moins deux mots."))
    return sorted(paliers, key=lambda p: p.note)


def ecrire_echelle(paliers: Sequence[Palier]) -> str:
    """Les paliers tels qu'ils se saisissent."""
    return "; ".join(f"{palier.note} {palier.mot}" for palier in paliers)


def mot_de(note: int, paliers: Sequence[Palier]) -> str:
    """Le mot du palier où tombe la note; vide sous le premier palier, ou sans échelle."""
    return next((palier.mot for palier in reversed(paliers) if palier.note <= note), "")
