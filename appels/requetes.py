"""Lectures partagées des appels."""

from dataclasses import dataclass
from decimal import Decimal

from alliances.enums import NatureEnveloppe
from appels.models import Appel
from socle.argent import ZERO


@dataclass(frozen=True)
class RangeeOffre:
    """Une enveloppe d'un appel : ce qui était offert à l'ouverture, ce qui est disponible maintenant."""

    libelle: str
    offert: Decimal
    disponible: Decimal
    engage: Decimal
    regionale: bool


@dataclass(frozen=True)
class TableauOffres:
    """Le tableau public d'un appel, sous-total des territoires compris."""

    rangees: list[RangeeOffre]
    territoires: RangeeOffre
    total: RangeeOffre


def tableau_offres(appel: Appel) -> TableauOffres:
    """Montants offerts, figés, à côté du disponible du grand livre (une requête)."""
    rangees = [
        RangeeOffre(
            offre.enveloppe.libelle, offre.offert, offre.enveloppe.disponible, offre.enveloppe.engage,
            offre.enveloppe.nature == NatureEnveloppe.REGIONALE,
        )
        for offre in appel.offres.select_related("enveloppe")
    ]
    return TableauOffres(rangees, _somme("territoires", [r for r in rangees if not r.regionale]), _somme("total", rangees))


def _somme(libelle: str, rangees: list[RangeeOffre]) -> RangeeOffre:
    return RangeeOffre(
        libelle,
        sum((r.offert for r in rangees), ZERO),
        sum((r.disponible for r in rangees), ZERO),
        sum((r.engage for r in rangees), ZERO),
        regionale=False,
    )
