"""Le temps du portail : la seule source de l'heure (décision 5)."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

EST = ZoneInfo("America/Toronto")


def maintenant() -> datetime:
    """L'instant présent, à l'heure du serveur, avec fuseau (UTC)."""
    return timezone.now()


def aujourd_hui(fuseau: ZoneInfo = EST) -> date:
    """La date du jour dans `fuseau`."""
    return maintenant().astimezone(fuseau).date()


class ArriveeMiddleware:
    """Marque `request.arrivee` avant tout autre travail : c'est elle qui compte pour l'échéance (R20)."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.arrivee = maintenant()  # type: ignore[attr-defined]  # posé ici, lu par les vues
        return self.suite(request)
