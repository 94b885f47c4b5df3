"""Le dépôt (version immuable du contenu) et les pièces jointes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appels.models import PieceRequise
from projets.models.projet import Projet
from socle.models import Fichier


class Depot(models.Model):
    """Ce qui a été déposé, à la seconde : contenu canonique et son SHA-256 (décision 7, R56). Immuable."""

    projet = models.ForeignKey(Projet, models.PROTECT, related_name="depots", verbose_name=_("projet"))
    rang = models.PositiveSmallIntegerField(_("rang"))
    instant = models.DateTimeField(_("reçu le"))
    contenu = models.JSONField(_("contenu"))
    empreinte = models.CharField(_("SHA-256"), max_length=64)
    deposant = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("déposé par")
    )
    signe_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("signé par")
    )
    signe_le = models.DateTimeField(_("signé le"), null=True)
    accuse = models.ForeignKey(Fichier, models.PROTECT, null=True, related_name="+", verbose_name=_("accusé (PDF)"))
    dossier = models.ForeignKey(Fichier, models.PROTECT, null=True, related_name="+", verbose_name=_("dossier (PDF)"))

    class Meta:
        verbose_name = _("dépôt")
        verbose_name_plural = _("dépôts")
        ordering = ["projet_id", "-rang"]
        constraints = [
            models.UniqueConstraint(fields=["projet", "rang"], name="depot_rang_unique"),
            models.CheckConstraint(
                condition=Q(signe_par__isnull=True, signe_le__isnull=True)
                | Q(signe_par__isnull=False, signe_le__isnull=False),
                name="depot_signature",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.projet.numero} ({self.rang})"


class PieceJointe(models.Model):
    """Un fichier joint au projet, pour une pièce requise, pour une question du formulaire, ou librement."""

    projet = models.ForeignKey(Projet, models.CASCADE, related_name="pieces", verbose_name=_("projet"))
    requise = models.ForeignKey(
        PieceRequise, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("pièce requise")
    )
    question = models.CharField(_("question du formulaire"), max_length=40, blank=True)
    fichier = models.ForeignKey(Fichier, models.PROTECT, related_name="+", verbose_name=_("fichier"))
    jointe_le = models.DateTimeField(_("jointe le"))

    class Meta:
        verbose_name = _("pièce jointe")
        verbose_name_plural = _("pièces jointes")
        ordering = ["projet_id", "id"]

    def __str__(self) -> str:
        return self.fichier.nom
