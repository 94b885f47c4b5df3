"""Téléchargements gardés et suivi des travaux longs."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from socle import travaux
from socle.acces import acces_connecte
from socle.documents import fichiers
from socle.models import Fichier, Travail
from socle.models.travail import IssueLigne

MONTREES = 200


@acces_connecte
def telecharger(request: HttpRequest, uuid: UUID) -> FileResponse:
    """Sert un fichier à qui peut le lire; 404 sinon, qu'il existe ou non."""
    fichier = get_object_or_404(Fichier, uuid=uuid)
    if not fichiers.peut_lire(request.user, fichier):
        raise Http404
    return fichiers.servir(fichier)


@acces_connecte
def suivre_travail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Progression d'un travail demandé par la personne; htmx ne reçoit que le fragment."""
    travail = get_object_or_404(Travail.objects.select_related("fichier"), uuid=uuid, demande_par=request.user)
    retour = request.GET.get("retour", "") or travail.retour
    sur = url_has_allowed_host_and_scheme(retour, allowed_hosts=None)
    gabarit = "socle/travail_fragment.html" if request.htmx else "socle/travail.html"
    fichier = travail.fichier
    perissable = settings.EXPORTS_JOURS if fichier and fichier.acces in fichiers.genres_perissables() else 0
    contexte = {"travail": travail, "retour": retour if sur else "", "perissable": perissable}
    return render(request, gabarit, {**contexte, **bilan(travail)})


def bilan(travail: Travail) -> dict[str, Any]:
    """D'un travail en lot : combien par issue, et les objets sautés ou refusés, avec la raison (deux requêtes)."""
    comptes = dict(travail.lignes.order_by().values_list("issue").annotate(n=Count("pk")))
    if not comptes:
        return {"issues": [], "ecartes": []}
    ecartes = travail.lignes.exclude(issue=IssueLigne.FAIT).order_by("id")[:MONTREES] if travail.fini else []
    return {
        "issues": [(issue, str(issue.label), comptes.get(issue, 0)) for issue in IssueLigne],
        "ecartes": list(ecartes),
    }


@acces_connecte
@require_POST
def reprendre_travail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Reprend un travail annulé ou en échec, où il en était."""
    travail = get_object_or_404(Travail, uuid=uuid, demande_par=request.user)
    if travaux.reprendre(travail, request.arrivee):
        messages.success(request, _("Le travail reprend où il en était."))
    else:
        messages.info(request, _("Ce travail n’est ni annulé ni en échec : il n’y a rien à reprendre."))
    return redirect("socle:travail", uuid=uuid)


@acces_connecte
@require_POST
def annuler_travail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Annule un travail non fini de la personne."""
    travail = get_object_or_404(Travail, uuid=uuid, demande_par=request.user)
    if travaux.annuler(travail):
        messages.success(request, _("La production est annulée."))
    else:
        messages.info(request, _("La production était déjà finie : il n’y avait rien à annuler."))
    return redirect("socle:travail", uuid=uuid)
