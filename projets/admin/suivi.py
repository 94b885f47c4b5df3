"""D'où l'on vient : la place d'une demande dans la liste filtrée et triée, la précédente, la suivante.

L'adresse garde les filtres et le tri sous le nom que l'admin de Django leur donne; rien ne se garde en session.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlencode

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import SuspiciousOperation
from django.db.models import Case, Count, DateTimeField, F, QuerySet, Value, When, Window
from django.db.models.functions import Lag, Lead, RowNumber
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from projets.admin.filtres import FILTRES, FiltreDimension, ListeProjets
from projets.models import Projet
from socle.admin.actes import adresse_lecture

VENUE = "_changelist_filters"
SANS_FILTRE = "p=1"  # la liste telle quelle : l'adresse dit quand même qu'on en vient
LISTE = "projets_projet_changelist"


@dataclass(frozen=True)
class Place:
    """Le rang de la demande dans sa liste (nul si elle n'y est plus), et l'adresse de ses voisines."""

    liste: str
    rang: int | None = None
    total: int = 0
    precedente: str = ""
    suivante: str = ""


def venue(request: HttpRequest) -> str:
    """Les filtres de la liste d'où l'on vient; vide si l'on vient d'ailleurs."""
    filtres = request.GET.get(VENUE, "")
    return "" if "\0" in unquote(filtres) else filtres


def avec_venue(adresse: str, filtres: str) -> str:
    """L'adresse, qui garde la liste d'où l'on vient; l'ancre reste à la fin."""
    if not filtres:
        return adresse
    page, diese, ancre = adresse.partition("#")
    return f"{page}{'&' if '?' in page else '?'}{urlencode({VENUE: filtres})}{diese}{ancre}"


def place_dans_la_liste(request: HttpRequest, classe: Any, projet: Projet) -> Place | None:
    """Nulle si l'on ne vient pas de la liste, ou si son adresse ne se lit plus (au plus deux requêtes)."""
    filtres = venue(request)
    if not filtres:
        return None
    try:
        liste = _liste(request, classe, filtres)
    except (IncorrectLookupParameters, SuspiciousOperation):
        return None
    adresse = f"{reverse(f'admin:{LISTE}')}?{filtres}"
    rangee = next(iter(_rangs(liste.queryset, projet.pk)), None)
    if rangee is None:
        return Place(adresse)
    rang, total, precedente, suivante = rangee
    return Place(adresse, rang, total, _adresse(precedente, filtres), _adresse(suivante, filtres))


def _adresse(cle: int | None, filtres: str) -> str:
    return avec_venue(reverse("admin:projets_projet_change", args=[cle]), filtres) if cle else ""


def _rangs(demandes: QuerySet[Projet], cle: int) -> QuerySet[Any, Any]:
    """(rang, total, précédente, suivante) de la demande `cle`, dans l'ordre de la liste; la base parcourt, une rangée revient."""
    ordre = demandes.query.order_by
    rang = Window(RowNumber(), order_by=ordre)
    return (
        demandes.order_by()
        .annotate(
            rang=rang,
            total=Window(Count("*")),
            precedente=Window(Lag(F("pk")), order_by=ordre),
            suivante=Window(Lead(F("pk")), order_by=ordre),
            ici=Case(When(pk=cle, then=rang)),
        )
        .filter(ici__isnull=False)
        .values_list("rang", "total", "precedente", "suivante")[:1]
    )


class ListeSuivie(ListeProjets):
    """La même liste, sans facettes, ni compte, ni rangées : son jeu filtré et son ordre."""

    def dimensions(self, request: HttpRequest) -> Mapping[str, Any]:
        """Seulement celles que les filtres comparent : en nommer vingt à chaque dossier coûterait plus que la place même."""
        voulues = {filtre.dimension for filtre in FILTRES if filtre.parameter_name in request.GET}
        voulues |= set(request.GET.getlist("drapeau"))
        if not voulues:
            return {"_signe": Value(None, output_field=DateTimeField())}
        return {nom: valeur for nom, valeur in self.decompte.dimensions.items() if nom in voulues | {"_signe"}}

    def get_results(self, request: HttpRequest) -> None:
        """Rien à lire : la place se demande à la base."""


def _sans_choix(_filtre: FiltreDimension, _request: HttpRequest, _classe: Any) -> list[tuple[str, str]]:
    """Un filtre qui ne s'affiche pas n'a pas de choix à compter."""
    return [("", "")]


SUIVIS = tuple(type(f"{filtre.__name__}Suivi", (filtre,), {"lookups": _sans_choix}) for filtre in FILTRES)


def _liste(request: Any, classe: Any, filtres: str) -> ListeSuivie:
    """La liste que disent les filtres, pour la même personne, au même instant."""
    suivie: Any = HttpRequest()
    suivie.method, suivie.GET = "GET", QueryDict(filtres)
    suivie.user, suivie.arrivee = request.user, request.arrivee
    colonnes = classe.get_list_display(suivie)
    return ListeSuivie(
        suivie,
        classe.model,
        ["action_checkbox", *colonnes],
        classe.get_list_display_links(suivie, colonnes),
        SUIVIS,
        classe.date_hierarchy,
        classe.get_search_fields(suivie),
        classe.get_list_select_related(suivie),
        classe.list_per_page,
        classe.list_max_show_all,
        (),
        classe,
        classe.get_sortable_by(suivie),
        classe.search_help_text,
    )


class SuitLaListe:
    """Mixin de la classe d'admin : ses liens, ses actes et leur retour gardent la liste d'où l'on vient."""

    def get_preserved_filters(self, request: HttpRequest) -> str:
        """Même sans filtre, le lien d'une rangée dit qu'il part de la liste."""
        gardes: str = super().get_preserved_filters(request)  # type: ignore[misc]
        partie = request.resolver_match
        de_la_liste = partie is not None and partie.url_name == LISTE
        return urlencode({VENUE: SANS_FILTRE}) if de_la_liste and not gardes else gardes

    def boutons(self, request: HttpRequest, objet: Any) -> list[dict[str, str]]:
        filtres = venue(request)
        offerts = super().boutons(request, objet)  # type: ignore[misc]
        return [{**bouton, "url": avec_venue(bouton["url"], filtres)} for bouton in offerts]

    def _garder(self, acte: Any) -> Callable[..., HttpResponse]:
        """L'acte fait, ou annulé, mène au dossier comme on l'avait ouvert."""
        vue = super()._garder(acte)  # type: ignore[misc]

        def suivre(request: HttpRequest, pk: int) -> HttpResponse:
            reponse = vue(request, pk)
            filtres = venue(request)
            if filtres and (page := reponse.headers.get("Location", "")).partition("#")[0] == _dossier(pk):
                reponse["Location"] = avec_venue(page, filtres)
            contexte = getattr(reponse, "context_data", None)
            if filtres and contexte and contexte.get("retour") == _dossier(pk):
                contexte["retour"] = avec_venue(contexte["retour"], filtres)
            return reponse

        suivre.__name__ = vue.__name__
        return suivre


def _dossier(pk: int) -> str:
    return adresse_lecture(Projet(pk=pk))
