"""De la recommandation au paiement : décision, lettre, convention, versements."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alliances.models import Engagement, Entente, Enveloppe
from alliances.models.territoire import ParEntenteQuerySet
from projets.enums import ConditionVersement, EtatConvention, EtatLettre, EtatVersement, SensDecision
from projets.models.projet import Projet
from socle.models import Courriel, Fichier

PERSONNE = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}


class Recommandation(models.Model):
    """Ce que le comité recommande; l'instance décide (R27)."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    projet = models.OneToOneField(Projet, models.PROTECT, related_name="recommandation", verbose_name=_("projet"))
    sens = models.CharField(_("recommandation"), max_length=10, choices=SensDecision)
    montant = models.DecimalField(_("montant recommandé"), max_digits=14, decimal_places=2, default=0)
    motif = models.TextField(_("motif"), blank=True)
    auteur = models.ForeignKey(**PERSONNE, verbose_name=_("consignée par"))
    instant = models.DateTimeField(_("le"))

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("recommandation")
        verbose_name_plural = _("recommandations")

    def __str__(self) -> str:
        return f"{self.projet} : {self.get_sens_display()}"


class Decision(models.Model):
    """Décision de l'instance, par résolution numérotée (R27), consignée par son secrétariat."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="decisions", verbose_name=_("entente"))
    projet = models.OneToOneField(Projet, models.PROTECT, related_name="decision", verbose_name=_("projet"))
    sens = models.CharField(_("décision"), max_length=10, choices=SensDecision)
    resolution = models.CharField(_("numéro de résolution"), max_length=40)
    instance = models.CharField(_("instance"), max_length=120)
    adoptee_le = models.DateField(_("adoptée le"))
    montant = models.DecimalField(_("montant accordé"), max_digits=14, decimal_places=2, default=0)
    conditions = models.TextField(_("conditions"), blank=True)
    motif_public = models.TextField(_("motif donné à l’organisme"), blank=True)
    consignee_par = models.ForeignKey(**PERSONNE, verbose_name=_("consignée par"))
    consignee_le = models.DateTimeField(_("consignée le"))

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("décision")
        verbose_name_plural = _("décisions")
        ordering = ["-consignee_le"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sens="accepter", montant__gt=0) | ~Q(sens="accepter") & Q(montant=0),
                name="decision_montant",
            ),
            models.CheckConstraint(condition=~Q(resolution=""), name="decision_resolution"),
        ]

    def __str__(self) -> str:
        return f"{self.resolution} – {self.projet}"


class DecisionLigne(models.Model):
    """Part d'un octroi : une enveloppe, un exercice, un engagement (R18); nulle si une révision l'a retirée."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="lignes", verbose_name=_("décision"))
    enveloppe = models.ForeignKey(Enveloppe, models.PROTECT, related_name="decisions", verbose_name=_("enveloppe"))
    exercice = models.CharField(_("exercice"), max_length=9)
    montant = models.DecimalField(_("montant"), max_digits=14, decimal_places=2)
    engagement = models.OneToOneField(Engagement, models.PROTECT, related_name="octroi", verbose_name=_("engagement"))

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("part d’octroi")
        verbose_name_plural = _("parts d’octroi")
        ordering = ["decision_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "enveloppe", "exercice"], name="decision_ligne_unique"),
            models.CheckConstraint(condition=Q(montant__gte=0), name="decision_ligne_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.enveloppe} {self.exercice} : {self.montant}"


class Lettre(models.Model):
    """Lettre de décision : rédigée, relue, puis envoyée par la boîte d'envoi."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    decision = models.OneToOneField(Decision, models.PROTECT, related_name="lettre", verbose_name=_("décision"))
    objet = models.CharField(_("objet"), max_length=200)
    corps = models.TextField(_("texte"))
    etat = models.CharField(_("état"), max_length=8, choices=EtatLettre, default=EtatLettre.REDIGEE)
    fichier = models.ForeignKey(Fichier, models.PROTECT, null=True, related_name="+", verbose_name=_("lettre (PDF)"))
    courriel = models.ForeignKey(Courriel, models.PROTECT, null=True, related_name="+", verbose_name=_("courriel"))
    relue_par = models.ForeignKey(**PERSONNE, null=True, verbose_name=_("relue par"))
    relue_le = models.DateTimeField(_("relue le"), null=True)
    envoyee_le = models.DateTimeField(_("envoyée le"), null=True)
    envoyee_par = models.ForeignKey(**PERSONNE, null=True, verbose_name=_("envoyée par"))

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("lettre")
        verbose_name_plural = _("lettres")

    def __str__(self) -> str:
        return self.objet


class Convention(models.Model):
    """Contrat entre le mandataire et le promoteur; son état est la suite du projet (décision 6)."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="conventions", verbose_name=_("entente"))
    projet = models.OneToOneField(Projet, models.PROTECT, related_name="convention", verbose_name=_("projet"))
    etat = models.CharField(_("état"), max_length=16, choices=EtatConvention, default=EtatConvention.GENEREE)
    montant = models.DecimalField(_("montant"), max_digits=14, decimal_places=2)
    fichier = models.ForeignKey(
        Fichier, models.PROTECT, null=True, related_name="+", verbose_name=_("convention (PDF)")
    )
    generee_le = models.DateTimeField(_("préparée le"))
    promoteur_signe_le = models.DateTimeField(_("signée par l’organisme le"), null=True)
    promoteur_signe_par = models.ForeignKey(**PERSONNE, null=True, verbose_name=_("signée pour l’organisme par"))
    mandataire_signe_le = models.DateTimeField(_("signée par le mandataire le"), null=True)
    mandataire_signe_par = models.ForeignKey(**PERSONNE, null=True, verbose_name=_("signée pour le mandataire par"))

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("convention")
        verbose_name_plural = _("conventions")
        ordering = ["-generee_le"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat__in=["active", "completee"])
                | Q(promoteur_signe_le__isnull=False, mandataire_signe_le__isnull=False),
                name="convention_signatures",
            )
        ]

    def __str__(self) -> str:
        return f"Convention {self.projet.numero}"


