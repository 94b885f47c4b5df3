"""Cycles gouvernementaux, mandataires et ententes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliances.enums import EtatEntente, Origine
from alliances.parametres import ParametresAide
from alliances.portees import dans_la_portee
from socle.historique import garder
from socle.models import Fichier, Mrc, Region

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


@garder("MandataireAvant")
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
    adresse = models.CharField(_("adresse"), max_length=200, blank=True)
    ville = models.CharField(_("ville"), max_length=100, blank=True)
    code_postal = models.CharField(_("code postal"), max_length=6, blank=True)
    mrc = models.ManyToManyField(
        Mrc, blank=True, related_name="+", verbose_name=_("MRC couvertes, quand ce n’est pas toute la région")
    )
    # Désignation et statut (R54)
    designe_par = models.CharField(_("désigné par"), max_length=160, blank=True)
    designe_le = models.DateField(_("désigné le"), null=True, blank=True)
    resolution = models.CharField(_("résolution de désignation"), max_length=60, blank=True)
    inscrit_req = models.BooleanField(_("inscrit au Registre des entreprises"), default=True)
    fiduciaire = models.CharField(_("fiduciaire"), max_length=200, blank=True)
    # Ce que le public voit
    presentation = models.TextField(_("présentation"), blank=True)
    couleur = models.CharField(_("couleur d’en-tête"), max_length=7, blank=True)
    logo = models.ForeignKey(Fichier, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("logo"))
    partenaires_en_ligne = models.CharField(_("ligne des partenaires"), max_length=300, blank=True)

    objects = MandataireQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandataire")
        verbose_name_plural = _("mandataires")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(inscrit_req=True) | ~models.Q(fiduciaire=""),
                name="mandataire_fiduciaire",
                violation_error_message=_(
                    "Une table qui n’est pas inscrite au Registre des entreprises a un fiduciaire : nommez-le (R54)."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(couleur="") | models.Q(couleur__regex=r"^#[0-9a-f]{6}$"), name="mandataire_couleur"
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def enseigne(self) -> str:
        """Le nom que le public lit en tête des pages."""
        return self.nom_public or self.nom


class NomMandataire(models.Model):
    """Un nom porté par le mandataire entre deux dates : les documents d'alors le gardent."""

    mandataire = models.ForeignKey(Mandataire, models.CASCADE, related_name="noms", verbose_name=_("mandataire"))
    nom = models.CharField(_("nom"), max_length=200)
    depuis = models.DateField(_("depuis"))
    jusqua = models.DateField(_("jusqu’au"))

    class Meta:
        verbose_name = _("nom antérieur")
        verbose_name_plural = _("noms antérieurs")
        ordering = ["mandataire", "-depuis"]
        constraints = [
            models.CheckConstraint(condition=models.Q(jusqua__gte=models.F("depuis")), name="nom_mandataire_dates")
        ]

    def __str__(self) -> str:
        return self.nom


class EntenteQuerySet(models.QuerySet["Entente"]):
    def visibles_pour(self, utilisateur) -> "EntenteQuerySet":
        return self.filter(dans_la_portee(utilisateur, "mandataire"))


@garder("EntenteAvant")
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
    numero_ministere = models.CharField(_("numéro au ministère"), max_length=40, blank=True)
    signee_le = models.DateField(_("signée le"), null=True, blank=True)
    administration_max = models.DecimalField(
        _("plafond du budget d’administration"), max_digits=14, decimal_places=2, null=True, blank=True
    )

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
