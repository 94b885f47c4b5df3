"""Après le dépôt : demandes de précision sur des champs nommés (R22), et messages avec la coordination."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliances.models import Entente
from comptes.enums import Role
from projets.enums import EtatPrecision
from projets.models.depot import Depot
from projets.models.projet import Projet

PERSONNE = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}


class ParProjetQuerySet(models.QuerySet):
    """Ce qu'un organisme et la coordination de son mandataire ont en commun sur une demande."""

    def visibles_pour(self, utilisateur) -> "ParProjetQuerySet":
        portees = utilisateur.portees
        return self.filter(
            Q(projet__organisme__in=portees.organismes)
            | Q(entente__mandataire__in=portees.mandataires(Role.COORDINATION))
        )


class DemandePrecision(models.Model):
    """Des champs rouverts jusqu'à `limite` (instant exclusif); eux seuls changent, par un nouveau dépôt."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    projet = models.ForeignKey(Projet, models.PROTECT, related_name="precisions", verbose_name=_("projet"))
    depot = models.ForeignKey(Depot, models.PROTECT, related_name="+", verbose_name=_("version lue"))
    etat = models.CharField(_("état"), max_length=10, choices=EtatPrecision, default=EtatPrecision.OUVERTE)
    message = models.TextField(_("ce que la coordination demande"))
    limite = models.DateTimeField(_("limite (instant exclusif)"))
    demandee_par = models.ForeignKey(**PERSONNE, verbose_name=_("demandée par"))
    demandee_le = models.DateTimeField(_("demandée le"))
    mot = models.TextField(_("mot de l’organisme"), blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    repondue_par = models.ForeignKey(**PERSONNE, null=True, verbose_name=_("répondue par"))
    repondue_le = models.DateTimeField(_("répondue le"), null=True)
    reponse = models.OneToOneField(
        Depot, models.PROTECT, null=True, related_name="precision", verbose_name=_("version reçue")
    )

    objects = ParProjetQuerySet.as_manager()

    class Meta:
        verbose_name = _("demande de précision")
        verbose_name_plural = _("demandes de précision")
        ordering = ["demandee_le", "id"]
        constraints = [
            models.UniqueConstraint(fields=["projet"], condition=Q(etat="ouverte"), name="precision_une_ouverte"),
            models.CheckConstraint(
                condition=Q(etat="repondue", reponse__isnull=False, repondue_le__isnull=False)
                | ~Q(etat="repondue") & Q(reponse__isnull=True, repondue_le__isnull=True),
                name="precision_repondue",
            ),
            models.CheckConstraint(condition=Q(limite__gt=F("demandee_le")), name="precision_limite"),
        ]

    def __str__(self) -> str:
        return f"{self.projet.numero} – {self.get_etat_display()}"

    def get_absolute_url(self) -> str:
        return reverse("projets:precisions", args=[self.projet.uuid])

    @property
    def ouverte(self) -> bool:
        return self.etat == EtatPrecision.OUVERTE

    @property
    def derniere_minute(self) -> datetime:
        """La dernière minute utile, à afficher : minuit exclusif s'écrit « 23 h 59 » de la veille (R20)."""
        return (self.limite - timedelta(microseconds=1)).replace(second=0, microsecond=0)

    def en_retard(self, instant: datetime) -> bool:
        """Ouverte, et sa limite est passée."""
        return self.ouverte and instant >= self.limite


class ChampPrecision(models.Model):
    """Un champ rouvert : la réponse en préparation (nulle : inchangée)."""

    demande = models.ForeignKey(DemandePrecision, models.CASCADE, related_name="champs")
    cle = models.CharField(_("champ"), max_length=40)
    valeur = models.JSONField(_("réponse en préparation"), null=True)
    ordre = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("champ à préciser")
        verbose_name_plural = _("champs à préciser")
        ordering = ["demande", "ordre"]
        constraints = [models.UniqueConstraint(fields=["demande", "cle"], name="champ_precision_unique")]

    def __str__(self) -> str:
        return self.cle


class Message(models.Model):
    """Un message du fil d'un dossier, de l'organisme ou de la coordination; ni changé ni effacé (déclencheur)."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    projet = models.ForeignKey(Projet, models.PROTECT, related_name="messages", verbose_name=_("projet"))
    auteur = models.ForeignKey(**PERSONNE, verbose_name=_("auteur"))
    de_l_organisme = models.BooleanField(_("de l’organisme"))
    texte = models.TextField(_("message"))
    instant = models.DateTimeField(_("envoyé le"))

    objects = ParProjetQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["projet_id", "id"]

    def __str__(self) -> str:
        return f"{self.projet.numero} – {self.auteur}"


class LectureFil(models.Model):
    """Jusqu'où une personne a lu le fil d'un dossier."""

    projet = models.ForeignKey(Projet, models.CASCADE, related_name="lectures")
    utilisateur = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    dernier = models.ForeignKey(Message, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("lecture du fil")
        verbose_name_plural = _("lectures du fil")
        constraints = [models.UniqueConstraint(fields=["projet", "utilisateur"], name="lecture_fil_unique")]

    def __str__(self) -> str:
        return f"{self.utilisateur} – {self.dernier_id}"
