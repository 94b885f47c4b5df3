"""Ce qui arrive à la période de dépôt d'un appel."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alliances.models import Entente
from alliances.models.territoire import ParEntenteQuerySet
from appels.models.appel import Appel


class ProlongationDepot(models.Model):
    """Une prolongation de la période de dépôt : vers l'avant seulement, avec son motif (R21)."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    appel = models.ForeignKey(Appel, models.PROTECT, related_name="prolongations", verbose_name=_("appel"))
    ancienne = models.DateTimeField(_("ancienne fermeture (instant exclusif)"))
    nouvelle = models.DateTimeField(_("nouvelle fermeture (instant exclusif)"))
    motif = models.CharField(_("motif"), max_length=300)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("prolongé par")
    )
    instant = models.DateTimeField(_("prolongé le"))

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("prolongation du dépôt")
        verbose_name_plural = _("prolongations du dépôt")
        ordering = ["appel_id", "-instant"]
        constraints = [
            models.CheckConstraint(condition=Q(nouvelle__gt=F("ancienne")), name="prolongation_vers_l_avant")
        ]

    def __str__(self) -> str:
        return f"{self.appel} : {self.nouvelle:%Y-%m-%d %H:%M}"


class PeriodeDepot(models.Model):
    """Une des périodes de dépôt d'un appel; `fermeture` est un instant exclusif (R20). Le service refuse un chevauchement."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    appel = models.ForeignKey(Appel, models.PROTECT, related_name="periodes", verbose_name=_("appel"))
    rang = models.PositiveSmallIntegerField(_("rang"))
    ouverture = models.DateTimeField(_("ouverture"))
    fermeture = models.DateTimeField(_("fermeture (instant exclusif)"))
    reponse_visee = models.DateField(_("réponse visée"), null=True, blank=True)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("période de dépôt")
        verbose_name_plural = _("périodes de dépôt")
        ordering = ["appel_id", "ouverture"]
        constraints = [
            models.UniqueConstraint(fields=["appel", "rang"], name="periode_rang_unique"),
            models.CheckConstraint(condition=Q(fermeture__gt=F("ouverture")), name="periode_dates"),
        ]

    def __str__(self) -> str:
        return str(self.rang)
