"""Mesurer les pannes du portail : une sonde chaque minute, un trou trop long devient une interruption (R21).

La sonde est une vraie requête au portail, faite par le travailleur. Elle réussit : l'instant se note. Le trou entre deux
réussites est une interruption, que la sonde ait été refusée (constatée), ou que rien n'ait tourné pendant ce temps.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from appels.models import Interruption
from socle.models import Battement
from socle.sonde import sonder

SONDE, REFUS = "sonde", "sonde_refus"
SEUIL = timedelta(minutes=3)  # la sonde passe chaque minute : deux de manquées, c'est une panne


def mesurer(instant: datetime, sonde: Callable[[], bool] = sonder) -> Interruption | None:
    """Un battement de la sonde; rend l'interruption qui vient de finir, s'il y en a une. Deux battements n'en font pas deux."""
    if sonde():
        return _noter_la_reponse(instant)
    Battement.objects.update_or_create(processus=REFUS, defaults={"instant": instant})
    return None


@transaction.atomic
def _noter_la_reponse(instant: datetime) -> Interruption | None:
    precedent = Battement.objects.select_for_update().filter(processus=SONDE).first()
    Battement.objects.update_or_create(processus=SONDE, defaults={"instant": instant})
    if precedent is None or instant - precedent.instant <= SEUIL:
        return None
    refus = Battement.objects.filter(processus=REFUS, instant__gt=precedent.instant).exists()
    interruption, _neuve = Interruption.objects.get_or_create(
        debut=precedent.instant, defaults={"fin": instant, "constatee": refus}
    )
    return interruption
