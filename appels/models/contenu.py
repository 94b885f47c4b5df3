"""Ce qu'un appel offre et demande : enveloppes, pièces, grille, calendrier."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliances.models import Entente, Enveloppe
from alliances.models.territoire import ParEntenteQuerySet
from appels.enums import Gravite
from appels.models.appel import Appel


class AppelEnveloppe(models.Model):
    """Montant offert d'une enveloppe dans un appel, figé à l'ouverture."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    appel = models.ForeignKey(Appel, models.PROTECT, related_name="offres", verbose_name=_("appel"))
    enveloppe = models.ForeignKey(Enveloppe, models.PROTECT, related_name="offres", verbose_name=_("enveloppe"))
    offert = models.DecimalField(_("offert"), max_digits=14, decimal_places=2)
    ordre = models.PositiveSmallIntegerField(_("ordre"), default=0)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("enveloppe offerte")
        verbose_name_plural = _("enveloppes offertes")
        ordering = ["appel", "ordre"]
        constraints = [
            models.UniqueConstraint(fields=["appel", "enveloppe"], name="offre_unique"),
            models.CheckConstraint(condition=Q(offert__gte=Decimal(0)), name="offre_positive"),
        ]

    def __str__(self) -> str:
        return str(self.enveloppe)


class PieceRequise(models.Model):
    """Une pièce à joindre et sa gravité : bloque, avertit, ou peut suivre le dépôt."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    appel = models.ForeignKey(Appel, models.PROTECT, related_name="pieces_requises", verbose_name=_("appel"))
    code = models.CharField(_("code"), max_length=30)
    libelle = models.CharField(_("libellé"), max_length=160)
    aide = models.CharField(_("précision"), max_length=300, blank=True)
    gravite = models.CharField(_("gravité"), max_length=10, choices=Gravite, default=Gravite.SUITE)
    ordre = models.PositiveSmallIntegerField(_("ordre"), default=0)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("pièce requise")
        verbose_name_plural = _("pièces requises")
        ordering = ["appel", "ordre"]
        constraints = [models.UniqueConstraint(fields=["appel", "code"], name="piece_requise_unique")]

    def __str__(self) -> str:
        return self.libelle


class Critere(models.Model):
    """Critère de la grille de l'appel; Σ des poids = 100 (R24), vérifié à la publication."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    appel = models.ForeignKey(Appel, models.PROTECT, related_name="criteres", verbose_name=_("appel"))
    code = models.CharField(_("code"), max_length=30)
    libelle = models.CharField(_("libellé"), max_length=160)
    question = models.CharField(_("question posée au comité"), max_length=300)
    poids = models.PositiveSmallIntegerField(_("poids"))
    maximum = models.PositiveSmallIntegerField(_("note maximale"))
    ordre = models.PositiveSmallIntegerField(_("ordre"), default=0)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("critère")
        verbose_name_plural = _("critères")
        ordering = ["appel", "ordre"]
        constraints = [
            models.UniqueConstraint(fields=["appel", "code"], name="critere_unique"),
            models.CheckConstraint(condition=Q(poids__gt=0, poids__lte=100, maximum__gt=0), name="critere_poids"),
        ]

    def __str__(self) -> str:
        return self.libelle


class EtapeCalendrier(models.Model):
    """Une étape annoncée du calendrier de l'appel."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    appel = models.ForeignKey(Appel, models.PROTECT, related_name="etapes", verbose_name=_("appel"))
    quand = models.CharField(_("quand"), max_length=60)
    libelle = models.CharField(_("quoi"), max_length=160)
    ordre = models.PositiveSmallIntegerField(_("ordre"), default=0)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("étape du calendrier")
        verbose_name_plural = _("étapes du calendrier")
        ordering = ["appel", "ordre"]

    def __str__(self) -> str:
        return self.libelle
