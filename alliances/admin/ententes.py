"""Admin des ententes : le bilan, le contrat, le report de fin d'exercice, les tranches reçues."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet, Sum
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from alliances.actes import argent as actes
from alliances.actes import tranches as actes_tranches
from alliances.enums import EtatEntente
from alliances.models import Entente
from alliances.regles.ententes import est_echue
from alliances.requetes.bilan import bilan_entente
from socle.admin.portee import Acte, AdminPortee
from socle.argent import ZERO
from socle.formats import argent
from socle.horloge import aujourd_hui


@admin.register(Entente)
class EntenteAdmin(AdminPortee):
    """Une entente : confié, réparti, engagé, versé, reste; son contrat; ses actes de fin d'exercice."""

    permission_lecture = "alliances.lire_entente"
    gabarit_lecture = "admin/alliances/entente/lecture.html"
    list_display = ("code", "mandataire", "cycle", "montant_lu", "origine", "etat", "fin")
    list_filter = ("etat", "cycle")
    list_select_related = ("mandataire", "cycle")
    actes = (
        Acte(
            "reporter",
            "alliances.repartir",
            actes.reporter,
            _("Reporter les soldes au 31 mars"),
            lambda e: e.etat == EtatEntente.ACTIVE,
        ),
        Acte(
            "tranche",
            "alliances.recouvrer",
            actes_tranches.recevoir,
            _("Inscrire une tranche reçue"),
            lambda e: e.tranches.filter(recue__isnull=True).exists(),
        ),
    )

    def totaux(self, request: HttpRequest, filtree: QuerySet) -> list[tuple[Any, str]]:
        return [(_("Montant confié"), argent(filtree.aggregate(total=Sum("montant"))["total"] or ZERO))]

    @admin.display(description=_("montant"), ordering="montant")
    def montant_lu(self, objet: Entente) -> str:
        return argent(objet.montant)

    def contexte_lecture(self, request: HttpRequest, objet: Entente) -> dict[str, Any]:
        return {"bilan": bilan_entente(objet), "echue": est_echue(objet.fin, aujourd_hui())}
