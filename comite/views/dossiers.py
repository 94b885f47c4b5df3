"""L'espace du comité : mes dossiers, le lien d'abord, la grille ensuite."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comite.forms.notes import LienForm, LiensForm, NotesForm, RetraitForm
from comite.requetes.membre import avis_des_autres, devenirs, evaluations_de, piles, place_dans_la_file
from comite.requetes.presidence import seances_presidees
from comite.services.affichage import regler_affichage
from projets.enums import EtatEvaluation
from projets.etats import notation_ouverte, recommandation_a_venir
from projets.models import Evaluation, Projet
from projets.requetes import dossier_complet
from projets.sections import constats_chiffres, demande_de
from projets.services.evaluations import declarer_lien, enregistrer_notes, se_retirer, soumettre_evaluation
from socle.acces import acces_connecte
from socle.erreurs import Refus
from socle.formats import heure
from socle.saisie import essayer


def fil(*pages: tuple[str, str | None]) -> list[dict[str, str | None]]:
    """Le fil d'Ariane, depuis la page du comité."""
    return [{"titre": titre, "url": url} for titre, url in ((_("Comité"), reverse("comite:dossiers")), *pages)]


@acces_connecte
def mes_evaluations(request: HttpRequest) -> HttpResponse:
    """Mes dossiers, par appel, avec ma progression et la prochaine séance."""
    return render(
        request,
        "comite/liste.html",
        {
            "piles": piles(request.user, request.arrivee),
            "presidees": seances_presidees(request.user, request.arrivee),
            "fil": [{"titre": _("Comité"), "url": None}],
        },
    )


@acces_connecte
@require_POST
def affichage(request: HttpRequest) -> HttpResponse:
    """Gros caractères : la préférence se garde avec le compte."""
    regler_affichage(personne=request.user, gros_caracteres="gros" in request.POST)
    return redirect("comite:dossiers")


@acces_connecte
def liens(request: HttpRequest) -> HttpResponse:
    """Mon lien avec chaque organisme, en une seule page."""
    evaluations = evaluations_de(request.user).filter(etat=EtatEvaluation.ASSIGNEE)
    formulaire = LiensForm(request.POST if request.method == "POST" else None, evaluations=evaluations)
    if request.method == "POST" and formulaire.is_valid():
        reponses = formulaire.reponses()
        faites = sum(
            essayer(
                formulaire,
                declarer_lien,
                evaluation=evaluation,
                lien=lien,
                auteur=request.user,
                instant=request.arrivee,
            )
            is not None
            for evaluation, lien in reponses
        )
        if faites == len(reponses):
            messages.success(request, _("Vos réponses sont enregistrées."))
            return redirect("comite:dossiers")
    return render(
        request,
        "comite/liens.html",
        {
            "formulaire": formulaire,
            "fil": fil((_("Mes liens avec les organismes"), None)),
            "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
        },
    )


def _mienne(request: HttpRequest, pk: int) -> Evaluation:
    return get_object_or_404(
        Evaluation.objects.assignees_a(request.user)
        .exclude(etat=EtatEvaluation.REMPLACEE)
        .select_related("projet__appel__entente__mandataire", "projet__organisme", "projet__enveloppe", "depot")
        .prefetch_related("projet__appel__criteres", "projet__appel__phases_comite"),
        pk=pk,
    )


@acces_connecte
def evaluation(request: HttpRequest, pk: int) -> HttpResponse:
    """Une évaluation : avant la déclaration, seule la question du lien paraît (R25)."""
    evaluation = _mienne(request, pk)
    if evaluation.etat == EtatEvaluation.ASSIGNEE:
        return _declarer(request, evaluation)
    if evaluation.etat == EtatEvaluation.RETIREE:
        return render(request, "comite/retiree.html", {"evaluation": evaluation, "fil": _fil(evaluation)})
    formulaire = NotesForm(request.POST if request.method == "POST" else None, evaluation=evaluation)
    if request.method == "POST" and evaluation.etat == EtatEvaluation.EN_COURS and formulaire.is_valid():
        if _noter(request, evaluation, formulaire):
            return _ensuite(request, evaluation)
    return render(request, "comite/evaluation.html", _contexte(request, evaluation, formulaire))


