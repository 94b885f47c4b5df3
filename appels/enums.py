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


class GenreQuestion(TextChoices):
    """Ce qu'une question du formulaire demande."""

    TEXTE_COURT = "texte_court", _("Texte court")
    TEXTE_LONG = "texte_long", _("Texte long")
    CHOIX = "choix", _("Un choix")
    CHOIX_MULTIPLE = "choix_multiple", _("Plusieurs choix")
    NOMBRE = "nombre", _("Nombre entier")
    MONTANT = "montant", _("Montant")
    DATE = "date", _("Date")
    TABLEAU = "tableau", _("Tableau")
    FICHIER = "fichier", _("Fichier")
    TERRITOIRE = "territoire", _("Territoire de l’appel")
    ZONE = "zone", _("Zone où se concentre la pauvreté")
    PRIORITE = "priorite", _("Priorité du plan")
