"""Accueil et menu de l'admin (remplis par les files de travail)."""

from typing import Any

from django.http import HttpRequest


def menu(request: HttpRequest) -> list[dict[str, Any]]:
    return []


def contexte(request: HttpRequest) -> dict[str, Any]:
    return {}