def _contexte(request: HttpRequest, evaluation: Evaluation, formulaire: NotesForm) -> dict[str, Any]:
    projet = dossier_complet(Projet.objects.filter(pk=evaluation.projet_id)).get()
    demande = demande_de(projet, projet.depenses.all(), projet.financements.all())
    return {
        "evaluation": evaluation,
        "projet": projet,
        "appel": projet.appel,
        "formulaire": formulaire,
        "place": place_dans_la_file(evaluation),
        "retard": evaluation.en_retard(request.arrivee),
        "closes": notation_ouverte(evaluation, request.arrivee) if evaluation.ouverte else None,
        "retrait_possible": recommandation_a_venir(evaluation, request.arrivee) is None,
        "notes": [(n, n.critere.en_mots(n.valeur)) for n in evaluation.notes.select_related("critere")],
        "avis": avis_des_autres(projet, request.user, request.arrivee),
        "ecarts": [c for c in constats_chiffres(projet) if not c.conforme],
        "demande": demande,
        "fil": _fil(evaluation),
        "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
    }


@acces_connecte
@require_POST
def brouillon(request: HttpRequest, pk: int) -> JsonResponse:
    """L'enregistrement continu des notes, quand JavaScript y est; la même règle que le bouton, critère par critère."""
    evaluation = _mienne(request, pk)
    formulaire = NotesForm(request.POST, evaluation=evaluation)
    formulaire.is_valid()
    try:
        enregistrer_notes(
            evaluation=evaluation,
            notes=formulaire.notes(),
            commentaire=formulaire.cleaned_data.get("commentaire", ""),
            auteur=request.user,
            instant=request.arrivee,
        )
    except Refus as refus:
        return JsonResponse({"refus": str(refus)}, status=409)
    quand = heure(request.arrivee, evaluation.projet.appel.fuseau)
    return JsonResponse({"texte": _("Enregistré à {heure}").format(heure=quand)})


@acces_connecte
def retrait(request: HttpRequest, pk: int) -> HttpResponse:
    """Un lien découvert en lisant ou après avoir soumis : ce que le retrait efface, puis le geste (R25)."""
    evaluation = _mienne(request, pk)
    if evaluation.etat in {EtatEvaluation.ASSIGNEE, EtatEvaluation.RETIREE}:
        return redirect(evaluation)
    formulaire = RetraitForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulaire.is_valid():
        if essayer(
            formulaire,
            se_retirer,
            evaluation=evaluation,
            nature=formulaire.cleaned_data["nature"],
            auteur=request.user,
            instant=request.arrivee,
        ):
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


@acces_connecte
def devenus(request: HttpRequest) -> HttpResponse:
    """Ce que les projets évalués sont devenus, une fois les décisions annoncées."""
    return render(
        request,
        "comite/devenus.html",
        {"appels": devenirs(request.user, request.arrivee), "fil": fil((_("Ce que les projets sont devenus"), None))},
    )


def _fil(evaluation: Evaluation, page: str = "") -> list[dict[str, str | None]]:
    numero = str(evaluation.projet.numero)
    return fil((numero, evaluation.get_absolute_url()), (page, None)) if page else fil((numero, None))


def _declarer(request: HttpRequest, evaluation: Evaluation) -> HttpResponse:
    formulaire = LienForm(request.POST if request.method == "POST" else None, initial={"lien": evaluation.lien or None})
    if request.method == "POST" and formulaire.is_valid():
        if essayer(
            formulaire,
            declarer_lien,
            evaluation=evaluation,
            auteur=request.user,
            instant=request.arrivee,
            **formulaire.arguments(),
        ):
            return redirect(evaluation)
    return render(
        request,
        "comite/lien.html",
        {
            "evaluation": evaluation,
            "formulaire": formulaire,
            "place": place_dans_la_file(evaluation),
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


def _ensuite(request: HttpRequest, evaluation: Evaluation) -> HttpResponse:
    """« Suivant » mène au prochain dossier à faire de la file; sinon, à la liste de l'appel, ou au même dossier."""
    if "suivant" in request.POST or "soumettre" in request.POST:
        suivante = place_dans_la_file(evaluation).suivante
        if suivante is not None and suivante.pk != evaluation.pk:
            return redirect(suivante)
        return redirect(f"{reverse('comite:dossiers')}#{urlencode({'appel': evaluation.projet.appel.code})}")
    return redirect(evaluation)
