"""Référentiel : des faits sans comportement (décision 1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Region(models.Model):
    """Une des 17 régions administratives."""

    code = models.CharField(_("code"), max_length=2, unique=True)
    nom = models.CharField(_("nom"), max_length=80)

    class Meta:
        verbose_name = _("région")
        verbose_name_plural = _("régions")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.nom


class Mrc(models.Model):
    """Une des 104 MRC et territoires équivalents, avec centroïde et population."""

    code = models.CharField(_("code géographique"), max_length=4, unique=True)
    nom = models.CharField(_("nom"), max_length=80)
    genre = models.CharField(_("genre"), max_length=3, choices=[("MRC", _("MRC")), ("TE", _("territoire équivalent"))])
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("région"), related_name="mrc")
    fuseau = models.CharField(_("fuseau"), max_length=40, default="America/Toronto")
    population = models.PositiveIntegerField(_("population (2021)"), null=True)
    superficie = models.DecimalField(_("superficie terrestre (km²)"), max_digits=10, decimal_places=1, null=True)
    latitude = models.DecimalField(_("latitude du centroïde"), max_digits=7, decimal_places=4, null=True)
    longitude = models.DecimalField(_("longitude du centroïde"), max_digits=7, decimal_places=4, null=True)

    class Meta:
        verbose_name = _("MRC")
        verbose_name_plural = _("MRC")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.nom


class RattachementMrc(models.Model):
    """La région d'une MRC entre deux dates; sans bornes, depuis toujours et encore."""

    mrc = models.ForeignKey(Mrc, models.CASCADE, related_name="rattachements", verbose_name=_("MRC"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="rattachements", verbose_name=_("région"))
    depuis = models.DateField(_("depuis"), null=True, blank=True)
    jusqua = models.DateField(_("jusqu’au"), null=True, blank=True)

    class Meta:
        verbose_name = _("rattachement d’une MRC")
        verbose_name_plural = _("rattachements des MRC")
        ordering = ["mrc", "depuis"]
        constraints = [
            models.UniqueConstraint(
                fields=["mrc"], condition=models.Q(jusqua__isnull=True), name="rattachement_courant_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.mrc} – {self.region}"


class JourFerie(models.Model):
    """Jour férié du Québec : les échéances qui y tombent se signalent."""

    jour = models.DateField(_("jour"), unique=True)
    nom = models.CharField(_("nom"), max_length=80)

    class Meta:
        verbose_name = _("jour férié")
        verbose_name_plural = _("jours fériés")
        ordering = ["jour"]

    def __str__(self) -> str:
        return f"{self.jour:%Y-%m-%d} {self.nom}"
