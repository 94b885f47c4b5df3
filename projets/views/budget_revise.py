"""Le budget révisé, après un octroi partiel : écrit par l'organisme, remis, puis accepté par la coordination (R29)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from projets.champs import rangees_json
from projets.enums import EtatBudgetRevise
from projets.forms.budget_revise import BudgetReviseForm
from projets.models import BudgetRevise
from projets.requetes import lettre_envoyee
from projets.services.budgets_revises import constats_du_budget, ecrire_budget_revise, soumettre_budget_revise
from projets.views.communs import fil, projet_du_promoteur
from socle.acces import acces_connecte, exiger
from socle.saisie import essayer

A_ECRIRE = (EtatBudgetRevise.ATTENDU, EtatBudgetRevise.A_CORRIGER)


def _budget(request: HttpRequest, uuid: UUID) -> BudgetRevise:
    """Le budget révisé, une fois l'octroi communiqué; 404 avant, ou sans octroi partiel."""
    projet = projet_du_promoteur(request, uuid)
    budget = getattr(projet, "budget_revise", None)
    if budget is None or not lettre_envoyee(projet):
        raise Http404
    return budget


@acces_connecte
def budget_revise(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Refaire le budget au montant accordé; enregistrer, recalculer, remettre."""
    budget = _budget(request, uuid)
    ecrivable = budget.etat in A_ECRIRE
    formulaire = BudgetReviseForm(request.POST if request.method == "POST" and ecrivable else None, budget=budget)
    if request.method == "POST" and ecrivable and formulaire.is_valid():
        exiger(request.user, "projets.ecrire_budget_revise", budget)
        ecrit = essayer(
            formulaire,
            ecrire_budget_revise,
            budget=budget,
            depenses=rangees_json("depenses", formulaire.listes["depenses"].toutes()) or [],
            financements=rangees_json("financements", formulaire.listes["financements"].toutes()) or [],
            mot=formulaire.cleaned_data["mot"],
            auteur=request.user,
            instant=request.arrivee,
        )
        if ecrit is not None and _apres(request, formulaire, ecrit):
            return redirect("projets:budget_revise", uuid=uuid)
        budget = ecrit or budget
    return render(request, "projets/budget_revise.html", _contexte(request, budget, formulaire))


def _apres(request: HttpRequest, formulaire: BudgetReviseForm, budget: BudgetRevise) -> bool:
    """Gardé, ou remis si on l'a demandé; faux si la remise est refusée : ce qui est écrit reste enregistré."""
    if "remettre" not in request.POST:
        messages.success(request, _("Le budget révisé est enregistré; il n’est pas encore remis."))
        return True
    acteur: dict[str, Any] = {"auteur": request.user, "instant": request.arrivee}
    if essayer(formulaire, soumettre_budget_revise, budget=budget, **acteur) is None:
        return False
    messages.success(request, _("Le budget révisé est remis. La coordination le lit, puis prépare la convention."))
    return True


def _contexte(request: HttpRequest, budget: BudgetRevise, formulaire: BudgetReviseForm) -> dict[str, Any]:
    projet = budget.projet
    return {
        "projet": projet,
        "appel": projet.appel,
        "budget": budget,
        "formulaire": formulaire,
        "ecrivable": budget.etat in A_ECRIRE,
        "mandat": request.user.has_perm("projets.remettre_budget_revise", budget),
        "constats": constats_du_budget(budget),
        "fil": fil(projet, _("Budget révisé")),
        "erreurs_formulaire": formulaire.fautes if request.method == "POST" else None,
    }
