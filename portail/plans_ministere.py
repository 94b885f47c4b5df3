"""L'espace du ministère : les plans de travail, un plan, l'accepter ou le retourner avec commentaires."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as L  # noqa: N812

from alliances.enums import EtatPlan
from alliances.forms.plan import ExamenPlanForm
from alliances.models import PlanTravail
from alliances.requetes.gouvernance import sans_siege_pourvu
from alliances.requetes.plans import lignes_de_plan
from alliances.services.plans import accepter_plan, commenter_plan
from portail.suivi_plan import suivi_du_plan
from socle.acces import acces, exiger
from socle.horloge import EST
from socle.saisie import essayer

SITUATIONS = {
    "a_examiner": (L("À examiner"), ""),
    "en_retard": (L("En retard"), "erreur"),
    "retourne": (L("Retourné, à corriger"), "attention"),
    "attendu": (L("Rien de déposé"), "neutre"),
    "en_vigueur": (L("En vigueur"), "reussite"),
}


@acces("alliances.juger_plan")
def plans(request: HttpRequest) -> HttpResponse:
    """Une ligne par plan, ce qui attend le ministère d'abord; filtre par situation."""
    lignes = lignes_de_plan(request.user, request.arrivee.astimezone(EST).date())
    choisie = request.GET.get("situation", "")
    comptes = {cle: sum(ligne.situation == cle for ligne in lignes) for cle in SITUATIONS}
    return render(
        request,
        "portail/plans.html",
        {
            "lignes": [
                (ligne, *SITUATIONS[ligne.situation])
                for ligne in lignes
                if choisie not in SITUATIONS or ligne.situation == choisie
            ],
            "situations": [(cle, libelle, comptes[cle]) for cle, (libelle, _ton) in SITUATIONS.items()],
            "choisie": choisie,
            "total": len(lignes),
            "fil": [{"titre": _("Plans de travail"), "url": None}],
        },
    )


@acces("alliances.juger_plan")
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Un plan déposé, accepté ou remplacé : le lire; déposé, l'accepter ou le retourner."""
    plans = PlanTravail.objects.visibles_pour(request.user).exclude(etat=EtatPlan.BROUILLON)
    plan = get_object_or_404(plans.select_related("entente__mandataire", "territoire", "depose_par"), pk=pk)
    exiger(request.user, "alliances.juger_plan", plan)
    formulaire = ExamenPlanForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        retour = "retourner" in request.POST
        acteur = {"auteur": request.user, "instant": request.arrivee, **formulaire.cleaned_data}
        if essayer(formulaire, commenter_plan if retour else accepter_plan, plan=plan, **acteur):
            fait = _("Le plan est retourné à la coordination.") if retour else _("Le plan est accepté, en vigueur.")
            messages.success(request, fait)
            return redirect("portail:plans" if retour else request.path)
    return render(request, "portail/plan.html", _lecture(request, plan, formulaire))


def _lecture(request: HttpRequest, plan: PlanTravail, formulaire: ExamenPlanForm) -> dict[str, Any]:
    jour = request.arrivee.astimezone(EST).date()
    lecture = suivi_du_plan(plan, jour)
    return {
        "plan": plan,
        "lecture": lecture,
        "versions": [version for version in lecture.versions if version.etat != EtatPlan.BROUILLON],
        "examinable": plan.etat == EtatPlan.DEPOSE,
        "sans_vecu": sans_siege_pourvu(plan.entente, jour),
        "formulaire": formulaire,
        "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
        "fil": [
            {"titre": _("Plans de travail"), "url": reverse("portail:plans")},
            {"titre": f"{plan.entente.code} v{plan.version}", "url": None},
        ],
    }
