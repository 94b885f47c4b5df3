"""Qui lit les fichiers du dossier permanent : les membres de l'organisme."""

from typing import Any

from comptes.services.dossier_permanent import ACCES_DOCUMENT
from socle.documents.fichiers import acces_fichier
from socle.models import Fichier


@acces_fichier(ACCES_DOCUMENT)
def lire_document(utilisateur: Any, fichier: Fichier) -> bool:
    return utilisateur.is_authenticated and fichier.objet_id in utilisateur.portees.organismes
