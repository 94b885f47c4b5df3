"""Ce que partagent les rappels : un rappel dû."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models

from portail.rappels.paliers import Palier

AVANCE = timedelta(days=31)


@dataclass(frozen=True)
class Du:
    """Un rappel dû : quoi, à qui, pour quelle échéance."""

    genre: str
    objet: models.Model
    palier: Palier
    echeance: datetime
    destinataires: tuple[str, ...]
    sujet: str
    contexte: dict[str, Any]
    mandataire_code: str
