"""L'espace du comité : mes dossiers, le lien d'abord, la grille ensuite."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from comite.forms.notes import LienForm, NotesForm
from projets.enums import EtatEvaluation
from projets.etats import recommandation_a_venir
from projets.models import Evaluation, Projet
from projets.requetes import dossier_complet
from projets.sections import demande_de
from projets.services.evaluations import declarer_lien, enregistrer_notes, se_retirer, soumettre_evaluation
from socle.acces import acces_connecte
from socle.formulaires import ConfirmerForm
from socle.saisie import essayer


@acces_connecte
def mes_evaluations(request: HttpRequest) -> HttpResponse:
    """Les demandes confiées à la personne, à faire d'abord."""
    evaluations = list(
        Evaluation.objects.assignees_a(request.user).select_related(
            "projet__organisme", "projet__enveloppe", "projet__appel"
        )
    )
    a_faire = [e for e in evaluations if e.etat in {EtatEvaluation.ASSIGNEE, EtatEvaluation.EN_COURS}]
    return render(
        request,
        "comite/liste.html",
        {
            "a_faire": a_faire,
            "faites": [e for e in evaluations if e not in a_faire],
            "fil": [{"titre": _("Comité"), "url": None}],
        },
    )


@acces_connecte
def evaluation(request: HttpRequest, pk: int) -> HttpResponse:
    """Une évaluation : avant la déclaration, seule la question du lien paraît (R25)."""
    evaluation = get_object_or_404(
        Evaluation.objects.assignees_a(request.user).select_related("projet__appel", "projet__organisme", "depot"),
        pk=pk,
    )
    if evaluation.etat == EtatEvaluation.ASSIGNEE:
        return _declarer(request, evaluation)
    if evaluation.etat == EtatEvaluation.RETIREE:
        return render(request, "comite/retiree.html", {"evaluation": evaluation, "fil": _fil(evaluation)})
    projet = dossier_complet(Projet.objects.filter(pk=evaluation.projet_id)).get()
    formulaire = NotesForm(request.POST or None, evaluation=evaluation)
    if request.method == "POST" and evaluation.etat == EtatEvaluation.EN_COURS and formulaire.is_valid():
        if _noter(request, evaluation, formulaire):
            return redirect("comite:dossiers" if "soumettre" in request.POST else evaluation)
    return render(
        request,
        "comite/evaluation.html",
        {
            "evaluation": evaluation,
            "projet": projet,
            "formulaire": formulaire,
            "retrait_possible": recommandation_a_venir(evaluation, request.arrivee) is None,
            "notes": evaluation.notes.select_related("critere"),
            "demande": demande_de(projet, projet.depenses.all(), projet.financements.all()),
            "fil": _fil(evaluation),
            "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
        },
    )


@acces_connecte
def retrait(request: HttpRequest, pk: int) -> HttpResponse:
    """Un lien découvert en lisant ou après avoir soumis : ce que le retrait efface, puis le geste (R25)."""
    evaluation = get_object_or_404(
        Evaluation.objects.assignees_a(request.user).select_related("projet__organisme"), pk=pk
    )
    if evaluation.etat in {EtatEvaluation.ASSIGNEE, EtatEvaluation.RETIREE}:
        return redirect(evaluation)
    formulaire = ConfirmerForm(
        request.POST if request.method == "POST" else None, bouton=_("Déclarer mon lien et me retirer")
    )
    if request.method == "POST" and formulaire.is_valid():
        if essayer(formulaire, se_retirer, evaluation=evaluation, auteur=request.user, instant=request.arrivee):
            return redirect(evaluation)
    return render(
        request,
        "comite/retrait.html",
        {
            "evaluation": evaluation,
            "formulaire": formulaire,
            "annuler": evaluation.get_absolute_url(),
            "fil": _fil(evaluation, _("Me retirer")),
            "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
        },
    )


def _fil(evaluation: Evaluation, page: str = "") -> list[dict[str, str | None]]:
    numero = str(evaluation.projet.numero)
    comite = {"titre": _("Comité"), "url": reverse("comite:dossiers")}
    if not page:
        return [comite, {"titre": numero, "url": None}]
    return [comite, {"titre": numero, "url": evaluation.get_absolute_url()}, {"titre": page, "url": None}]


def _declarer(request: HttpRequest, evaluation: Evaluation) -> HttpResponse:
    formulaire = LienForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        if essayer(
            formulaire,
            declarer_lien,
            evaluation=evaluation,
            auteur=request.user,
            instant=request.arrivee,
            **formulaire.cleaned_data,
        ):
            return redirect(evaluation)
    return render(
        request,
        "comite/lien.html",
        {
            "evaluation": evaluation,
            "formulaire": formulaire,
            "fil": _fil(evaluation),
            "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
        },
    )


def _noter(request: HttpRequest, evaluation: Evaluation, formulaire: NotesForm) -> bool:
    acteur = {"auteur": request.user, "instant": request.arrivee}
    enregistree = essayer(
        formulaire,
        enregistrer_notes,
        evaluation=evaluation,
        notes=formulaire.notes(),
        commentaire=formulaire.cleaned_data["commentaire"],
        **acteur,
    )
    if enregistree is None:
        return False
    if "soumettre" not in request.POST:
        messages.success(request, _("Vos notes sont enregistrées, pas encore soumises."))
        return True
    if essayer(formulaire, soumettre_evaluation, evaluation=enregistree, **acteur) is None:
        return False
    messages.success(request, _("Votre évaluation est soumise. Merci."))
    return True
