"""Les modèles de lettre d'une entente : un par genre, en versions; la dernière vaut."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliances.models import Entente
from alliances.models.territoire import ParEntenteQuerySet
from projets.enums import GenreLettre
from projets.models.decision import PERSONNE


class ModeleLettre(models.Model):
    """Un texte à champs (« [titre] »); champs permis : projets/publipostage.py."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="modeles_lettres", verbose_name=_("entente"))
    genre = models.CharField(_("genre"), max_length=12, choices=GenreLettre)
    objet = models.CharField(_("objet"), max_length=160)
    corps = models.TextField(_("texte"))
    auteur = models.ForeignKey(**PERSONNE, verbose_name=_("écrit par"))
    ecrit_le = models.DateTimeField(_("écrit le"))

    objects = ParEntenteQuerySet.as_manager()

    class Meta:
        verbose_name = _("modèle de lettre")
        verbose_name_plural = _("modèles de lettre")
        ordering = ["entente_id", "genre", "-ecrit_le"]

    def __str__(self) -> str:
        return f"{self.get_genre_display()} ({self.entente_id})"
