"""Enveloppes Celery : idempotentes, une clé primaire en entrée."""

from celery import shared_task

from socle import antivirus, battements, boite, courriels, nettoyage, peremption, travaux
from socle.horloge import maintenant


@shared_task(name="socle.envoyer_courriel")
def envoyer_courriel(envoi_id: int) -> None:
    boite.traiter(envoi_id, courriels.envoyer)


@shared_task(name="socle.executer_travail")
def executer_travail(envoi_id: int) -> None:
    boite.traiter(envoi_id, travaux.executer)


@shared_task(name="socle.noter_battement")
def noter_battement() -> None:
    battements.noter("battement")


@shared_task(name="socle.analyser_fichier")
def analyser_fichier(envoi_id: int) -> None:
    boite.traiter(envoi_id, antivirus.analyser)


@shared_task(name="socle.nettoyer_televersements")
def nettoyer_televersements() -> None:
    nettoyage.nettoyer(maintenant())


@shared_task(name="socle.effacer_perimes")
def effacer_perimes() -> None:
    peremption.effacer_perimes(maintenant())
