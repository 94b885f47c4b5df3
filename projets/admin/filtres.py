"""Les filtres de la liste des demandes : chacun lit une dimension du décompte; tous les comptes viennent d'une seule requête."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR, SEARCH_VAR, ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as L  # noqa: N812

from appels.models import PieceRequise
from projets.enums import EtatProjet
from projets.models import Projet
from projets.requetes import file_de_travail, moyenne_du_dossier_clos
from projets.requetes.liste import (
    DRAPEAUX,
    ETAPES,
    TRANCHES,
    Part,
    Totaux,
    avec_dimensions,
    avec_signes,
    decompter,
    dimensions,
    totaliser,
)
from projets.requetes.manques import exigences

AUCUN = "aucun"


class Decompte:
    """Le décompte de ce que la personne voit et cherche, lu une fois par requête."""

    def __init__(self, request: HttpRequest, projets: QuerySet[Projet]) -> None:
        self.request, self.projets = request, projets

    @cached_property
    def dimensions(self) -> dict[str, Any]:
        requises = PieceRequise.objects.visibles_pour(self.request.user)
        return dimensions(self.request.arrivee, exigences(requises))

    @cached_property
    def parts(self) -> list[Part]:
        return decompter(self.projets, self.dimensions)

    def choix(self, dimension: str, nom: str) -> list[tuple[str, str]]:
        """Les valeurs présentes d'une dimension et leur nom, par ordre de nom."""
        trouves = {p.valeurs[dimension]: p.valeurs[nom] for p in self.parts if p.valeurs[dimension] is not None}
        return sorted(((str(cle), str(texte)) for cle, texte in trouves.items()), key=lambda paire: paire[1])


def decompte_de(request: HttpRequest, classe: Any) -> Decompte:
    """Le décompte de la requête; il suit la recherche, pas les filtres."""
    if not hasattr(request, "decompte_projets"):
        visibles = Projet.objects.visibles_pour(request.user).deposes()
        cherches, _doublons = classe.get_search_results(request, visibles, request.GET.get(SEARCH_VAR, ""))
        request.decompte_projets = Decompte(request, cherches)
    return request.decompte_projets


class FiltreDimension(admin.SimpleListFilter):
    """Filtre à choix unique sur une dimension; `dimension` nomme l'expression et la case du décompte."""

    dimension = ""

    def convertir(self, valeur: str) -> Any:
        """La valeur de l'adresse, comme la dimension la range; `ValueError` : elle n'existe pas."""
        return valeur

    def accepte(self, valeur: str, part: Part) -> bool:
        """La part du décompte est de cette valeur."""
        try:
            return bool(part.valeurs[self.dimension] == self.convertir(valeur))
        except ValueError:
            return False

    def condition(self, valeur: str) -> dict[str, Any]:
        """La même chose, en SQL."""
        return {f"x_{self.dimension}": self.convertir(valeur)}

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        valeur = self.value()
        if valeur is None:
            return queryset
        try:
            condition = self.condition(valeur)
        except ValueError:
            return queryset.none()
        return queryset.filter(**condition)

    def get_facet_queryset(self, changelist: "ListeProjets") -> dict[str, int]:
        """Les comptes de chaque choix, les autres filtres tenus; sans requête de plus."""
        parts = changelist.parts(sauf=self)
        return {
            f"{rang}__c": sum(part.nombre for part in parts if self.accepte(str(valeur), part))
            for rang, (valeur, _nom) in enumerate(self.lookup_choices)
        }


class EtatFilter(FiltreDimension):
    title, parameter_name, dimension = L("état"), "etat__exact", "etat"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        presents = {part.valeurs["etat"] for part in decompte_de(request, model_admin).parts}
        return [choix for choix in EtatProjet.choices if choix[0] in presents]


class _RelationFilter(FiltreDimension):
    nom = ""

    def convertir(self, valeur: str) -> Any:
        return int(valeur)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return decompte_de(request, model_admin).choix(self.dimension, self.nom)


class AppelFilter(_RelationFilter):
    title, parameter_name, dimension, nom = L("appel"), "appel__id__exact", "appel", "appel_nom"


