"""La préférence d'affichage d'un membre du comité."""

from comptes.models import Utilisateur


def regler_affichage(*, personne: Utilisateur, gros_caracteres: bool) -> Utilisateur:
    """Garde la préférence avec le compte; ce geste n'appartient qu'à la personne."""
    personne.gros_caracteres = gros_caracteres
    personne.save(update_fields=["gros_caracteres"])
    return personne
