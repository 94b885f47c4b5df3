"""Le site d'admin : réservé aux personnes internes, connexion commune, accueil de travail."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from portail import accueil_admin, recherche_admin


class SitePortail(AdminSite):
    """Admin de la coordination : la portée filtre tout, aucun accès par groupe ni superutilisateur."""

    site_header = _("Alliances pour la solidarité – Coordination")
    site_title = _("Coordination")
    index_title = _("Accueil")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and getattr(request.user, "interne", False))

    def get_urls(self) -> list[Any]:
        """Sans la redirection générique `r/<type>/<id>/`, qui dirait si un objet hors portée existe."""
        retirees = {"view_on_site", "password_change", "password_change_done"}
        chercher = path("chercher/", self.admin_view(recherche_admin.chercher), name="chercher")
        return [chercher, *(url for url in super().get_urls() if getattr(url, "name", None) not in retirees)]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        contexte = super().each_context(request)
        if self.has_permission(request):
            contexte["menu_admin"] = accueil_admin.menu(request)
            contexte["cherche_dossiers"] = request.user.has_perm("projets.lire_projet")
        return contexte

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().index(request, {**accueil_admin.contexte(request), **(extra_context or {})})

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Une seule page de connexion; une personne connectée sans droit d'admin reçoit la page 403."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"), reverse("account_login"))
