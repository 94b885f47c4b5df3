"""Admin des accès : qui a quel rôle chez le mandataire, sur une page; inviter, changer la fin, retirer."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from alliances.actes import acces as actes
from alliances.models import Affectation, Mandataire
from alliances.requetes.acces import PERMET, etat_acces, organismes_connus, tableaux_acces
from comptes.enums import Role
from socle.admin.portee import Acte, AdminPortee
from socle.formats import date_longue, jour_local
from socle.horloge import aujourd_hui


def _en_cours(affectation: Affectation) -> bool:
    return affectation.retiree_le is None


def _sans_mot_de_passe(affectation: Affectation) -> bool:
    return affectation.retiree_le is None and not affectation.utilisateur.has_usable_password()


@admin.register(Affectation)
class AffectationAdmin(AdminPortee):
    """Qui a quel rôle chez le mandataire."""

    permission_lecture = "alliances.lire_acces"
    gabarit_lecture = "admin/alliances/affectation/lecture.html"
    change_list_template = "admin/alliances/affectation/liste.html"
    list_display = ("utilisateur", "role", "territoire", "mandataire", "depuis", "jusqua", "etat_lu")
    list_filter = ("role",)
    search_fields = ("utilisateur__nom", "utilisateur__email")
    list_select_related = ("utilisateur", "mandataire", "territoire")
    actes = (
        Acte("fin", "alliances.gerer_acces", actes.fin, _("Changer la fin de l’accès"), _en_cours),
        Acte("renvoyer", "alliances.gerer_acces", actes.renvoyer, _("Renvoyer l’invitation"), _sans_mot_de_passe),
        Acte("retirer", "alliances.gerer_acces", actes.retirer, _("Retirer l’accès"), _en_cours),
    )
    ETATS = {
        "en_vigueur": _("En vigueur"),
        "a_venir": _("À venir"),
        "fini": _("Fini"),
        "retire": _("Retiré"),
    }

    def get_urls(self) -> list[URLPattern]:
        vue = self.admin_site.admin_view
        return [
            path("acces/", vue(self.acces), name="alliances_affectation_acces"),
            path("inviter/", vue(self.inviter), name="alliances_affectation_inviter"),
            *super().get_urls(),
        ]

    def acces(self, request: HttpRequest) -> HttpResponse:
        """Qui a accès à quoi, sur une page."""
        if not self.has_view_permission(request):
            raise PermissionDenied(self.permission_lecture)
        contexte = {
            **self.admin_site.each_context(request),
            "title": _("Qui a accès à quoi"),
            "opts": self.opts,
            "tableaux": tableaux_acces(request.user, jour_local(request.arrivee)),
        }
        return TemplateResponse(request, "admin/alliances/affectation/acces.html", contexte)

    def inviter(self, request: HttpRequest) -> HttpResponse:
        """Inviter chez un des mandataires de la personne : celui de l'adresse, sinon le premier."""
        if not request.user.has_perm("alliances.gerer_acces"):
            raise PermissionDenied("alliances.gerer_acces")
        siens = Mandataire.objects.filter(pk__in=request.user.portees.mandataires(Role.COORDINATION)).order_by("code")
        code = request.GET.get("mandataire")
        mandataire = (siens.filter(code=code) if code else siens).first()
        if mandataire is None:
            raise Http404
        return actes.inviter(request, mandataire)

    def contexte_lecture(self, request: HttpRequest, objet: Affectation) -> dict[str, Any]:
        etat = etat_acces(objet, jour_local(request.arrivee))
        return {
            "etat": etat,
            "etat_lu": self.ETATS[etat],
            "permet": PERMET.get(Role(objet.role), ""),
            "organismes": organismes_connus([objet]).get((objet.utilisateur_id, objet.mandataire_id), []),
        }

    @admin.display(description=_("depuis"), ordering="debut")
    def depuis(self, objet: Affectation) -> str:
        return date_longue(objet.debut)

    @admin.display(description=_("jusqu’au"), ordering="fin")
    def jusqua(self, objet: Affectation) -> str:
        return date_longue(objet.fin)

    @admin.display(description=_("état"))
    def etat_lu(self, objet: Affectation) -> str:
        return str(self.ETATS[etat_acces(objet, aujourd_hui())])
