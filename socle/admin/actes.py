"""Un acte de l'admin : une page, un formulaire, un service; le refus revient au bon champ."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from socle.saisie import essayer

CHIFFRES = 18


def adresse_lecture(objet: Model) -> str:
    """La page de lecture d'un objet dans l'admin."""
    return reverse(f"admin:{objet._meta.app_label}_{objet._meta.model_name}_change", args=[objet.pk])


def adresse_liste(modele: type[Model]) -> str:
    """La liste d'un modèle dans l'admin."""
    return reverse(f"admin:{modele._meta.app_label}_{modele._meta.model_name}_changelist")


def element_demande(request: HttpRequest, ensemble: QuerySet, nom: str = "element") -> Any | None:
    """L'élément que l'adresse nomme (`?element=12`), parmi `ensemble`; nul sans paramètre, 404 s'il n'y est pas."""
    cle = request.GET.get(nom, "")
    if not cle:
        return None
    element = (
        ensemble.filter(pk=int(cle)).first() if cle.isascii() and cle.isdecimal() and len(cle) <= CHIFFRES else None
    )
    if element is None:
        raise Http404
    return element


def creer(request: HttpRequest, modele: type[Model], **acte: Any) -> HttpResponse:
    """Un acte de liste : il crée un objet, et mène à sa page."""
    return jouer(request, objet=None, opts=modele._meta, retour=adresse_liste(modele), vers=adresse_lecture, **acte)


def jouer(
    request: HttpRequest,
    *,
    objet: Model | None,
    titre: Any,
    formulaire: Form,
    commande: Callable[..., Any],
    arguments: Callable[[], dict[str, Any]],
    succes: Any,
    retour: str = "",
    vers: Callable[[Any], str] | None = None,
    opts: Any = None,
    gabarit: str = "admin/acte.html",
    **contexte: Any,
) -> HttpResponse:
    """Affiche le formulaire; posté et valide, appelle `commande` avec `auteur`, `instant` et `arguments()`.

    Ensuite, mène à `vers(résultat)`, sinon à `retour`, sinon à la page de `objet`.
    """
    if objet is not None:
        retour, opts = retour or adresse_lecture(objet), objet._meta
    if request.method == "POST" and formulaire.is_valid():
        fait = essayer(formulaire, commande, **arguments(), auteur=request.user, instant=request.arrivee)
        if fait is not None:
            messages.success(request, str(succes))
            return HttpResponseRedirect(vers(fait) if vers else retour)
    return TemplateResponse(
        request,
        gabarit,
        {
            **admin.site.each_context(request),
            "title": titre,
            "objet": objet,
            "opts": opts,
            "formulaire": formulaire,
            "retour": retour,
            "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
            **contexte,
        },
    )
