"""Ce que l'appel règle du travail du comité : quand commence chaque phase."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliances.models import Entente
from alliances.models.territoire import ParEntenteQuerySet
from appels.enums import PhaseComite
from appels.models.appel import Appel


class PhaseEvaluation(models.Model):
    """Le début d'une phase (instant); elle court jusqu'au début de la suivante."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    appel = models.ForeignKey(Appel, models.PROTECT, related_name="phases_comite", verbose_name=_("appel"))
    genre = models.CharField(_("phase"), max_length=10, choices=PhaseComite)
    debut = models.DateTimeField(_("commence le"))

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("phase du comité")
        verbose_name_plural = _("phases du comité")
        ordering = ["appel", "debut"]
        constraints = [models.UniqueConstraint(fields=["appel", "genre"], name="phase_comite_unique")]

    def __str__(self) -> str:
        return str(self.get_genre_display())
