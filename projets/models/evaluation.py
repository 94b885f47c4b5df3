"""Évaluations du comité et leurs notes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliances.models import Entente
from appels.models import Critere
from comptes.enums import Role
from projets.enums import EtatEvaluation, LienOrganisme
from projets.models.depot import Depot
from projets.models.projet import Projet


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    def visibles_pour(self, utilisateur) -> "EvaluationQuerySet":
        """Les siennes; pour la coordination, celles de son mandataire."""
        return self.filter(Q(evaluateur=utilisateur) | dans_la_portee_coordination(utilisateur))

    def assignees_a(self, utilisateur) -> "EvaluationQuerySet":
        """Les siennes seulement (espace du comité)."""
        return self.filter(evaluateur=utilisateur)


def dans_la_portee_coordination(utilisateur) -> Q:
    return Q(entente__mandataire__in=utilisateur.portees.mandataires(Role.COORDINATION))


class Evaluation(models.Model):
    """Le regard d'une personne du comité sur une version déposée. Note sur 100 (R24), à la soumission."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    projet = models.ForeignKey(Projet, models.PROTECT, related_name="evaluations", verbose_name=_("projet"))
    depot = models.ForeignKey(Depot, models.PROTECT, related_name="+", verbose_name=_("version lue"))
    evaluateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="evaluations", verbose_name=_("membre du comité")
    )
    etat = models.CharField(_("état"), max_length=10, choices=EtatEvaluation, default=EtatEvaluation.ASSIGNEE)
    lien = models.CharField(_("lien déclaré"), max_length=10, choices=LienOrganisme, blank=True)
    commentaire = models.TextField(_("commentaire"), blank=True)
    note = models.DecimalField(_("note sur 100"), max_digits=5, decimal_places=2, null=True, blank=True)
    assignee_le = models.DateTimeField(_("assignée le"))
    soumise_le = models.DateTimeField(_("soumise le"), null=True, blank=True)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = _("évaluation")
        verbose_name_plural = _("évaluations")
        ordering = ["-assignee_le", "id"]
        constraints = [
            models.UniqueConstraint(fields=["projet", "evaluateur"], name="evaluation_unique"),
            models.CheckConstraint(
                condition=~Q(etat="soumise") | Q(soumise_le__isnull=False), name="evaluation_soumise"
            ),
            models.CheckConstraint(
                condition=~Q(etat="retiree") | Q(note__isnull=True, lien="conflit"), name="evaluation_retiree"
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("comite:evaluation", args=[self.pk])

    def __str__(self) -> str:
        return f"{self.projet} – {self.evaluateur}"


class Note(models.Model):
    """Réponse à un critère : une note, ou « Je ne sais pas » (valeur nulle)."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="notes")
    critere = models.ForeignKey(Critere, models.PROTECT, related_name="+", verbose_name=_("critère"))
    valeur = models.PositiveSmallIntegerField(_("note"), null=True, blank=True)
    commentaire = models.TextField(_("commentaire"), blank=True)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["evaluation", "critere__ordre"]
        constraints = [models.UniqueConstraint(fields=["evaluation", "critere"], name="note_unique")]

    def __str__(self) -> str:
        return f"{self.critere} : {self.valeur}"
