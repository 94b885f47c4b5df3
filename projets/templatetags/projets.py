"""Filtres d'une demande."""

from decimal import Decimal

from django import template

from appels.questions import Question, Section
from projets.champs import reponses_lisibles
from projets.enums import CategorieDepense, SourceFinancement
from projets.models import Projet
from socle.formats import argent_cents

register = template.Library()


@register.filter
def reponses(projet: Projet) -> list[tuple[Section, list[tuple[Question, str]]]]:
    """Les réponses posées, section par section, en mots."""
    return reponses_lisibles(projet)


@register.filter
def categorie_lue(cle: str) -> str:
    """La catégorie d'une dépense, en mots."""
    return str(dict(CategorieDepense.choices).get(cle, cle))


@register.filter
def source_lue(cle: str) -> str:
    """La source d'un financement, en mots."""
    return str(dict(SourceFinancement.choices).get(cle, cle))


@register.filter
def argent_ecrit(montant: str) -> str:
    """Un montant rangé en texte, au cent."""
    return argent_cents(Decimal(montant))
