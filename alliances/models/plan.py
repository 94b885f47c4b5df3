"""Le plan de travail, en versions : priorités, objectifs, zones, engagements des partenaires, consultations."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliances.enums import EtatPlan, NatureContribution, NiveauPriorite
from alliances.models.entente import Entente
from alliances.models.gouvernance import Partenaire
from alliances.models.territoire import ParEntenteQuerySet, Territoire, ZoneVisee


class Priorite(models.Model):
    """Priorité d'action du plan de travail; chaque projet en a une principale."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="priorites", verbose_name=_("entente"))
    territoire = models.ForeignKey(
        Territoire, models.PROTECT, null=True, blank=True, related_name="priorites", verbose_name=_("territoire")
    )
    code = models.CharField(_("code"), max_length=30)
    libelle = models.CharField(_("libellé"), max_length=120)
    niveau = models.CharField(_("niveau"), max_length=10, choices=NiveauPriorite, default=NiveauPriorite.REGIONALE)
    ordre = models.PositiveSmallIntegerField(_("ordre"), default=0)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("priorité")
        verbose_name_plural = _("priorités")
        ordering = ["entente", "ordre"]
        constraints = [models.UniqueConstraint(fields=["entente", "code"], name="priorite_code_unique")]

    def __str__(self) -> str:
        return self.libelle


class PlanTravailQuerySet(ParEntenteQuerySet):
    def visibles_pour(self, utilisateur):
        """Ceux de sa portée; un plan jamais déposé n'est qu'à son mandataire."""
        return (
            super()
            .visibles_pour(utilisateur)
            .filter(Q(depose_le__isnull=False) | Q(entente__mandataire__in=utilisateur.portees.mandataires()))
        )

    def en_vigueur(self):
        """Les plans acceptés et non remplacés : un par entente, et un par territoire délégué."""
        return self.filter(etat=EtatPlan.ACCEPTE)


class PlanTravail(models.Model):
    """Une version du plan d'une entente, ou d'un territoire qui a délégation. Un seul en vigueur pour chacun."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="plans", verbose_name=_("entente"))
    territoire = models.ForeignKey(
        Territoire, models.PROTECT, null=True, blank=True, related_name="plans", verbose_name=_("territoire")
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    etat = models.CharField(_("état"), max_length=10, choices=EtatPlan, default=EtatPlan.BROUILLON)
    echeance = models.DateField(_("à déposer au plus tard le"), null=True, blank=True)
    orientations = models.TextField(_("orientations"), blank=True)
    structure = models.TextField(_("structure de gouvernance"), blank=True)
    mecanique = models.TextField(_("concertation et octroi des fonds"), blank=True)
    commentaire = models.TextField(_("commentaire du ministère"), blank=True)
    priorites = models.ManyToManyField(Priorite, blank=True, related_name="plans", verbose_name=_("priorités"))
    zones = models.ManyToManyField(ZoneVisee, blank=True, related_name="plans", verbose_name=_("zones à privilégier"))
    cree_le = models.DateTimeField(_("créé le"))
    depose_le = models.DateTimeField(_("déposé le"), null=True, blank=True)
    depose_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("déposé par")
    )
    accepte_le = models.DateTimeField(_("accepté le"), null=True, blank=True)

    objects = PlanTravailQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan de travail")
        verbose_name_plural = _("plans de travail")
        ordering = ["entente", "territoire__ordre", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["entente", "territoire", "version"], nulls_distinct=False, name="plan_version_unique"
            ),
            models.UniqueConstraint(
                fields=["entente", "territoire"],
                condition=Q(etat="accepte"),
                nulls_distinct=False,
                name="plan_en_vigueur_unique",
            ),
            models.UniqueConstraint(
                fields=["entente", "territoire"],
                condition=Q(etat__in=["brouillon", "depose"]),
                nulls_distinct=False,
                name="plan_en_preparation_unique",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=["depose", "accepte"]) | Q(depose_le__isnull=False), name="plan_depose_date"
            ),
            models.CheckConstraint(
                condition=~Q(etat="accepte") | Q(accepte_le__isnull=False), name="plan_accepte_date"
            ),
        ]

    def __str__(self) -> str:
        if self.territoire:
            return _("Plan de travail {entente}, {territoire}, version {version}").format(
                entente=self.entente, territoire=self.territoire, version=self.version
            )
        return _("Plan de travail {entente}, version {version}").format(entente=self.entente, version=self.version)

    @property
    def modifiable(self) -> bool:
        """Seul un brouillon s'écrit."""
        return self.etat == EtatPlan.BROUILLON

    @property
    def suivi(self) -> bool:
        """On y marque ce qui est fait et ce qui est reçu tant qu'il n'est pas remplacé."""
        return self.etat != EtatPlan.REMPLACE


class ObjectifPlan(models.Model):
    """Un objectif suivi : à faire, fait, en retard (déduit de `echeance` et de `fait_le`)."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    plan = models.ForeignKey(PlanTravail, models.CASCADE, related_name="objectifs", verbose_name=_("plan"))
    priorite = models.ForeignKey(
        Priorite, models.PROTECT, null=True, blank=True, related_name="objectifs", verbose_name=_("priorité")
    )
    code = models.CharField(_("code"), max_length=12)
    libelle = models.CharField(_("objectif"), max_length=240)
    echeance = models.DateField(_("échéance"), null=True, blank=True)
    fait_le = models.DateField(_("fait le"), null=True, blank=True)
    ordre = models.PositiveSmallIntegerField(_("ordre"), default=0)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("objectif")
        verbose_name_plural = _("objectifs")
        ordering = ["plan", "ordre", "id"]
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="objectif_code_unique")]

    def __str__(self) -> str:
        return self.libelle


class EngagementPartenaire(models.Model):
    """Ce qu'un partenaire promet au plan, et ce qui en est reçu, en dollars."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    plan = models.ForeignKey(PlanTravail, models.CASCADE, related_name="engagements", verbose_name=_("plan"))
    partenaire = models.ForeignKey(Partenaire, models.PROTECT, related_name="engagements", verbose_name=_("partenaire"))
    nature = models.CharField(_("nature"), max_length=8, choices=NatureContribution, default=NatureContribution.ARGENT)
    description = models.CharField(_("description"), max_length=240, blank=True)
    promis = models.DecimalField(_("promis"), max_digits=14, decimal_places=2)
    recu = models.DecimalField(_("reçu"), max_digits=14, decimal_places=2, default=0)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("engagement d’un partenaire")
        verbose_name_plural = _("engagements des partenaires")
        ordering = ["plan", "partenaire__nom", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(promis__gte=0, recu__gte=0), name="engagement_partenaire_positif")
        ]

    def __str__(self) -> str:
        return str(self.partenaire)


class Consultation(models.Model):
    """Consultation d'un territoire : quand, où, ce qui en est sorti, les priorités qui en viennent."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="consultations", verbose_name=_("entente"))
    territoire = models.ForeignKey(
        Territoire, models.PROTECT, null=True, blank=True, related_name="consultations", verbose_name=_("territoire")
    )
    tenue_le = models.DateField(_("date"))
    lieu = models.CharField(_("lieu"), max_length=160)
    participants = models.PositiveSmallIntegerField(_("personnes présentes"), null=True, blank=True)
    constats = models.TextField(_("ce qui en est sorti"))
    priorites = models.ManyToManyField(
        Priorite, blank=True, related_name="consultations", verbose_name=_("priorités qui en viennent")
    )

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["entente", "-tenue_le", "id"]

    def __str__(self) -> str:
        return f"{self.tenue_le:%Y-%m-%d}, {self.lieu}"
