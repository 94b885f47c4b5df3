"""Choix de la reddition."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EtatReddition(TextChoices):
    PREPARATION = "preparation", _("En préparation")
    DEPOSEE = "deposee", _("Déposée")
    RENVOYEE = "renvoyee", _("Renvoyée pour correction")
    ACCEPTEE = "acceptee", _("Acceptée")
    REMPLACEE = "remplacee", _("Remplacée")


class GenreProduction(TextChoices):
    PDF = "pdf", "PDF"
    XLSX = "xlsx", "XLSX"


ACCES_FICHIER = "reddition"
"""Genre d'accès des fichiers produits d'une reddition (socle/documents/fichiers.py)."""
