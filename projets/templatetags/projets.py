"""Filtres d'une demande."""

from django import template

from appels.questions import Question, Section
from projets.champs import reponses_lisibles
from projets.models import Projet

register = template.Library()


@register.filter
def reponses(projet: Projet) -> list[tuple[Section, list[tuple[Question, str]]]]:
    """Les réponses posées, section par section, en mots."""
    return reponses_lisibles(projet)
