"""La séance du comité, son ordre du jour, et le cahier produit pour chaque membre."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliances.models import Entente, Territoire
from appels.models import Appel
from comite.enums import EtatSeance, GenrePoint
from comptes.enums import Role
from projets.models import Projet
from socle.models import Fichier


class SeanceQuerySet(models.QuerySet["Seance"]):
    def visibles_pour(self, utilisateur) -> "SeanceQuerySet":
        """Pour la coordination : celles de son mandataire."""
        return self.filter(entente__mandataire__in=utilisateur.portees.mandataires(Role.COORDINATION))

    def du_comite(self, utilisateur) -> "SeanceQuerySet":
        """Celles des comités où la personne siège."""
        return self.filter(entente__mandataire__in=utilisateur.portees.mandataires(Role.EVALUATION))


class Seance(models.Model):
    """Une réunion du comité sur un appel, pour tout ou pour un territoire."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    appel = models.ForeignKey(Appel, models.PROTECT, related_name="seances", verbose_name=_("appel"))
    territoire = models.ForeignKey(
        Territoire, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("territoire")
    )
    debut = models.DateTimeField(_("début"))
    lieu = models.CharField(_("lieu"), max_length=200)
    creee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("préparée par")
    )
    creee_le = models.DateTimeField(_("préparée le"))
    etat = models.CharField(_("état"), max_length=8, choices=EtatSeance, default=EtatSeance.PREPAREE, editable=False)
    quorum = models.PositiveSmallIntegerField(_("quorum figé à l’ouverture"), null=True, editable=False)
    ouverte_le = models.DateTimeField(_("ouverte le"), null=True, editable=False)
    levee_le = models.DateTimeField(_("levée le"), null=True, editable=False)
    proces_verbal = models.ForeignKey(
        Fichier, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("procès-verbal (PDF)")
    )
    pv_produit_le = models.DateTimeField(_("procès-verbal produit le"), null=True, editable=False)

    actes_au_journal = {
        "presences": _("Présences"),
        "retrait": _("Retrait"),
        "scenario": _("Scénario"),
        "retenir": _("Scénario retenu"),
    }
    objects = SeanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("séance du comité")
        verbose_name_plural = _("séances du comité")
        ordering = ["-debut", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat="preparee", ouverte_le__isnull=True, levee_le__isnull=True)
                | Q(etat="ouverte", ouverte_le__isnull=False, levee_le__isnull=True)
                | Q(etat="levee", ouverte_le__isnull=False, levee_le__isnull=False),
                name="seance_etat_dates",
            )
        ]

    def __str__(self) -> str:
        return f"{self.appel.code} – {self.debut.astimezone(ZoneInfo(self.appel.fuseau)):%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("comite:seance", args=[self.pk])

    @property
    def pv_perime(self) -> bool:
        """La séance s'est rouverte depuis le procès-verbal produit."""
        return self.pv_produit_le is not None and (self.levee_le is None or self.levee_le > self.pv_produit_le)


class PointOrdreDuJour(models.Model):
    """Un point, dans l'ordre : une demande, une pause, ou un autre sujet; `minutes` donne l'heure des suivants."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    seance = models.ForeignKey(Seance, models.CASCADE, related_name="points", verbose_name=_("séance"))
    ordre = models.PositiveSmallIntegerField(_("ordre"))
    genre = models.CharField(_("genre"), max_length=8, choices=GenrePoint)
    projet = models.ForeignKey(
        Projet, models.PROTECT, null=True, blank=True, related_name="points", verbose_name=_("demande")
    )
    libelle = models.CharField(_("libellé"), max_length=160, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=10)

    class Meta:
        verbose_name = _("point de l’ordre du jour")
        verbose_name_plural = _("points de l’ordre du jour")
        ordering = ["seance", "ordre"]
        constraints = [
            models.UniqueConstraint(fields=["seance", "ordre"], name="point_ordre_unique"),
            models.UniqueConstraint(
                fields=["seance", "projet"], condition=Q(projet__isnull=False), name="point_projet_unique"
            ),
            models.CheckConstraint(
                condition=Q(genre="projet", projet__isnull=False) | ~Q(genre="projet") & Q(projet__isnull=True),
                name="point_genre",
            ),
        ]

    def __str__(self) -> str:
        return str(self.projet or self.libelle or self.get_genre_display())


class CahierQuerySet(models.QuerySet["CahierSeance"]):
    def visibles_pour(self, utilisateur) -> "CahierQuerySet":
        """Le sien; pour la coordination, ceux de son mandataire."""
        coordonnes = utilisateur.portees.mandataires(Role.COORDINATION)
        return self.filter(Q(membre=utilisateur) | Q(entente__mandataire__in=coordonnes))


class CahierSeance(models.Model):
    """Le dernier cahier produit pour un membre; un retrait, une note ou un ordre du jour plus récents le disent à refaire."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="+", verbose_name=_("entente"))
    seance = models.ForeignKey(Seance, models.CASCADE, related_name="cahiers", verbose_name=_("séance"))
    membre = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("membre"))
    fichier = models.ForeignKey(Fichier, models.PROTECT, null=True, related_name="+", verbose_name=_("cahier (PDF)"))
    produit_le = models.DateTimeField(_("produit le"), null=True)

    objects = CahierQuerySet.as_manager()

    class Meta:
        verbose_name = _("cahier de séance")
        verbose_name_plural = _("cahiers de séance")
        ordering = ["seance", "membre"]
        constraints = [models.UniqueConstraint(fields=["seance", "membre"], name="cahier_unique")]

    def __str__(self) -> str:
        return f"{self.seance} – {self.membre}"
