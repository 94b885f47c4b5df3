"""Modèles du comité."""

from comite.models.appel import ComiteAppel
from comite.models.codes import CodeAcces, FeuilleCodes
from comite.models.scenario import LigneScenario, Scenario
from comite.models.seance import CahierSeance, PointOrdreDuJour, Seance
from comite.models.suivi import Relance, SaisiePapier
from comite.models.tenue import Presence, RetraitSeance

__all__ = [
    "CahierSeance",
    "CodeAcces",
    "ComiteAppel",
    "FeuilleCodes",
    "LigneScenario",
    "PointOrdreDuJour",
    "Presence",
    "Relance",
    "RetraitSeance",
    "SaisiePapier",
    "Scenario",
    "Seance",
]
