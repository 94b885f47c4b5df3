"""Créer dans l'admin : d'abord de quelle entente, ensuite l'objet."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from alliances.enums import EtatEntente
from alliances.forms.communs import EntenteForm
from alliances.models import Entente
from comptes.enums import Role
from socle.admin.actes import adresse_liste

Vue = Callable[[HttpRequest, Entente], HttpResponse]


def ententes_gerees(utilisateur: Any) -> QuerySet[Entente]:
    """Les ententes dont la personne est la coordination, la plus récente d'abord; pas celles qui sont closes."""
    return (
        Entente.objects.visibles_pour(utilisateur)
        .filter(mandataire__in=utilisateur.portees.mandataires(Role.COORDINATION))
        .exclude(etat=EtatEntente.CLOSE)
        .select_related("mandataire")
        .order_by("-cycle__debut", "code")
    )


def dans_une_entente(request: HttpRequest, *, modele: type[Model], titre: Any, vue: Vue) -> HttpResponse:
    """`vue(request, entente)` pour l'entente de l'adresse (`?entente=02-2024`) ou la seule qui soit; sinon, la choisir.

    404 pour une entente que la personne ne coordonne pas.
    """
    ententes, code = ententes_gerees(request.user), request.GET.get("entente", "")
    if code:
        choisie = ententes.filter(code=code).first()
        if choisie is None:
            raise Http404
        return vue(request, choisie)
    if len(ententes) == 1:
        return vue(request, ententes[0])
    formulaire = EntenteForm(request.POST or None, ententes=ententes)
    if request.method == "POST" and formulaire.is_valid():
        return HttpResponseRedirect(f"{request.path}?entente={formulaire.cleaned_data['entente'].code}")
    return TemplateResponse(
        request,
        "admin/acte.html",
        {
            **admin.site.each_context(request),
            "title": titre,
            "opts": modele._meta,
            "formulaire": formulaire,
            "retour": adresse_liste(modele),
            "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
        },
    )
