"""Ce que partagent les rappels : un rappel dû, et à qui écrire chez un mandataire."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models

from alliances.models import Affectation
from comptes.enums import Role
from portail.rappels.paliers import Palier
from socle.horloge import EST

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


def coordinations(mandataire_ids: Iterable[int], instant: datetime) -> dict[int, tuple[str, ...]]:
    """Les courriels de la coordination de chaque mandataire, en une requête."""
    adresses: dict[int, list[str]] = {}
    affectations = Affectation.objects.en_vigueur(instant.astimezone(EST).date()).filter(
        role=Role.COORDINATION, mandataire__in=mandataire_ids
    )
    for affectation in affectations.select_related("utilisateur"):
        adresses.setdefault(affectation.mandataire_id, []).append(affectation.utilisateur.email)
    return {cle: tuple(sorted(liste)) for cle, liste in adresses.items()}
