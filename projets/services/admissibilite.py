"""Premier examen, par la coordination : admissible ou non, avec un motif."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from comptes.models import Utilisateur
from projets.etats import PROJET
from projets.models import Projet
from socle.erreurs import Refus


@transaction.atomic
def juger_admissibilite(
    *, projet: Projet, admissible: bool, motif: str, auteur: Utilisateur, instant: datetime
) -> Projet:
    """Déclare la demande admissible ou non. Refuse une non-admissibilité sans motif : l'organisme le lira."""
    if not admissible and not motif.strip():
        raise Refus(_("Écrivez le motif de la non-admissibilité : l’organisme le lira."), code="motif", champ="motif")
    return PROJET.appliquer(
        projet, "admettre" if admissible else "ecarter", auteur=auteur, instant=instant, motif=motif.strip()
    )
