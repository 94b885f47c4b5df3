"""Un scénario : ce que le comité proposerait, demande par demande. Il se compare et se copie; il n'adopte rien (R27)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliances.models import Entente
from alliances.models.territoire import ParEntenteQuerySet
from comite.enums import ChoixScenario
from comite.models.seance import Seance
from projets.models import Projet

PERSONNE = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}


class Scenario(models.Model):
    """Nommé, dans une séance; retenu, il ne change plus. `version` refuse d'écraser ce qu'une autre personne a enregistré."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    seance = models.ForeignKey(Seance, models.CASCADE, related_name="scenarios", verbose_name=_("séance"))
    nom = models.CharField(_("nom"), max_length=60)
    version = models.PositiveIntegerField(_("version"), default=1)
    cree_par = models.ForeignKey(**PERSONNE, verbose_name=_("créé par"))
    cree_le = models.DateTimeField(_("créé le"))
    modifie_par = models.ForeignKey(**PERSONNE, verbose_name=_("changé par"))
    modifie_le = models.DateTimeField(_("changé le"))
    retenu_par = models.ForeignKey(**PERSONNE, null=True, verbose_name=_("retenu par"))
    retenu_le = models.DateTimeField(_("retenu le"), null=True)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("scénario")
        verbose_name_plural = _("scénarios")
        ordering = ["seance", "id"]
        constraints = [
            models.UniqueConstraint(fields=["seance", "nom"], name="scenario_nom_unique"),
            models.UniqueConstraint(
                fields=["seance"], condition=Q(retenu_le__isnull=False), name="scenario_un_seul_retenu"
            ),
            models.CheckConstraint(
                condition=Q(retenu_le__isnull=True, retenu_par__isnull=True)
                | Q(retenu_le__isnull=False, retenu_par__isnull=False),
                name="scenario_retenu",
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class LigneScenario(models.Model):
    """Le choix pour une demande; un montant, en dollars, seulement si elle reçoit quelque chose."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="lignes", verbose_name=_("scénario"))
    projet = models.ForeignKey(Projet, models.PROTECT, related_name="+", verbose_name=_("demande"))
    choix = models.CharField(_("choix"), max_length=8, choices=ChoixScenario)
    montant = models.DecimalField(_("montant proposé"), max_digits=14, decimal_places=2, default=0)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("ligne de scénario")
        verbose_name_plural = _("lignes de scénario")
        ordering = ["scenario", "projet__numero"]
        constraints = [
            models.UniqueConstraint(fields=["scenario", "projet"], name="ligne_scenario_unique"),
            models.CheckConstraint(
                condition=Q(choix__in=["accepter", "partie"], montant__gt=0)
                | Q(choix__in=["attente", "refuser"], montant=0),
                name="ligne_scenario_montant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.projet.numero} : {self.get_choix_display()}"
