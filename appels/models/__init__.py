"""Modèles des appels."""

from appels.models.appel import Appel, AppelQuerySet
from appels.models.contenu import AppelEnveloppe, Critere, EtapeCalendrier, PieceRequise
from appels.models.depot import ProlongationDepot

__all__ = [
    "Appel",
    "AppelEnveloppe",
    "AppelQuerySet",
    "Critere",
    "EtapeCalendrier",
    "PieceRequise",
    "ProlongationDepot",
]
