"""Les montants offerts d'un appel, à côté du grand livre."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from alliances.enums import NatureEnveloppe
from alliances.requetes.bilan import Chiffres, chiffres_de, soldes_avant
from appels.enums import EtatAppel
from appels.models import Appel
from socle.argent import ZERO
from socle.graphiques import Barre, barre_enveloppe
from socle.horloge import maintenant


@dataclass(frozen=True)
class RangeeOffre:
    """Une enveloppe d'un appel : ce qui était offert à l'ouverture (nul : à venir), ce qui est disponible maintenant."""

    libelle: str
    offert: Decimal | None
    disponible: Decimal
    engage: Decimal
    regionale: bool
    barre: Barre
    a_venir: int = 0


@dataclass(frozen=True)
class TableauOffres:
    """Le tableau public d'un appel, sous-total des territoires compris."""

    rangees: list[RangeeOffre]
    territoires: RangeeOffre
    total: RangeeOffre
    du_jour: bool
    annonce: bool


def sous_embargo(entente: Any) -> QuerySet[Appel]:
    """Les appels de l'entente dont les décisions ne sont pas annoncées (R28), le plus ancien d'abord."""
    return Appel.objects.filter(
        entente=entente, etat__in=(EtatAppel.PUBLIE, EtatAppel.ANALYSE, EtatAppel.DECIDE)
    ).order_by("ouverture")


def tableau_offres(appel: Appel, *, public: bool = False) -> TableauOffres:
    """Montants offerts, figés, à côté du disponible du grand livre (une requête, ou deux).

    `public` : un octroi ne se lit pas avant l'annonce (R28), ni celui de cet appel, ni celui d'un appel voisin qui partage ses
    enveloppes. Pas encore annoncé, l'appel montre le disponible de son ouverture.
    """
    offres = list(appel.offres.select_related("enveloppe"))
    embargo = _embargo(appel) if public else None
    soldes = [chiffres_de(o.enveloppe) for o in offres]
    if embargo is not None:
        vus = soldes_avant([offre.enveloppe_id for offre in offres], embargo[0], octrois_avant=embargo[1])
        soldes = [vus.get(o.enveloppe_id, Chiffres()) for o in offres]
    echelle = max((solde.dotation for solde in soldes), default=ZERO)
    rangees = [
        RangeeOffre(
            offre.enveloppe.libelle,
            offre.offert,
            solde.disponible,
            solde.engage,
            offre.enveloppe.nature == NatureEnveloppe.REGIONALE,
            barre_enveloppe(dotation=solde.dotation, engage=solde.engage, verse=solde.verse, echelle=echelle),
            a_venir=int(offre.offert is None),
        )
        for offre, solde in zip(offres, soldes, strict=True)
    ]
    return TableauOffres(
        rangees,
        _somme("territoires", [r for r in rangees if not r.regionale]),
        _somme("total", rangees),
        du_jour=embargo is None,
        annonce=appel.etat == EtatAppel.ANNONCE,
    )


def _embargo(appel: Appel) -> tuple[datetime, datetime] | None:
    """(dotations jusqu'à, octrois jusqu'à), nul si rien n'attend d'être annoncé; `embargo_depuis` évite une requête."""
    depuis = (
        appel.embargo_depuis
        if hasattr(appel, "embargo_depuis")
        else sous_embargo(appel.entente_id).values_list("ouverture", flat=True).first()
    )
    if appel.etat != EtatAppel.ANNONCE:
        return appel.ouverture, min(depuis or appel.ouverture, appel.ouverture)
    return (maintenant(), depuis) if depuis else None


def _somme(libelle: str, rangees: list[RangeeOffre]) -> RangeeOffre:
    """Les montants connus s'additionnent; `a_venir` compte ceux qui ne le sont pas encore. Aucun de connu : nul, jamais zéro."""
    connus = [r.offert for r in rangees if r.offert is not None]
    return RangeeOffre(
        libelle,
        sum(connus, ZERO) if connus else None,
        sum((r.disponible for r in rangees), ZERO),
        sum((r.engage for r in rangees), ZERO),
        regionale=False,
        barre=barre_enveloppe(dotation=ZERO, engage=ZERO, verse=ZERO),
        a_venir=sum(r.a_venir for r in rangees),
    )
