"""Rappels du comité : une évaluation à remettre bientôt, ou en retard; à J+7, la coordination en reçoit copie."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from alliances.requetes.adresses import coordinations
from portail.rappels.communs import Du
from portail.rappels.paliers import palier_du, paliers_evaluation
from projets.enums import EVALUATIONS_OUVERTES, EtatProjet
from projets.models import Evaluation
from socle import courriels

AVANCE, RECUL = timedelta(days=8), timedelta(days=14)


def evaluations(instant: datetime) -> Iterator[Du]:
    """Évaluations ouvertes dont la limite approche ou vient de passer; rien pour une demande qui n'est plus devant le comité."""
    dues = list(
        Evaluation.objects.filter(
            etat__in=EVALUATIONS_OUVERTES,
            projet__etat=EtatProjet.EN_EVALUATION,
            limite__gt=instant - RECUL,
            limite__lte=instant + AVANCE,
        )
        .select_related("projet__appel", "evaluateur", "entente__mandataire")
        .order_by("id")
    )
    adresses = coordinations({e.entente.mandataire_id for e in dues}, instant)
    for evaluation in dues:
        projet, mandataire = evaluation.projet, evaluation.entente.mandataire
        palier = palier_du(paliers_evaluation(evaluation.limite, projet.appel.fuseau), instant)
        if palier is None or palier.instant < evaluation.assignee_le or not evaluation.evaluateur.is_active:
            continue
        retard = evaluation.en_retard(instant)
        if retard != palier.nom.startswith("J+"):
            continue
        yield Du(
            "evaluation",
            evaluation,
            palier,
            evaluation.limite,
            (evaluation.evaluateur.email, *(adresses.get(mandataire.pk, ()) if palier.nom == "J+7" else ())),
            (_("Évaluation en retard : {numero}") if retard else _("Évaluation à remettre : {numero}")).format(
                numero=projet.numero
            ),
            {
                "projet": projet,
                "appel": projet.appel,
                "evaluation": evaluation,
                "retard": retard,
                "lien": courriels.adresse_absolue(evaluation.get_absolute_url()),
            },
            mandataire.code,
        )
