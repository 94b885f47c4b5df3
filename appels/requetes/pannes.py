"""Les pannes qui ont touché le dépôt d'un appel, et la prolongation qu'elles appellent (R21)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from appels.enums import EtatAppel
from appels.models import Appel, Interruption
from appels.regles.calendrier import decaler_instant


@dataclass(frozen=True)
class Proposition:
    """Des pannes pendant le dépôt, leur durée en tout, et l'échéance proposée, qui la rend au complet."""

    pannes: list[Interruption]
    duree: timedelta
    nouvelle: datetime


def pannes_du_depot(appel: Appel, instant: datetime) -> QuerySet[Interruption]:
    """Les interruptions qui touchent une période de dépôt déjà entamée, et qu'aucune prolongation n'a suivies."""
    derniere = max((p.instant for p in appel.prolongations.all()), default=None)
    pannes = Interruption.objects.filter(
        fin__gt=appel.ouverture_a(instant), debut__lt=appel.fermeture_a(instant), fin__lte=instant
    )
    return (pannes.filter(fin__gt=derniere) if derniere else pannes).order_by("debut")


def prolongation_proposee(appel: Appel, instant: datetime) -> Proposition | None:
    """Une prolongation d'au moins le temps perdu, en jours entiers : la même heure de fin, un autre jour."""
    if appel.etat != EtatAppel.PUBLIE or instant < appel.ouverture:
        return None
    pannes = list(pannes_du_depot(appel, instant))
    if not pannes:
        return None
    ouverture, fermeture = appel.ouverture_a(instant), appel.fermeture_a(instant)
    perdu = sum((min(p.fin, fermeture) - max(p.debut, ouverture) for p in pannes), timedelta(0))
    nouvelle, jours = fermeture, 0
    while nouvelle - fermeture < perdu or nouvelle <= instant + perdu:
        jours += 1
        nouvelle = decaler_instant(fermeture, appel.fuseau, 0, jours)
    return Proposition(pannes, perdu, nouvelle)
