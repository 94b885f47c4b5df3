"""Les sections d'un brouillon : enregistrées d'un bloc, ou champ par champ pendant qu'on écrit."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projets.champs import MONTANT
from projets.models import Projet
from projets.sections import BUDGET, constats_chiffres, demande_de, titres_de
from projets.services.brouillons import enregistrer_reponses
from projets.views.communs import fil, projet_du_promoteur
from projets.views.saisie import RELATIONS, SaisieSection
from socle.acces import acces_connecte, exiger
from socle.erreurs import Refus
from socle.formats import argent_cents, heure
from socle.reprise import reprendre_saisie
from socle.saisie import essayer

GABARITS = {"activites": "projets/activites.html", BUDGET: "projets/budget.html"}


@acces_connecte
def section(request: HttpRequest, uuid: UUID, code: str) -> HttpResponse:
    """Affiche ou enregistre une section; rien de ce qui est saisi ne se perd."""
    projet = projet_du_promoteur(request, uuid)
    exiger(request.user, "projets.modifier_projet", projet)
    gardee = reprendre_saisie(request) if request.method == "GET" else None
    saisie = SaisieSection(projet, code, request.POST if request.method == "POST" else gardee)
    if request.method == "POST":
        resultat = essayer(
            saisie.formulaire,
            enregistrer_reponses,
            projet=projet,
            section=code,
            ecritures=saisie.ecritures(),
            auteur=request.user,
            instant=request.arrivee,
        )
        if resultat is not None:
            projet = projet_du_promoteur(request, uuid)
            saisie.apres(projet, resultat[1])
            if saisie.propre:
                quand = heure(request.arrivee, projet.appel.fuseau)
                messages.success(request, _("Enregistré à {heure}.").format(heure=quand))
                return (
                    redirect("projets:section", uuid=uuid, code=code) if "rester" in request.POST else redirect(projet)
                )
    return render(
        request,
        GABARITS.get(code, "projets/section.html"),
        {**_contexte(projet, saisie), "reprise": gardee is not None},
    )


def _contexte(projet: Projet, saisie: SaisieSection) -> dict[str, Any]:
    code, titres = saisie.code, titres_de(projet)
    codes = list(titres)
    suivante = codes[codes.index(code) + 1] if code in codes[:-1] else None
    return {
        "projet": projet,
        "appel": projet.appel,
        "saisie": saisie,
        "formulaire": saisie.formulaire,
        "listes": saisie.listes,
        "section": saisie.section,
        "titre": titres[code],
        "suivante": titres.get(suivante),
        "code": code,
        "fil": fil(projet, titres[code]),
        "erreurs_formulaire": saisie.erreurs,
        **(budget_de(projet) if code == BUDGET else {}),
    }


def budget_de(projet: Projet) -> dict[str, Any]:
    """Les totaux et les règles, calculés une seule fois, ici, pour la page et pour l'enregistrement continu."""
    return {
        "demande": demande_de(projet, projet.depenses.all(), projet.financements.all()),
        "constats": constats_chiffres(projet) if BUDGET in projet.sections_vues else [],
    }


@acces_connecte
@require_POST
def champ(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Enregistre un seul champ, pendant qu'on écrit; répond en JSON : l'heure, la nouvelle empreinte, ou ce qui l'empêche."""
    projet = projet_du_promoteur(request, uuid, complet=False)
    code, nom = request.POST.get("section", ""), request.POST.get("champ", "")
    saisie = SaisieSection(projet, code, request.POST, seul=nom)
    try:
        projet, conflits = enregistrer_reponses(
            projet=projet,
            section=code,
            ecritures=saisie.ecritures(),
            auteur=request.user,
            instant=request.arrivee,
        )
    except Refus as refus:
        return JsonResponse({"etat": "refuse", "message": str(refus)}, status=409)
    saisie.apres(projet, conflits)
    reponse = {**saisie.etat_du_champ(nom), "heure": heure(request.arrivee, projet.appel.fuseau)}
    if nom in {MONTANT, *RELATIONS[BUDGET]}:
        budget = budget_de(projet)
        reponse["volet"] = render_to_string("projets/_volet_budget.html", budget, request)
        reponse["total"] = argent_cents(
            budget["demande"].total_depenses if nom == "depenses" else budget["demande"].total_financements
        )
    return JsonResponse(reponse)
