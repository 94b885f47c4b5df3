"""Lectures partagées des appels."""

from dataclasses import dataclass
from decimal import Decimal

from alliances.enums import NatureEnveloppe
from alliances.models import Enveloppe
from appels.models import Appel, AppelQuerySet
from socle.argent import ZERO
from socle.formats import sans_accents
from socle.graphiques import Barre, barre_enveloppe


@dataclass(frozen=True)
class RangeeOffre:
    """Une enveloppe d'un appel : ce qui était offert à l'ouverture, ce qui est disponible maintenant."""

    libelle: str
    offert: Decimal
    disponible: Decimal
    engage: Decimal
    regionale: bool
    barre: Barre


@dataclass(frozen=True)
class TableauOffres:
    """Le tableau public d'un appel, sous-total des territoires compris."""

    rangees: list[RangeeOffre]
    territoires: RangeeOffre
    total: RangeeOffre


def tableau_offres(appel: Appel) -> TableauOffres:
    """Montants offerts, figés, à côté du disponible du grand livre (une requête)."""
    offres = list(appel.offres.select_related("enveloppe"))
    echelle = max((offre.enveloppe.dotation for offre in offres), default=ZERO)
    rangees = [
        RangeeOffre(
            offre.enveloppe.libelle,
            offre.offert,
            offre.enveloppe.disponible,
            offre.enveloppe.engage,
            offre.enveloppe.nature == NatureEnveloppe.REGIONALE,
            _barre(offre.enveloppe, echelle),
        )
        for offre in offres
    ]
    return TableauOffres(
        rangees, _somme("territoires", [r for r in rangees if not r.regionale]), _somme("total", rangees)
    )


def _somme(libelle: str, rangees: list[RangeeOffre]) -> RangeeOffre:
    return RangeeOffre(
        libelle,
        sum((r.offert for r in rangees), ZERO),
        sum((r.disponible for r in rangees), ZERO),
        sum((r.engage for r in rangees), ZERO),
        regionale=False,
        barre=barre_enveloppe(dotation=ZERO, engage=ZERO, verse=ZERO),
    )


def _barre(enveloppe: Enveloppe, echelle: Decimal) -> Barre:
    return barre_enveloppe(dotation=enveloppe.dotation, engage=enveloppe.engage, verse=enveloppe.verse, echelle=echelle)


def rechercher(appels: AppelQuerySet, mots: str) -> list[Appel]:
    """Les appels dont le titre, la région ou le mandataire contient tous les mots, sans égard aux accents."""
    cherches = sans_accents(mots).split()

    def texte(appel: Appel) -> str:
        mandataire = appel.entente.mandataire
        return sans_accents(f"{appel.titre} {appel.code} {mandataire.territoire} {mandataire.nom}")

    return [appel for appel in appels if all(mot in texte(appel) for mot in cherches)]
