"""Entrer dans un organisme : l'invitation d'un membre, ou une demande qu'un membre confirme."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comptes.enums import EtatDemande
from comptes.models.organisme import Organisme

PERSONNE = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}


class ParOrganismeQuerySet(models.QuerySet):
    """Rangées d'un organisme, pour ses membres."""

    def visibles_pour(self, utilisateur) -> "ParOrganismeQuerySet":
        return self.filter(organisme__in=utilisateur.portees.organismes)


class Invitation(models.Model):
    """Un courriel à jeton daté, à usage unique; la base ne garde que l'empreinte du jeton."""

    organisme = models.ForeignKey(Organisme, models.CASCADE, related_name="invitations", verbose_name=_("organisme"))
    email = models.EmailField(_("courriel"))
    mandat_de_deposer = models.BooleanField(_("a le mandat de déposer"), default=False)
    signataire = models.BooleanField(_("signe les conventions"), default=False)
    jeton = models.CharField(_("SHA-256 du jeton"), max_length=64, unique=True)
    invitee_par = models.ForeignKey(**PERSONNE, verbose_name=_("invitée par"))
    cree_le = models.DateTimeField(_("envoyée le"))
    expire_le = models.DateTimeField(_("expire le"))
    acceptee_le = models.DateTimeField(_("acceptée le"), null=True)
    acceptee_par = models.ForeignKey(**PERSONNE, null=True, verbose_name=_("acceptée par"))
    annulee_le = models.DateTimeField(_("annulée le"), null=True)

    objects = ParOrganismeQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-cree_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisme", "email"],
                condition=Q(acceptee_le__isnull=True, annulee_le__isnull=True),
                name="invitation_une_en_attente",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} – {self.organisme}"

    def utilisable(self, instant: datetime) -> bool:
        """Ni acceptée, ni annulée, ni expirée."""
        return self.acceptee_le is None and self.annulee_le is None and instant < self.expire_le


class DemandeAdhesion(models.Model):
    """Une personne demande à rejoindre un organisme qu'elle nomme par son NEQ; un membre au mandat tranche."""

    organisme = models.ForeignKey(Organisme, models.CASCADE, related_name="demandes", verbose_name=_("organisme"))
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("personne")
    )
    mot = models.TextField(_("mot aux membres"), blank=True)
    etat = models.CharField(_("état"), max_length=10, choices=EtatDemande, default=EtatDemande.EN_ATTENTE)
    demandee_le = models.DateTimeField(_("demandée le"))
    traitee_le = models.DateTimeField(_("traitée le"), null=True)
    traitee_par = models.ForeignKey(**PERSONNE, null=True, verbose_name=_("traitée par"))

    objects = ParOrganismeQuerySet.as_manager()

    class Meta:
        verbose_name = _("demande de rejoindre")
        verbose_name_plural = _("demandes de rejoindre")
        ordering = ["demandee_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisme", "utilisateur"], condition=Q(etat="en_attente"), name="demande_adhesion_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.utilisateur} – {self.organisme}"
