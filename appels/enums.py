"""Choix des appels."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EtatAppel(TextChoices):
    """Ce qu'un acte change; « à venir, ouvert, clos » se déduit de l'heure."""

    BROUILLON = "brouillon", _("Brouillon")
    PUBLIE = "publie", _("Publié")
    ANALYSE = "analyse", _("En analyse")
    DECIDE = "decide", _("Décidé")
    ANNONCE = "annonce", _("Annoncé")
    ANNULE = "annule", _("Annulé")


class Phase(TextChoices):
    """Ce que le public lit, déduit de l'état et de l'heure."""

    A_VENIR = "a_venir", _("À venir")
    OUVERT = "ouvert", _("Ouvert")
    CLOS = "clos", _("Clos, en analyse")
    ANNONCE = "annonce", _("Décisions rendues")
    ANNULE = "annule", _("Annulé")


class Gravite(TextChoices):
    """Effet d'une règle en défaut au dépôt."""

    BLOQUE = "bloque", _("Obligatoire pour déposer")
    AVERTIT = "avertit", _("Avertissement")
    SUITE = "suite", _("Peut suivre")
