"""Modèles des appels."""

from appels.models.appel import Appel, AppelQuerySet
from appels.models.contenu import AppelEnveloppe, Critere, EtapeCalendrier, PieceRequise
from appels.models.depot import ProlongationDepot
from appels.models.formulaire import FormulaireVersion

__all__ = [
    "Appel",
    "AppelEnveloppe",
    "AppelQuerySet",
    "Critere",
    "EtapeCalendrier",
    "FormulaireVersion",
    "PieceRequise",
    "ProlongationDepot",
]
