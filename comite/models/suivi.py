"""Ce que la coordination laisse comme trace sur une évaluation : relances, et notes recopiées d'un papier."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from alliances.models import Entente
from projets.models import Evaluation
from socle.models import Fichier

PERSONNE = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}


class Relance(models.Model):
    """La coordination a rappelé une évaluation à sa personne, par courriel."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="relances", verbose_name=_("évaluation"))
    auteur = models.ForeignKey(**PERSONNE, verbose_name=_("relancée par"))
    instant = models.DateTimeField(_("relancée le"))

    class Meta:
        verbose_name = _("relance")
        verbose_name_plural = _("relances")
        ordering = ["evaluation", "-instant"]

    def __str__(self) -> str:
        return f"{self.evaluation} – {self.instant:%Y-%m-%d}"


class SaisiePapier(models.Model):
    """Des notes écrites sur papier par la personne, recopiées par la coordination; la numérisation est facultative."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    evaluation = models.ForeignKey(
        Evaluation, models.CASCADE, related_name="saisies_papier", verbose_name=_("évaluation")
    )
    signee_le = models.DateField(_("date du papier"))
    saisie_par = models.ForeignKey(**PERSONNE, verbose_name=_("recopiée par"))
    saisie_le = models.DateTimeField(_("recopiée le"))
    numerisation = models.ForeignKey(
        Fichier, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("numérisation")
    )

    class Meta:
        verbose_name = _("saisie papier")
        verbose_name_plural = _("saisies papier")
        ordering = ["evaluation", "-saisie_le"]

    def __str__(self) -> str:
        return f"{self.evaluation} – {self.signee_le:%Y-%m-%d}"
