from projets.models.budget import LigneDepense, LigneFinancement
from projets.models.decision import Convention, Decision, DecisionLigne, Lettre, Recommandation, Versement
from projets.models.depot import Depot, PieceJointe
from projets.models.evaluation import DeclarationInteret, Evaluation, Note
from projets.models.precision import ChampPrecision, DemandePrecision, LectureFil, Message
from projets.models.projet import Activite, Projet, ResultatAttendu
from projets.models.rapport import DepenseReelle, RapportProjet
from projets.models.reponse import Reponse

__all__ = [
    "Activite",
    "ChampPrecision",
    "Convention",
    "Decision",
    "DecisionLigne",
    "DeclarationInteret",
    "DemandePrecision",
    "DepenseReelle",
    "Depot",
    "Evaluation",
    "LectureFil",
    "Lettre",
    "LigneDepense",
    "LigneFinancement",
    "Message",
    "Note",
    "PieceJointe",
    "Projet",
    "RapportProjet",
    "Recommandation",
    "Reponse",
    "ResultatAttendu",
    "Versement",
]