class Versement(models.Model):
    """Une tranche : sa condition, son montant, qui l'approuve, qui la paie (R30, R31)."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="versements", verbose_name=_("entente"))
    convention = models.ForeignKey(Convention, models.PROTECT, related_name="versements", verbose_name=_("convention"))
    rang = models.PositiveSmallIntegerField(_("rang"))
    part = models.PositiveSmallIntegerField(_("part"))
    montant = models.DecimalField(_("montant"), max_digits=14, decimal_places=2)
    condition = models.CharField(_("condition"), max_length=15, choices=ConditionVersement)
    etat = models.CharField(_("état"), max_length=10, choices=EtatVersement, default=EtatVersement.PREVU)
    approuve_le = models.DateTimeField(_("approuvé le"), null=True)
    approuve_par = models.ForeignKey(**PERSONNE, null=True, verbose_name=_("approuvé par"))
    paye_le = models.DateTimeField(_("payé le"), null=True)
    paye_par = models.ForeignKey(**PERSONNE, null=True, verbose_name=_("payé par"))
    paiement = models.CharField(_("référence du paiement"), max_length=60, blank=True)
    exercice = models.CharField(_("exercice du paiement"), max_length=9, blank=True)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("versement")
        verbose_name_plural = _("versements")
        ordering = ["convention_id", "rang"]
        constraints = [
            models.UniqueConstraint(fields=["convention", "rang"], name="versement_rang_unique"),
            models.CheckConstraint(
                condition=~Q(etat="paye")
                | Q(approuve_par__isnull=False, paye_par__isnull=False) & ~Q(approuve_par=F("paye_par")),
                name="versement_deux_personnes",
                violation_error_message=_("La personne qui paie n’est jamais celle qui a approuvé."),
            ),
            models.CheckConstraint(condition=Q(montant__gt=0), name="versement_positif"),
        ]

    def __str__(self) -> str:
        return f"{self.convention.projet.numero} – {self.rang}"
