"""La vie d'une entente : qui l'a signée, ses avenants, les tranches que le ministère verse."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliances.enums import Origine, PartieSignataire
from alliances.models.entente import Entente
from alliances.models.territoire import ParEntenteQuerySet


class SignataireEntente(models.Model):
    """Une des trois parties : sa fonction (jamais le nom d'une personne) et la date de sa signature."""

    entente = models.ForeignKey(Entente, models.CASCADE, related_name="signataires", verbose_name=_("entente"))
    partie = models.CharField(_("partie"), max_length=12, choices=PartieSignataire)
    fonction = models.CharField(_("fonction du signataire"), max_length=160)
    signe_le = models.DateField(_("signé le"), null=True, blank=True)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("signataire")
        verbose_name_plural = _("signataires")
        ordering = ["entente", "id"]
        constraints = [models.UniqueConstraint(fields=["entente", "partie"], name="signataire_unique")]

    def __str__(self) -> str:
        return f"{self.get_partie_display()} – {self.fonction}"


class Avenant(models.Model):
    """Change le montant, la fin, ou les deux; un écart que personne n'a publié est nul, jamais inventé."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="avenants", verbose_name=_("entente"))
    numero = models.PositiveSmallIntegerField(_("numéro"))
    ecart = models.DecimalField(_("écart de montant"), max_digits=14, decimal_places=2, null=True, blank=True)
    nouvelle_fin = models.DateField(_("nouvelle fin"), null=True, blank=True)
    motif = models.CharField(_("motif"), max_length=300)
    signe_le = models.DateField(_("signé le"), null=True, blank=True)
    origine = models.CharField(_("origine du montant"), max_length=14, choices=Origine, default=Origine.INCONNU)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("inscrit par")
    )
    inscrit_le = models.DateTimeField(_("inscrit le"))

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("avenant")
        verbose_name_plural = _("avenants")
        ordering = ["entente", "numero"]
        constraints = [
            models.UniqueConstraint(fields=["entente", "numero"], name="avenant_numero_unique"),
            models.CheckConstraint(
                condition=Q(ecart__isnull=False) | Q(nouvelle_fin__isnull=False), name="avenant_change_quelque_chose"
            ),
            models.CheckConstraint(
                condition=Q(ecart__isnull=True, origine="inconnu") | Q(ecart__isnull=False) & ~Q(origine="inconnu"),
                name="avenant_ecart_origine",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entente} no {self.numero}"


class TrancheMinistere(models.Model):
    """Une tranche de l'entente : prévue, puis reçue du ministère."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="tranches", verbose_name=_("entente"))
    exercice = models.CharField(_("exercice"), max_length=9)
    prevue = models.DecimalField(_("prévue"), max_digits=14, decimal_places=2)
    prevue_le = models.DateField(_("prévue le"))
    recue = models.DecimalField(_("reçue"), max_digits=14, decimal_places=2, null=True, blank=True)
    recue_le = models.DateField(_("reçue le"), null=True, blank=True)
    reference = models.CharField(_("référence du dépôt"), max_length=60, blank=True)
    origine = models.CharField(_("origine du montant"), max_length=14, choices=Origine, default=Origine.PUBLIE)

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("tranche du ministère")
        verbose_name_plural = _("tranches du ministère")
        ordering = ["entente", "prevue_le", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(prevue__gt=0), name="tranche_positive"),
            models.CheckConstraint(
                condition=Q(recue__isnull=True, recue_le__isnull=True) | Q(recue__gt=0, recue_le__isnull=False),
                name="tranche_recue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entente} {self.prevue_le:%Y-%m-%d}"
