"""Ce qu'un appel offre et demande : enveloppes, pièces, grille, calendrier."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as traduire
from django.utils.translation import gettext_lazy as _

from alliances.models import Entente, Enveloppe
from alliances.models.territoire import ParEntenteQuerySet
from appels.enums import Gravite
from appels.models.appel import Appel
from appels.regles.conditions import Condition, conditions_en_mots, lire_conditions
from appels.regles.echelle import Palier, lire_paliers, mot_de
from socle.formats import date_longue


class AppelEnveloppe(models.Model):
    """Montant offert d'une enveloppe dans un appel, figé à l'ouverture. Nul : à venir, jamais zéro."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    appel = models.ForeignKey(Appel, models.PROTECT, related_name="offres", verbose_name=_("appel"))
    enveloppe = models.ForeignKey(Enveloppe, models.PROTECT, related_name="offres", verbose_name=_("enveloppe"))
    offert = models.DecimalField(_("offert"), max_digits=14, decimal_places=2, null=True, blank=True)
    ordre = models.PositiveSmallIntegerField(_("ordre"), default=0)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("enveloppe offerte")
        verbose_name_plural = _("enveloppes offertes")
        ordering = ["appel_id", "ordre"]
        constraints = [
            models.UniqueConstraint(fields=["appel", "enveloppe"], name="offre_unique"),
            models.CheckConstraint(condition=Q(offert__gte=Decimal(0)), name="offre_positive"),
        ]

    def __str__(self) -> str:
        return str(self.enveloppe)


class PieceRequise(models.Model):
    """Une pièce à joindre et sa gravité : bloque, avertit, ou peut suivre le dépôt."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    appel = models.ForeignKey(Appel, models.PROTECT, related_name="pieces_requises", verbose_name=_("appel"))
    code = models.CharField(_("code"), max_length=30)
    libelle = models.CharField(_("libellé"), max_length=160)
    aide = models.CharField(_("précision"), max_length=300, blank=True)
    gravite = models.CharField(_("gravité"), max_length=10, choices=Gravite, default=Gravite.SUITE)
    conditions = models.JSONField(_("conditions"), default=list, blank=True)
    ordre = models.PositiveSmallIntegerField(_("ordre"), default=0)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("pièce requise")
        verbose_name_plural = _("pièces requises")
        ordering = ["appel_id", "ordre"]
        constraints = [models.UniqueConstraint(fields=["appel", "code"], name="piece_requise_unique")]

    def __str__(self) -> str:
        return self.libelle

    @property
    def conditions_lues(self) -> list[Condition]:
        return lire_conditions(self.conditions)

    @property
    def quand(self) -> str:
        """« Si l'organisme emploie 25 personnes ou plus »; vide : toujours."""
        return conditions_en_mots(self.conditions_lues)


class Critere(models.Model):
    """Critère de la grille de l'appel; Σ des poids = 100 (R24), vérifié à la publication."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    appel = models.ForeignKey(Appel, models.PROTECT, related_name="criteres", verbose_name=_("appel"))
    code = models.CharField(_("code"), max_length=30)
    libelle = models.CharField(_("libellé"), max_length=160)
    question = models.CharField(_("question posée au comité"), max_length=300)
    poids = models.PositiveSmallIntegerField(_("poids"))
    maximum = models.PositiveSmallIntegerField(_("note maximale"))
    consigne = models.CharField(_("consigne"), max_length=600, blank=True)
    mots = models.JSONField(_("échelle en mots"), default=list, blank=True)
    seuil = models.PositiveSmallIntegerField(_("seuil"), null=True, blank=True)
    ordre = models.PositiveSmallIntegerField(_("ordre"), default=0)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("critère")
        verbose_name_plural = _("critères")
        ordering = ["appel_id", "ordre"]
        constraints = [
            models.UniqueConstraint(fields=["appel", "code"], name="critere_unique"),
            models.CheckConstraint(condition=Q(poids__gt=0, poids__lte=100, maximum__gt=0), name="critere_poids"),
            models.CheckConstraint(condition=Q(seuil__isnull=True) | Q(seuil__lte=F("maximum")), name="critere_seuil"),
        ]

    def __str__(self) -> str:
        return self.libelle

    @property
    def paliers(self) -> list[Palier]:
        """L'échelle en mots, du plus bas au plus haut."""
        return lire_paliers(self.mots)

    def en_mots(self, note: int | None) -> str:
        """« Assez (33 / 50) », « 12 / 15 » sans échelle, « Je ne sais pas » si nulle."""
        if note is None:
            return traduire("Je ne sais pas")
        mot, chiffres = mot_de(note, self.paliers), f"{note} / {self.maximum}"
        return f"{mot} ({chiffres})" if mot else chiffres

    def sous_le_seuil(self, note: int | None) -> bool:
        """La note est sous le seuil : signalée, jamais éliminatoire d'elle-même."""
        return self.seuil is not None and note is not None and note < self.seuil


class EtapeCalendrier(models.Model):
    """Une étape annoncée du calendrier de l'appel."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    appel = models.ForeignKey(Appel, models.PROTECT, related_name="etapes", verbose_name=_("appel"))
    quand = models.CharField(_("quand"), max_length=60, blank=True)
    jour = models.DateField(_("le"), null=True, blank=True)
    jusqua = models.DateField(_("jusqu’au"), null=True, blank=True)
    libelle = models.CharField(_("quoi"), max_length=160)
    ordre = models.PositiveSmallIntegerField(_("ordre"), default=0)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("étape du calendrier")
        verbose_name_plural = _("étapes du calendrier")
        ordering = ["appel_id", "ordre"]
        constraints = [
            models.CheckConstraint(condition=~Q(quand="") | Q(jour__isnull=False), name="etape_datee"),
            models.CheckConstraint(condition=Q(jusqua__isnull=True) | Q(jusqua__gte=F("jour")), name="etape_dates"),
        ]

    def __str__(self) -> str:
        return self.libelle

    @property
    def moment(self) -> str:
        """Ce qu'on a écrit (« Février 2020 »), sinon la date ou la période."""
        if self.quand or self.jour is None:
            return self.quand
        if self.jusqua is None:
            return date_longue(self.jour)
        return _("du {debut} au {fin}").format(debut=date_longue(self.jour), fin=date_longue(self.jusqua))
