"""Décaler les dates d'un appel recopié : d'années et de jours, dans le fuseau local, sans 29 février cassé."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

FIN_DE_SEMAINE = (5, 6)


def decaler_jour(jour: date, annees: int, jours: int = 0) -> date:
    """`jour` plus `annees`, le 29 février devenant le 28 s'il n'existe pas, puis plus `jours`."""
    annee = jour.year + annees
    dernier = monthrange(annee, jour.month)[1]
    return jour.replace(year=annee, day=min(jour.day, dernier)) + timedelta(days=jours)


def decaler_instant(instant: datetime, fuseau: str, annees: int, jours: int = 0) -> datetime:
    """Le même mur d'horloge local, décalé : minuit reste minuit, changement d'heure compris.

    Une fermeture à minuit se lit à la veille (le dernier jour utile) : c'est elle qui se décale.
    """
    local = instant.astimezone(ZoneInfo(fuseau))
    minuit = (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)
    jour = local.date() - timedelta(days=1) if minuit else local.date()
    decale = decaler_jour(jour, annees, jours) + timedelta(days=1 if minuit else 0)
    return datetime.combine(decale, local.time(), tzinfo=ZoneInfo(fuseau))


def est_ouvrable(jour: date, feries: frozenset[date] = frozenset()) -> bool:
    """Du lundi au vendredi, hors des jours fériés donnés."""
    return jour.weekday() not in FIN_DE_SEMAINE and jour not in feries
