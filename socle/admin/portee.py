"""Admin de base, filtré par la portée : listes, filtres, listes déroulantes, autocomplétion, valeurs postées.

Ne surcharger que `get_queryset` laisse fuir la moitié des chemins; tout passe donc par cette classe. Les objets s'y
lisent; ils changent par des actes (vues propres qui appellent un service), jamais par le formulaire d'édition, sauf
permission donnée par `permission_ajout` ou `permission_modification`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.admin.filters import RelatedOnlyFieldListFilter
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from socle.etats import journal_lisible
from socle.historique import modifications


@dataclass(frozen=True)
class Acte:
    """Une vue propre de l'admin sur un objet : adresse, permission, fonction (request, objet) → réponse.

    `libelle` : le bouton de la page de lecture; `offert` dit dans quel état il paraît.
    """

    adresse: str
    permission: str
    vue: Callable[[HttpRequest, Any], HttpResponse]
    libelle: Any = ""
    offert: Callable[[Any], bool] | None = None


class FiltreDansPortee(RelatedOnlyFieldListFilter):
    """Les valeurs présentes dans la liste; un modèle dit par `libelle_filtre` ce qui distingue deux homonymes."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        choix = super().field_choices(field, request, model_admin)
        modele = field.remote_field.model
        if not hasattr(modele, "libelle_filtre"):
            return choix
        objets = modele._default_manager.in_bulk([cle for cle, _texte in choix])
        return [(cle, objets[cle].libelle_filtre) for cle, _texte in choix]


@dataclass(frozen=True)
class Creation:
    """Une vue propre de la liste, qui crée un objet : adresse, permission (sans objet), fonction (request) → réponse."""

    adresse: str
    permission: str
    vue: Callable[[HttpRequest], HttpResponse]
    libelle: Any


