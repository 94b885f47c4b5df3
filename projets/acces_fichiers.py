"""Qui lit les fichiers d'un projet : pièces et documents suivent le droit de lire le projet."""

from typing import Any

from projets.models import Convention, Projet
from projets.requetes import lettre_envoyee
from projets.services.exports import ACCES_TRAVAIL
from projets.services.pieces import ACCES_PIECE
from socle.documents.fichiers import acces_fichier
from socle.models import Fichier


@acces_fichier(ACCES_PIECE)
def lire_fichier_de_projet(utilisateur: Any, fichier: Fichier) -> bool:
    """R28 : le PDF d'une convention ne s'ouvre à l'organisme qu'une fois sa lettre envoyée; l'équipe le relit avant."""
    projet = (
        Projet.objects.select_related("entente__mandataire", "decision__lettre").filter(pk=fichier.objet_id).first()
    )
    if projet is None or not utilisateur.has_perm("projets.lire_projet", projet):
        return False
    if lettre_envoyee(projet) or utilisateur.has_perm("projets.lire_lettres", projet):
        return True
    return not Convention.objects.filter(fichier=fichier).exists()


@acces_fichier(ACCES_TRAVAIL, perissable=True)
def lire_fichier_de_travail(utilisateur: Any, fichier: Fichier) -> bool:
    """Un export ou une archive : la seule personne qui l'a demandé, tant que son rôle le permet encore."""
    return fichier.depose_par_id == utilisateur.pk and utilisateur.has_perm("projets.exporter_projets")
