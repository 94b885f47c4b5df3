"""Le seul modèle de fichier (décision 9) : nom rangé sous UUID, empreinte, taille, type vérifié, analyse."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class EtatAnalyse(models.TextChoices):
    SAIN = "sain", _("Sain")
    NON_ANALYSE = "non_analyse", _("Non analysé")
    REFUSE = "refuse", _("Infecté")


def chemin_de_rangement(fichier: "Fichier", _nom: str) -> str:
    """Le nom de la personne n'atteint jamais le disque."""
    return f"{fichier.uuid.hex[:2]}/{fichier.uuid}"


class Fichier(models.Model):
    """Un fichier reçu ou produit. `acces` nomme le prédicat qui dit qui peut le lire (socle/documents/fichiers.py)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contenu = models.FileField(_("contenu"), upload_to=chemin_de_rangement, max_length=120)
    nom = models.CharField(_("nom"), max_length=200)
    type_mime = models.CharField(_("type"), max_length=100)
    taille = models.PositiveBigIntegerField(_("taille (octets)"))
    empreinte = models.CharField(_("SHA-256"), max_length=64)
    analyse = models.CharField(_("analyse"), max_length=12, choices=EtatAnalyse, default=EtatAnalyse.NON_ANALYSE)
    acces = models.CharField(_("accès"), max_length=40)
    objet_id = models.BigIntegerField(_("objet propriétaire"), null=True)
    metadonnees = models.JSONField(_("métadonnées"), default=dict)
    depose_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("déposé par")
    )
    cree_le = models.DateTimeField(_("créé le"))

    class Meta:
        verbose_name = _("fichier")
        verbose_name_plural = _("fichiers")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.nom
