"""Jouer une histoire dans l'ordre du temps : chaque acte a son instant, le grand livre suit."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count

from socle.horloge import EST


def quand(jour: date, heure: int = 10, minute: int = 0, seconde: int = 0) -> datetime:
    """Un instant du passé, à l'heure de l'Est."""
    return datetime(jour.year, jour.month, jour.day, heure, minute, seconde, tzinfo=EST)


@dataclass
class Agenda:
    """Des actes datés, exécutés du plus ancien au plus récent."""

    _rangs: count = field(default_factory=count)
    _actes: list[tuple[datetime, int, Callable[[datetime], object]]] = field(default_factory=list)

    def inscrire(self, instant: datetime, acte: Callable[[datetime], object]) -> None:
        self._actes.append((instant, next(self._rangs), acte))

    def jouer(self) -> None:
        for instant, _rang, acte in sorted(self._actes, key=lambda inscrit: inscrit[:2]):
            acte(instant)
