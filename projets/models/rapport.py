"""Rapport final du promoteur : prévu et réel."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliances.models import Entente
from alliances.models.territoire import ParEntenteQuerySet
from projets.enums import EtatRapport
from projets.models.budget import LigneDepense
from projets.models.decision import Convention

ARGENT = {"max_digits": 14, "decimal_places": 2, "default": Decimal(0)}


class RapportProjet(models.Model):
    """Rapport final d'une convention, dû un mois après la fin du projet (R32)."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="rapports", verbose_name=_("entente"))
    convention = models.OneToOneField(Convention, models.PROTECT, related_name="rapport", verbose_name=_("convention"))
    etat = models.CharField(_("état"), max_length=10, choices=EtatRapport, default=EtatRapport.BROUILLON)
    du_le = models.DateField(_("dû le"))
    realisations = models.TextField(_("ce qui a été réalisé"), blank=True)
    retombees = models.TextField(_("retombées"), blank=True)
    ecarts = models.TextField(_("écarts et raisons"), blank=True)
    personnes_rejointes = models.PositiveIntegerField(_("personnes rejointes"), null=True, blank=True)
    partenaires_argent = models.DecimalField(_("partenaires, en argent"), **ARGENT)
    partenaires_nature = models.DecimalField(_("partenaires, en nature"), **ARGENT)
    depenses_reelles = models.DecimalField(_("dépenses réelles admissibles"), **ARGENT)
    soumis_le = models.DateTimeField(_("soumis le"), null=True)
    soumis_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("soumis par")
    )
    accepte_le = models.DateTimeField(_("accepté le"), null=True)
    correction = models.TextField(_("correction demandée"), blank=True)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("rapport de projet")
        verbose_name_plural = _("rapports de projet")
        ordering = ["du_le", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(etat="accepte") | Q(accepte_le__isnull=False), name="rapport_accepte"),
            models.CheckConstraint(
                condition=Q(partenaires_argent__gte=0, partenaires_nature__gte=0, depenses_reelles__gte=0),
                name="rapport_montants",
            ),
        ]

    def __str__(self) -> str:
        return f"Rapport {self.convention.projet.numero}"


class DepenseReelle(models.Model):
    """Le réel d'une dépense prévue."""

    rapport = models.ForeignKey(RapportProjet, models.CASCADE, related_name="depenses")
    depense = models.OneToOneField(LigneDepense, models.PROTECT, related_name="reelle")
    montant = models.DecimalField(_("réel"), **ARGENT)

    class Meta:
        verbose_name = _("dépense réelle")
        verbose_name_plural = _("dépenses réelles")
        ordering = ["rapport", "depense__ordre"]

    def __str__(self) -> str:
        return f"{self.depense} : {self.montant}"
