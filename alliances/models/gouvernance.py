"""Qui décide et qui conseille : instances, délégations, comités, membres, sièges, avis.

Un siège de personne experte de vécu se compte; il ne se relie jamais à une personne.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alliances.enums import (
    EtatAvis,
    EtatSiege,
    FamillePartenaire,
    GenreInstance,
    GroupeAge,
    Pouvoir,
    RoleMembre,
    TypeComite,
)
from alliances.models.entente import Entente
from alliances.models.enveloppe import Enveloppe
from alliances.models.territoire import ParEntenteQuerySet, Territoire
from socle.historique import garder


class DateesQuerySet(ParEntenteQuerySet):
    """Rangées qui valent entre `depuis` et `jusqua` (compris)."""

    def en_vigueur(self, jour):
        """Celles qui valent le jour donné."""
        return self.filter(Q(jusqua__isnull=True) | Q(jusqua__gte=jour), depuis__lte=jour)


class InstanceDecisionnelle(models.Model):
    """Le corps qui décide, par résolution (R27); sans territoire, pour toute l'entente."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="instances", verbose_name=_("entente"))
    territoire = models.ForeignKey(
        Territoire, models.PROTECT, null=True, blank=True, related_name="instances", verbose_name=_("territoire")
    )
    genre = models.CharField(
        _("genre"), max_length=24, choices=GenreInstance, default=GenreInstance.CONSEIL_ADMINISTRATION
    )
    nom = models.CharField(_("nom"), max_length=160)
    depuis = models.DateField(_("depuis"))
    jusqua = models.DateField(_("jusqu’au"), null=True, blank=True)

    objects = DateesQuerySet.as_manager()

    class Meta:
        verbose_name = _("instance décisionnelle")
        verbose_name_plural = _("instances décisionnelles")
        ordering = ["entente", "territoire__ordre", "-depuis"]
        constraints = [
            models.CheckConstraint(condition=Q(jusqua__isnull=True) | Q(jusqua__gte=F("depuis")), name="instance_dates")
        ]

    def __str__(self) -> str:
        return self.nom


class Partenaire(models.Model):
    """Partenaire des travaux de la table, dans une des huit familles."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="partenaires", verbose_name=_("entente"))
    nom = models.CharField(_("nom"), max_length=160)
    famille = models.CharField(_("famille"), max_length=15, choices=FamillePartenaire)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("partenaire")
        verbose_name_plural = _("partenaires")
        ordering = ["entente", "nom"]
        constraints = [models.UniqueConstraint(fields=["entente", "nom"], name="partenaire_unique")]

    def __str__(self) -> str:
        return self.nom


class Comite(models.Model):
    """Comité d'une entente, d'un type, pour tout ou pour un territoire; `quorum` en membres votants [paramètre]."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="comites", verbose_name=_("entente"))
    territoire = models.ForeignKey(
        Territoire, models.PROTECT, null=True, blank=True, related_name="comites", verbose_name=_("territoire")
    )
    type = models.CharField(_("type"), max_length=12, choices=TypeComite)
    nom = models.CharField(_("nom"), max_length=160)
    mandat = models.TextField(_("mandat"), blank=True)
    quorum = models.PositiveSmallIntegerField(_("quorum (membres votants)"), null=True, blank=True)
    depuis = models.DateField(_("depuis"))
    jusqua = models.DateField(_("jusqu’au"), null=True, blank=True)

    objects = DateesQuerySet.as_manager()

    class Meta:
        verbose_name = _("comité")
        verbose_name_plural = _("comités")
        ordering = ["entente", "type", "nom"]
        constraints = [
            models.CheckConstraint(condition=Q(jusqua__isnull=True) | Q(jusqua__gte=F("depuis")), name="comite_dates")
        ]

    def __str__(self) -> str:
        return self.nom


@garder("MembreComiteAvant")
class MembreComite(models.Model):
    """Un membre : qui il représente, s'il vote, de quand à quand. Rien ici ne dit qui occupe un siège de vécu."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    comite = models.ForeignKey(Comite, models.PROTECT, related_name="membres", verbose_name=_("comité"))
    nom = models.CharField(_("nom"), max_length=120)
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("compte")
    )
    represente = models.CharField(_("organisation représentée"), max_length=160, blank=True)
    secteur = models.CharField(_("secteur"), max_length=15, choices=FamillePartenaire, blank=True)
    role = models.CharField(_("rôle"), max_length=12, choices=RoleMembre, default=RoleMembre.MEMBRE)
    vote = models.BooleanField(_("a droit de vote"), default=True)
    groupe_age = models.CharField(_("groupe d’âge représenté"), max_length=8, choices=GroupeAge, blank=True)
    territoire = models.ForeignKey(
        Territoire, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("territoire représenté")
    )
    depuis = models.DateField(_("depuis"))
    jusqua = models.DateField(_("jusqu’au"), null=True, blank=True)

    objects = DateesQuerySet.as_manager()

    class Meta:
        verbose_name = _("membre de comité")
        verbose_name_plural = _("membres de comité")
        ordering = ["comite", "nom"]
        constraints = [
            models.CheckConstraint(condition=Q(jusqua__isnull=True) | Q(jusqua__gte=F("depuis")), name="membre_dates"),
            models.CheckConstraint(
                condition=~Q(role="observation") | Q(vote=False),
                name="membre_observation_sans_vote",
                violation_error_message=_("Une personne qui observe n’a pas droit de vote."),
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class SiegeVecu(models.Model):
    """Siège réservé à une personne experte de vécu : vacant, invitation faite, pourvu. Rien d'autre (R43)."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="sieges", verbose_name=_("entente"))
    comite = models.ForeignKey(Comite, models.PROTECT, related_name="sieges", verbose_name=_("comité"))
    rang = models.PositiveSmallIntegerField(_("rang"))
    etat = models.CharField(_("état"), max_length=8, choices=EtatSiege, default=EtatSiege.VACANT)
    depuis = models.DateField(_("depuis"))

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("siège de personne experte de vécu")
        verbose_name_plural = _("sièges de personnes expertes de vécu")
        ordering = ["comite", "rang"]
        constraints = [models.UniqueConstraint(fields=["comite", "rang"], name="siege_rang_unique")]

    def __str__(self) -> str:
        return f"{self.comite} – {self.rang}"


