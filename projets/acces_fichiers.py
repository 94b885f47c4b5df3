"""Qui lit les fichiers d'un projet : pièces et documents suivent le droit de lire le projet."""

from typing import Any

from projets.models import Projet
from projets.services.exports import ACCES_TRAVAIL
from projets.services.pieces import ACCES_PIECE
from socle.documents.fichiers import acces_fichier
from socle.models import Fichier


@acces_fichier(ACCES_PIECE)
def lire_fichier_de_projet(utilisateur: Any, fichier: Fichier) -> bool:
    projet = Projet.objects.select_related("entente__mandataire").filter(pk=fichier.objet_id).first()
    return projet is not None and utilisateur.has_perm("projets.lire_projet", projet)


@acces_fichier(ACCES_TRAVAIL, perissable=True)
def lire_fichier_de_travail(utilisateur: Any, fichier: Fichier) -> bool:
    """Un export ou une archive : la seule personne qui l'a demandé, tant que son rôle le permet encore."""
    return fichier.depose_par_id == utilisateur.pk and utilisateur.has_perm("projets.exporter_projets")