class AdminPortee(admin.ModelAdmin):
    """Admin scopé : hors portée = 404, dans la portée sans le droit = 403, suppression toujours fermée."""

    permission_lecture = ""
    permission_ajout = ""
    permission_modification = ""
    gabarit_lecture = ""
    actes: tuple[Acte, ...] = ()
    creations: tuple[Creation, ...] = ()
    actions = None
    list_per_page = 50
    show_full_result_count = False
    view_on_site = False

    # Portée ------------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return portee(self.model, request.user).order_by(*self.get_ordering(request) or self.model._meta.ordering)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = portee(db_field.remote_field.model, request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = portee(db_field.remote_field.model, request.user)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [
            (filtre, FiltreDansPortee) if isinstance(filtre, str) and self._est_relation(filtre) else filtre
            for filtre in super().get_list_filter(request)
        ]

    def _est_relation(self, nom: str) -> bool:
        try:
            return self.model._meta.get_field(nom).is_relation
        except FieldDoesNotExist:
            return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        permis = {filtre[0] if isinstance(filtre, tuple) else filtre for filtre in self.list_filter}
        noms = {nom if isinstance(nom, str) else nom.parameter_name for nom in permis}  # un filtre à nous a le sien
        return bool({lookup, lookup.split("__")[0]} & noms) and super().lookup_allowed(lookup, value, request)

    # Liste -------------------------------------------------------------------------------------------------

    def action_checkbox(self, obj: Any) -> str:
        """La case d'une rangée, comme celle de Django, sans le gabarit qu'il rend pour chacune (1 ms pour dix rangées)."""
        return format_html(
            '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">',
            ACTION_CHECKBOX_NAME,
            obj.pk,
            _("Choisir {objet} pour une action").format(objet=obj),
        )

    def totaux(self, request: HttpRequest, filtree: models.QuerySet) -> list[tuple[Any, str]]:
        """Les totaux au pied de la liste filtrée : (nom, montant écrit)."""
        return []

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """La liste, les créations que la personne peut faire, les totaux du jeu filtré."""
        contexte = {"creations": self.creations_offertes(request), **(extra_context or {})}
        reponse = super().changelist_view(request, contexte)
        liste = getattr(reponse, "context_data", {}).get("cl")
        if liste is not None:
            filtree = self.model._default_manager.filter(pk__in=liste.queryset.order_by().values("pk"))
            reponse.context_data["totaux"] = self.totaux(request, filtree)
        return reponse

    # Permissions -------------------------------------------------------------------------------------------

    def _permis(self, permission: str, request: HttpRequest, objet: Any = None) -> bool:
        return bool(permission) and request.user.has_perm(permission, objet)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._permis(self.permission_lecture, request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._permis(self.permission_lecture, request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._permis(self.permission_ajout, request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._permis(self.permission_modification, request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # Lecture -----------------------------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Un dossier se lit comme un dossier : `gabarit_lecture` remplace le formulaire d'édition."""
        if not self.gabarit_lecture:
            return super().change_view(request, object_id, form_url, extra_context)
        objet = self.get_object(request, unquote(object_id))
        if objet is None:
            raise Http404
        if not self.has_view_permission(request, objet):
            raise PermissionDenied(self.permission_lecture)
        contexte = {
            **self.admin_site.each_context(request),
            "title": str(objet),
            "objet": objet,
            "opts": self.opts,
            "boutons": self.boutons(request, objet),
            "journal": journal_lisible(objet),
            "modifications": modifications(objet),
            **self.contexte_lecture(request, objet),
        }
        return TemplateResponse(request, self.gabarit_lecture, contexte)

    def contexte_lecture(self, request: HttpRequest, objet: Any) -> dict[str, Any]:
        """Ce que la page de lecture montre de plus."""
        return {}

    def boutons(self, request: HttpRequest, objet: Any) -> list[dict[str, str]]:
        """Les actes offerts à la personne dans l'état présent."""
        base = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        return [
            {"titre": str(acte.libelle), "url": reverse(f"{base}_{acte.adresse.replace('-', '_')}", args=[objet.pk])}
            for acte in self.actes
            if acte.libelle
            and (acte.offert is None or acte.offert(objet))
            and request.user.has_perm(acte.permission, objet)
        ]

    # Actes -------------------------------------------------------------------------------------------------

    def creations_offertes(self, request: HttpRequest) -> list[dict[str, str]]:
        """Les boutons de création de la liste."""
        base = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        return [
            {"titre": str(c.libelle), "url": reverse(f"{base}_{c.adresse.replace('-', '_')}")}
            for c in self.creations
            if request.user.has_perm(c.permission)
        ]

    def get_urls(self) -> list[URLPattern]:
        base = f"{self.opts.app_label}_{self.opts.model_name}"
        creations = [
            path(
                f"{c.adresse}/",
                self.admin_site.admin_view(self._garder_creation(c)),
                name=f"{base}_{c.adresse.replace('-', '_')}",
            )
            for c in self.creations
        ]
        propres = [
            path(
                f"<int:pk>/{acte.adresse}/",
                self.admin_site.admin_view(self._garder(acte)),
                name=f"{base}_{acte.adresse.replace('-', '_')}",
            )
            for acte in self.actes
        ]
        return creations + propres + super().get_urls()

    def _garder_creation(self, creation: Creation) -> Callable[..., HttpResponse]:
        def vue(request: HttpRequest) -> HttpResponse:
            if not request.user.has_perm(creation.permission):
                raise PermissionDenied(creation.permission)
            return creation.vue(request)

        vue.__name__ = f"creation_{creation.adresse}"
        return vue

    def _garder(self, acte: Acte) -> Callable[..., HttpResponse]:
        def vue(request: HttpRequest, pk: int) -> HttpResponse:
            objet = self.get_queryset(request).filter(pk=pk).first()
            if objet is None:
                raise Http404
            if not request.user.has_perm(acte.permission, objet):
                raise PermissionDenied(acte.permission)
            return acte.vue(request, objet)

        vue.__name__ = f"acte_{acte.adresse}"
        return vue


def portee(modele: type[models.Model], utilisateur: Any) -> models.QuerySet:
    """Les rangées de `modele` que voit `utilisateur`; rien si le modèle ne définit pas `visibles_pour`."""
    gestionnaire = modele._default_manager
    return gestionnaire.visibles_pour(utilisateur) if hasattr(gestionnaire, "visibles_pour") else gestionnaire.none()
