"""Ce que les projets font quand une app du bas l'annonce : passer les brouillons au formulaire publié."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from appels.models import FormulaireVersion
from appels.signaux import formulaire_publie
from projets.enums import EtatProjet
from projets.models import Projet


@receiver(formulaire_publie)
def passer_les_brouillons(
    sender: type[FormulaireVersion], version: FormulaireVersion, instant: datetime, **_autres: Any
) -> None:
    """Les brouillons de l'appel passent à la version, réponses gardées; les demandes déposées gardent la leur."""
    Projet.objects.filter(appel=version.appel_id, etat=EtatProjet.BROUILLON).update(formulaire=version)
