"""Pages publiques des appels."""

from typing import Any

from django.contrib import messages
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from appels.enums import EtatAppel, Phase
from appels.exports import calendrier, fil_atom
from appels.forms.guide import QuestionForm
from appels.models import Appel, AppelQuerySet
from appels.requetes.page import avec_la_page, contexte_page, reponses_de
from appels.requetes.publics import a_preparer, filtrer, rechercher
from appels.services.plan import plan_a_citer
from appels.services.questions import poser_question
from socle.acces import acces_public
from socle.documents import fichiers
from socle.formats import jours_restants
from socle.garde import garder_un_instant
from socle.saisie import essayer

FIL_MAX = 50


def _publics() -> AppelQuerySet:
    return Appel.objects.publics().select_related("entente__mandataire__region")


def _un(code: str) -> Appel:
    return get_object_or_404(avec_la_page(Appel.objects.publics()), code=code)


def _fil(appel: Appel, *suite: str) -> list[dict[str, Any]]:
    """Le fil d'Ariane : les appels, celui-ci, et la page."""
    etapes: list[dict[str, Any]] = [{"titre": _("Appels de projets"), "url": reverse("appels:liste")}]
    etapes.append({"titre": appel.titre, "url": appel.get_absolute_url() if suite else None})
    return etapes + [{"titre": titre, "url": None} for titre in suite]


@acces_public
@garder_un_instant
def liste(request: HttpRequest) -> HttpResponse:
    """Tous les appels publiés, ouverts d'abord; recherche sans accents ni tirets, filtres par état et par région."""
    recherche = request.GET.get("q", "").strip()[:80]
    tous = list(_publics())
    appels = filtrer(rechercher(tous, recherche), request.GET, request.arrivee)
    for appel in appels:
        appel.phase_lue = appel.phase_a(request.arrivee)
        appel.restants = jours_restants(appel.fermeture_a(request.arrivee), request.arrivee, appel.fuseau)
    return render(
        request,
        "appels/liste.html",
        {
            "ouverts": sorted(
                (a for a in appels if a.phase_lue == Phase.OUVERT), key=lambda a: a.fermeture_a(request.arrivee)
            ),
            "autres": [a for a in appels if a.phase_lue != Phase.OUVERT],
            "recherche": recherche,
            "phases": [(phase.value, phase.label) for phase in Phase],
            "phase": request.GET.get("phase", ""),
            "territoires": sorted({a.entente.mandataire.territoire for a in tous}),
            "territoire": request.GET.get("territoire", ""),
            "fil": [{"titre": _("Appels de projets"), "url": None}],
        },
    )


@acces_public
@garder_un_instant
def atom(request: HttpRequest) -> HttpResponse:
    """Le fil Atom des appels, du plus récent au plus ancien."""
    appels = _publics().annotate(prolonge_le=Max("prolongations__instant")).order_by("-ouverture")
    return HttpResponse(fil_atom(appels[:FIL_MAX]), content_type="application/atom+xml")


@acces_public
@garder_un_instant
def agenda(request: HttpRequest) -> HttpResponse:
    """Les ouvertures et les échéances à venir, pour un agenda; une paire par période de dépôt."""
    a_venir = _publics().exclude(etat=EtatAppel.ANNULE).filter(fermeture__gt=request.arrivee).order_by("fermeture")
    return HttpResponse(calendrier(a_venir, request.arrivee), content_type="text/calendar; charset=utf-8")


@acces_public
@garder_un_instant
def appel(request: HttpRequest, code: str) -> HttpResponse:
    """Un appel : pour qui, combien par territoire, quand, quoi joindre, qui appeler."""
    lu = _un(code)
    return render(request, "appels/appel.html", {**contexte_page(lu, request.arrivee), "fil": _fil(lu)})


@acces_public
def apercu(request: HttpRequest, code: str) -> HttpResponse:
    """La page d'un appel en préparation, exactement comme le public la lira; 404 pour qui ne le prépare pas."""
    lu = a_preparer(avec_la_page(Appel.objects.all()), request.user, code)
    if lu is None:
        raise Http404
    if lu.etat == EtatAppel.BROUILLON:
        # En mémoire seulement : ce que le public lirait si l'appel se publiait maintenant.
        lu.etat, lu.plan = EtatAppel.PUBLIE, plan_a_citer(lu)
    return render(request, "appels/appel.html", {**contexte_page(lu, request.arrivee), "fil": _fil(lu), "apercu": True})


@acces_public
@garder_un_instant
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """Le guide de l'appel : ses données et les textes de la coordination, avec un sommaire."""
    lu = _un(code)
    contexte = {**contexte_page(lu, request.arrivee), "textes": lu.textes.all(), "fil": _fil(lu, _("Guide"))}
    return render(request, "appels/guide.html", contexte)


@acces_public
def guide_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """Le PDF du guide, tel que le travailleur l'a produit la dernière fois; 404 s'il ne l'est pas encore."""
    lu = get_object_or_404(Appel.objects.publics().select_related("guide"), code=code)
    if lu.guide is None or not fichiers.peut_lire(request.user, lu.guide):
        raise Http404
    return fichiers.servir(lu.guide)


@acces_public
def questions(request: HttpRequest, code: str) -> HttpResponse:
    """Les réponses publiées, et poser une question sans compte ni nom."""
    lu = get_object_or_404(avec_la_page(Appel.objects.publics()).prefetch_related(None), code=code)
    formulaire = QuestionForm(request.POST if request.method == "POST" else None, instant=request.arrivee)
    if request.method == "POST" and formulaire.is_valid():
        texte = formulaire.cleaned_data["question"]
        if essayer(formulaire, poser_question, appel=lu, question=texte, instant=request.arrivee) is not None:
            messages.success(
                request, _("Votre question est reçue. La réponse paraîtra sur cette page, sans dire qui l’a posée.")
            )
            return redirect("appels:questions", code=code)
    contexte = {
        "appel": lu,
        "reponses": reponses_de(lu),
        "formulaire": formulaire,
        "fil": _fil(lu, _("Questions et réponses")),
    }
    contexte["recoit"] = lu.etat == EtatAppel.PUBLIE and request.arrivee < lu.fin_du_depot
    contexte["erreurs_formulaire"] = formulaire.errors if request.method == "POST" else None
    return render(request, "appels/questions.html", contexte)
