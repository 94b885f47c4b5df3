"""Modèles du comité."""

from comite.models.appel import ComiteAppel
from comite.models.codes import CodeAcces, FeuilleCodes
from comite.models.seance import CahierSeance, PointOrdreDuJour, Seance
from comite.models.suivi import Relance, SaisiePapier

__all__ = [
    "CahierSeance",
    "CodeAcces",
    "ComiteAppel",
    "FeuilleCodes",
    "PointOrdreDuJour",
    "Relance",
    "SaisiePapier",
    "Seance",
]
