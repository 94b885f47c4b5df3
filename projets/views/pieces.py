"""Les pièces d'une demande : joindre, réutiliser un document, garder une pièce, retirer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comptes.services.dossier_permanent import garder_fichier
from projets.exigences import exigence, exigences_de
from projets.forms.pieces import GarderForm, PieceForm, ReutiliserForm
from projets.models import Projet
from projets.pieces import pieces_recevables
from projets.sections import PIECES, TITRES
from projets.services.pieces import joindre_fichiers, retirer_piece, reutiliser_document
from projets.views.communs import fil, projet_du_promoteur
from socle.acces import acces_connecte, exiger
from socle.saisie import essayer

ENTETE = "X-Televersement"  # posé par static/js/televersement.js, qui montre la progression


@acces_connecte
def pieces(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Les pièces, une ligne par exigence; chaque refus dit sa cause."""
    projet = projet_du_promoteur(request, uuid)
    exiger(request.user, "projets.joindre_piece", projet)
    formulaire = PieceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and formulaire.is_valid():
        jointes = essayer(
            formulaire,
            joindre_fichiers,
            projet=projet,
            televerses=formulaire.cleaned_data["fichier"],
            pour=exigence(projet, formulaire.cleaned_data["exigence"]),
            auteur=request.user,
            instant=request.arrivee,
        )
        if jointes is not None:
            for piece in jointes:
                messages.success(request, _("« {nom} » est joint.").format(nom=piece.fichier.nom))
            return _apres(request, uuid)
    if request.method == "POST" and ENTETE in request.headers:
        return JsonResponse({"erreurs": [message for _ancre, message in formulaire.erreurs_liees()]}, status=422)
    return _page(request, projet, formulaire)


def _apres(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Retour à la page; le script de progression reçoit l'adresse, pour que le message reste à lire."""
    adresse = reverse("projets:pieces", args=[uuid])
    return JsonResponse({"url": adresse}) if ENTETE in request.headers else redirect(adresse)


def _page(request: HttpRequest, projet: Projet, formulaire: Any) -> HttpResponse:
    toutes = list(projet.pieces.all())
    exigences = exigences_de(projet)
    reutiliser = ReutiliserForm(organisme=projet.organisme)
    return render(
        request,
        "projets/pieces.html",
        {
            "projet": projet,
            "appel": projet.appel,
            "formulaire": formulaire,
            "fermees": pieces_recevables(projet, request.arrivee),
            "exigences": [(voulue, [p for p in toutes if voulue.remplie_par(p)]) for voulue in exigences],
            "libres": [p for p in toutes if not any(voulue.remplie_par(p) for voulue in exigences)],
            "documents": list(reutiliser.fields["document"].queryset),
            "fil": fil(projet, TITRES[PIECES]),
            "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
        },
    )


@acces_connecte
@require_POST
def reutiliser(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Joint un document du dossier permanent."""
    projet = projet_du_promoteur(request, uuid)
    exiger(request.user, "projets.joindre_piece", projet)
    formulaire = ReutiliserForm(request.POST, organisme=projet.organisme)
    if formulaire.is_valid():
        piece = essayer(
            formulaire,
            reutiliser_document,
            projet=projet,
            document=formulaire.cleaned_data["document"],
            pour=exigence(projet, formulaire.cleaned_data["exigence"]),
            auteur=request.user,
            instant=request.arrivee,
        )
        if piece is not None:
            messages.success(request, _("« {nom} » est joint.").format(nom=piece.fichier.nom))
            return redirect("projets:pieces", uuid=uuid)
    return _page(request, projet, formulaire)


@acces_connecte
def garder(request: HttpRequest, uuid: UUID, pk: int) -> HttpResponse:
    """Garde une copie d'une pièce au dossier permanent de l'organisme."""
    projet = projet_du_promoteur(request, uuid)
    piece = get_object_or_404(projet.pieces.select_related("fichier"), pk=pk)
    formulaire = GarderForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        document = essayer(
            formulaire,
            garder_fichier,
            organisme=projet.organisme,
            fichier=piece.fichier,
            auteur=request.user,
            instant=request.arrivee,
            **formulaire.cleaned_data,
        )
        if document is not None:
            messages.success(request, _("« {document} » est au dossier permanent.").format(document=document))
            return redirect("projets:pieces", uuid=uuid)
    return render(
        request,
        "projets/formulaire.html",
        {
            "titre": _("Garder au dossier permanent"),
            "explication": piece.fichier.nom,
            "formulaire": formulaire,
            "projet": projet,
            "appel": projet.appel,
            "fil": fil(projet, _("Garder au dossier permanent")),
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
