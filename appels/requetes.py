"""Lectures partagées des appels."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from alliances.enums import NatureEnveloppe
from alliances.requetes.bilan import Chiffres, chiffres_de, soldes_avant
from appels.enums import EtatAppel, Phase
from appels.models import Appel
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
    return RangeeOffre(
        libelle,
        sum((r.offert for r in rangees), ZERO),
        sum((r.disponible for r in rangees), ZERO),
        sum((r.engage for r in rangees), ZERO),
        regionale=False,
        barre=barre_enveloppe(dotation=ZERO, engage=ZERO, verse=ZERO),
    )


def filtrer(appels: Iterable[Appel], parametres: Mapping[str, str], instant: datetime) -> list[Appel]:
    """Les appels de la phase et du territoire demandés; un paramètre vide ou inconnu de la liste ne filtre rien."""
    phase, territoire = parametres.get("phase", ""), parametres.get("territoire", "")
    return [
        appel
        for appel in appels
        if (phase not in Phase.values or appel.phase_a(instant) == phase)
        and (not territoire or appel.entente.mandataire.territoire == territoire)
    ]


def rechercher(appels: Iterable[Appel], mots: str) -> list[Appel]:
    """Les appels dont le titre, la région ou le mandataire contient tous les mots, sans égard aux accents."""
    cherches = sans_accents(mots).split()

    def texte(appel: Appel) -> str:
        mandataire = appel.entente.mandataire
        return sans_accents(f"{appel.titre} {appel.code} {mandataire.territoire} {mandataire.nom}")

    return [appel for appel in appels if all(mot in texte(appel) for mot in cherches)]
