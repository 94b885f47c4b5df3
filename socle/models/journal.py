"""Journal des transitions d'état (ajout seul) et battement des processus."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class TransitionEtat(models.Model):
    """Un changement d'état : quoi, de, vers, qui, quand, pourquoi."""

    objet_type = models.CharField(max_length=60)
    objet_id = models.BigIntegerField()
    action = models.CharField(_("action"), max_length=40)
    de = models.CharField(_("de"), max_length=40, blank=True)
    vers = models.CharField(_("vers"), max_length=40)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("auteur")
    )
    instant = models.DateTimeField(_("instant"))
    motif = models.TextField(_("motif"), blank=True)
    lu = ""  # le passage en mots, posé par socle.etats.journal_lisible

    class Meta:
        verbose_name = _("transition")
        verbose_name_plural = _("transitions")
        indexes = [models.Index(fields=["objet_type", "objet_id", "-instant"], name="transition_objet")]
        ordering = ["-instant", "-id"]

    def __str__(self) -> str:
        return f"{self.objet_type} {self.objet_id} : {self.de} → {self.vers}"


class Battement(models.Model):
    """Dernier signe de vie d'un processus de fond (relais, battement), lu par /pret."""

    processus = models.CharField(max_length=20, primary_key=True)
    instant = models.DateTimeField()

    class Meta:
        verbose_name = _("battement")
        verbose_name_plural = _("battements")

    def __str__(self) -> str:
        return self.processus
