"""Pages publiques des appels."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from appels.models import Appel
from appels.requetes import rechercher, tableau_offres
from comptes.enums import FormeJuridique
from socle.acces import acces_public
from socle.formats import jours_restants


@acces_public
def liste(request: HttpRequest) -> HttpResponse:
    """Tous les appels publiés, ouverts d'abord; recherche sans accents."""
    recherche = request.GET.get("q", "").strip()[:80]
    appels = rechercher(Appel.objects.publics().select_related("entente__mandataire"), recherche)
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
            "fil": [{"titre": _("Appels de projets"), "url": None}],
        },
    )


@acces_public
def appel(request: HttpRequest, code: str) -> HttpResponse:
    """Un appel : pour qui, combien par territoire, quand, quoi joindre, qui appeler."""
    appel = get_object_or_404(
        Appel.objects.publics()
        .select_related("entente__mandataire__logo", "plan")
        .prefetch_related("pieces_requises", "criteres", "etapes", "plan__priorites"),
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
            "fil": [
                {"titre": _("Appels de projets"), "url": reverse("appels:liste")},
                {"titre": appel.titre, "url": None},
            ],
        },
    )
