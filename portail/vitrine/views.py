"""Pages publiques des Alliances : la liste, une page par mandataire, la feuille de sa couleur, son logo."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from alliances.models import Mandataire
from alliances.regles.image import feuille
from portail.vitrine.liste import etats_couverture, lister
from portail.vitrine.requetes import fiche_alliance, mandataire_public
from socle.acces import acces_public
from socle.documents import fichiers
from socle.formats import jour_local
from socle.garde import garder_un_instant

UN_JOUR = "public, max-age=86400"


@acces_public
@garder_un_instant
def alliances(request: HttpRequest) -> HttpResponse:
    """Les vingt et une Alliances, par région; recherche sans accents; couverture du Québec."""
    recherche = request.GET.get("q", "").strip()[:80]
    jour = jour_local(request.arrivee)
    etats = etats_couverture(jour)
    groupes = lister(etats, recherche)
    return render(
        request,
        "portail/vitrine/liste.html",
        {
            "groupes": groupes,
            "nombre": sum(len(groupe.alliances) for groupe in groupes),
            "etats": etats,
            "jour": jour,
            "recherche": recherche,
            "fil": [{"titre": _("Alliances"), "url": None}],
        },
    )


@acces_public
@garder_un_instant
def alliance(request: HttpRequest, code: str) -> HttpResponse:
    """La page d'une Alliance : qui, où, quel plan, qui décide, combien, quels appels, quels projets."""
    mandataire = get_object_or_404(mandataire_public(code))
    return render(
        request,
        "portail/vitrine/alliance.html",
        {
            "fiche": fiche_alliance(mandataire, request.arrivee),
            "alliance": mandataire,
            "instant": request.arrivee,
            "jour": jour_local(request.arrivee, mandataire.fuseau),
            "fil": [
                {"titre": _("Alliances"), "url": reverse("portail:alliances")},
                {"titre": mandataire.enseigne, "url": None},
            ],
        },
    )


@acces_public
def image_css(_request: HttpRequest, code: str) -> HttpResponse:
    """La couleur d'en-tête du mandataire; l'adresse porte la couleur, le navigateur peut donc la garder."""
    couleur = get_object_or_404(Mandataire.objects.filter(code=code).values_list("couleur", flat=True))
    return HttpResponse(
        feuille(couleur) + "\n", content_type="text/css; charset=utf-8", headers={"Cache-Control": UN_JOUR}
    )


@acces_public
def logo(request: HttpRequest, code: str) -> FileResponse:
    """Le logo du mandataire, à tout le monde; 404 s'il n'en a pas."""
    mandataire = get_object_or_404(Mandataire.objects.select_related("logo"), code=code)
    if mandataire.logo is None or not fichiers.peut_lire(request.user, mandataire.logo):
        raise Http404
    return fichiers.servir_image(mandataire.logo)
