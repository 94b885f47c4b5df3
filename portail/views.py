"""Accueil, pages légales, état du service."""

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from appels.models import Appel
from comptes.enums import Role
from portail.sante import etat_du_service
from socle.acces import acces_connecte, acces_public
from socle.formats import jours_restants
from socle.garde import garder_un_instant

PAGES = {
    "accessibilite": _("Accessibilité"),
    "confidentialite": _("Confidentialité et témoins"),
    "conditions": _("Conditions d’utilisation"),
    "joindre": _("Nous joindre"),
}


@acces_public
@garder_un_instant
def accueil(request: HttpRequest) -> HttpResponse:
    """Les appels ouverts, et par où commencer."""
    appels = list(Appel.objects.ouverts(request.arrivee).select_related("entente__mandataire").order_by("fermeture"))
    for appel in appels:
        appel.restants = jours_restants(appel.fermeture_a(request.arrivee), request.arrivee, appel.fuseau)
    return render(request, "portail/accueil.html", {"appels": appels, "instant": request.arrivee})


@acces_connecte
def accueil_personnel(request: HttpRequest) -> HttpResponse:
    """Après la connexion : chacun là où il travaille."""
    portees = request.user.portees
    if portees.ministere:
        return redirect("reddition:redditions")
    if request.user.interne:
        return redirect("admin:index")
    if portees.a_role(Role.EVALUATION) and not portees.organismes:
        return redirect("comite:dossiers")
    return redirect("projets:mes_projets")


@acces_public
def page(request: HttpRequest, nom: str) -> HttpResponse:
    """Une page d'information."""
    return render(
        request,
        f"portail/{nom}.html",
        {"titre": PAGES[nom], "fil": [{"titre": PAGES[nom], "url": None}], "expediteur": settings.DEFAULT_FROM_EMAIL},
    )


@acces_public
@never_cache
def etat(request: HttpRequest) -> HttpResponse:
    """L'état du service, en mots."""
    return render(
        request, "portail/etat.html", {"etat": etat_du_service(), "fil": [{"titre": _("État du service"), "url": None}]}
    )


@acces_public
@never_cache
def sante(request: HttpRequest) -> HttpResponse:
    """Vivant : le processus répond. Aucune base touchée."""
    return JsonResponse({"etat": "vivant"})


@acces_public
@never_cache
def pret(request: HttpRequest) -> HttpResponse:
    """Prêt à servir : base, boîte d'envoi, battement, disque. 503 si la base manque; Redis absent est « dégradé »."""
    try:
        etat = etat_du_service()
    except DatabaseError:
        return JsonResponse({"etat": "arrete", "base": False}, status=503)
    return JsonResponse(etat.en_json(), status=200 if etat.pret else 503)
