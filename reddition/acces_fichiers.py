"""Qui lit les fichiers d'une reddition : qui peut la lire."""

from typing import Any

from reddition.enums import ACCES_FICHIER
from reddition.models import Reddition
from socle.documents.fichiers import acces_fichier
from socle.models import Fichier


@acces_fichier(ACCES_FICHIER)
def lire_fichier_de_reddition(utilisateur: Any, fichier: Fichier) -> bool:
    reddition = Reddition.objects.select_related("entente__mandataire").filter(pk=fichier.objet_id).first()
    return reddition is not None and utilisateur.has_perm("reddition.lire_reddition", reddition)
