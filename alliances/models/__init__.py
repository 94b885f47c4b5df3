from alliances.models.affectation import Affectation, OrganismeConnu
from alliances.models.entente import Cycle, Entente, Mandataire, MontantPublie
from alliances.models.enveloppe import Engagement, Enveloppe, ExerciceFerme, Mouvement, TeteGrandLivre
from alliances.models.territoire import Priorite, Territoire

__all__ = [
    "Affectation",
    "Cycle",
    "Engagement",
    "Entente",
    "Enveloppe",
    "ExerciceFerme",
    "Mandataire",
    "MontantPublie",
    "Mouvement",
    "OrganismeConnu",
    "Priorite",
    "Territoire",
    "TeteGrandLivre",
]
