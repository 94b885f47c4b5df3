"""Les réponses au formulaire qui n'ont pas de colonne : une rangée par question (décision 7)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from projets.models.projet import Projet


class Reponse(models.Model):
    """La réponse à une question de l'appel. Qui et quand : `Projet.versions`, comme pour les colonnes."""

    projet = models.ForeignKey(Projet, models.CASCADE, related_name="reponses", verbose_name=_("projet"))
    cle = models.CharField(_("question"), max_length=40)
    valeur = models.JSONField(_("valeur"))

    class Meta:
        verbose_name = _("réponse")
        verbose_name_plural = _("réponses")
        ordering = ["projet_id", "cle"]
        constraints = [models.UniqueConstraint(fields=["projet", "cle"], name="reponse_unique")]

    def __str__(self) -> str:
        return self.cle
