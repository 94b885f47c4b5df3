"""Pages publiques des appels."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from appels.enums import EtatAppel, Phase
from appels.exports import calendrier, fil_atom
from appels.models import Appel, AppelQuerySet
from appels.requetes import filtrer, rechercher, tableau_offres
from comptes.enums import FormeJuridique
from socle.acces import acces_public
from socle.formats import jours_restants

FIL_MAX = 50


def _publics() -> AppelQuerySet:
    return Appel.objects.publics().select_related("entente__mandataire__region")


@acces_public
def liste(request: HttpRequest) -> HttpResponse:
    """Tous les appels publiés, ouverts d'abord; recherche sans accents, filtres par état et par région."""
    recherche = request.GET.get("q", "").strip()[:80]
    tous = list(_publics())
    appels = filtrer(rechercher(tous, recherche), request.GET, request.arrivee)
    for appel in appels:
        appel.phase_lue = appel.phase_a(request.arrivee)
        appel.restants = jours_restants(appel.fermeture, request.arrivee, appel.fuseau)
    return render(
        request,
        "appels/liste.html",
        {
            "ouverts": [a for a in appels if a.est_ouvert(request.arrivee)],
            "autres": [a for a in appels if not a.est_ouvert(request.arrivee)],
            "recherche": recherche,
            "phases": [(phase.value, phase.label) for phase in Phase],
            "phase": request.GET.get("phase", ""),
            "territoires": sorted({a.entente.mandataire.territoire for a in tous}),
            "territoire": request.GET.get("territoire", ""),
            "fil": [{"titre": _("Appels de projets"), "url": None}],
        },
    )


@acces_public
def atom(request: HttpRequest) -> HttpResponse:
    """Le fil Atom des appels, du plus récent au plus ancien."""
    return HttpResponse(fil_atom(_publics().order_by("-ouverture")[:FIL_MAX]), content_type="application/atom+xml")


@acces_public
def agenda(request: HttpRequest) -> HttpResponse:
    """Les ouvertures et les échéances à venir, pour un agenda."""
    a_venir = _publics().exclude(etat=EtatAppel.ANNULE).filter(fermeture__gt=request.arrivee).order_by("fermeture")
    return HttpResponse(calendrier(a_venir, request.arrivee), content_type="text/calendar; charset=utf-8")


@acces_public
def appel(request: HttpRequest, code: str) -> HttpResponse:
    """Un appel : pour qui, combien par territoire, quand, quoi joindre, qui appeler."""
    appel = get_object_or_404(
        Appel.objects.publics()
        .select_related("entente__mandataire__logo", "plan")
        .prefetch_related("pieces_requises", "criteres", "etapes", "prolongations", "plan__priorites"),
        code=code,
    )
    tableau = tableau_offres(appel, public=True)
    return render(
        request,
        "appels/appel.html",
        {
            "appel": appel,
            "plan": appel.plan,
            "phase": appel.phase_a(request.arrivee),
            "tableau": tableau,
            "aide": appel.aide,
            "instant": request.arrivee,
            "formes": [forme.label for forme in FormeJuridique if forme in appel.formes_admissibles],
            "restants": jours_restants(appel.fermeture, request.arrivee, appel.fuseau),
            "prolongation": next(iter(appel.prolongations.all()), None),
            "fil": [
                {"titre": _("Appels de projets"), "url": reverse("appels:liste")},
                {"titre": appel.titre, "url": None},
            ],
        },
    )
