"""Qui lit le guide et le formulaire vierge d'un appel : tout le monde, quand l'appel est public et qu'ils font foi."""

from typing import Any

from appels.models import Appel
from appels.services.guide import ACCES_FORMULAIRE, ACCES_GUIDE
from socle.documents.fichiers import acces_fichier
from socle.models import Fichier


@acces_fichier(ACCES_GUIDE)
def lire_guide(_utilisateur: Any, fichier: Fichier) -> bool:
    return Appel.objects.publics().filter(pk=fichier.objet_id, guide=fichier).exists()


@acces_fichier(ACCES_FORMULAIRE)
def lire_formulaire(_utilisateur: Any, fichier: Fichier) -> bool:
    return Appel.objects.publics().filter(pk=fichier.objet_id, formulaire_pdf=fichier).exists()
