"""Les montants offerts d'un appel, à côté du grand livre."""

from dataclasses import dataclass
from decimal import Decimal

from alliances.enums import NatureEnveloppe
from alliances.requetes.bilan import Chiffres, chiffres_de, soldes_avant
from appels.enums import EtatAppel
from appels.models import Appel
from socle.argent import ZERO
from socle.graphiques import Barre, barre_enveloppe


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


def tableau_offres(appel: Appel, *, public: bool = False) -> TableauOffres:
    """Montants offerts, figés, à côté du disponible du grand livre (une requête, ou deux).

    `public` et pas encore annoncé : le disponible est celui de l'ouverture, un octroi ne se lit pas avant l'annonce (R28).
    """
    offres = list(appel.offres.select_related("enveloppe"))
    embargo = public and appel.etat != EtatAppel.ANNONCE
    a_l_ouverture = soldes_avant([offre.enveloppe_id for offre in offres], appel.ouverture) if embargo else {}
    soldes = [a_l_ouverture.get(o.enveloppe_id, Chiffres()) if embargo else chiffres_de(o.enveloppe) for o in offres]
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
        du_jour=not embargo,
    )


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
