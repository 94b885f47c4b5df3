"""Admin des territoires : l'arbre de chaque entente, contacts publics, zones, délégations."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from alliances.actes import territoires as actes
from alliances.enums import EtatEntente
from alliances.models import Entente, Territoire
from comptes.enums import Role
from socle.admin.portee import Acte, AdminPortee
from socle.formats import nom_fuseau

DROIT = "alliances.gerer_territoires"


@admin.register(Territoire)
class TerritoireAdmin(AdminPortee):
    """Les territoires choisis par chaque entente."""

    permission_lecture = "alliances.lire_entente"
    gabarit_lecture = "admin/alliances/territoire/lecture.html"
    change_list_template = "admin/alliances/territoire/liste.html"
    list_display = ("nom", "code", "entente", "parent", "portee", "fuseau_lu")
    list_filter = ("entente", "portee")
    list_select_related = ("entente", "parent")
    search_fields = ("nom", "code")
    ordering = ("-entente__code", "ordre")
    actes = (
        Acte("modifier", DROIT, actes.modifier, _("Modifier le territoire")),
        Acte("contact", DROIT, actes.contact, _("Ajouter un contact public")),
        Acte("zone", DROIT, actes.zone, _("Ajouter une zone")),
        Acte("deleguer", DROIT, actes.confier, _("Déléguer le territoire")),
    )

    def get_urls(self) -> list[URLPattern]:
        vue = self.admin_site.admin_view(self.ajouter)
        return [path("ajouter/", vue, name="alliances_territoire_ajouter"), *super().get_urls()]

    def _ententes(self, request: HttpRequest) -> Any:
        """Celles où la personne est à la coordination et qui peuvent encore changer, la plus récente d'abord."""
        return (
            Entente.objects.filter(mandataire__in=request.user.portees.mandataires(Role.COORDINATION))
            .exclude(etat=EtatEntente.CLOSE)
            .select_related("mandataire__region")
            .order_by("-debut", "code")
        )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        ententes = self._ententes(request) if request.user.has_perm(DROIT) else []
        return super().changelist_view(request, {"ententes": ententes, **(extra_context or {})})

    def ajouter(self, request: HttpRequest) -> HttpResponse:
        """Ajouter un territoire à l'entente de l'adresse, sinon à la plus récente."""
        if not request.user.has_perm(DROIT):
            raise PermissionDenied(DROIT)
        code = request.GET.get("entente")
        ententes = self._ententes(request)
        entente = (ententes.filter(code=code) if code else ententes).first()
        if entente is None:
            raise Http404
        return actes.ajouter(request, entente, reverse("admin:alliances_territoire_changelist"))

    def contexte_lecture(self, request: HttpRequest, objet: Territoire) -> dict[str, Any]:
        return {
            "mrc": objet.mrc.order_by("code"),
            "communautes": objet.communautes.order_by("nom"),
            "enfants": objet.enfants.order_by("ordre"),
            "contacts": objet.contacts.order_by("ordre", "id"),
            "zones": objet.zones.order_by("ordre", "nom"),
            "delegations": objet.delegations.order_by("-depuis"),
            "instances": objet.instances.order_by("-depuis"),
            "fuseau": nom_fuseau(objet.fuseau),
            "gere": request.user.has_perm(DROIT, objet),
            "lit_delegations": request.user.has_perm("alliances.lire_grand_livre", objet),
        }

    @admin.display(description=_("fuseau"), ordering="fuseau")
    def fuseau_lu(self, objet: Territoire) -> str:
        return nom_fuseau(objet.fuseau)
