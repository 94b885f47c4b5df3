"""Admin des ententes : une entente et ses enveloppes."""

from typing import Any

from django.contrib import admin
from django.db.models import Sum
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from alliances.models import Entente
from socle.admin.portee import AdminPortee
from socle.formats import argent
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
