"""Tâche longue et sa progression vraie (étapes faites sur total)."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from socle.models.fichier import Fichier


class EtatTravail(models.TextChoices):
    EN_ATTENTE = "en_attente", _("En attente")
    EN_COURS = "en_cours", _("En cours")
    TERMINE = "termine", _("Terminé")
    ANNULE = "annule", _("Annulé")
    ECHEC = "echec", _("En échec")


class Travail(models.Model):
    """Une production demandée (PDF, XLSX…) : qui, quoi, où elle en est, le fichier obtenu."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    genre = models.CharField(_("genre"), max_length=60)
    libelle = models.CharField(_("libellé"), max_length=200)
    parametres = models.JSONField(_("paramètres"), default=dict)
    etat = models.CharField(_("état"), max_length=12, choices=EtatTravail, default=EtatTravail.EN_ATTENTE)
    fait = models.PositiveIntegerField(_("étapes faites"), default=0)
    total = models.PositiveIntegerField(_("étapes en tout"), default=1)
    etape = models.CharField(_("étape"), max_length=200, blank=True)
    erreur = models.TextField(_("erreur"), blank=True)
    fichier = models.ForeignKey(Fichier, models.PROTECT, null=True, related_name="+", verbose_name=_("fichier"))
    demande_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("demandé par")
    )
    mandataire_code = models.CharField(max_length=4, blank=True)
    retour = models.CharField(_("page où revenir"), max_length=300, blank=True)
    aviser = models.BooleanField(_("prévenir par courriel à la fin"), default=False)
    reprises = models.PositiveSmallIntegerField(_("reprises"), default=0)
    demande_le = models.DateTimeField(_("demandé le"))
    debute_le = models.DateTimeField(_("débuté le"), null=True)
    termine_le = models.DateTimeField(_("terminé le"), null=True)

    class Meta:
        verbose_name = _("travail")
        verbose_name_plural = _("travaux")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.libelle

    def get_absolute_url(self) -> str:
        return reverse("socle:travail", args=[self.uuid])

    @property
    def fini(self) -> bool:
        return self.etat in {EtatTravail.TERMINE, EtatTravail.ANNULE, EtatTravail.ECHEC}

    @property
    def reprenable(self) -> bool:
        """Annulé ou en échec : on peut le reprendre où il en était."""
        return self.etat in {EtatTravail.ANNULE, EtatTravail.ECHEC}


class IssueLigne(models.TextChoices):
    FAIT = "fait", _("Fait")
    SAUTE = "saute", _("Sauté")
    REFUSE = "refuse", _("Refusé")


class LigneTravail(models.Model):
    """Un objet traité par un travail en lot : fait, sauté ou refusé, et pourquoi; écrite avec l'effet, donc une seule fois."""

    travail = models.ForeignKey(Travail, models.CASCADE, related_name="lignes", verbose_name=_("travail"))
    objet_id = models.BigIntegerField(_("objet"))
    libelle = models.CharField(_("libellé"), max_length=200)
    issue = models.CharField(_("issue"), max_length=8, choices=IssueLigne)
    detail = models.TextField(_("détail"), blank=True)

    class Meta:
        verbose_name = _("ligne d’un travail")
        verbose_name_plural = _("lignes d’un travail")
        ordering = ["travail", "id"]
        constraints = [models.UniqueConstraint(fields=["travail", "objet_id"], name="ligne_travail_unique")]

    def __str__(self) -> str:
        return f"{self.libelle} : {self.get_issue_display()}"
