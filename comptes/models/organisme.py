"""L'organisme promoteur et ses membres."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from comptes.enums import FormeJuridique
from socle.historique import garder
from socle.models import Region


class OrganismeQuerySet(models.QuerySet["Organisme"]):
    def visibles_pour(self, utilisateur) -> "OrganismeQuerySet":
        """Les organismes dont la personne est membre."""
        return self.filter(pk__in=utilisateur.portees.organismes)


@garder("OrganismeAvant")
class Organisme(models.Model):
    """Promoteur, global : ses membres le modifient (décision 10)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    nom = models.CharField(_("nom légal"), max_length=200)
    neq = models.CharField(_("NEQ"), max_length=10, unique=True, null=True, blank=True)
    motif_sans_neq = models.CharField(_("raison, si sans NEQ"), max_length=200, blank=True)
    forme = models.CharField(_("forme juridique"), max_length=20, choices=FormeJuridique)
    mission = models.TextField(_("mission"), blank=True)
    adresse = models.CharField(_("adresse"), max_length=200, blank=True)
    ville = models.CharField(_("ville"), max_length=100, blank=True)
    code_postal = models.CharField(_("code postal"), max_length=6, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("région"), related_name="organismes")
    telephone = models.CharField(_("téléphone"), max_length=20, blank=True)
    courriel = models.EmailField(_("courriel"), blank=True)
    constitue_le = models.DateField(_("date de constitution"), null=True, blank=True)
    cree_le = models.DateTimeField(_("créé le"))

    objects = OrganismeQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisme")
        verbose_name_plural = _("organismes")
        ordering = ["nom"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(neq__isnull=False) | ~models.Q(motif_sans_neq=""),
                name="organisme_neq_ou_motif",
                violation_error_message=_("Donnez le NEQ de l’organisme, ou dites pourquoi il n’en a pas."),
            ),
            models.CheckConstraint(
                condition=models.Q(neq__isnull=True) | models.Q(neq__regex=r"^(11|22|33|88)[0-9]{8}$"),
                name="organisme_neq_forme",
                violation_error_message=_("Le NEQ compte dix chiffres et commence par 11, 22, 33 ou 88."),
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class AdhesionQuerySet(models.QuerySet["Adhesion"]):
    def visibles_pour(self, utilisateur) -> "AdhesionQuerySet":
        """Les adhésions des organismes dont la personne est membre."""
        return self.filter(organisme__in=utilisateur.portees.organismes)


class Adhesion(models.Model):
    """Une personne dans un organisme : éditrice, et avec ou sans le mandat de déposer."""

    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="adhesions", verbose_name=_("personne")
    )
    organisme = models.ForeignKey(Organisme, models.CASCADE, related_name="adhesions", verbose_name=_("organisme"))
    mandat_de_deposer = models.BooleanField(_("a le mandat de déposer"), default=False)
    signataire = models.BooleanField(_("signe les conventions"), default=False)
    depuis = models.DateTimeField(_("depuis"))
    retiree_le = models.DateTimeField(_("retirée le"), null=True, blank=True)

    objects = AdhesionQuerySet.as_manager()

    class Meta:
        verbose_name = _("adhésion")
        verbose_name_plural = _("adhésions")
        ordering = ["organisme", "utilisateur"]
        constraints = [models.UniqueConstraint(fields=["utilisateur", "organisme"], name="adhesion_unique")]

    def __str__(self) -> str:
        return f"{self.utilisateur} – {self.organisme}"
