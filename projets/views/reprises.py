"""Revenir sur ce qui est déposé : le modifier tant que l'appel est ouvert, le signer."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projets.forms.promoteur import SignerDemandeForm
from projets.pieces import limite_des_pieces
from projets.services.copies import reprendre_demande
from projets.services.depots import signer_demande
from projets.views.communs import fil, projet_du_promoteur
from socle.acces import acces_connecte, exiger
from socle.erreurs import Refus
from socle.saisie import essayer


@acces_connecte
@require_POST
def reprendre(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ouvre, ou retrouve, le brouillon qui modifie la demande déposée."""
    projet = projet_du_promoteur(request, uuid, complet=False)
    try:
        reprise = reprendre_demande(projet=projet, auteur=request.user, instant=request.arrivee)
    except Refus as refus:
        messages.error(request, str(refus))
        return redirect(projet)
    return redirect(reprise)


@acces_connecte
def signer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Signer la version déposée, au nom de l'organisme."""
    projet = projet_du_promoteur(request, uuid)
    depot = projet.depots.first()
    if depot is None:
        raise Http404
    formulaire = SignerDemandeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulaire.is_valid():
        exiger(request.user, "projets.signer_demande", projet)
        if essayer(formulaire, signer_demande, projet=projet, auteur=request.user, instant=request.arrivee):
            messages.success(request, _("La demande {numero} est signée.").format(numero=projet.numero))
            return redirect(projet)
    return render(
        request,
        "projets/signer.html",
        {
            "projet": projet,
            "appel": projet.appel,
            "depot": depot,
            "limite": limite_des_pieces(projet),
            "formulaire": formulaire,
            "peut_signer": request.user.has_perm("projets.signer_demande", projet),
            "fil": fil(projet, _("Signature")),
            "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
        },
    )
