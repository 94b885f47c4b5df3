"""Modèles des appels."""

from appels.models.appel import Appel, AppelQuerySet
from appels.models.comite import PhaseEvaluation
from appels.models.contenu import AppelEnveloppe, Critere, EtapeCalendrier, PieceRequise
from appels.models.depot import PeriodeDepot, ProlongationDepot
from appels.models.formulaire import FormulaireVersion
from appels.models.guide import QuestionPublique, TexteGuide
from appels.models.interruption import Interruption

__all__ = [
    "Appel",
    "AppelEnveloppe",
    "AppelQuerySet",
    "Critere",
    "EtapeCalendrier",
    "FormulaireVersion",
    "Interruption",
    "PeriodeDepot",
    "PhaseEvaluation",
    "PieceRequise",
    "ProlongationDepot",
    "QuestionPublique",
    "TexteGuide",
]
