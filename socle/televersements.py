"""Refus des requêtes trop lourdes dès l'en-tête, avant d'en lire un octet (Django accepte 1 Gio par défaut)."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class TailleMiddleware:
    """Répond 413, en clair, quand `Content-Length` dépasse `TAILLE_MAX_REQUETE`."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, request: HttpRequest) -> HttpResponse:
        annonce = request.META.get("CONTENT_LENGTH") or "0"
        if annonce.isdigit() and int(annonce) > settings.TAILLE_MAX_REQUETE:
            reponse = render(request, "413.html", {"maximum": settings.TAILLE_MAX_FICHIER}, status=413)
            reponse["Connection"] = "close"
            return reponse
        return self.suite(request)
