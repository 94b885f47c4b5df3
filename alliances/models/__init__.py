from alliances.models.affectation import Affectation, OrganismeConnu
from alliances.models.entente import Cycle, Entente, Mandataire, MontantPublie, NomMandataire
from alliances.models.enveloppe import Engagement, Enveloppe, ExerciceFerme, Mouvement, TeteGrandLivre
from alliances.models.gouvernance import (
    AvisSectoriel,
    Comite,
    Delegation,
    InstanceDecisionnelle,
    MembreComite,
    Partenaire,
    SiegeVecu,
)
from alliances.models.plan import Consultation, EngagementPartenaire, ObjectifPlan, PlanTravail, Priorite
from alliances.models.territoire import Communaute, ContactTerritoire, Territoire, ZoneVisee
from alliances.models.vie_entente import Avenant, SignataireEntente, TrancheMinistere

__all__ = [
    "Affectation",
    "Avenant",
    "AvisSectoriel",
    "Comite",
    "Communaute",
    "Consultation",
    "ContactTerritoire",
    "Cycle",
    "Delegation",
    "Engagement",
    "EngagementPartenaire",
    "Entente",
    "Enveloppe",
    "ExerciceFerme",
    "InstanceDecisionnelle",
    "Mandataire",
    "MembreComite",
    "MontantPublie",
    "Mouvement",
    "NomMandataire",
    "ObjectifPlan",
    "OrganismeConnu",
    "Partenaire",
    "PlanTravail",
    "Priorite",
    "SiegeVecu",
    "SignataireEntente",
    "Territoire",
    "TeteGrandLivre",
    "TrancheMinistere",
    "ZoneVisee",
]
