"""L'appel de projets : ce qu'il est, quand on y dépose, ce qu'il permet."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as traduire
from django.utils.translation import gettext_lazy as _

from alliances.models import Entente, ObjectifPlan, PlanTravail
from alliances.models.territoire import ParEntenteQuerySet
from alliances.parametres import ParametresAide
from appels.enums import EtatAppel, ModeDepot, Phase, PhaseComite
from appels.regles.phases import phase_a
from socle.formats import date_avec_jour, derniere_minute, echeance_en_mots, heure, instant_long
from socle.horloge import maintenant
from socle.models import Fichier

TERME = "appel de projets"
PUBLICS = (EtatAppel.PUBLIE, EtatAppel.ANALYSE, EtatAppel.DECIDE, EtatAppel.ANNONCE, EtatAppel.ANNULE)


class AppelQuerySet(ParEntenteQuerySet):
    def publics(self) -> "AppelQuerySet":
        """Ce que tout le monde voit : publié, ou plus loin; un appel annulé avant sa publication ne paraît jamais."""
        jamais_publie = Q(etat=EtatAppel.ANNULE, parametres_figes__isnull=True)
        return self.filter(~jamais_publie, etat__in=PUBLICS).prefetch_related("periodes")

    def ouverts(self, instant: datetime) -> "AppelQuerySet":
        """Ceux où l'on peut déposer à `instant` (échéance exclue, R20; entre deux périodes, on ne dépose pas)."""
        return self.filter(
            ~Q(mode=ModeDepot.PERIODES) | Q(periodes__ouverture__lte=instant, periodes__fermeture__gt=instant),
            Q(epuise_le__isnull=True) | Q(epuise_le__gt=instant),
            etat=EtatAppel.PUBLIE,
            ouverture__lte=instant,
            fermeture__gt=instant,
        ).prefetch_related("periodes")


class Appel(models.Model):
    """Un appel de projets. `fermeture` est un instant exclusif (R20), lu dans `fuseau`."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="appels", verbose_name=_("entente"))
    code = models.CharField(_("code"), max_length=16, unique=True)
    rang = models.PositiveSmallIntegerField(_("rang"))
    terme = models.CharField(_("nom donné à l’appel"), max_length=60, default=TERME)
    titre = models.CharField(_("titre"), max_length=160)
    resume = models.TextField(_("résumé"))
    mode = models.CharField(_("mode de dépôt"), max_length=10, choices=ModeDepot, default=ModeDepot.DATE)
    jusqua_epuisement = models.BooleanField(_("jusqu’à épuisement des fonds"), default=False)
    epuise_le = models.DateTimeField(_("fonds épuisés le"), null=True, blank=True)
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
    soir_telephone = models.CharField(_("téléphone le soir de l’échéance"), max_length=20, blank=True)
    soir_heures = models.CharField(_("heures le soir de l’échéance"), max_length=160, blank=True)
    publication_prevue = models.DateTimeField(_("publication prévue"), null=True, blank=True)
    publication_echec = models.TextField(_("publication refusée"), blank=True)
    annonce_prevue = models.DateTimeField(_("annonce prévue"), null=True, blank=True)
    annonce_echec = models.TextField(_("annonce refusée"), blank=True)
    annulation_motif = models.CharField(_("motif de l’annulation"), max_length=300, blank=True)
    guide = models.ForeignKey(
        Fichier, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("guide, en PDF")
    )
    formulaire_pdf = models.ForeignKey(
        Fichier, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("formulaire vierge, en PDF")
    )
    copie_de = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="copies", verbose_name=_("copié de")
    )
    parametres = models.JSONField(_("paramètres"), default=dict, blank=True)
    parametres_figes = models.JSONField(_("paramètres figés à l’ouverture"), null=True, editable=False)
    commentaires_exiges = models.BooleanField(_("commentaire exigé par critère"), default=False)
    retrait_hors_quorum = models.BooleanField(_("un retrait sort du quorum du dossier"), default=True)
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
        if self.etat != EtatAppel.PUBLIE or instant >= self.fin_du_depot:
            return Phase.CLOS
        return Phase.OUVERT if self.mode != ModeDepot.PERIODES or self.periode_a(instant) else Phase.ENTRE

    @property
    def phase(self) -> Phase:
        return self.phase_a(maintenant())

    def est_ouvert(self, instant: datetime) -> bool:
        """On peut déposer : 23:59:59,7 est à temps, l'instant de fermeture ne l'est plus (R20)."""
        return self.phase_a(instant) == Phase.OUVERT

    def raison_de_la_pause(self, instant: datetime) -> str:
        """Pourquoi l'appel ne reçoit rien, quand ce n'est pas l'échéance : annulé, fonds épuisés, entre deux périodes."""
        if self.etat == EtatAppel.ANNULE:
            return traduire("L’appel est annulé : {motif} Votre brouillon reste dans votre compte.").format(
                motif=self.annulation_motif
            )
        if self.epuise_le is not None and instant >= self.epuise_le:
            return traduire(
                "Les fonds de l’appel sont épuisés : le dépôt a fermé le {date}. Votre brouillon reste dans votre compte et peut"
                " servir au prochain appel."
            ).format(date=instant_long(self.epuise_le, self.fuseau))
        if self.phase_a(instant) == Phase.ENTRE:
            return traduire(
                "L’appel est entre deux périodes de dépôt : la prochaine ouvre le {date}. Votre brouillon est enregistré."
            ).format(date=instant_long(self.ouverture_a(instant), self.fuseau))
        return ""

    @property
    def fin_du_depot(self) -> datetime:
        """L'instant exclusif où tout dépôt cesse : la dernière fermeture, ou l'épuisement des fonds s'il vient avant."""
        return min(self.fermeture, self.epuise_le) if self.epuise_le else self.fermeture

    def phase_comite_a(self, instant: datetime) -> PhaseComite:
        """Où en est le travail du comité à `instant`."""
        return phase_a({phase.genre: phase.debut for phase in self.phases_comite.all()}, instant)

    def periode_a(self, instant: datetime) -> Any:
        """La période de dépôt en cours à `instant`, en mode à plusieurs périodes."""
        return next((p for p in self.periodes.all() if p.ouverture <= instant < p.fermeture), None)

    def fermeture_a(self, instant: datetime) -> datetime:
        """L'échéance qui vient, instant exclusif : celle de la période en cours ou de la suivante; la dernière ensuite."""
        if self.mode != ModeDepot.PERIODES:
            return self.fermeture
        return next((p.fermeture for p in self.periodes.all() if p.fermeture > instant), self.fermeture)

    def ouverture_a(self, instant: datetime) -> datetime:
        """L'ouverture de la période en cours ou de la suivante; celle de l'appel, sinon."""
        if self.mode != ModeDepot.PERIODES:
            return self.ouverture
        return next((p.ouverture for p in self.periodes.all() if p.fermeture > instant), self.ouverture)

    @property
    def echeance(self) -> datetime:
        """L'échéance qui vient maintenant (instant exclusif)."""
        return self.fermeture_a(maintenant())

    @property
    def echeance_affichee(self) -> datetime:
        """Dernière minute utile : minuit exclusif s'affiche « 23 h 59 » de la veille (R20)."""
        return derniere_minute(self.echeance)

    @property
    def echeance_en_mots(self) -> str:
        """« 7 février 2020 inclusivement, à 23 h 59 (heure de l’Est) » (R20)."""
        return echeance_en_mots(self.echeance, self.fuseau)

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
