"""Le budget qu'un organisme refait après un octroi partiel, avant sa convention (R29)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliances.models import Entente
from alliances.models.territoire import ParEntenteQuerySet
from projets.enums import EtatBudgetRevise
from projets.models.decision import PERSONNE
from projets.models.projet import Projet


class BudgetRevise(models.Model):
    """Les dépenses et le financement refaits au montant accordé. Accepté, il remplace ceux du projet; le dépôt, lui, reste.

    `depenses`, `financements` : mêmes rangées que `projets/champs.py`, en JSON. `montant` : l'octroi, en dollars.
    """

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    projet = models.OneToOneField(Projet, models.PROTECT, related_name="budget_revise", verbose_name=_("projet"))
    montant = models.DecimalField(_("montant accordé"), max_digits=14, decimal_places=2)
    etat = models.CharField(_("état"), max_length=10, choices=EtatBudgetRevise, default=EtatBudgetRevise.ATTENDU)
    depenses = models.JSONField(_("dépenses"), default=list)
    financements = models.JSONField(_("financement"), default=list)
    mot = models.TextField(_("ce qui change au projet"), blank=True)
    demande_le = models.DateTimeField(_("demandé le"))
    soumis_le = models.DateTimeField(_("soumis le"), null=True)
    soumis_par = models.ForeignKey(**PERSONNE, null=True, verbose_name=_("soumis par"))
    correction = models.TextField(_("correction demandée"), blank=True)
    accepte_le = models.DateTimeField(_("accepté le"), null=True)
    accepte_par = models.ForeignKey(**PERSONNE, null=True, verbose_name=_("accepté par"))

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("budget révisé")
        verbose_name_plural = _("budgets révisés")
        ordering = ["-demande_le"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat__in=["soumis", "accepte"]) | Q(soumis_le__isnull=False), name="budget_revise_soumis"
            ),
            models.CheckConstraint(
                condition=~Q(etat="accepte") | Q(accepte_le__isnull=False), name="budget_revise_accepte"
            ),
        ]

    def __str__(self) -> str:
        return f"Budget révisé {self.projet.numero}"
