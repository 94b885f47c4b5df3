"""Filtres d'une question de formulaire."""

from django import template
from django.utils.translation import gettext as _

from appels.enums import GenreQuestion, Gravite
from appels.questions import Question

register = template.Library()


@register.filter
def genre_de(question: Question) -> str:
    """Le genre de réponse, en mots."""
    return str(GenreQuestion(question.genre).label)


@register.filter
def gravite_de(question: Question) -> str:
    """Ce que la question fait au dépôt si elle reste vide."""
    return str(Gravite(question.gravite).label) if question.gravite else _("Facultative")
