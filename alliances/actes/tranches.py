"""Inscrire une tranche reçue du ministère."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from alliances.forms.ententes import RecevoirForm
from alliances.models import Entente
from alliances.services.ententes import recevoir_tranche
from socle.admin.actes import jouer


def recevoir(request: HttpRequest, entente: Entente) -> HttpResponse:
    formulaire = RecevoirForm(request.POST if request.method == "POST" else None, entente=entente)
    return jouer(
        request,
        objet=entente,
        titre=_("Inscrire une tranche reçue"),
        formulaire=formulaire,
        commande=recevoir_tranche,
        arguments=lambda: dict(formulaire.cleaned_data),
        succes=_("La tranche est inscrite."),
    )
