"""Contrôles au démarrage : toute vue de nos apps déclare son accès."""

from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.urls import URLPattern, URLResolver, get_resolver

NOS_APPS = {"socle", "comptes", "alliances", "appels", "projets", "comite", "reddition", "portail"}


def vues_declarees(resolveur: URLResolver | None = None, prefixe: str = "") -> Iterator[tuple[str, Any]]:
    """Chaque (adresse, vue) de l'URLconf, vues imbriquées comprises."""
    for element in (resolveur or get_resolver()).url_patterns:
        adresse = prefixe + str(element.pattern)
        if isinstance(element, URLResolver):
            yield from vues_declarees(element, adresse)
        elif isinstance(element, URLPattern):
            yield adresse, element.callback


def controler_acces(app_configs: list[AppConfig] | None, **_: Any) -> list[checks.CheckMessage]:
    """Une vue d'une de nos apps sans accès déclaré est une erreur; l'admin garde les siennes par son site."""
    return [
        checks.Error(
            f"La vue {vue.__module__}.{vue.__name__} ({adresse}) ne déclare pas son accès.",
            hint="Décorez-la avec acces_public, acces_connecte ou acces(permission).",
            id="socle.E001",
        )
        for adresse, vue in vues_declarees()
        if vue.__module__.split(".")[0] in NOS_APPS and not adresse.startswith("admin/") and not hasattr(vue, "acces")
    ]
