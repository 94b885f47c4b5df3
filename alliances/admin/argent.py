"""Admin de l'argent : enveloppes et grand livre."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from alliances.models import Enveloppe, Mouvement
from socle.admin.portee import AdminPortee
from socle.formats import argent_cents, instant_court


@admin.register(Enveloppe)
class EnveloppeAdmin(AdminPortee):
    """Soldes des enveloppes; ils ne changent que par un mouvement."""

    permission_lecture = "alliances.lire_grand_livre"
    list_display = ("code", "libelle", "entente", "dotation_lue", "engage_lu", "verse_lu", "disponible_lu", "origine")
    list_filter = ("entente", "nature")
    list_select_related = ("entente",)
    fields = ("entente", "code", "libelle", "nature", "territoire", "origine", "dotation", "engage", "verse")

    @admin.display(description=_("dotation"), ordering="dotation")
    def dotation_lue(self, objet: Enveloppe) -> str:
        return argent_cents(objet.dotation)

    @admin.display(description=_("engagé"), ordering="engage")
    def engage_lu(self, objet: Enveloppe) -> str:
        return argent_cents(objet.engage)

    @admin.display(description=_("versé"), ordering="verse")
    def verse_lu(self, objet: Enveloppe) -> str:
        return argent_cents(objet.verse)

    @admin.display(description=_("disponible"))
    def disponible_lu(self, objet: Enveloppe) -> str:
        return argent_cents(objet.disponible)


@admin.register(Mouvement)
class MouvementAdmin(AdminPortee):
    """Le grand livre, en ajout seul."""

    permission_lecture = "alliances.lire_grand_livre"
    list_display = ("sequence", "quand", "type", "enveloppe", "montant_lu", "exercice", "reference", "motif", "auteur")
    list_filter = ("type", "exercice", "enveloppe", "entente")
    search_fields = ("reference", "motif")
    list_select_related = ("enveloppe", "auteur", "entente")
    ordering = ("-entente", "-sequence")

    @admin.display(description=_("instant"), ordering="instant")
    def quand(self, objet: Mouvement) -> str:
        return instant_court(objet.instant)

    @admin.display(description=_("montant"), ordering="montant")
    def montant_lu(self, objet: Mouvement) -> str:
        return argent_cents(objet.montant)
