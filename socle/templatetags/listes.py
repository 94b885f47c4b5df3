"""La liste de l'admin en cartes, à petite largeur : chaque case porte le nom de sa colonne."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

register = template.Library()


@register.filter
def avec_titres(cases: Iterable[SafeString], entetes: list[Mapping[str, Any]]) -> list[SafeString]:
    """Les cases d'une rangée, `data-titre` ajouté; l'en-tête de la case à cocher n'a pas de nom à redire.

    Les cases viennent de l'admin, déjà échappées; le titre l'est ici.
    """
    return [_titrer(case, entete) for case, entete in zip(cases, entetes, strict=False)]


def _titrer(case: SafeString, entete: Mapping[str, Any]) -> SafeString:
    titre = str(entete["text"])
    if not case.startswith("<td") or "action-checkbox" in case[:40] or titre.startswith("<"):
        return case
    return format_html('<td data-titre="{}"{}', capfirst(titre), SafeString(case[3:]))
