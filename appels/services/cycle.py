"""La vie d'un appel : publier, annoncer."""

from datetime import datetime
from typing import Any

from django.db import transaction

from appels.etats import APPEL
from appels.models import Appel
from appels.services.plan import plan_a_citer


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


@transaction.atomic
def annoncer_appel(*, appel: Appel, auteur: Any, instant: datetime) -> Appel:
    """Lève l'embargo (R28) : les décisions deviennent publiques. Refuse avant la fin du dépôt."""
    return APPEL.appliquer(appel, "annoncer", auteur=auteur, instant=instant, annonce_le=instant)
