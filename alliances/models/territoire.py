"""Territoires choisis par l'entente, et priorités de son plan."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliances.enums import PorteeTerritoire
from alliances.models.entente import Entente
from alliances.portees import dans_la_portee
from socle.models import Mrc


class ParEntenteQuerySet(models.QuerySet):
    """QuerySet d'une rangée qui porte `entente` : la portée passe par son mandataire."""

    def visibles_pour(self, utilisateur):
        return self.filter(dans_la_portee(utilisateur, "entente__mandataire"))


class Territoire(models.Model):
    """Subdivision choisie par l'entente : zéro à plusieurs MRC, ce n'est pas une MRC."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="territoires", verbose_name=_("entente"))
    code = models.CharField(_("lettres"), max_length=4)
    nom = models.CharField(_("nom"), max_length=120)
    portee = models.CharField(_("portée"), max_length=15, choices=PorteeTerritoire, default=PorteeTerritoire.LOCALE)
    mrc = models.ManyToManyField(Mrc, blank=True, related_name="territoires", verbose_name=_("MRC"))
    fuseau = models.CharField(_("fuseau"), max_length=40, default="America/Toronto")
    ordre = models.PositiveSmallIntegerField(_("ordre"), default=0)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("territoire")
        verbose_name_plural = _("territoires")
        ordering = ["entente", "ordre", "code"]
        constraints = [models.UniqueConstraint(fields=["entente", "code"], name="territoire_code_unique")]

    def __str__(self) -> str:
        return self.nom


class Priorite(models.Model):
    """Priorité d'action du plan de travail; chaque projet en a une principale."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="priorites", verbose_name=_("entente"))
    code = models.CharField(_("code"), max_length=30)
    libelle = models.CharField(_("libellé"), max_length=120)
    ordre = models.PositiveSmallIntegerField(_("ordre"), default=0)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("priorité")
        verbose_name_plural = _("priorités")
        ordering = ["entente", "ordre"]
        constraints = [models.UniqueConstraint(fields=["entente", "code"], name="priorite_code_unique")]

    def __str__(self) -> str:
        return self.libelle
