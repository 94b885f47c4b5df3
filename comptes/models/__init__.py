from comptes.models.organisme import Adhesion, Organisme
from comptes.models.utilisateur import Utilisateur

__all__ = ["Adhesion", "Organisme", "Utilisateur"]
