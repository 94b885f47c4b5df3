"""Les codes imprimés : une feuille par membre, chaque code ouvre une fois l'espace du comité, et lui seul."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliances.models import Mandataire
from comptes.enums import Role

PERSONNE = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}


class FeuilleQuerySet(models.QuerySet["FeuilleCodes"]):
    def visibles_pour(self, utilisateur) -> "FeuilleQuerySet":
        """Pour la coordination : celles de son mandataire."""
        return self.filter(mandataire__in=utilisateur.portees.mandataires(Role.COORDINATION))


class FeuilleCodes(models.Model):
    """Une feuille imprimée pour un membre. Les codes eux-mêmes ne se gardent nulle part : leur empreinte seulement."""

    mandataire = models.ForeignKey(Mandataire, models.PROTECT, related_name="+", verbose_name=_("mandataire"))
    membre = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="feuilles_codes", verbose_name=_("membre")
    )
    imprimee_par = models.ForeignKey(**PERSONNE, verbose_name=_("imprimée par"))
    imprimee_le = models.DateTimeField(_("imprimée le"))
    expire_le = models.DateTimeField(_("expire le"))
    revoquee_le = models.DateTimeField(_("révoquée le"), null=True, blank=True)
    revoquee_par = models.ForeignKey(**PERSONNE, null=True, blank=True, verbose_name=_("révoquée par"))

    objects = FeuilleQuerySet.as_manager()

    class Meta:
        verbose_name = _("feuille de codes")
        verbose_name_plural = _("feuilles de codes")
        ordering = ["-imprimee_le", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["mandataire", "membre"], condition=Q(revoquee_le__isnull=True), name="feuille_une_courante"
            )
        ]

    def __str__(self) -> str:
        return f"{self.membre} – {self.imprimee_le:%Y-%m-%d}"

    def valide(self, instant: datetime) -> bool:
        return self.revoquee_le is None and instant < self.expire_le


class CodeAcces(models.Model):
    """Un code : son empreinte à clé, son rang sur la feuille, quand il a servi."""

    feuille = models.ForeignKey(FeuilleCodes, models.CASCADE, related_name="codes", verbose_name=_("feuille"))
    rang = models.PositiveSmallIntegerField(_("rang"))
    empreinte = models.CharField(_("empreinte"), max_length=64, unique=True, editable=False)
    utilise_le = models.DateTimeField(_("utilisé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("code d’accès")
        verbose_name_plural = _("codes d’accès")
        ordering = ["feuille", "rang"]
        constraints = [models.UniqueConstraint(fields=["feuille", "rang"], name="code_rang_unique")]

    def __str__(self) -> str:
        return str(self.rang)
