"""L'appel et le plan de travail : celui qu'il cite, les objectifs qu'il sert."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alliances.models import ObjectifPlan, PlanTravail
from alliances.requetes.plans import plan_en_vigueur
from appels.models import Appel
from socle.erreurs import Refus
from socle.etats import noter_transition, verifier_droit


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
