"""À quels moments rappeler, pur : des échéances, un instant, un palier (ou rien)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MATIN = time(9, 0)


@dataclass(frozen=True)
class Palier:
    """Un rappel prévu : son nom et son instant."""

    nom: str
    instant: datetime


def a_neuf_heures(jour: date, fuseau: str) -> datetime:
    """9 h, heure locale, changement d'heure compris."""
    return datetime.combine(jour, MATIN, tzinfo=ZoneInfo(fuseau))


def paliers_brouillon(fermeture: datetime, fuseau: str) -> list[Palier]:
    """J−30, J−7, J−1, le jour même à 9 h, et H−3; J est le dernier jour utile (R20)."""
    jour = (fermeture - timedelta(microseconds=1)).astimezone(ZoneInfo(fuseau)).date()
    prevus = [(f"J-{n}", a_neuf_heures(jour - timedelta(days=n), fuseau)) for n in (30, 7, 1)]
    return [
        Palier(nom, instant)
        for nom, instant in [*prevus, ("J", a_neuf_heures(jour, fuseau)), ("H-3", fermeture - timedelta(hours=3))]
    ]


def paliers_rapport(du_le: date, fuseau: str) -> list[Palier]:
    """J−30, J−7, J, J+7, J+15, J+30."""
    return [
        Palier(f"J{n:+d}" if n else "J", a_neuf_heures(du_le + timedelta(days=n), fuseau))
        for n in (-30, -7, 0, 7, 15, 30)
    ]


def paliers_plan(echeance: date, fuseau: str) -> list[Palier]:
    """J−30, J−7, J, J+7."""
    return [
        Palier(f"J{n:+d}" if n else "J", a_neuf_heures(echeance + timedelta(days=n), fuseau)) for n in (-30, -7, 0, 7)
    ]


def paliers_precision(limite: datetime, fuseau: str) -> list[Palier]:
    """J−3, J−1, J et J+1; J est le dernier jour utile (R20)."""
    jour = (limite - timedelta(microseconds=1)).astimezone(ZoneInfo(fuseau)).date()
    return [Palier(f"J{n:+d}" if n else "J", a_neuf_heures(jour + timedelta(days=n), fuseau)) for n in (-3, -1, 0, 1)]


def paliers_evaluation(limite: datetime, fuseau: str) -> list[Palier]:
    """J−7, J−1, J+1 et J+7; J est le dernier jour utile (R20)."""
    jour = (limite - timedelta(microseconds=1)).astimezone(ZoneInfo(fuseau)).date()
    return [Palier(f"J{n:+d}", a_neuf_heures(jour + timedelta(days=n), fuseau)) for n in (-7, -1, 1, 7)]


def paliers_document(echeance: date, fuseau: str) -> list[Palier]:
    """J−30, J−7 et J+1 : le lendemain, le document n'est plus valide."""
    return [Palier(f"J{n:+d}", a_neuf_heures(echeance + timedelta(days=n), fuseau)) for n in (-30, -7, 1)]


def paliers_adresse(inscription: datetime) -> list[Palier]:
    """Vingt heures après l'inscription (avant la fin des 24 h), puis trois jours."""
    return [Palier("H+20", inscription + timedelta(hours=20)), Palier("J+3", inscription + timedelta(days=3))]


def paliers_reddition(exercice: str, fuseau: str) -> list[Palier]:
    """Chaque semaine, du 1er avril qui suit l'exercice au 30 juin."""
    annee = int(exercice[5:])
    premier = date(annee, 4, 1)
    return [Palier(f"S{n + 1}", a_neuf_heures(premier + timedelta(weeks=n), fuseau)) for n in range(13)]


def palier_du(paliers: Sequence[Palier], instant: datetime, jusqua: datetime | None = None) -> Palier | None:
    """Le dernier palier passé : un rattrapage n'envoie que celui-là, et jamais après l'échéance (`jusqua`)."""
    if jusqua is not None and instant >= jusqua:
        return None
    passes = [palier for palier in paliers if palier.instant <= instant]
    return max(passes, key=lambda palier: palier.instant) if passes else None
