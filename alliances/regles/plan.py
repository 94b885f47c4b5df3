"""Le plan de travail, règles pures : l'état d'un objectif se déduit, le retard d'un plan aussi."""

from datetime import date

from alliances.enums import EtatObjectif, EtatPlan


def etat_objectif(echeance: date | None, fait_le: date | None, jour: date) -> EtatObjectif:
    """Fait dès qu'une date l'atteste; sinon en retard le lendemain de son échéance; sinon à faire."""
    if fait_le is not None:
        return EtatObjectif.FAIT
    if echeance is not None and echeance < jour:
        return EtatObjectif.EN_RETARD
    return EtatObjectif.A_FAIRE


def plan_en_retard(etat: str, echeance: date | None, jour: date) -> bool:
    """Un plan encore en brouillon le lendemain de son échéance de dépôt."""
    return etat == EtatPlan.BROUILLON and echeance is not None and echeance < jour
