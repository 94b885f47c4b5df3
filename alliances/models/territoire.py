"""Territoires choisis par l'entente (un arbre), communautés, contacts, zones où se concentre la pauvreté."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliances.enums import PorteeTerritoire
from alliances.models.entente import Entente
from alliances.portees import dans_la_portee
from socle.historique import garder
from socle.models import Mrc


class ParEntenteQuerySet(models.QuerySet):
    """QuerySet d'une rangée qui porte `entente` : la portée passe par son mandataire."""

    def visibles_pour(self, utilisateur):
        return self.filter(dans_la_portee(utilisateur, "entente__mandataire"))


class Communaute(models.Model):
    """Communauté autochtone : hors MRC, parfois hors région administrative."""

    nom = models.CharField(_("nom"), max_length=80, unique=True)
    nation = models.CharField(_("nation"), max_length=40)

    class Meta:
        verbose_name = _("communauté")
        verbose_name_plural = _("communautés")
        ordering = ["nation", "nom"]

    def __str__(self) -> str:
        return self.nom


@garder("TerritoireAvant")
class Territoire(models.Model):
    """Subdivision choisie par l'entente : zéro à plusieurs MRC, ce n'est pas une MRC."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="territoires", verbose_name=_("entente"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="enfants", verbose_name=_("fait partie de")
    )
    code = models.CharField(_("lettres"), max_length=4)
    nom = models.CharField(_("nom"), max_length=120)
    portee = models.CharField(_("portée"), max_length=15, choices=PorteeTerritoire, default=PorteeTerritoire.LOCALE)
    mrc = models.ManyToManyField(Mrc, blank=True, related_name="territoires", verbose_name=_("MRC"))
    communautes = models.ManyToManyField(
        Communaute, blank=True, related_name="territoires", verbose_name=_("communautés")
    )
    fuseau = models.CharField(_("fuseau"), max_length=40, default="America/Toronto")
    ordre = models.PositiveSmallIntegerField(_("ordre"), default=0)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("territoire")
        verbose_name_plural = _("territoires")
        ordering = ["entente", "ordre", "code"]
        constraints = [
            models.UniqueConstraint(fields=["entente", "code"], name="territoire_code_unique"),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("pk")),
                name="territoire_pas_son_parent",
            ),
        ]

    def __str__(self) -> str:
        return self.nom


@garder("ContactTerritoireAvant")
class ContactTerritoire(models.Model):
    """À qui s'adresser, publiquement : une fonction, un téléphone, un courriel; sans territoire, pour toute l'entente."""

    entente = models.ForeignKey(Entente, models.CASCADE, related_name="contacts", verbose_name=_("entente"))
    territoire = models.ForeignKey(
        Territoire, models.CASCADE, null=True, blank=True, related_name="contacts", verbose_name=_("territoire")
    )
    nom = models.CharField(_("service ou fonction"), max_length=120)
    telephone = models.CharField(_("téléphone"), max_length=20, blank=True)
    courriel = models.EmailField(_("courriel"), blank=True)
    heures = models.CharField(_("heures de réponse"), max_length=160, blank=True)
    ordre = models.PositiveSmallIntegerField(_("ordre"), default=0)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["entente", "ordre", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(telephone="") | ~models.Q(courriel=""),
                name="contact_joignable",
                violation_error_message=_("Donnez au moins un téléphone ou un courriel."),
            )
        ]

    def __str__(self) -> str:
        return self.nom


class ZoneVisee(models.Model):
    """Zone où se concentre la pauvreté, dans un territoire; le plan la privilégie, les projets s'y rattachent (R55)."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="zones", verbose_name=_("entente"))
    territoire = models.ForeignKey(
        Territoire, models.PROTECT, null=True, blank=True, related_name="zones", verbose_name=_("territoire")
    )
    nom = models.CharField(_("nom"), max_length=120)
    motif = models.CharField(_("ce qui la désigne"), max_length=300, blank=True)
    retiree_le = models.DateField(_("retirée le"), null=True, blank=True)
    ordre = models.PositiveSmallIntegerField(_("ordre"), default=0)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("zone visée")
        verbose_name_plural = _("zones visées")
        ordering = ["entente", "ordre", "nom"]
        constraints = [models.UniqueConstraint(fields=["entente", "nom"], name="zone_unique")]

    def __str__(self) -> str:
        return self.nom
