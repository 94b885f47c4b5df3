"""Téléchargements gardés et suivi des travaux longs."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from socle import travaux
from socle.acces import acces_connecte
from socle.documents import fichiers
from socle.models import Fichier, Travail


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
    retour = request.GET.get("retour", "")
    sur = url_has_allowed_host_and_scheme(retour, allowed_hosts=None)
    gabarit = "socle/travail_fragment.html" if request.htmx else "socle/travail.html"
    return render(request, gabarit, {"travail": travail, "retour": retour if sur else ""})


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
