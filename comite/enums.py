"""Choix du comité."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class GenrePoint(TextChoices):
    """Ce qu'est un point de l'ordre du jour."""

    PROJET = "projet", _("Une demande")
    PAUSE = "pause", _("Une pause")
    AUTRE = "autre", _("Un autre point")


class EtatSeance(TextChoices):
    """La séance se prépare, s'ouvre quand le quorum est atteint, se lève."""

    PREPAREE = "preparee", _("Préparée")
    OUVERTE = "ouverte", _("Ouverte")
    LEVEE = "levee", _("Levée")


class EtatPresence(TextChoices):
    """Ce qu'on inscrit d'une personne appelée à la séance."""

    PRESENT = "present", _("Présent")
    ABSENT = "absent", _("Absent")


class ChoixScenario(TextChoices):
    """Ce qu'un scénario propose pour une demande."""

    ACCEPTER = "accepter", _("Accepter")
    PARTIE = "partie", _("En partie")
    ATTENTE = "attente", _("Liste d’attente")
    REFUSER = "refuser", _("Refuser")


OCTROIENT = (ChoixScenario.ACCEPTER, ChoixScenario.PARTIE)
