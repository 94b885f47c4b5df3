"""Un acte de l'admin : une page, un formulaire, un service; le refus revient au bon champ."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from socle.saisie import essayer


def adresse_lecture(objet: Model) -> str:
    """La page de lecture d'un objet dans l'admin."""
    return reverse(f"admin:{objet._meta.app_label}_{objet._meta.model_name}_change", args=[objet.pk])


def jouer(
    request: HttpRequest,
    *,
    objet: Model,
    titre: Any,
    formulaire: Form,
    commande: Callable[..., Any],
    arguments: Callable[[], dict[str, Any]],
    succes: Any,
    retour: str = "",
    gabarit: str = "admin/acte.html",
    **contexte: Any,
) -> HttpResponse:
    """Affiche le formulaire; posté et valide, appelle `commande` avec `auteur`, `instant` et `arguments()`."""
    retour = retour or adresse_lecture(objet)
    if request.method == "POST" and formulaire.is_valid():
        fait = essayer(formulaire, commande, **arguments(), auteur=request.user, instant=request.arrivee)
        if fait is not None:
            messages.success(request, str(succes))
            return HttpResponseRedirect(retour)
    return TemplateResponse(
        request,
        gabarit,
        {
            **admin.site.each_context(request),
            "title": titre,
            "objet": objet,
            "opts": objet._meta,
            "formulaire": formulaire,
            "retour": retour,
            "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
            **contexte,
        },
    )
