"""Les pannes du portail, mesurées : ce qu'un appel peut rendre en prolongeant son dépôt (R21)."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Interruption(models.Model):
    """Entre deux réponses de la sonde, le portail n'a pas répondu, ou personne ne mesurait. Toutes les ententes ensemble."""

    debut = models.DateTimeField(_("dernière réponse avant"))
    fin = models.DateTimeField(_("première réponse après"))
    constatee = models.BooleanField(_("refus constaté par la sonde"))

    class Meta:
        verbose_name = _("interruption du portail")
        verbose_name_plural = _("interruptions du portail")
        ordering = ["-debut"]
        constraints = [
            models.CheckConstraint(condition=Q(fin__gt=F("debut")), name="interruption_dates"),
            models.UniqueConstraint(fields=["debut"], name="interruption_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.debut:%Y-%m-%d %H:%M}"

    @property
    def duree(self) -> timedelta:
        return self.fin - self.debut
