"""Évaluations du comité et leurs notes."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliances.models import Entente
from appels.models import Critere
from comptes.enums import Role
from projets.enums import EVALUATIONS_OUVERTES, EtatEvaluation, LienOrganisme, NatureInteret, OrigineDeclaration
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
    limite = models.DateTimeField(_("à remettre avant (instant exclusif)"), null=True, blank=True)
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
            models.CheckConstraint(
                condition=~Q(etat="remplacee") | Q(note__isnull=True, soumise_le__isnull=True),
                name="evaluation_remplacee",
            ),
        ]
        indexes = [
            models.Index(fields=["entente", "etat"], name="evaluation_entente_etat"),
            models.Index(
                fields=["limite"], condition=Q(etat__in=["assignee", "en_cours"]), name="evaluation_a_remettre"
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("comite:evaluation", args=[self.pk])

    def __str__(self) -> str:
        return f"{self.projet} – {self.evaluateur}"

    @property
    def ouverte(self) -> bool:
        """Reste à soumettre."""
        return self.etat in EVALUATIONS_OUVERTES

    def en_retard(self, instant: datetime) -> bool:
        """Reste à soumettre, et sa limite est passée."""
        return self.ouverte and self.limite is not None and instant >= self.limite


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


class DeclarationQuerySet(models.QuerySet["DeclarationInteret"]):
    def visibles_pour(self, utilisateur) -> "DeclarationQuerySet":
        """Les siennes; pour la coordination, celles de son mandataire."""
        return self.filter(Q(utilisateur=utilisateur) | dans_la_portee_coordination(utilisateur))


class DeclarationInteret(models.Model):
    """Le registre : qui a déclaré quel lien avec l'organisme d'une demande, et quand. En ajout seul (R25)."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    projet = models.ForeignKey(Projet, models.PROTECT, related_name="declarations", verbose_name=_("projet"))
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="declarations_interet", verbose_name=_("personne")
    )
    lien = models.CharField(_("lien"), max_length=10, choices=LienOrganisme)
    nature = models.CharField(_("nature"), max_length=12, choices=NatureInteret, blank=True)
    precision = models.CharField(_("précision"), max_length=300, blank=True)
    origine = models.CharField(_("origine"), max_length=12, choices=OrigineDeclaration)
    inscrite_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("inscrite par")
    )
    declaree_le = models.DateTimeField(_("déclarée le"))

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = _("déclaration d’intérêt")
        verbose_name_plural = _("déclarations d’intérêt")
        ordering = ["-declaree_le", "-id"]
        indexes = [models.Index(fields=["utilisateur", "lien"], name="declaration_personne")]

    def __str__(self) -> str:
        return f"{self.projet.numero} – {self.utilisateur}"
