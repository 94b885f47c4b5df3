"""Accès d'une vue, déclaré une fois; l'oubli est une erreur au démarrage (refus par défaut).

Hors portée : 404 (`visibles_pour` ne rend pas l'objet). Dans la portée sans le droit : 403 (`exiger`).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from socle.reprise import garder_saisie

Vue = Callable[..., HttpResponse]


def acces_public(vue: Vue) -> Vue:
    """Page ouverte à tout le monde, sans compte."""
    vue.acces = "public"
    return vue


def acces_connecte(vue: Vue) -> Vue:
    """Page réservée aux personnes connectées; la portée filtre ensuite ce qu'elles voient.

    Un envoi arrivé sans session est gardé jusqu'après la connexion (socle/reprise.py).
    """
    connectee = login_required(vue)

    @wraps(vue)
    def enveloppe(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            garder_saisie(request)
        return connectee(request, *args, **kwargs)

    enveloppe.acces = "connecte"
    return enveloppe


def acces(permission: str) -> Callable[[Vue], Vue]:
    """Page réservée à qui a `permission` (sans objet) : 403 sinon, avec une page qui le dit."""

    def decorer(vue: Vue) -> Vue:
        @wraps(vue)
        def verifier(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            exiger(request.user, permission)
            return vue(request, *args, **kwargs)

        enveloppe = login_required(verifier)
        enveloppe.acces = permission
        return enveloppe

    return decorer


def exiger(utilisateur: Any, permission: str, objet: Any = None) -> None:
    """Lève `PermissionDenied` (403) si `utilisateur` n'a pas `permission` sur `objet`."""
    if not utilisateur.has_perm(permission, objet):
        raise PermissionDenied(permission)
