"""Les pièces d'une demande : joindre, retirer."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projets.forms.pieces import PieceForm
from projets.pieces import pieces_recevables
from projets.sections import PIECES, TITRES
from projets.services.pieces import joindre_piece, retirer_piece
from projets.views.communs import fil, projet_du_promoteur
from socle.acces import acces_connecte, exiger
from socle.saisie import essayer


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
                (requise, [p for p in toutes if p.requise_id == requise.pk])
                for requise in projet.appel.pieces_requises.all()
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
