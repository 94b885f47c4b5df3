"""Les sections d'un brouillon : projet, activités, budget, pièces."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projets.exigences import pieces_exigees
from projets.forms.promoteur import LISTES, BudgetForm, PieceForm, RangeesFormSet, SectionForm, VersionForm
from projets.models import Projet
from projets.pieces import pieces_recevables
from projets.sections import ACTIVITES, BUDGET, PIECES, PROJET, TITRES, constats_chiffres, demande_de
from projets.services.brouillons import enregistrer_section, joindre_piece, retirer_piece
from projets.views.communs import fil, projet_du_promoteur
from socle.acces import acces_connecte, exiger
from socle.formats import heure, saisie_montant
from socle.saisie import essayer

RELATIONS = {ACTIVITES: ("activites", "resultats"), BUDGET: ("depenses", "financements"), PROJET: ()}
GABARITS = {ACTIVITES: "projets/activites.html", BUDGET: "projets/budget.html", PROJET: "projets/section.html"}


@acces_connecte
def section(request: HttpRequest, uuid: UUID, code: str) -> HttpResponse:
    """Affiche ou enregistre une section; rien de ce qui est saisi ne se perd."""
    if code not in RELATIONS:
        raise Http404
    projet = projet_du_promoteur(request, uuid)
    exiger(request.user, "projets.modifier_projet", projet)
    formulaire = _formulaire(request, projet, code)
    listes = {relation: _liste(request, projet, relation) for relation in RELATIONS[code]}
    if request.method == "POST" and all([formulaire.is_valid(), *(formset.is_valid() for formset in listes.values())]):
        if _enregistrer(request, projet, code, formulaire, listes):
            messages.success(
                request, _("Enregistré à {heure}.").format(heure=heure(request.arrivee, projet.appel.fuseau))
            )
            return redirect("projets:section", uuid=uuid, code=code) if "rester" in request.POST else redirect(projet)
    return render(
        request,
        GABARITS[code],
        {
            "projet": projet,
            "appel": projet.appel,
            "formulaire": formulaire,
            "listes": listes,
            "titre": TITRES[code],
            "code": code,
            "fil": fil(projet, TITRES[code]),
            "constats": constats_chiffres(projet) if code == BUDGET and code in projet.sections_vues else [],
            "erreurs_formulaire": formulaire.errors or any(formset.total_error_count() for formset in listes.values())
            if request.method == "POST"
            else None,
            "demande": demande_de(projet, projet.depenses.all(), projet.financements.all()) if code == BUDGET else None,
        },
    )


def _formulaire(request: HttpRequest, projet: Projet, code: str) -> Any:
    donnees, initial = request.POST or None, {"version": projet.versions.get(code, 0)}
    if code == PROJET:
        return SectionForm(
            donnees, instance=Projet.objects.select_related("appel__entente").get(pk=projet.pk), initial=initial
        )
    if code == BUDGET:
        return BudgetForm(donnees, initial={**initial, "montant_demande": projet.montant_demande})
    return VersionForm(donnees, initial=initial)


def _liste(request: HttpRequest, projet: Projet, relation: str) -> RangeesFormSet:
    formset = LISTES[relation]
    champs = list(formset.form.base_fields)
    initial = [
        {champ: _initial(getattr(rangee, champ)) for champ in champs} for rangee in getattr(projet, relation).all()
    ]
    return formset(request.POST or None, initial=initial, prefix=relation)


def _initial(valeur: Any) -> Any:
    return saisie_montant(valeur) if hasattr(valeur, "quantize") else valeur


def _enregistrer(
    request: HttpRequest, projet: Projet, code: str, formulaire: Any, listes: dict[str, RangeesFormSet]
) -> bool:
    champs = (
        formulaire.champs() if code == PROJET else {n: v for n, v in formulaire.cleaned_data.items() if n != "version"}
    )
    enregistre = essayer(
        formulaire,
        enregistrer_section,
        projet=projet,
        section=code,
        version=formulaire.cleaned_data["version"],
        champs=champs,
        listes={relation: formset.toutes() for relation, formset in listes.items()},
        instant=request.arrivee,
        auteur=request.user,
    )
    if enregistre is None:  # la version neuve permet d'enregistrer de nouveau, en connaissance de cause
        frais = Projet.objects.get(pk=projet.pk)
        formulaire.data = {**formulaire.data.dict(), "version": frais.versions.get(code, 0)}
    return enregistre is not None


@acces_connecte
def pieces(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Les pièces, une ligne par exigence; chaque refus dit sa cause."""
    projet = projet_du_promoteur(request, uuid)
    exiger(request.user, "projets.joindre_piece", projet)
    formulaire = PieceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and formulaire.is_valid():
        requise = projet.appel.pieces_requises.filter(pk=formulaire.cleaned_data["requise"]).first()
        piece = essayer(
            formulaire,
            joindre_piece,
            projet=projet,
            televerse=formulaire.cleaned_data["fichier"],
            requise=requise,
            auteur=request.user,
            instant=request.arrivee,
        )
        if piece is not None:
            messages.success(request, _("« {nom} » est joint.").format(nom=piece.fichier.nom))
            return redirect("projets:pieces", uuid=uuid)
    toutes = list(projet.pieces.all())
    return render(
        request,
        "projets/pieces.html",
        {
            "projet": projet,
            "appel": projet.appel,
            "formulaire": formulaire,
            "fermees": pieces_recevables(projet, request.arrivee),
            "exigences": [
                (requise, [p for p in toutes if p.requise_id == requise.pk]) for requise in pieces_exigees(projet)
            ],
            "libres": [p for p in toutes if p.requise_id is None],
            "fil": fil(projet, TITRES[PIECES]),
            "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
        },
    )


@acces_connecte
@require_POST
def enlever_piece(request: HttpRequest, uuid: UUID, pk: int) -> HttpResponse:
    """Retire une pièce d'un brouillon."""
    projet = projet_du_promoteur(request, uuid)
    exiger(request.user, "projets.modifier_projet", projet)
    piece = get_object_or_404(projet.pieces.select_related("fichier", "projet"), pk=pk)
    nom = piece.fichier.nom
    retirer_piece(piece=piece)
    messages.success(request, _("« {nom} » est retiré.").format(nom=nom))
    return redirect("projets:pieces", uuid=uuid)
