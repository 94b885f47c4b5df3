"""Les séances et la présidence, vues d'un membre."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from appels.models import Appel
from comite.forms.notes import InteretsForm
from comite.models import CahierSeance, Seance
from comite.requetes.avancement import ecarts as ecarts_de
from comite.requetes.ordre_du_jour import cahier_perime, lignes_pour, points_de, retires_de
from comite.requetes.presidence import preside
from comite.services.declarations import declarer_interet
from comite.services.seances import demander_mon_cahier
from comite.views.dossiers import fil
from comptes.enums import Role
from projets.visibilite import presidences
from socle.acces import acces_connecte
from socle.erreurs import Refus
from socle.saisie import essayer


def _seance(request: HttpRequest, pk: int) -> Seance:
    return get_object_or_404(
        Seance.objects.du_comite(request.user).select_related("appel", "entente__mandataire", "territoire"), pk=pk
    )


@acces_connecte
def seance(request: HttpRequest, pk: int) -> HttpResponse:
    """L'ordre du jour et son cahier."""
    seance = _seance(request, pk)
    points = points_de(seance)
    retires = retires_de(request.user, [p.projet for p in points if p.projet], request.arrivee)
    cahier = CahierSeance.objects.filter(seance=seance, membre=request.user).select_related("fichier").first()
    return render(
        request,
        "comite/seance.html",
        {
            "seance": seance,
            "appel": seance.appel,
            "lignes": lignes_pour(seance, points, retires),
            "cahier": cahier,
            "perime": cahier is not None and cahier_perime(cahier),
            "preside": preside(request.user, seance, request.arrivee),
            "fil": fil((_("Séance"), None)),
        },
    )


@acces_connecte
def interets(request: HttpRequest, pk: int) -> HttpResponse:
    """Mes liens avec les organismes de la séance, même pour un dossier que je n'ai pas à noter (R25)."""
    seance = _seance(request, pk)
    projets = [point.projet for point in points_de(seance) if point.projet]
    retires = retires_de(request.user, projets, request.arrivee)
    formulaire = InteretsForm(
        request.POST if request.method == "POST" else None, projets=[p for p in projets if p.pk not in retires]
    )
    if request.method == "POST" and formulaire.is_valid():
        acteur = {"auteur": request.user, "instant": request.arrivee, "nature": formulaire.cleaned_data["nature"]}
        faites = [essayer(formulaire, declarer_interet, projet=projet, **acteur) for projet in formulaire.choisis()]
        if all(faites):
            messages.success(request, _("Vos liens sont inscrits : ces dossiers vous sont fermés."))
            return redirect(seance)
    return render(
        request,
        "comite/interets.html",
        {
            "seance": seance,
            "formulaire": formulaire,
            "annuler": seance.get_absolute_url(),
            "fil": fil((_("Séance"), seance.get_absolute_url()), (_("Mes liens"), None)),
            "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
        },
    )


@acces_connecte
@require_POST
def cahier(request: HttpRequest, pk: int) -> HttpResponse:
    """Demande son cahier, à jour; la progression se suit sur la page du travail."""
    seance = _seance(request, pk)
    try:
        travail = demander_mon_cahier(seance=seance, auteur=request.user, instant=request.arrivee)
    except Refus as refus:
        messages.error(request, str(refus))
        return redirect(seance)
    return redirect(f"{travail.get_absolute_url()}?retour={reverse('comite:seance', args=[seance.pk])}")


@acces_connecte
def ecarts(request: HttpRequest, code: str) -> HttpResponse:
    """L'écart des notes, pour la présidence du comité d'analyse; 404 pour toute autre personne."""
    siens = request.user.portees.mandataires(Role.EVALUATION)  # une session par code ne vaut que chez un mandataire
    appel = get_object_or_404(
        Appel.objects.filter(entente__mandataire__in=siens).select_related("entente__mandataire"), code=code
    )
    if appel.entente_id not in {entente for entente, _territoire in presidences(request.user, request.arrivee)}:
        raise Http404
    return render(
        request,
        "comite/ecarts.html",
        {
            "appel": appel,
            "lignes": ecarts_de(appel, request.user, request.arrivee),
            "fil": fil((_("Écart des notes"), None)),
        },
    )
