"""Enveloppes Celery du portail."""

from celery import shared_task

from portail import rappels
from socle.horloge import maintenant


@shared_task(name="portail.battre_rappels")
def battre_rappels() -> None:
    rappels.battre(maintenant())
