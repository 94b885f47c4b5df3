"""L'appel de projets : ce qu'il est, quand on y dépose, ce qu'il permet."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliances.models import Entente, ObjectifPlan, PlanTravail
from alliances.models.territoire import ParEntenteQuerySet
from alliances.parametres import ParametresAide
from appels.enums import EtatAppel, Phase
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
