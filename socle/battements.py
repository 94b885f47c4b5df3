"""Signe de vie des processus de fond, lu par /pret."""

from socle.horloge import maintenant
from socle.models.journal import Battement


def noter(processus: str) -> None:
    """Note que `processus` (relais, battement) vient de vivre."""
    Battement.objects.update_or_create(processus=processus, defaults={"instant": maintenant()})
