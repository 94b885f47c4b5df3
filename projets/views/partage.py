"""Partager un brouillon avec l'agent du territoire, ou l'imprimer."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projets.sections import demande_de
from projets.services.assistance import partager_brouillon, reprendre_partage
from projets.views.communs import fil, projet_du_promoteur
from socle.acces import acces_connecte
from socle.erreurs import Refus


@acces_connecte
@require_POST
def partager(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ouvre le brouillon à l'agent, ou le lui referme (`arreter`)."""
    projet = projet_du_promoteur(request, uuid, complet=False)
    arreter = "arreter" in request.POST
    commande = reprendre_partage if arreter else partager_brouillon
    try:
        commande(projet=projet, auteur=request.user, instant=request.arrivee)
    except Refus as refus:
        messages.error(request, str(refus))
    else:
        messages.success(
            request,
            _("L’agent n’a plus accès à ce brouillon.")
            if arreter
            else _("L’agent du territoire peut vous aider à écrire."),
        )
    return redirect(projet)


@acces_connecte
def imprimer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Toutes les réponses en une page sobre, à imprimer; un brouillon le dit en tête."""
    projet = projet_du_promoteur(request, uuid)
    return render(
        request,
        "projets/imprimer.html",
        {
            "projet": projet,
            "appel": projet.appel,
            "demande": demande_de(projet, projet.depenses.all(), projet.financements.all()),
            "instant": request.arrivee,
            "fil": fil(projet, _("Imprimer")),
        },
    )
