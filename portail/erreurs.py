"""Pages d'erreur : ce qui est arrivé, pourquoi, quoi faire."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def requete_refusee(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """400."""
    return render(request, "400.html", status=400)


def interdit(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """403 : dans la portée, sans le droit."""
    return render(request, "403.html", status=403)


def introuvable(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """404 : n'existe pas, ou hors de la portée de la personne."""
    return render(request, "404.html", status=404)


def panne(request: HttpRequest) -> HttpResponse:
    """500 : une page seule, sans base ni contexte."""
    return render(None, "500.html", status=500)


def jeton_refuse(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 du jeton CSRF : la session a expiré ou la page est restée ouverte trop longtemps."""
    return render(request, "403_csrf.html", status=403)
