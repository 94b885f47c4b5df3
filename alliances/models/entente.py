"""Cycles gouvernementaux, mandataires et ententes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliances.enums import EtatEntente, Origine
from alliances.parametres import ParametresAide
from alliances.portees import dans_la_portee
from socle.models import Region

NATURES = [("ligne", _("ligne")), ("imprime", _("total imprimé")), ("recalcule", _("total recalculé"))]


class Cycle(models.Model):
    """Plan gouvernemental : 2017-2023 (prolongé au 31 mars 2024), 2024-2029."""

    code = models.CharField(_("code"), max_length=9, unique=True)
    nom = models.CharField(_("nom"), max_length=120)
    debut = models.DateField(_("début"))
    fin = models.DateField(_("fin"))
    montant_annonce = models.DecimalField(_("montant annoncé"), max_digits=14, decimal_places=2, null=True, blank=True)
    origine = models.CharField(_("origine du montant"), max_length=14, choices=Origine, default=Origine.INCONNU)

    class Meta:
        verbose_name = _("cycle")
        verbose_name_plural = _("cycles")
        ordering = ["debut"]

    def __str__(self) -> str:
        return self.code


class MontantPublie(models.Model):
    """Une ligne d'un tableau publié, gardée telle quelle : les totaux imprimés et recalculés ne concordent pas toujours."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="montants_publies", verbose_name=_("cycle"))
    region_code = models.CharField(_("région"), max_length=2, blank=True)
    libelle = models.CharField(_("libellé"), max_length=80)
    montant = models.DecimalField(_("montant"), max_digits=14, decimal_places=2)
    nature = models.CharField(_("nature"), max_length=10, choices=NATURES)
    rang = models.PositiveSmallIntegerField(_("rang"))

    class Meta:
        verbose_name = _("montant publié")
        verbose_name_plural = _("montants publiés")
        ordering = ["cycle", "rang"]
        constraints = [models.UniqueConstraint(fields=["cycle", "libelle"], name="montant_publie_unique")]

    def __str__(self) -> str:
        return self.libelle


class MandataireQuerySet(models.QuerySet["Mandataire"]):
    def visibles_pour(self, utilisateur) -> "MandataireQuerySet":
        return self.filter(dans_la_portee(utilisateur, ""))


class Mandataire(models.Model):
    """Organisme désigné par les élus de la région pour gérer l'enveloppe."""

    code = models.CharField(_("code"), max_length=4, unique=True)
    nom = models.CharField(_("nom"), max_length=200)
    nom_public = models.CharField(_("nom affiché"), max_length=120, blank=True)
    territoire = models.CharField(_("territoire couvert"), max_length=120)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="mandataires", verbose_name=_("région")
    )
    fuseau = models.CharField(_("fuseau"), max_length=40, default="America/Toronto")
    site = models.URLField(_("site"), blank=True)
    courriel = models.EmailField(_("courriel"), blank=True)
    telephone = models.CharField(_("téléphone"), max_length=20, blank=True)

    objects = MandataireQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandataire")
        verbose_name_plural = _("mandataires")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.nom

    @property
    def enseigne(self) -> str:
        """Le nom que le public lit en tête des pages."""
        return self.nom_public or self.nom


class EntenteQuerySet(models.QuerySet["Entente"]):
    def visibles_pour(self, utilisateur) -> "EntenteQuerySet":
        return self.filter(dans_la_portee(utilisateur, "mandataire"))


class Entente(models.Model):
    """Contrat entre le ministère et un mandataire, pour un cycle. Un montant inconnu est nul, jamais inventé."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    mandataire = models.ForeignKey(Mandataire, models.PROTECT, related_name="ententes", verbose_name=_("mandataire"))
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="ententes", verbose_name=_("cycle"))
    debut = models.DateField(_("début"))
    fin = models.DateField(_("fin"))
    montant = models.DecimalField(_("montant"), max_digits=14, decimal_places=2, null=True, blank=True)
    origine = models.CharField(_("origine du montant"), max_length=14, choices=Origine, default=Origine.INCONNU)
    etat = models.CharField(_("état"), max_length=10, choices=EtatEntente, default=EtatEntente.ACTIVE)
    parametres = models.JSONField(_("paramètres"), default=dict, blank=True)
    instance = models.CharField(_("instance décisionnelle"), max_length=120, default="conseil d’administration")

    objects = EntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("entente")
        verbose_name_plural = _("ententes")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["mandataire", "cycle"], name="entente_unique_par_cycle"),
            models.CheckConstraint(condition=models.Q(fin__gt=models.F("debut")), name="entente_dates"),
            models.CheckConstraint(
                condition=models.Q(montant__isnull=True, origine="inconnu")
                | models.Q(montant__gt=0) & ~models.Q(origine="inconnu"),
                name="entente_montant_origine",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def aide(self) -> ParametresAide:
        """Les paramètres de l'entente, typés (décision 8)."""
        return ParametresAide.lire(self.parametres)
