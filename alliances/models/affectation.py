"""Qui travaille où : rôles datés, et organismes connus d'un mandataire (décision 1)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from alliances.models.entente import Mandataire
from alliances.models.territoire import Territoire
from alliances.portees import dans_la_portee
from comptes.enums import Role
from comptes.models import Organisme
from socle.historique import garder
from socle.models import Region


class AffectationQuerySet(models.QuerySet["Affectation"]):
    def en_vigueur(self, jour) -> "AffectationQuerySet":
        """Celles qui valent le jour donné; une affectation retirée ne vaut plus, le jour même."""
        return self.filter(
            models.Q(fin__isnull=True) | models.Q(fin__gte=jour), debut__lte=jour, retiree_le__isnull=True
        )

    def visibles_pour(self, utilisateur) -> "AffectationQuerySet":
        return self.filter(dans_la_portee(utilisateur, "mandataire", Role.COORDINATION))


@garder("AffectationAvant")
class Affectation(models.Model):
    """Un rôle, chez un mandataire (ou un de ses territoires), ou au ministère (central, ou d'une région), entre deux dates."""

    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="affectations", verbose_name=_("personne")
    )
    role = models.CharField(_("rôle"), max_length=15, choices=Role)
    mandataire = models.ForeignKey(
        Mandataire, models.CASCADE, null=True, blank=True, related_name="affectations", verbose_name=_("mandataire")
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("région")
    )
    territoire = models.ForeignKey(
        Territoire, models.PROTECT, null=True, blank=True, related_name="affectations", verbose_name=_("territoire")
    )
    debut = models.DateField(_("depuis"))
    fin = models.DateField(_("jusqu’au"), null=True, blank=True)
    invitee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("invitée par")
    )
    retiree_le = models.DateTimeField(_("retirée le"), null=True, blank=True)
    retiree_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("retirée par")
    )

    objects = AffectationQuerySet.as_manager()

    class Meta:
        verbose_name = _("affectation")
        verbose_name_plural = _("affectations")
        ordering = ["mandataire", "role", "utilisateur"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role=Role.MINISTERE, mandataire__isnull=True)
                | ~models.Q(role=Role.MINISTERE) & models.Q(mandataire__isnull=False),
                name="affectation_portee",
                violation_error_message=_("Un rôle du ministère n’a pas de mandataire; tout autre rôle en a un."),
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Role.AGENT) | models.Q(territoire__isnull=False),
                name="affectation_agent_territoire",
                violation_error_message=_("Un agent territorial est affecté à un territoire : choisissez-le."),
            ),
            models.CheckConstraint(
                condition=models.Q(fin__isnull=True) | models.Q(fin__gte=models.F("debut")), name="affectation_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.utilisateur} – {self.get_role_display()}"


class OrganismeConnuQuerySet(models.QuerySet["OrganismeConnu"]):
    def visibles_pour(self, utilisateur) -> "OrganismeConnuQuerySet":
        return self.filter(dans_la_portee(utilisateur, "mandataire"))


class OrganismeConnu(models.Model):
    """Organisme qui a déposé chez un mandataire : ce que sa coordination peut en voir commence là."""

    mandataire = models.ForeignKey(
        Mandataire, models.CASCADE, related_name="organismes_connus", verbose_name=_("mandataire")
    )
    organisme = models.ForeignKey(Organisme, models.PROTECT, related_name="connu_de", verbose_name=_("organisme"))
    depuis = models.DateTimeField(_("depuis"))

    objects = OrganismeConnuQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisme connu")
        verbose_name_plural = _("organismes connus")
        constraints = [models.UniqueConstraint(fields=["mandataire", "organisme"], name="organisme_connu_unique")]

    def __str__(self) -> str:
        return str(self.organisme)
