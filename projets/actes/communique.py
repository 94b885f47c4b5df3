"""Le communiqué d'un appel : refusé avant l'annonce, sauf à la coordination, marqué sous embargo (R28)."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from appels.enums import EtatAppel
from appels.models import Appel
from projets.exports.communique import contexte_communique, est_annonce
from projets.models import Projet
from socle.admin.actes import adresse_liste, element_demande


def appel_demande(request: HttpRequest) -> Appel | None:
    """L'appel de l'adresse (`?appel=12`), dans la portée; nul s'il n'est pas nommé."""
    return element_demande(request, appels_a_lire(request).select_related("entente__mandataire"), "appel")


def appels_a_lire(request: HttpRequest):
    """Les appels de la portée qui ont pu recevoir des demandes, le plus récent d'abord."""
    return Appel.objects.visibles_pour(request.user).exclude(etat=EtatAppel.BROUILLON).order_by("-fermeture")


def choisir_appel(request: HttpRequest, titre: str) -> HttpResponse:
    """La même adresse, sans appel : les appels où mener."""
    return page(request, "choisir_appel", titre, {"appels": appels_a_lire(request)})


def communique(request: HttpRequest) -> HttpResponse:
    """À l'écran, à imprimer, à copier."""
    appel, titre = appel_demande(request), _("Communiqué")
    if appel is None:
        return choisir_appel(request, titre)
    if not est_annonce(appel, request.arrivee) and not request.user.has_perm("appels.modifier_appel", appel):
        return page(request, "communique_embargo", titre, {"appel": appel}, status=403)
    return page(request, "communique", titre, contexte_communique(appel, request.arrivee))


def page(request: HttpRequest, gabarit: str, titre: str, contexte: dict, status: int = 200) -> HttpResponse:
    """Une page de la liste des demandes, hors d'un objet."""
    commun = {**admin.site.each_context(request), "title": titre, "opts": Projet._meta, "retour": adresse_liste(Projet)}
    return TemplateResponse(request, f"admin/projets/projet/{gabarit}.html", {**commun, **contexte}, status=status)
