"""Les versions du formulaire d'un appel : une en préparation au plus, les publiées figées."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliances.models import Entente
from alliances.models.territoire import ParEntenteQuerySet
from appels.questions import Formulaire, lire


class FormulaireVersionQuerySet(ParEntenteQuerySet):
    def publiees(self) -> "FormulaireVersionQuerySet":
        return self.filter(publiee_le__isnull=False)


class FormulaireVersion(models.Model):
    """Une version du formulaire. `definition` : appels/questions.py; publiée, la base refuse de la changer."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    appel = models.ForeignKey("appels.Appel", models.PROTECT, related_name="formulaires", verbose_name=_("appel"))
    numero = models.PositiveSmallIntegerField(_("numéro"))
    definition = models.JSONField(_("définition"))
    changements = models.JSONField(_("changements depuis la précédente"), default=list)
    publiee_le = models.DateTimeField(_("publiée le"), null=True)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("auteur")
    )

    objects = FormulaireVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version du formulaire")
        verbose_name_plural = _("versions du formulaire")
        ordering = ["appel_id", "-numero"]
        constraints = [
            models.UniqueConstraint(fields=["appel", "numero"], name="formulaire_numero_unique"),
            models.UniqueConstraint(
                fields=["appel"], condition=Q(publiee_le__isnull=True), name="formulaire_une_en_preparation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appel_id} v{self.numero}"

    @property
    def formulaire(self) -> Formulaire:
        return lire(self.definition)
