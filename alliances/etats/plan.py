"""Transitions d'un plan de travail : la coordination dépose, le ministère accepte ou retourne."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as L  # noqa: N812

from alliances.enums import EtatPlan as E
from alliances.models import PlanTravail
from socle.etats import Machine, Transition


def priorites_choisies(plan: PlanTravail, _instant: datetime) -> str | None:
    if plan.priorites.exists():
        return None
    return _("Le plan n’a aucune priorité : choisissez-en au moins une avant de le déposer.")


def orientations_ecrites(plan: PlanTravail, _instant: datetime) -> str | None:
    if plan.orientations.strip():
        return None
    return _("Le plan n’a pas d’orientations : écrivez-les avant de le déposer.")


def structure_ecrite(plan: PlanTravail, _instant: datetime) -> str | None:
    if plan.structure.strip():
        return None
    return _("La structure de gouvernance n’est pas décrite : écrivez-la avant de déposer le plan.")


PLAN = Machine(
    "plan",
    (
        Transition(
            "deposer",
            L("Déposer le plan"),
            (E.BROUILLON,),
            E.DEPOSE,
            "alliances.ecrire_plan",
            (priorites_choisies, orientations_ecrites, structure_ecrite),
        ),
        Transition("commenter", L("Retourner avec commentaires"), (E.DEPOSE,), E.BROUILLON, "alliances.juger_plan"),
        Transition("accepter", L("Accepter le plan"), (E.DEPOSE,), E.ACCEPTE, "alliances.juger_plan"),
        Transition("remplacer", L("Remplacer le plan"), (E.ACCEPTE,), E.REMPLACE, "alliances.juger_plan"),
    ),
)
