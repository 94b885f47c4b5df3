from comptes.models.dossier import CorrectionOrganisme, DocumentPermanent
from comptes.models.membres import DemandeAdhesion, Invitation
from comptes.models.organisme import Adhesion, Organisme
from comptes.models.utilisateur import Utilisateur

__all__ = [
    "Adhesion",
    "CorrectionOrganisme",
    "DemandeAdhesion",
    "DocumentPermanent",
    "Invitation",
    "Organisme",
    "Utilisateur",
]
