"""La reddition annuelle d'une entente : chiffres figés à une séquence du grand livre (R38 à R41)."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliances.models import Entente, Enveloppe
from alliances.models.territoire import ParEntenteQuerySet
from projets.models import Projet
from reddition.enums import EtatReddition, GenreProduction
from socle.models import Fichier, Travail

PERSONNE = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+", "null": True}
ARGENT = {"max_digits": 14, "decimal_places": 2, "default": 0}
VUES_DU_MINISTERE = (EtatReddition.DEPOSEE, EtatReddition.RENVOYEE, EtatReddition.ACCEPTEE, EtatReddition.REMPLACEE)


class RedditionQuerySet(ParEntenteQuerySet):
    def visibles_pour(self, utilisateur) -> "RedditionQuerySet":
        """L'équipe du mandataire voit tout; le ministère, ce qui a été déposé."""
        visibles = super().visibles_pour(utilisateur)
        return visibles.filter(etat__in=VUES_DU_MINISTERE) if utilisateur.portees.ministere else visibles


class Reddition(models.Model):
    """Une version de la reddition d'une entente pour un exercice."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="redditions", verbose_name=_("entente"))
    exercice = models.CharField(_("exercice"), max_length=9)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    etat = models.CharField(_("état"), max_length=12, choices=EtatReddition, default=EtatReddition.PREPARATION)
    faits_saillants = models.TextField(_("faits saillants"), blank=True)
    retombees = models.TextField(_("retombées observées"), blank=True)
    chiffres = models.JSONField(_("chiffres"), default=dict)
    sequence = models.PositiveIntegerField(_("figée à la séquence"), null=True)
    tete = models.CharField(_("tête de la chaîne"), max_length=64, blank=True)
    empreinte = models.CharField(_("empreinte"), max_length=64, blank=True)
    compilee_le = models.DateTimeField(_("compilée le"), null=True)
    deposee_le = models.DateTimeField(_("déposée le"), null=True)
    deposee_par = models.ForeignKey(**PERSONNE, verbose_name=_("certifiée par"))
    traitee_le = models.DateTimeField(_("traitée le"), null=True)
    traitee_par = models.ForeignKey(**PERSONNE, verbose_name=_("traitée par"))
    commentaire = models.TextField(_("commentaire du ministère"), blank=True)
    remplace = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="remplacee_par", verbose_name=_("remplace la version")
    )

    objects = RedditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("reddition")
        verbose_name_plural = _("redditions")
        ordering = ["-exercice", "entente", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["entente", "exercice", "version"], name="reddition_version_unique"),
            models.CheckConstraint(
                condition=~Q(etat__in=["deposee", "acceptee"])
                | Q(sequence__isnull=False, deposee_le__isnull=False) & ~Q(empreinte=""),
                name="reddition_figee",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entente} {self.exercice} v{self.version}"

    def get_absolute_url(self) -> str:
        return reverse("reddition:reddition", args=[self.entente.code, self.exercice, self.version])


class LigneReddition(models.Model):
    """Un projet dans une reddition : ce qui lui est accordé et versé, dans l'exercice et au cumul, par enveloppe."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    reddition = models.ForeignKey(Reddition, models.CASCADE, related_name="lignes", verbose_name=_("reddition"))
    projet = models.ForeignKey(Projet, models.PROTECT, related_name="lignes_reddition", verbose_name=_("projet"))
    enveloppe = models.ForeignKey(Enveloppe, models.PROTECT, related_name="+", verbose_name=_("enveloppe"))
    numero = models.CharField(_("numéro"), max_length=24)
    titre = models.CharField(_("titre"), max_length=160)
    organisme = models.CharField(_("organisme"), max_length=200)
    priorite = models.CharField(_("priorité"), max_length=120)
    etat = models.CharField(_("état"), max_length=40)
    accorde_exercice = models.DecimalField(_("accordé dans l’exercice"), **ARGENT)
    accorde_cumul = models.DecimalField(_("accordé au cumul"), **ARGENT)
    verse_exercice = models.DecimalField(_("versé dans l’exercice"), **ARGENT)
    verse_cumul = models.DecimalField(_("versé au cumul"), **ARGENT)
    partenaires_argent = models.DecimalField(_("partenaires, argent"), **ARGENT)
    partenaires_nature = models.DecimalField(_("partenaires, nature"), **ARGENT)
    personnes = models.PositiveIntegerField(_("personnes rejointes"), default=0)
    nouveau = models.BooleanField(_("compté dans cet exercice"), default=False)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("ligne de reddition")
        verbose_name_plural = _("lignes de reddition")
        ordering = ["reddition", "enveloppe__ordre", "numero"]
        constraints = [
            models.UniqueConstraint(fields=["reddition", "projet", "enveloppe"], name="ligne_reddition_unique")
        ]

    def __str__(self) -> str:
        return self.numero

    @property
    def partenaires(self) -> Decimal:
        """Argent et nature, en dollars."""
        return self.partenaires_argent + self.partenaires_nature


class Controle(models.Model):
    """Une identité vérifiée (R39) : calculé, attendu, écart."""

    reddition = models.ForeignKey(Reddition, models.CASCADE, related_name="controles")
    rang = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=10)
    libelle = models.CharField(_("contrôle"), max_length=200)
    calcule = models.DecimalField(_("calculé"), max_digits=16, decimal_places=2)
    attendu = models.DecimalField(_("attendu"), max_digits=16, decimal_places=2)
    tenu = models.BooleanField(_("tenu"))

    class Meta:
        verbose_name = _("contrôle")
        verbose_name_plural = _("contrôles")
        ordering = ["reddition", "rang"]
        constraints = [models.UniqueConstraint(fields=["reddition", "code"], name="controle_unique")]

    def __str__(self) -> str:
        return self.libelle

    @property
    def ecart(self) -> Decimal:
        """Calculé moins attendu, en dollars."""
        return self.calcule - self.attendu


class Production(models.Model):
    """Un document produit d'une reddition figée."""

    reddition = models.ForeignKey(Reddition, models.CASCADE, related_name="productions")
    genre = models.CharField(_("genre"), max_length=4, choices=GenreProduction)
    travail = models.ForeignKey(Travail, models.PROTECT, null=True, related_name="+", verbose_name=_("travail"))
    fichier = models.ForeignKey(Fichier, models.PROTECT, null=True, related_name="+", verbose_name=_("fichier"))

    class Meta:
        verbose_name = _("production")
        verbose_name_plural = _("productions")
        constraints = [models.UniqueConstraint(fields=["reddition", "genre"], name="production_unique")]

    def __str__(self) -> str:
        return f"{self.reddition} {self.genre}"
