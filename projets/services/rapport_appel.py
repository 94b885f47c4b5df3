"""Demander le rapport d'un appel en PDF."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from appels.models import Appel
from socle import travaux
from socle.etats import verifier_droit
from socle.models import Travail

GENRE = "projets.rapport_appel"


def demander_rapport(*, appel: Appel, retour: str, auteur: Any, instant: datetime) -> Travail:
    """Met le PDF en file; la portée de la personne est relue à l'exécution. Refuse qui ne lit pas l'appel."""
    verifier_droit(auteur, "appels.lire_appel", appel, _("Demander le rapport de l’appel"))
    return travaux.demander(
        GENRE,
        libelle=_("Rapport de l’appel {code}").format(code=appel.code),
        parametres={"appel_id": appel.pk},
        demande_par=auteur,
        instant=instant,
        mandataire_code=appel.entente.mandataire.code,
        retour=retour,
    )
