"""Qui lit le guide d'un appel en PDF : tout le monde, quand l'appel est public et que c'est son guide courant."""

from typing import Any

from appels.models import Appel
from appels.services.guide import ACCES_GUIDE
from socle.documents.fichiers import acces_fichier
from socle.models import Fichier


@acces_fichier(ACCES_GUIDE)
def lire_guide(_utilisateur: Any, fichier: Fichier) -> bool:
    return Appel.objects.publics().filter(pk=fichier.objet_id, guide=fichier).exists()
