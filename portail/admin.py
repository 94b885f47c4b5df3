"""Admin de la boîte d'envoi : courriels et rappels, dans la portée du mandataire."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portail.admin_delegations import DelegationAdmin
from socle.admin.portee import AdminPortee
from socle.formats import instant_court
from socle.models import Courriel, Rappel

__all__ = ["CourrielAdmin", "DelegationAdmin", "RappelAdmin"]

# Ni groupes ni adresses de comptes : les rôles sont des affectations, et un courriel de compte ne regarde que sa personne.
for modele in [modele for modele in admin.site._registry if modele._meta.app_label in {"auth", "account"}]:
    admin.site.unregister(modele)


@admin.register(Courriel)
class CourrielAdmin(AdminPortee):
    """Ce qui est parti, ce qui attend, ce qui est incertain."""

    permission_lecture = "alliances.lire_courriels"
    gabarit_lecture = "admin/socle/courriel/lecture.html"
    list_display = ("objet", "destinataire", "genre", "etat", "ecrit", "envoye")
    list_filter = ("etat", "genre")
    search_fields = ("objet", "destinataire")

    @admin.display(description=_("écrit le"), ordering="cree_le")
    def ecrit(self, objet: Courriel) -> str:
        return instant_court(objet.cree_le)

    @admin.display(description=_("envoyé le"), ordering="envoye_le")
    def envoye(self, objet: Courriel) -> str:
        return instant_court(objet.envoye_le)

    def contexte_lecture(self, request: HttpRequest, objet: Courriel) -> dict[str, Any]:
        return {"dans_un_dossier": settings.COURRIELS_DANS_UN_DOSSIER}


@admin.register(Rappel)
class RappelAdmin(AdminPortee):
    """Un rappel par objet, genre, échéance et destinataire; jamais deux."""

    permission_lecture = "alliances.lire_courriels"
    list_display = ("genre", "palier", "destinataire", "echeance", "courriel", "cree_le")
    list_filter = ("genre", "palier")
    list_select_related = ("courriel",)
    fields = ("genre", "palier", "destinataire", "echeance", "courriel", "cree_le")
