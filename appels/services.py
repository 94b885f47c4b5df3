"""Commandes des appels."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alliances.models import ObjectifPlan, PlanTravail
from alliances.requetes.plans import plan_en_vigueur
from appels.enums import EtatAppel
from appels.etats import APPEL
from appels.models import Appel, ProlongationDepot
from appels.signaux import depot_prolonge
from socle.erreurs import Refus
from socle.etats import noter_transition, verifier_droit


@transaction.atomic
def publier_appel(*, appel: Appel, auteur: Any, instant: datetime) -> Appel:
    """Publie l'appel, fige ses paramètres et ses montants offerts (décision 8), cite le plan de travail en vigueur.

    Refuse une grille dont les poids ne font pas 100 (R24), ou aucun montant offert.
    """
    return APPEL.appliquer(
        appel,
        "publier",
        auteur=auteur,
        instant=instant,
        parametres_figes=appel.aide.ecrire(),
        plan=plan_a_citer(appel),
    )


def plan_a_citer(appel: Appel) -> PlanTravail | None:
    """Le plan en vigueur : celui du territoire quand l'appel n'en sert qu'un et qu'il a le sien, sinon celui de l'entente."""
    territoires = {offre.enveloppe.territoire for offre in appel.offres.select_related("enveloppe__territoire")}
    return plan_en_vigueur(appel.entente, territoires.pop() if len(territoires) == 1 else None)


@transaction.atomic
def lier_objectifs(*, appel: Appel, objectifs: Sequence[ObjectifPlan], auteur: Any, instant: datetime) -> Appel:
    """Dit quels objectifs du plan l'appel sert. Refuse un objectif d'un autre plan que celui que l'appel cite."""
    verifier_droit(auteur, "appels.modifier_appel", appel, _("Lier aux objectifs du plan"))
    if any(objectif.plan_id != appel.plan_id for objectif in objectifs):
        raise Refus(
            _("Un de ces objectifs n’est pas du plan que l’appel cite : relisez la page."),
            code="plan",
            champ="objectifs",
        )
    appel.objectifs.set(objectifs)
    noter_transition(
        appel,
        action="objectifs",
        de="",
        vers=str(_("Objectifs du plan liés")),
        auteur=auteur,
        instant=instant,
        motif=", ".join(objectif.code for objectif in objectifs),
    )
    return appel


@transaction.atomic
def prolonger_depot(
    *, appel: Appel, nouvelle: datetime, motif: str, auteur: Any, instant: datetime
) -> ProlongationDepot:
    """Repousse la fermeture à `nouvelle`, instant exclusif (R20, R21), et le dit à tous les brouillons.

    Refuse : une date qui n'est pas plus tard, ou déjà passée; un appel qui n'est plus en dépôt; sans motif.
    """
    verifier_droit(auteur, "appels.modifier_appel", appel, _("Prolonger le dépôt"))
    if not motif.strip():
        raise Refus(_("Écrivez le motif : les organismes le liront."), code="motif", champ="motif")
    appel = Appel.objects.select_for_update(of=("self",), no_key=True).get(pk=appel.pk)
    if appel.etat != EtatAppel.PUBLIE:
        raise Refus(_("L’appel n’est plus en dépôt : sa période ne se prolonge plus."), code="etat")
    if nouvelle <= max(appel.fermeture, instant):
        raise Refus(
            _("La période se prolonge, elle ne se raccourcit pas : choisissez un moment après le {echeance}.").format(
                echeance=appel.echeance_en_mots
            ),
            code="date",
            champ="dernier_jour",
        )
    prolongation = ProlongationDepot.objects.create(
        entente_id=appel.entente_id,
        appel=appel,
        ancienne=appel.fermeture,
        nouvelle=nouvelle,
        motif=motif.strip(),
        auteur=auteur,
        instant=instant,
    )
    appel.fermeture = nouvelle
    appel.save(update_fields=["fermeture"])
    noter_transition(
        appel, action="prolonger", de=appel.etat, vers=appel.etat, auteur=auteur, instant=instant, motif=motif.strip()
    )
    depot_prolonge.send(sender=ProlongationDepot, prolongation=prolongation, instant=instant)
    return prolongation


@transaction.atomic
def annoncer_appel(*, appel: Appel, auteur: Any, instant: datetime) -> Appel:
    """Lève l'embargo (R28) : les décisions deviennent publiques. Refuse avant la fin du dépôt."""
    return APPEL.appliquer(appel, "annoncer", auteur=auteur, instant=instant, annonce_le=instant)
