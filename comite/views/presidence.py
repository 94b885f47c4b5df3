"""Le tableau de la séance, en lecture, pour la seule personne qui préside le comité."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from comite.models import Seance
from comite.requetes.ordre_du_jour import points_de, retires_de
from comite.requetes.presidence import etat_du_scenario, preside, scenario_montre
from comite.requetes.tableau import TRIS, choix_de, tableau
from comite.views.dossiers import fil
from socle.acces import acces_connecte


def _presidee(request: Any, pk: int) -> Seance:
    """La séance que la personne préside; 403 pour un autre membre du comité, 404 pour toute autre personne."""
    seance = get_object_or_404(
        Seance.objects.du_comite(request.user).select_related("appel", "entente__mandataire", "territoire"), pk=pk
    )
    if not preside(request.user, seance, request.arrivee):
        raise PermissionDenied("comite.presider")
    return seance


@acces_connecte
def tableau_de_la_seance(request: Any, pk: int) -> HttpResponse:
    """Enveloppe, octroyé, proposé, reste, part en zones; sans les dossiers dont elle s'est retirée, rien à changer."""
    seance = _presidee(request, pk)
    scenarios = list(seance.scenarios.all())
    voulu = request.GET.get("element", "")
    scenario = scenario_montre(scenarios, voulu)
    if voulu and scenario is None:
        raise Http404
    projets = [point.projet for point in points_de(seance) if point.projet]
    retires = retires_de(request.user, projets, request.arrivee)
    tri = request.GET.get("tri", "")
    tri = tri if tri in TRIS else TRIS[0]
    choix = {cle: valeur for cle, valeur in choix_de(scenario).items() if cle not in retires}
    return render(
        request,
        "comite/tableau.html",
        {
            "seance": seance,
            "appel": seance.appel,
            "scenario": scenario,
            "scenarios": scenarios,
            "etat_scenario": etat_du_scenario(scenario),
            "tableau": tableau(seance, choix, request.user, request.arrivee, tri=tri, sans=retires),
            "retires": len(retires),
            "tri": tri,
            "fil": fil((_("Séance"), seance.get_absolute_url()), (_("Tableau"), None)),
        },
    )
