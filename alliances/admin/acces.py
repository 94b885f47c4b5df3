"""Admin des accès : qui a quel rôle chez le mandataire."""

from django.contrib import admin

from alliances.models import Affectation
from socle.admin.portee import AdminPortee


@admin.register(Affectation)
class AffectationAdmin(AdminPortee):
    """Qui a quel rôle chez le mandataire."""

    permission_lecture = "alliances.lire_entente"
    list_display = ("utilisateur", "role", "mandataire", "debut", "fin")
    list_select_related = ("utilisateur", "mandataire")