@garder("DelegationAvant")
class Delegation(models.Model):
    """Le mandataire confie à une MRC ou à un autre organisme une enveloppe et des pouvoirs, entre deux dates."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="delegations", verbose_name=_("entente"))
    territoire = models.ForeignKey(Territoire, models.PROTECT, related_name="delegations", verbose_name=_("territoire"))
    delegataire = models.CharField(_("confiée à"), max_length=160)
    enveloppe = models.ForeignKey(
        Enveloppe, models.PROTECT, null=True, blank=True, related_name="delegations", verbose_name=_("enveloppe")
    )
    pouvoirs = models.JSONField(_("pouvoirs"), default=list)
    comite = models.ForeignKey(
        Comite, models.PROTECT, null=True, blank=True, related_name="delegations", verbose_name=_("comité")
    )
    instance = models.ForeignKey(
        InstanceDecisionnelle,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="delegations",
        verbose_name=_("instance décisionnelle"),
    )
    resolution = models.CharField(_("résolution"), max_length=60, blank=True)
    depuis = models.DateField(_("depuis"))
    jusqua = models.DateField(_("jusqu’au"), null=True, blank=True)

    objects = DateesQuerySet.as_manager()

    class Meta:
        verbose_name = _("délégation")
        verbose_name_plural = _("délégations")
        ordering = ["entente", "territoire__ordre", "-depuis"]
        constraints = [
            models.CheckConstraint(
                condition=Q(jusqua__isnull=True) | Q(jusqua__gte=F("depuis")), name="delegation_dates"
            ),
            models.UniqueConstraint(
                fields=["territoire"], condition=Q(jusqua__isnull=True), name="delegation_courante_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.territoire} – {self.delegataire}"

    @property
    def pouvoirs_lus(self) -> list[str]:
        """Les pouvoirs, en français, dans l'ordre de leur liste."""
        return [str(pouvoir.label) for pouvoir in Pouvoir if pouvoir in self.pouvoirs]


class AvisSectoriel(models.Model):
    """Avis demandé à un non-membre, sur un plan ou sur un dossier (son numéro)."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="avis", verbose_name=_("entente"))
    comite = models.ForeignKey(
        Comite, models.PROTECT, null=True, blank=True, related_name="avis", verbose_name=_("demandé par le comité")
    )
    plan = models.ForeignKey(
        "alliances.PlanTravail", models.PROTECT, null=True, blank=True, related_name="avis", verbose_name=_("plan")
    )
    dossier = models.CharField(_("numéro de dossier"), max_length=40, blank=True)
    destinataire = models.CharField(_("demandé à"), max_length=160)
    courriel = models.EmailField(_("courriel"))
    question = models.TextField(_("question"))
    etat = models.CharField(_("état"), max_length=10, choices=EtatAvis, default=EtatAvis.DEMANDE)
    demande_le = models.DateTimeField(_("demandé le"))
    demande_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("demandé par")
    )
    attendu_le = models.DateField(_("attendu le"), null=True, blank=True)
    recu_le = models.DateTimeField(_("reçu le"), null=True, blank=True)
    reponse = models.TextField(_("avis reçu"), blank=True)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("avis sectoriel")
        verbose_name_plural = _("avis sectoriels")
        ordering = ["-demande_le"]
        constraints = [
            models.CheckConstraint(
                condition=Q(plan__isnull=False) & Q(dossier="") | Q(plan__isnull=True) & ~Q(dossier=""),
                name="avis_un_objet",
                violation_error_message=_("Un avis porte sur un plan ou sur un dossier, pas les deux."),
            ),
            models.CheckConstraint(condition=~Q(etat="recu") | Q(recu_le__isnull=False), name="avis_recu_date"),
        ]

    def __str__(self) -> str:
        return f"{self.destinataire} – {self.dossier or self.plan}"
