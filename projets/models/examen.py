"""Ce que la coordination garde pour elle sur une demande : l'examen d'admissibilité, point par point, et ses notes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliances.models import Entente
from comptes.enums import EQUIPE
from projets.enums import GenreNote, ResultatPoint
from projets.models.depot import Depot
from projets.models.projet import Projet

PERSONNE = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}


class InterneQuerySet(models.QuerySet):
    """Rangées internes d'un mandataire : son équipe, jamais l'organisme ni le public."""

    def visibles_pour(self, utilisateur) -> "InterneQuerySet":
        return self.filter(entente__mandataire__in=utilisateur.portees.mandataires(*EQUIPE))


class ExamenAdmissibilite(models.Model):
    """Un examen d'admissibilité : une liste de points, un verdict qui en découle, un motif que l'organisme lira.

    Un examen défait reste, avec le motif; un seul est en vigueur.
    """

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    projet = models.ForeignKey(Projet, models.PROTECT, related_name="examens", verbose_name=_("projet"))
    depot = models.ForeignKey(Depot, models.PROTECT, related_name="+", verbose_name=_("version lue"))
    admissible = models.BooleanField(_("admissible"))
    motif_public = models.TextField(_("motif donné à l’organisme"), blank=True)
    auteur = models.ForeignKey(**PERSONNE, verbose_name=_("examinée par"))
    instant = models.DateTimeField(_("examinée le"))
    defait_par = models.ForeignKey(**PERSONNE, null=True, verbose_name=_("défait par"))
    defait_le = models.DateTimeField(_("défait le"), null=True)
    defait_motif = models.TextField(_("défait parce que"), blank=True)

    objects = InterneQuerySet.as_manager()

    class Meta:
        verbose_name = _("examen d’admissibilité")
        verbose_name_plural = _("examens d’admissibilité")
        ordering = ["projet", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["projet"], condition=Q(defait_le__isnull=True), name="examen_un_en_vigueur"
            ),
            models.CheckConstraint(condition=Q(admissible=True) | ~Q(motif_public=""), name="examen_motif"),
            models.CheckConstraint(
                condition=Q(defait_le__isnull=True, defait_par__isnull=True, defait_motif="")
                | Q(defait_le__isnull=False, defait_par__isnull=False) & ~Q(defait_motif=""),
                name="examen_defait",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.projet.numero} – {_('Admissible') if self.admissible else _('Non admissible')}"


class PointExamine(models.Model):
    """Un point de la liste : vérifié, non, ou sans objet, avec une note interne."""

    examen = models.ForeignKey(ExamenAdmissibilite, models.CASCADE, related_name="points")
    code = models.CharField(_("point"), max_length=20)
    resultat = models.CharField(_("résultat"), max_length=10, choices=ResultatPoint)
    note = models.TextField(_("note"), blank=True)
    ordre = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("point examiné")
        verbose_name_plural = _("points examinés")
        ordering = ["examen", "ordre"]
        constraints = [models.UniqueConstraint(fields=["examen", "code"], name="point_examine_unique")]

    def __str__(self) -> str:
        return f"{self.code} : {self.get_resultat_display()}"


class NoteInterne(models.Model):
    """Une note de la coordination sur un dossier, souvent un appel; ni changée ni effacée, jamais vue de l'organisme."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    projet = models.ForeignKey(Projet, models.PROTECT, related_name="notes_internes", verbose_name=_("projet"))
    genre = models.CharField(_("genre"), max_length=10, choices=GenreNote, default=GenreNote.APPEL)
    interlocuteur = models.CharField(_("fonction de la personne jointe"), max_length=120, blank=True)
    texte = models.TextField(_("note"))
    auteur = models.ForeignKey(**PERSONNE, verbose_name=_("auteur"))
    instant = models.DateTimeField(_("le"))

    objects = InterneQuerySet.as_manager()

    class Meta:
        verbose_name = _("note interne")
        verbose_name_plural = _("notes internes")
        ordering = ["projet", "-id"]

    def __str__(self) -> str:
        return f"{self.projet.numero} – {self.get_genre_display()}"
