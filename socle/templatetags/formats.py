"""Filtres de gabarit : minces renvois à socle.formats."""

from datetime import datetime
from decimal import Decimal

from django import template

from socle import formats

register = template.Library()
for _nom in (
    "argent",
    "argent_cents",
    "argent_en_lettres",
    "date_longue",
    "date_avec_jour",
    "telephone",
    "code_postal",
    "taille",
    "nom_fuseau",
    "saisie_montant",
):
    register.filter(_nom, getattr(formats, _nom))


@register.filter
def nombre(valeur: Decimal | int | None, decimales: int = 0) -> str:
    return formats.TIRET if valeur is None else formats.nombre(valeur, decimales)


@register.filter
def pourcentage(taux: Decimal | None, decimales: int = 0) -> str:
    return formats.pourcentage(taux, decimales)


@register.filter
def heure(instant: datetime, fuseau: str = "America/Toronto") -> str:
    return formats.heure(instant, fuseau)


@register.filter
def heure_secondes(instant: datetime, fuseau: str = "America/Toronto") -> str:
    return formats.heure(instant, fuseau, secondes=True)


@register.filter
def jour_long(instant: datetime | None, fuseau: str = "America/Toronto") -> str:
    return formats.jour_long(instant, fuseau)


@register.filter
def instant_long(instant: datetime | None, fuseau: str = "America/Toronto") -> str:
    return formats.instant_long(instant, fuseau)


@register.filter
def fin_exclusive(fin: datetime | None, fuseau: str = "America/Toronto") -> str:
    return formats.fin_exclusive(fin, fuseau)


@register.filter
def instant_secondes(instant: datetime | None, fuseau: str = "America/Toronto") -> str:
    return formats.instant_secondes(instant, fuseau)


@register.filter
def instant_court(instant: datetime | None, fuseau: str = "America/Toronto") -> str:
    return formats.instant_court(instant, fuseau)


@register.filter
def compter(quantite: int, mots: str) -> str:
    """`{{ n|compter:"projet,projets" }}` → « 0 projet »."""
    singulier, pluriel = mots.split(",")
    return formats.compter(quantite, singulier, pluriel)
