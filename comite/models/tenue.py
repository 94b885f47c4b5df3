"""La séance tenue : qui y est, et qui se retire de quel dossier. Un siège de vécu se compte; il ne nomme personne."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliances.models import Entente, MembreComite
from alliances.models.territoire import ParEntenteQuerySet
from comite.enums import EtatPresence
from comite.models.seance import Seance
from projets.enums import NatureInteret
from projets.models import Projet


class Presence(models.Model):
    """Une personne, ou un siège, appelée à la séance; son nom et son droit de vote sont gardés tels qu'ils étaient."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    seance = models.ForeignKey(Seance, models.CASCADE, related_name="presences", verbose_name=_("séance"))
    nom = models.CharField(_("nom"), max_length=160)
    membre = models.ForeignKey(MembreComite, models.PROTECT, null=True, related_name="+", verbose_name=_("membre"))
    # Le rang du siège dans le comité, jamais un lien : rien ne relie un siège de vécu à une personne.
    rang_siege = models.PositiveSmallIntegerField(_("siège"), null=True)
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("compte")
    )
    vote = models.BooleanField(_("a droit de vote"))
    etat = models.CharField(_("présence"), max_length=8, choices=EtatPresence)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("présence")
        verbose_name_plural = _("présences")
        ordering = ["seance", "nom", "id"]
        constraints = [
            models.UniqueConstraint(fields=["seance", "membre"], name="presence_membre"),
            models.UniqueConstraint(fields=["seance", "rang_siege"], name="presence_siege"),
            models.UniqueConstraint(fields=["seance", "utilisateur"], name="presence_utilisateur"),
            models.CheckConstraint(
                condition=Q(membre__isnull=False)
                | Q(rang_siege__isnull=False, utilisateur__isnull=True)
                | Q(utilisateur__isnull=False),
                name="presence_de_quelqu_un",
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class RetraitSeance(models.Model):
    """Un retrait inscrit en séance : la personne ne vote pas sur ce dossier, et n'y compte pas au quorum si l'appel le règle (R25)."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    seance = models.ForeignKey(Seance, models.CASCADE, related_name="retraits", verbose_name=_("séance"))
    presence = models.ForeignKey(Presence, models.CASCADE, related_name="retraits", verbose_name=_("personne"))
    projet = models.ForeignKey(Projet, models.PROTECT, related_name="+", verbose_name=_("demande"))
    nature = models.CharField(_("nature"), max_length=12, choices=NatureInteret, blank=True)
    inscrit_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("inscrit par")
    )
    inscrit_le = models.DateTimeField(_("inscrit le"))

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("retrait en séance")
        verbose_name_plural = _("retraits en séance")
        ordering = ["seance", "inscrit_le", "id"]
        constraints = [models.UniqueConstraint(fields=["presence", "projet"], name="retrait_unique")]

    def __str__(self) -> str:
        return f"{self.projet.numero} – {self.presence}"
