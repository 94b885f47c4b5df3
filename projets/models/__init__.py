from projets.models.budget import LigneDepense, LigneFinancement
from projets.models.budget_revise import BudgetRevise
from projets.models.decision import Convention, Decision, DecisionLigne, Lettre, Recommandation, Versement
from projets.models.depot import Depot, PieceJointe
from projets.models.evaluation import DeclarationInteret, Evaluation, Note
from projets.models.examen import ExamenAdmissibilite, NoteInterne, PointExamine
from projets.models.modele_lettre import ModeleLettre
from projets.models.precision import ChampPrecision, DemandePrecision, LectureFil, Message
from projets.models.preparation import DecisionAnterieure, DecisionPreparee, PartPreparee
from projets.models.projet import Activite, Projet, ResultatAttendu
from projets.models.rapport import DepenseReelle, RapportProjet
from projets.models.reponse import Reponse

__all__ = [
    "Activite",
    "BudgetRevise",
    "ChampPrecision",
    "Convention",
    "Decision",
    "DecisionAnterieure",
    "DecisionLigne",
    "DecisionPreparee",
    "DeclarationInteret",
    "DemandePrecision",
    "DepenseReelle",
    "Depot",
    "Evaluation",
    "ExamenAdmissibilite",
    "LectureFil",
    "Lettre",
    "LigneDepense",
    "LigneFinancement",
    "Message",
    "ModeleLettre",
    "Note",
    "NoteInterne",
    "PartPreparee",
    "PieceJointe",
    "PointExamine",
    "Projet",
    "RapportProjet",
    "Recommandation",
    "Reponse",
    "ResultatAttendu",
    "Versement",
]
