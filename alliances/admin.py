"""Admin des alliances, en lecture : ententes, enveloppes, grand livre, affectations."""

from typing import Any

from django.contrib import admin
from django.db.models import Sum
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from alliances.models import Affectation, Entente, Enveloppe, Mouvement
from socle.admin.portee import AdminPortee
from socle.formats import argent, argent_cents, instant_court
from socle.graphiques import barre_enveloppe


@admin.register(Entente)
class EntenteAdmin(AdminPortee):
    """Une entente et ses enveloppes."""

    permission_lecture = "alliances.lire_entente"
    gabarit_lecture = "admin/alliances/entente/lecture.html"
    list_display = ("code", "mandataire", "cycle", "montant_lu", "origine", "etat", "fin")
    list_select_related = ("mandataire", "cycle")

    @admin.display(description=_("montant"), ordering="montant")
    def montant_lu(self, objet: Entente) -> str:
        return argent(objet.montant)

    def contexte_lecture(self, request: HttpRequest, objet: Entente) -> dict[str, Any]:
        enveloppes = list(objet.enveloppes.order_by("ordre"))
        echelle = max((e.dotation for e in enveloppes), default=None)
        return {
            "rangees": [
                (e, barre_enveloppe(dotation=e.dotation, engage=e.engage, verse=e.verse, echelle=echelle))
                for e in enveloppes
            ],
            "total": objet.enveloppes.aggregate(dotation=Sum("dotation"), engage=Sum("engage"), verse=Sum("verse")),
            "reste": (objet.montant or 0) - sum(e.dotation for e in enveloppes),
        }


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


@admin.register(Affectation)
class AffectationAdmin(AdminPortee):
    """Qui a quel rôle chez le mandataire."""

    permission_lecture = "alliances.lire_entente"
    list_display = ("utilisateur", "role", "mandataire", "debut", "fin")
    list_select_related = ("utilisateur", "mandataire")
