"""Admin des mandataires : la fiche que le public lit, l'image."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from alliances.actes import mandataires as actes
from alliances.models import Mandataire
from alliances.requetes.couverture import mrc_du_mandataire
from socle.admin.portee import Acte, AdminPortee
from socle.formats import jour_local


@admin.register(Mandataire)
class MandataireAdmin(AdminPortee):
    """Le mandataire tel que le public le lit."""

    permission_lecture = "alliances.lire_entente"
    gabarit_lecture = "admin/alliances/mandataire/lecture.html"
    list_display = ("code", "nom", "territoire", "region", "designe_par", "inscrit_req")
    list_select_related = ("region",)
    search_fields = ("code", "nom", "territoire")
    actes = (
        Acte("fiche", "alliances.modifier_image", actes.fiche, _("Modifier la fiche")),
        Acte("image", "alliances.modifier_image", actes.image, _("Modifier l’image")),
    )

    def contexte_lecture(self, request: HttpRequest, objet: Mandataire) -> dict[str, Any]:
        return {
            "ententes": objet.ententes.select_related("cycle").order_by("-debut"),
            "noms": objet.noms.all(),
            "mrc": mrc_du_mandataire(objet, jour_local(request.arrivee)).order_by("code"),
            "logo": objet.logo,
        }
