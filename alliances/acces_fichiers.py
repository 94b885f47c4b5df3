"""Qui lit les fichiers des alliances : le logo d'un mandataire est public tant qu'il est le sien."""

from typing import Any

from alliances.models import Mandataire
from alliances.services.mandataires import ACCES_LOGO
from socle.documents.fichiers import acces_fichier
from socle.models import Fichier


@acces_fichier(ACCES_LOGO)
def lire_logo(_utilisateur: Any, fichier: Fichier) -> bool:
    return Mandataire.objects.filter(pk=fichier.objet_id, logo=fichier).exists()
