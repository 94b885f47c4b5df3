"""Enveloppes, engagements et grand livre (décisions 11 à 14).

Les soldes (`dotation`, `engage`, `verse`) ne s'écrivent que par les déclencheurs de la table des mouvements; la base
refuse toute autre écriture. `disponible = dotation − engage`; le versé est compris dans l'engagé.
"""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alliances.enums import NatureEnveloppe, Origine, TypeMouvement
from alliances.models.entente import Entente
from alliances.models.territoire import ParEntenteQuerySet, Territoire

EXERCICE = r"^[0-9]{4}-[0-9]{4}$"


class Enveloppe(models.Model):
    """Compte d'un territoire, régional, ou d'administration, dans une entente."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="enveloppes", verbose_name=_("entente"))
    code = models.CharField(_("code"), max_length=20, unique=True)
    libelle = models.CharField(_("libellé"), max_length=120)
    nature = models.CharField(_("nature"), max_length=15, choices=NatureEnveloppe, default=NatureEnveloppe.TERRITORIALE)
    territoire = models.ForeignKey(
        Territoire, models.PROTECT, null=True, blank=True, related_name="enveloppes", verbose_name=_("territoire")
    )
    origine = models.CharField(_("origine du montant"), max_length=14, choices=Origine, default=Origine.INCONNU)
    ordre = models.PositiveSmallIntegerField(_("ordre"), default=0)
    dotation = models.DecimalField(_("dotation"), max_digits=14, decimal_places=2, default=0, editable=False)
    engage = models.DecimalField(_("engagé"), max_digits=14, decimal_places=2, default=0, editable=False)
    verse = models.DecimalField(_("versé"), max_digits=14, decimal_places=2, default=0, editable=False)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("enveloppe")
        verbose_name_plural = _("enveloppes")
        ordering = ["entente", "ordre", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verse__gte=0) & Q(engage__gte=F("verse")) & Q(dotation__gte=F("engage")),
                name="enveloppe_soldes",
            )
        ]

    def __str__(self) -> str:
        return self.libelle

    @property
    def libelle_filtre(self) -> str:
        """Ce qui distingue deux enveloppes du même nom dans un filtre : `Chicoutimi et les environs (02-2017/CH)`."""
        return f"{self.libelle} ({self.code})"

    @property
    def disponible(self) -> Decimal:
        """Ce qui peut encore s'octroyer, en dollars."""
        return self.dotation - self.engage

    @property
    def a_verser(self) -> Decimal:
        """Ce qui est engagé et pas encore versé, en dollars."""
        return self.engage - self.verse

    @property
    def lettres(self) -> str:
        """Lettres du territoire dans un numéro de dossier : `02-2017/CH` → `CH`."""
        return self.code.rpartition("/")[2]


class Engagement(models.Model):
    """Sous-compte d'une enveloppe : ce qu'un octroi y réserve, et ce qui en est versé."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="engagements", verbose_name=_("entente"))
    enveloppe = models.ForeignKey(Enveloppe, models.PROTECT, related_name="engagements", verbose_name=_("enveloppe"))
    reference = models.CharField(_("référence"), max_length=60)
    montant = models.DecimalField(_("engagé"), max_digits=14, decimal_places=2, default=0, editable=False)
    verse = models.DecimalField(_("versé"), max_digits=14, decimal_places=2, default=0, editable=False)
    libre = models.BooleanField(_("hors projet"), default=False, db_default=False)
    ouvert_le = models.DateTimeField(_("ouvert le"))
    clos_le = models.DateTimeField(_("clos le"), null=True, blank=True)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(verse__gte=0) & Q(montant__gte=F("verse")), name="engagement_soldes")
        ]

    def __str__(self) -> str:
        return self.reference


class Mouvement(models.Model):
    """Une ligne du grand livre : signée, en ajout seul, chaînée. La séquence et l'empreinte viennent de la base."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="mouvements", verbose_name=_("entente"))
    sequence = models.PositiveIntegerField(_("séquence"), default=0, editable=False)
    operation_id = models.UUIDField(_("opération"))
    type = models.CharField(_("type"), max_length=16, choices=TypeMouvement)
    enveloppe = models.ForeignKey(Enveloppe, models.PROTECT, related_name="mouvements", verbose_name=_("enveloppe"))
    engagement = models.ForeignKey(
        Engagement, models.PROTECT, null=True, blank=True, related_name="mouvements", verbose_name=_("engagement")
    )
    montant = models.DecimalField(_("montant"), max_digits=14, decimal_places=2)
    exercice = models.CharField(_("exercice"), max_length=9)
    reference = models.CharField(_("référence"), max_length=60, blank=True)
    motif = models.CharField(_("motif"), max_length=300, blank=True)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("auteur")
    )
    instant = models.DateTimeField(_("instant"))
    cle = models.CharField(_("clé d’idempotence"), max_length=120, unique=True)
    empreinte = models.CharField(_("empreinte"), max_length=64, default="", editable=False)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("mouvement")
        verbose_name_plural = _("grand livre")
        ordering = ["entente", "-sequence"]
        constraints = [
            models.UniqueConstraint(fields=["entente", "sequence"], name="mouvement_sequence_unique"),
            models.CheckConstraint(condition=Q(exercice__regex=EXERCICE), name="mouvement_exercice"),
            models.CheckConstraint(
                condition=(
                    Q(type__in=["dotation", "prolongation", "engagement", "versement"], montant__gt=0)
                    | Q(type__in=["desengagement", "recouvrement"], montant__lt=0)
                    | Q(type__in=["virement", "report_de_solde", "ajustement"]) & ~Q(montant=0)
                ),
                name="mouvement_signe",
            ),
            models.CheckConstraint(
                condition=(
                    Q(type__in=["engagement", "desengagement", "versement", "recouvrement"], engagement__isnull=False)
                    | Q(
                        type__in=["dotation", "prolongation", "virement", "report_de_solde", "ajustement"],
                        engagement__isnull=True,
                    )
                ),
                name="mouvement_engagement",
            ),
        ]
        indexes = [
            models.Index(fields=["enveloppe", "exercice"], name="mouvement_enveloppe"),
            models.Index(fields=["operation_id"], name="mouvement_operation"),
        ]

    def __str__(self) -> str:
        return f"{self.entente} no {self.sequence}"


class TeteGrandLivre(models.Model):
    """Dernière séquence et dernière empreinte d'une entente : le verrou sous lequel la chaîne s'écrit."""

    entente = models.OneToOneField(Entente, models.PROTECT, primary_key=True, related_name="tete")
    sequence = models.PositiveIntegerField(default=0)
    empreinte = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("tête du grand livre")
        verbose_name_plural = _("têtes du grand livre")

    def __str__(self) -> str:
        return f"{self.entente_id} : {self.sequence}"


class ExerciceFerme(models.Model):
    """Exercice dont la reddition est déposée : le grand livre y refuse tout mouvement, sauf réouverture."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="exercices_fermes", verbose_name=_("entente"))
    exercice = models.CharField(_("exercice"), max_length=9)
    sequence = models.PositiveIntegerField(_("figé à la séquence"))
    ferme_le = models.DateTimeField(_("fermé le"))
    rouvert_le = models.DateTimeField(_("rouvert le"), null=True, blank=True)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("exercice fermé")
        verbose_name_plural = _("exercices fermés")
        constraints = [
            models.UniqueConstraint(
                fields=["entente", "exercice"], condition=Q(rouvert_le__isnull=True), name="exercice_ferme_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.entente} {self.exercice}"
