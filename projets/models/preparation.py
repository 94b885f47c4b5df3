"""Avant et après la décision : ce que la coordination prépare pour l'instance, et les décisions qu'une révision a remplacées."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliances.models import Entente, Enveloppe, InstanceDecisionnelle
from alliances.models.territoire import ParEntenteQuerySet
from projets.enums import SensDecision
from projets.models.decision import PERSONNE, Decision
from projets.models.projet import Projet
from socle.models import Fichier


class DecisionPreparee(models.Model):
    """Ce que la coordination propose à l'instance, pour une demande; adoptée, elle s'efface devant la décision (R27)."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="decisions_preparees", verbose_name=_("entente"))
    projet = models.OneToOneField(Projet, models.PROTECT, related_name="preparation", verbose_name=_("projet"))
    instance = models.ForeignKey(
        InstanceDecisionnelle,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("instance qui décidera"),
    )
    sens = models.CharField(_("décision proposée"), max_length=10, choices=SensDecision)
    conditions = models.TextField(_("conditions"), blank=True)
    motif_public = models.TextField(_("motif donné à l’organisme"), blank=True)
    preparee_par = models.ForeignKey(**PERSONNE, verbose_name=_("préparée par"))
    preparee_le = models.DateTimeField(_("préparée le"))

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("décision préparée")
        verbose_name_plural = _("décisions préparées")
        ordering = ["projet__numero"]

    def __str__(self) -> str:
        return f"{self.projet} : {self.get_sens_display()}"


class PartPreparee(models.Model):
    """Une part de l'octroi proposé : enveloppe, exercice, montant (R18)."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    preparee = models.ForeignKey(
        DecisionPreparee, models.CASCADE, related_name="parts", verbose_name=_("décision préparée")
    )
    enveloppe = models.ForeignKey(Enveloppe, models.PROTECT, related_name="+", verbose_name=_("enveloppe"))
    exercice = models.CharField(_("exercice"), max_length=9)
    montant = models.DecimalField(_("montant"), max_digits=14, decimal_places=2)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("part préparée")
        verbose_name_plural = _("parts préparées")
        ordering = ["preparee_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["preparee", "enveloppe", "exercice"], name="part_preparee_unique"),
            models.CheckConstraint(condition=Q(montant__gt=0), name="part_preparee_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.enveloppe} {self.exercice} : {self.montant}"


class DecisionAnterieure(models.Model):
    """Une décision qu'une autre résolution a révisée : elle se relit, parts et lettre comprises. `parts` : JSON, montants en chaînes."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="anterieures", verbose_name=_("décision"))
    version = models.PositiveSmallIntegerField(_("version"))
    sens = models.CharField(_("décision"), max_length=10, choices=SensDecision)
    resolution = models.CharField(_("numéro de résolution"), max_length=40)
    instance = models.CharField(_("instance"), max_length=160)
    adoptee_le = models.DateField(_("adoptée le"))
    montant = models.DecimalField(_("montant accordé"), max_digits=14, decimal_places=2)
    parts = models.JSONField(_("parts"), default=list)
    conditions = models.TextField(_("conditions"), blank=True)
    motif_public = models.TextField(_("motif donné à l’organisme"), blank=True)
    lettre = models.ForeignKey(Fichier, models.PROTECT, null=True, related_name="+", verbose_name=_("lettre envoyée"))
    consignee_par = models.ForeignKey(**PERSONNE, verbose_name=_("consignée par"))
    consignee_le = models.DateTimeField(_("consignée le"))
    revisee_le = models.DateTimeField(_("révisée le"))

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("décision antérieure")
        verbose_name_plural = _("décisions antérieures")
        ordering = ["decision_id", "-version"]
        constraints = [models.UniqueConstraint(fields=["decision", "version"], name="decision_anterieure_unique")]

    def __str__(self) -> str:
        return f"{self.resolution} (version {self.version})"
