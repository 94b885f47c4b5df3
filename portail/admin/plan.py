"""Admin du plan de travail : une version se lit comme un dossier; la coordination l'écrit, le suit, le dépose."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from alliances.actes import plan as actes
from alliances.enums import EtatPlan
from alliances.models import PlanTravail
from alliances.requetes.gouvernance import sans_siege_pourvu
from alliances.requetes.plans import avec_totaux
from portail.suivi_plan import suivi_du_plan
from socle.admin.portee import Acte, AdminPortee, Creation
from socle.formats import argent, jour_long
from socle.horloge import aujourd_hui

ECRIRE = "alliances.ecrire_plan"


def _modifiable(plan: PlanTravail) -> bool:
    return plan.modifiable


@admin.register(PlanTravail)
class PlanTravailAdmin(AdminPortee):
    """Les plans de travail, version par version."""

    permission_lecture = "alliances.lire_plan"
    gabarit_lecture = "admin/alliances/plantravail/lecture.html"
    list_display = ("entente", "territoire_lu", "version", "etat", "echeance", "depose", "promis_lu", "recu_lu")
    list_filter = ("etat", "entente")
    search_fields = ("entente__code", "territoire__nom", "orientations", "structure")
    list_select_related = ("entente", "territoire")
    show_facets = admin.ShowFacets.ALWAYS
    creations = (Creation("creer", ECRIRE, actes.creer_plan, _("Créer un plan")),)
    actes = (
        Acte("textes", ECRIRE, actes.textes, _("Écrire les textes"), _modifiable),
        Acte("deposer", ECRIRE, actes.deposer, _("Déposer le plan"), _modifiable),
        Acte(
            "version",
            ECRIRE,
            actes.version,
            _("Créer la version suivante"),
            lambda plan: plan.etat == EtatPlan.ACCEPTE,
        ),
        Acte("priorites", ECRIRE, actes.priorites),
        Acte("priorite", ECRIRE, actes.priorite),
        Acte("zones", ECRIRE, actes.zones),
        Acte("zone", ECRIRE, actes.zone),
        Acte("objectif", ECRIRE, actes.objectif),
        Acte("engagement", ECRIRE, actes.engagement),
        Acte("retirer", ECRIRE, actes.retirer),
        Acte("fait", ECRIRE, actes.fait),
        Acte("recu", ECRIRE, actes.recu),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[PlanTravail]:
        return avec_totaux(super().get_queryset(request))

    @admin.display(description=_("territoire"), ordering="territoire__ordre")
    def territoire_lu(self, objet: PlanTravail) -> str:
        return str(objet.territoire or _("Toute l’entente"))

    @admin.display(description=_("déposé le"), ordering="depose_le")
    def depose(self, objet: PlanTravail) -> str:
        return jour_long(objet.depose_le)

    @admin.display(description=_("promis"), ordering="promis")
    def promis_lu(self, objet: PlanTravail) -> str:
        return argent(objet.promis)  # type: ignore[attr-defined]

    @admin.display(description=_("reçu"), ordering="recu")
    def recu_lu(self, objet: PlanTravail) -> str:
        return argent(objet.recu)  # type: ignore[attr-defined]

    def contexte_lecture(self, request: HttpRequest, objet: PlanTravail) -> dict[str, Any]:
        ecrit = request.user.has_perm(ECRIRE, objet)
        return {
            "lecture": suivi_du_plan(objet, aujourd_hui()),
            "modifie": ecrit and objet.modifiable,
            "suit": ecrit and objet.suivi,
            "consulte": ecrit,
            "demande_avis": request.user.has_perm("alliances.gerer_gouvernance", objet),
            "avis": objet.avis.order_by("-demande_le", "-id"),
            "appels": objet.appels.order_by("code"),
            "sans_vecu": sans_siege_pourvu(objet.entente, aujourd_hui()),
        }
