"""Budget : dépenses et financement."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projets.enums import CategorieDepense, GenreFinancement, SourceFinancement
from projets.models.projet import Projet


class LigneDepense(models.Model):
    """Une dépense prévue. `engagee_le` : la date où elle est faite, si on la connaît (R3)."""

    projet = models.ForeignKey(Projet, models.CASCADE, related_name="depenses")
    categorie = models.CharField(_("catégorie"), max_length=16, choices=CategorieDepense)
    libelle = models.CharField(_("précision"), max_length=160, blank=True)
    engagee_le = models.DateField(_("date prévue"), null=True, blank=True)
    montant = models.DecimalField(_("montant"), max_digits=14, decimal_places=2)
    ordre = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("dépense")
        verbose_name_plural = _("dépenses")
        ordering = ["projet_id", "ordre", "id"]
        constraints = [models.CheckConstraint(condition=Q(montant__gte=0), name="depense_positive")]

    def __str__(self) -> str:
        return self.libelle or self.get_categorie_display()


class LigneFinancement(models.Model):
    """Une contribution au projet, en argent ou en nature, hors de l'aide demandée."""

    projet = models.ForeignKey(Projet, models.CASCADE, related_name="financements")
    source = models.CharField(_("source"), max_length=15, choices=SourceFinancement)
    libelle = models.CharField(_("nom"), max_length=160, blank=True)
    genre = models.CharField(_("genre"), max_length=8, choices=GenreFinancement, default=GenreFinancement.ARGENT)
    confirme = models.BooleanField(_("confirmé"), default=False)
    montant = models.DecimalField(_("montant"), max_digits=14, decimal_places=2)
    ordre = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("financement")
        verbose_name_plural = _("financements")
        ordering = ["projet_id", "ordre", "id"]
        constraints = [models.CheckConstraint(condition=Q(montant__gte=0), name="financement_positif")]

    def __str__(self) -> str:
        return self.libelle or self.get_source_display()
