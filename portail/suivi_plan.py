"""Le suivi d'un plan : ce que les appels et les projets apportent à chaque objectif (compose alliances, appels, projets)."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Count, F, Q

from alliances.models import PlanTravail
from alliances.requetes.plans import LecturePlan, lire_plan
from projets.enums import EtatProjet


def suivi_du_plan(plan: PlanTravail, jour: date) -> LecturePlan:
    """La lecture du plan, avec, par objectif, les appels qui le citent, les projets déposés et les projets soutenus.

    Un projet compte pour un objectif quand son appel le cite et, si l'objectif sert une priorité, quand c'est la sienne.
    """
    lecture = lire_plan(plan, jour)
    comptes = _comptes(plan)
    return replace(
        lecture,
        objectifs=[
            replace(
                lu,
                appels=comptes[lu.objectif.pk]["n_appels"],
                projets=comptes[lu.objectif.pk]["n_projets"],
                soutenus=comptes[lu.objectif.pk]["n_soutenus"],
            )
            for lu in lecture.objectifs
        ],
    )


def _comptes(plan: PlanTravail) -> dict[int, dict[str, Any]]:
    """Une requête pour tous les objectifs du plan."""
    le_sien = Q(appels__projets__depose_le__isnull=False) & (
        Q(priorite__isnull=True) | Q(appels__projets__priorite=F("priorite"))
    )
    objectifs = plan.objectifs.order_by("pk").annotate(
        n_appels=Count("appels", distinct=True),
        n_projets=Count("appels__projets", filter=le_sien, distinct=True),
        n_soutenus=Count(
            "appels__projets", filter=le_sien & Q(appels__projets__etat=EtatProjet.ACCEPTE), distinct=True
        ),
    )
    return {rangee["pk"]: rangee for rangee in objectifs.values("pk", "n_appels", "n_projets", "n_soutenus")}
