"""L'appel de projets (mode à date unique), ses enveloppes offertes, ses pièces, sa grille."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliances.models import Entente, Enveloppe, ObjectifPlan, PlanTravail
from alliances.models.territoire import ParEntenteQuerySet
from alliances.parametres import ParametresAide
from appels.enums import EtatAppel, Gravite, Phase
from socle.formats import date_avec_jour, derniere_minute, echeance_en_mots, heure
from socle.horloge import maintenant

PUBLICS = (EtatAppel.PUBLIE, EtatAppel.ANALYSE, EtatAppel.DECIDE, EtatAppel.ANNONCE, EtatAppel.ANNULE)


class AppelQuerySet(ParEntenteQuerySet):
    def publics(self) -> "AppelQuerySet":
        """Ce que tout le monde voit : publié, ou plus loin."""
        return self.filter(etat__in=PUBLICS)

    def ouverts(self, instant: datetime) -> "AppelQuerySet":
        """Ceux où l'on peut déposer à `instant` (échéance exclue, R20)."""
        return self.filter(etat=EtatAppel.PUBLIE, ouverture__lte=instant, fermeture__gt=instant)


class Appel(models.Model):
    """Un appel de projets. `fermeture` est un instant exclusif (R20), lu dans `fuseau`."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="appels", verbose_name=_("entente"))
    code = models.CharField(_("code"), max_length=16, unique=True)
    rang = models.PositiveSmallIntegerField(_("rang"))
    titre = models.CharField(_("titre"), max_length=160)
    resume = models.TextField(_("résumé"))
    plan = models.ForeignKey(
        PlanTravail,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appels",
        verbose_name=_("plan de travail cité"),
    )
    objectifs = models.ManyToManyField(
        ObjectifPlan, blank=True, related_name="appels", verbose_name=_("objectifs du plan")
    )
    etat = models.CharField(_("état"), max_length=10, choices=EtatAppel, default=EtatAppel.BROUILLON)
    ouverture = models.DateTimeField(_("ouverture"))
    fermeture = models.DateTimeField(_("fermeture (instant exclusif)"))
    fuseau = models.CharField(_("fuseau"), max_length=40, default="America/Toronto")
    fin_max_projet = models.DateField(_("fin des projets, au plus tard"))
    suite_jours = models.PositiveSmallIntegerField(_("jours pour compléter après le dépôt"), default=14)
    reponse_visee = models.DateField(_("réponse visée"), null=True, blank=True)
    annonce_le = models.DateTimeField(_("date d’annonce"), null=True, blank=True)
    contact_nom = models.CharField(_("contact"), max_length=120)
    contact_courriel = models.EmailField(_("courriel du contact"))
    contact_telephone = models.CharField(_("téléphone du contact"), max_length=20)
    contact_heures = models.CharField(_("heures de réponse"), max_length=160, blank=True)
    parametres = models.JSONField(_("paramètres"), default=dict, blank=True)
    parametres_figes = models.JSONField(_("paramètres figés à l’ouverture"), null=True, editable=False)
    formes_admissibles = models.JSONField(_("formes juridiques admissibles"), default=list)
    dernier_numero = models.PositiveIntegerField(default=0, editable=False)

    objects = AppelQuerySet.as_manager()

    class Meta:
        verbose_name = _("appel de projets")
        verbose_name_plural = _("appels de projets")
        ordering = ["-fermeture"]
        constraints = [
            models.UniqueConstraint(fields=["entente", "rang"], name="appel_rang_unique"),
            models.CheckConstraint(condition=Q(fermeture__gt=F("ouverture")), name="appel_dates"),
        ]

    def __str__(self) -> str:
        return self.titre

    def get_absolute_url(self) -> str:
        return reverse("appels:appel", args=[self.code])

    def phase_a(self, instant: datetime) -> Phase:
        """À venir, ouvert, clos ou annoncé : l'heure décide, aucun travailleur n'y change rien."""
        if self.etat == EtatAppel.ANNULE:
            return Phase.ANNULE
        if self.etat == EtatAppel.ANNONCE:
            return Phase.ANNONCE
        if instant < self.ouverture:
            return Phase.A_VENIR
        return Phase.OUVERT if instant < self.fermeture and self.etat == EtatAppel.PUBLIE else Phase.CLOS

    @property
    def phase(self) -> Phase:
        return self.phase_a(maintenant())

    def est_ouvert(self, instant: datetime) -> bool:
        """On peut déposer : 23:59:59,7 est à temps, l'instant de fermeture ne l'est plus (R20)."""
        return self.phase_a(instant) == Phase.OUVERT

    @property
    def echeance_affichee(self) -> datetime:
        """Dernière minute utile : minuit exclusif s'affiche « 23 h 59 » de la veille (R20)."""
        return derniere_minute(self.fermeture)

    @property
    def echeance_en_mots(self) -> str:
        """« 7 février 2020 inclusivement, à 23 h 59 (heure de l’Est) » (R20)."""
        return echeance_en_mots(self.fermeture, self.fuseau)

    @property
    def echeance_avec_jour(self) -> str:
        """« vendredi 7 février 2020 », le dernier jour utile dans le fuseau de l'appel."""
        return date_avec_jour(self.echeance_affichee.astimezone(ZoneInfo(self.fuseau)).date())

    @property
    def echeance_heure(self) -> str:
        """« 23 h 59 », la dernière minute utile."""
        return heure(self.echeance_affichee, self.fuseau)

    @property
    def jours_de_reponse(self) -> int | None:
        """Jours entre la fin du dépôt et la réponse visée (R23)."""
        dernier = self.echeance_affichee.astimezone(ZoneInfo(self.fuseau)).date()
        return (self.reponse_visee - dernier).days if self.reponse_visee else None

    @property
    def aide(self) -> ParametresAide:
        """Paramètres en vigueur : figés à l'ouverture, sinon ceux de l'entente surchargés par l'appel (décision 8)."""
        if self.parametres_figes is not None:
            return ParametresAide.lire(self.parametres_figes)
        return ParametresAide.lire(self.parametres, self.entente.aide)


class ProlongationDepot(models.Model):
    """Une prolongation de la période de dépôt : vers l'avant seulement, avec son motif (R21)."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    appel = models.ForeignKey(Appel, models.PROTECT, related_name="prolongations", verbose_name=_("appel"))
    ancienne = models.DateTimeField(_("ancienne fermeture (instant exclusif)"))
    nouvelle = models.DateTimeField(_("nouvelle fermeture (instant exclusif)"))
    motif = models.CharField(_("motif"), max_length=300)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("prolongé par")
    )
    instant = models.DateTimeField(_("prolongé le"))

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("prolongation du dépôt")
        verbose_name_plural = _("prolongations du dépôt")
        ordering = ["appel", "-instant"]
        constraints = [
            models.CheckConstraint(condition=Q(nouvelle__gt=F("ancienne")), name="prolongation_vers_l_avant")
        ]

    def __str__(self) -> str:
        return f"{self.appel} : {self.nouvelle:%Y-%m-%d %H:%M}"


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
