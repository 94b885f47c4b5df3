"""Le dossier permanent d'un organisme, et les corrections qu'une coordination propose à sa fiche (décision 10)."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from comptes.enums import EtatDemande, GenreDocument
from comptes.models.membres import PERSONNE, ParOrganismeQuerySet
from comptes.models.organisme import Organisme
from socle.models import Fichier

BIENTOT = timedelta(days=30)


class DocumentPermanent(models.Model):
    """Un document donné une fois, daté; une version neuve du même genre remplace l'ancienne, qui reste."""

    organisme = models.ForeignKey(Organisme, models.CASCADE, related_name="documents", verbose_name=_("organisme"))
    genre = models.CharField(_("genre"), max_length=20, choices=GenreDocument)
    titre = models.CharField(_("précision"), max_length=120, blank=True)
    date_document = models.DateField(_("date du document"))
    echeance = models.DateField(_("valide jusqu’au"), null=True, blank=True)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    remplace_le = models.DateTimeField(_("remplacé le"), null=True)
    fichier = models.ForeignKey(Fichier, models.PROTECT, related_name="+", verbose_name=_("fichier"))
    ajoute_par = models.ForeignKey(**PERSONNE, verbose_name=_("ajouté par"))
    ajoute_le = models.DateTimeField(_("ajouté le"))

    objects = ParOrganismeQuerySet.as_manager()

    class Meta:
        verbose_name = _("document permanent")
        verbose_name_plural = _("documents permanents")
        ordering = ["genre", "titre", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisme", "genre", "titre"],
                condition=Q(remplace_le__isnull=True),
                name="document_un_courant",
            ),
            models.CheckConstraint(
                condition=Q(echeance__isnull=True) | Q(echeance__gte=F("date_document")),
                name="document_echeance",
                violation_error_message=_("L’échéance ne peut pas précéder la date du document."),
            ),
        ]

    def __str__(self) -> str:
        genre = str(self.get_genre_display())
        return f"{genre} – {self.titre}" if self.titre else genre

    def expire(self, jour: date) -> bool:
        return self.echeance is not None and self.echeance < jour

    def expire_bientot(self, jour: date) -> bool:
        """Encore valide, mais pour trente jours au plus."""
        return self.echeance is not None and jour <= self.echeance <= jour + BIENTOT


class CorrectionOrganisme(models.Model):
    """Une coordination propose; un membre confirme ou refuse (décision 10)."""

    organisme = models.ForeignKey(Organisme, models.CASCADE, related_name="corrections", verbose_name=_("organisme"))
    champs = models.JSONField(_("valeurs proposées"))
    motif = models.TextField(_("motif"))
    propose_par_nom = models.CharField(_("proposée par"), max_length=160)
    etat = models.CharField(_("état"), max_length=10, choices=EtatDemande, default=EtatDemande.EN_ATTENTE)
    proposee_par = models.ForeignKey(**PERSONNE, verbose_name=_("auteur"))
    proposee_le = models.DateTimeField(_("proposée le"))
    traitee_le = models.DateTimeField(_("traitée le"), null=True)
    traitee_par = models.ForeignKey(**PERSONNE, null=True, verbose_name=_("traitée par"))

    objects = ParOrganismeQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction proposée")
        verbose_name_plural = _("corrections proposées")
        ordering = ["-proposee_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisme"], condition=Q(etat="en_attente"), name="correction_une_en_attente"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisme} – {self.get_etat_display()}"
