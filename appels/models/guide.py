"""Le guide d'un appel et ses questions : des textes de la coordination, et ce que le public demande."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliances.models import Entente
from alliances.models.territoire import ParEntenteQuerySet
from appels.enums import EtatQuestion
from appels.models.appel import Appel


class TexteGuide(models.Model):
    """Un texte du guide : un titre et des paragraphes, en texte simple (une ligne vide sépare deux paragraphes)."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    appel = models.ForeignKey(Appel, models.PROTECT, related_name="textes", verbose_name=_("appel"))
    titre = models.CharField(_("titre"), max_length=120)
    texte = models.TextField(_("texte"))
    ordre = models.PositiveSmallIntegerField(_("ordre"), default=0)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("texte du guide")
        verbose_name_plural = _("textes du guide")
        ordering = ["appel_id", "ordre", "id"]

    def __str__(self) -> str:
        return self.titre


class QuestionQuerySet(ParEntenteQuerySet):
    def publiees(self) -> "QuestionQuerySet":
        """Ce que le public lit : une question et sa réponse."""
        return self.filter(etat=EtatQuestion.PUBLIEE)


class QuestionPublique(models.Model):
    """Une question sur l'appel et sa réponse publique. Rien ne dit qui l'a posée : ni nom, ni courriel, ni adresse."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    appel = models.ForeignKey(Appel, models.PROTECT, related_name="questions", verbose_name=_("appel"))
    question = models.TextField(_("question"), max_length=600)
    reponse = models.TextField(_("réponse"), blank=True)
    etat = models.CharField(_("état"), max_length=10, choices=EtatQuestion, default=EtatQuestion.RECUE)
    du_public = models.BooleanField(_("posée par le public"), default=False)
    posee_le = models.DateTimeField(_("posée le"))
    publiee_le = models.DateTimeField(_("publiée le"), null=True, blank=True)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("répondu par")
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question sur l’appel")
        verbose_name_plural = _("questions sur l’appel")
        ordering = ["appel_id", "-publiee_le", "-posee_le"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat="publiee") | (~Q(reponse="") & Q(publiee_le__isnull=False)), name="question_repondue"
            )
        ]

    def __str__(self) -> str:
        return self.question[:80]
