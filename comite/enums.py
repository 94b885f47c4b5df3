"""Choix du comité."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class GenrePoint(TextChoices):
    """Ce qu'est un point de l'ordre du jour."""

    PROJET = "projet", _("Une demande")
    PAUSE = "pause", _("Une pause")
    AUTRE = "autre", _("Un autre point")
