"""Admin des appels : lecture, publication, annonce."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from appels.actes import cycle
from appels.actes import formulaire as actes_formulaire
from appels.enums import EtatAppel
from appels.models import Appel
from appels.requetes import tableau_offres
from socle.admin.portee import Acte, AdminPortee


@admin.register(Appel)
class AppelAdmin(AdminPortee):
    """Les appels du mandataire."""

    permission_lecture = "appels.lire_appel"
    gabarit_lecture = "admin/appels/appel/lecture.html"
    list_display = ("code", "titre", "etat", "phase_lue", "ouverture", "fermeture")
    list_filter = ("etat", "entente")
    search_fields = ("code", "titre")
    list_select_related = ("entente", "plan__entente", "plan__territoire")
    actes = (
        Acte(
            "publier",
            "appels.publier_appel",
            cycle.publier,
            _("Publier"),
            lambda appel: appel.etat == EtatAppel.BROUILLON,
        ),
        Acte(
            "annoncer",
            "appels.modifier_appel",
            cycle.annoncer,
            _("Annoncer les décisions"),
            lambda appel: appel.etat in {EtatAppel.PUBLIE, EtatAppel.ANALYSE, EtatAppel.DECIDE},
        ),
        Acte("formulaire", "appels.modifier_appel", actes_formulaire.formulaire, _("Formulaire")),
        Acte("question", "appels.modifier_appel", actes_formulaire.question),
        Acte("section", "appels.modifier_appel", actes_formulaire.section),
        Acte("publier-formulaire", "appels.modifier_appel", actes_formulaire.publier),
        Acte(
            "prolonger",
            "appels.modifier_appel",
            cycle.prolonger,
            _("Prolonger le dépôt"),
            lambda appel: appel.etat == EtatAppel.PUBLIE,
        ),
        Acte(
            "objectifs",
            "appels.modifier_appel",
            cycle.objectifs,
            _("Lier aux objectifs du plan"),
            lambda appel: appel.plan_id is not None,
        ),
    )

    @admin.display(description=_("phase"))
    def phase_lue(self, objet: Appel) -> str:
        return str(objet.phase.label)

    def contexte_lecture(self, request: HttpRequest, objet: Appel) -> dict[str, Any]:
        return {
            "tableau": tableau_offres(objet),
            "criteres": objet.criteres.all(),
            "pieces": objet.pieces_requises.all(),
            "objectifs": objet.objectifs.order_by("ordre", "id"),
            "prolongations": objet.prolongations.select_related("auteur"),
            "lit_plan": objet.plan is not None and request.user.has_perm("alliances.lire_plan", objet.plan),
        }
