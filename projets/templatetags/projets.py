"""Filtres d'une demande."""

from decimal import Decimal

from django import template
from django.utils.translation import gettext as _

from appels.models import Appel
from appels.questions import Question, Section
from projets.champs import reponses_lisibles
from projets.enums import CategorieDepense, SourceFinancement
from projets.models import Projet
from projets.requetes.decisions import AvantAnnonce
from projets.requetes.decisions import avant_l_annonce as lire_avant_l_annonce
from socle.formats import argent_cents, nombre

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


@register.simple_tag
def avant_l_annonce(appel: Appel) -> AvantAnnonce:
    """Ce que l'annonce de l'appel enverrait, et ce qu'elle laisserait."""
    return lire_avant_l_annonce(appel)


@register.filter
def jours_lus(jours: Decimal | int) -> str:
    """« 143 jours », « 12,5 jours »."""
    entier = jours == int(jours)
    lu = nombre(jours, 0 if entier else 1)
    return _("{n} jour").format(n=lu) if abs(jours) <= 1 else _("{n} jours").format(n=lu)
