"""Enveloppes Celery du portail."""

from celery import shared_task

from appels.services.annonces import annoncer_prevus
from appels.services.cycle import publier_prevus
from appels.services.depot import fermer_epuises
from appels.services.pannes import mesurer
from portail import rappels
from socle.horloge import maintenant


@shared_task(name="portail.battre_rappels")
def battre_rappels() -> None:
    rappels.battre(maintenant())


@shared_task(name="portail.battre_appels")
def battre_appels() -> None:
    """Publie ce qui est prévu, annonce ce qui est prévu, ferme ce qui est épuisé."""
    instant = maintenant()
    publier_prevus(instant)
    annoncer_prevus(instant)
    fermer_epuises(instant)


@shared_task(name="portail.sonder")
def sonder() -> None:
    mesurer(maintenant())
