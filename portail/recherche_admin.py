"""La recherche d'un dossier, de toute page de l'admin : un numéro entier ouvre le dossier, le reste filtre la liste."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from projets.models import Projet
from socle.admin.actes import adresse_lecture, adresse_liste

NUMERO_MAX = 24


def chercher(request: HttpRequest) -> HttpResponse:
    """Le dossier, si `q` est le numéro d'une demande que la personne voit; sinon, la liste cherchée."""
    if not request.user.has_perm("projets.lire_projet"):
        raise PermissionDenied("projets.lire_projet")
    cherche = request.GET.get("q", "").strip()
    if not cherche:
        return HttpResponseRedirect(reverse("admin:index"))
    if len(cherche) <= NUMERO_MAX:
        visibles = Projet.objects.visibles_pour(request.user).deposes()
        trouve = visibles.filter(numero=cherche.upper()).first()
        if trouve is not None:
            return HttpResponseRedirect(adresse_lecture(trouve))
    return HttpResponseRedirect(f"{adresse_liste(Projet)}?{urlencode({'q': cherche})}")