class TerritoireFilter(_RelationFilter):
    title, parameter_name, dimension, nom = L("territoire"), "enveloppe__id__exact", "enveloppe", "enveloppe_nom"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Deux ententes ont des territoires du même nom : le code les distingue."""
        decompte = decompte_de(request, model_admin)
        codes = dict(decompte.choix(self.dimension, "enveloppe_code"))
        return [(cle, f"{nom} ({codes[cle]})") for cle, nom in decompte.choix(self.dimension, self.nom)]


class ResponsableFilter(_RelationFilter):
    title, parameter_name, dimension, nom = L("responsable"), "responsable", "responsable", "responsable_nom"

    def convertir(self, valeur: str) -> Any:
        if valeur == "moi":
            return self.request.user.pk
        return None if valeur == AUCUN else int(valeur)

    def condition(self, valeur: str) -> dict[str, Any]:
        cle = self.convertir(valeur)
        return {"responsable__isnull": True} if cle is None else {"responsable": cle}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        autres = [choix for choix in super().lookups(request, model_admin) if choix[0] != str(request.user.pk)]
        return [("moi", _("Moi")), *autres, (AUCUN, _("Personne"))]


class MontantFilter(FiltreDimension):
    title, parameter_name, dimension = L("montant demandé"), "montant", "tranche"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(code, nom) for code, nom, _borne in TRANCHES]


class PiecesFilter(FiltreDimension):
    title, parameter_name, dimension = L("pièces"), "pieces", "incomplet"

    def convertir(self, valeur: str) -> Any:
        if valeur != "manquantes":
            raise ValueError(valeur)
        return True

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("manquantes", _("Pièces manquantes"))]


class PrecisionFilter(FiltreDimension):
    """Où en est la dernière demande de précision; « attendue » comprend celles en retard."""

    title, parameter_name, dimension = L("précisions"), "precisions", "precision"
    groupes = {"attendues": ("attendues", "retard"), "retard": ("retard",), "recues": ("recues",)}

    def accepte(self, valeur: str, part: Part) -> bool:
        return part.valeurs["precision"] in self.groupes.get(valeur, ())

    def condition(self, valeur: str) -> dict[str, Any]:
        return {"x_precision__in": self.groupes.get(valeur, ())}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("attendues", _("Réponse attendue")), ("retard", _("En retard")), ("recues", _("Reçues"))]


class DrapeauFilter(FiltreDimension):
    """Un drapeau levé; une demande peut en porter plusieurs."""

    title, parameter_name = L("drapeaux"), "drapeau"

    def accepte(self, valeur: str, part: Part) -> bool:
        return valeur in DRAPEAUX and bool(part.valeurs[valeur])

    def condition(self, valeur: str) -> dict[str, Any]:
        if valeur not in DRAPEAUX:
            raise ValueError(valeur)
        return {f"x_{valeur}": True}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(DRAPEAUX.items())


class EtapeFilter(FiltreDimension):
    """Les étapes que comptent les rapports; chacune réunit plusieurs états."""

    title, parameter_name, dimension = L("étape"), "etape", "etat"

    def accepte(self, valeur: str, part: Part) -> bool:
        return valeur in ETAPES and part.valeurs["etat"] in ETAPES[valeur][1]

    def condition(self, valeur: str) -> dict[str, Any]:
        if valeur not in ETAPES:
            raise ValueError(valeur)
        return {"x_etat__in": ETAPES[valeur][1]}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(cle, nom) for cle, (nom, _etats) in ETAPES.items()]


class ZoneFilter(FiltreDimension):
    """R55 : dans une zone où se concentre la pauvreté, ou pas."""

    title, parameter_name, dimension = L("zone"), "zone", "zone"
    valeurs = {"oui": True, "non": False}

    def convertir(self, valeur: str) -> Any:
        if valeur not in self.valeurs:
            raise ValueError(valeur)
        return self.valeurs[valeur]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("oui", _("Dans une zone où se concentre la pauvreté")), ("non", _("Ailleurs"))]


class PrioriteFilter(_RelationFilter):
    title, parameter_name, dimension, nom = L("priorité"), "priorite", "priorite", "priorite_nom"

    def convertir(self, valeur: str) -> Any:
        return None if valeur == AUCUN else int(valeur)

    def condition(self, valeur: str) -> dict[str, Any]:
        cle = self.convertir(valeur)
        return {"priorite__isnull": True} if cle is None else {"x_priorite": cle}


FILTRES: Sequence[type[FiltreDimension]] = (
    EtatFilter,
    EtapeFilter,
    ResponsableFilter,
    PiecesFilter,
    PrecisionFilter,
    DrapeauFilter,
    AppelFilter,
    TerritoireFilter,
    PrioriteFilter,
    ZoneFilter,
    MontantFilter,
)


class ListeProjets(ChangeList):
    """La liste : le compte, les facettes et les totaux viennent du décompte; la page seule se lit en rangées."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet:
        self.decompte = decompte_de(request, self.model_admin)
        if ORDER_VAR in request.GET:
            # La moyenne sert au tri : elle se nomme avant l'ordre, et se calcule alors pour chaque demande.
            self.root_queryset = self.root_queryset.alias(note_moyenne=moyenne_du_dossier_clos())
        if comparees := self._comparees(request):
            self.root_queryset = avec_dimensions(self.root_queryset, comparees)
        return super().get_queryset(request, exclude_parameters)

    def _comparees(self, request: HttpRequest) -> dict[str, Any]:
        """Les dimensions que les filtres de l'adresse comparent, et elles seules : les nommer toutes coûte plusieurs millisecondes."""
        voulues = {filtre.dimension for filtre in FILTRES if filtre.parameter_name in request.GET}
        voulues |= set(request.GET.getlist(DrapeauFilter.parameter_name))
        return {
            nom: valeur for nom, valeur in self.decompte.dimensions.items() if voulues and nom in voulues | {"_signe"}
        }

    def parts(self, sauf: FiltreDimension | None = None) -> list[Part]:
        """Les parts que les filtres actifs acceptent, `sauf` l'un d'eux."""
        return list(self._acceptees(sauf))

    def _acceptees(self, sauf: FiltreDimension | None) -> Iterator[Part]:
        actifs = [(f, f.value()) for f in self.filter_specs if f is not sauf and f.value() is not None]
        for part in self.decompte.parts:
            if all(filtre.accepte(valeur, part) for filtre, valeur in actifs):
                yield part

    @property
    def totaux(self) -> Totaux:
        return totaliser(self.parts())

    def get_results(self, request: HttpRequest) -> None:
        request.compte_projets = sum(part.nombre for part in self.parts())
        rangees = file_de_travail(self.queryset).select_related("responsable", "decision")
        self.queryset = avec_signes(rangees, self.decompte.dimensions)
        super().get_results(request)
