"""Vérifier un accusé de réception : un numéro, au besoin une empreinte; ni titre, ni organisme, ni montant."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from projets.forms.verification import VerifierForm
from projets.requetes import depots_du_numero
from socle.acces import acces_public


@acces_public
def verifier(request: HttpRequest) -> HttpResponse:
    """Authentique, reçu le…, empreinte…; ou inconnu, et quoi vérifier."""
    formulaire = VerifierForm(request.GET or None)
    depots, cherche = [], formulaire.is_valid()
    if cherche:
        depots = depots_du_numero(formulaire.cleaned_data["numero"])
        debut = formulaire.cleaned_data["empreinte"]
        for depot in depots:
            depot.correspond = depot.empreinte.startswith(debut) if debut else None
        # l'accusé d'une version ne se compare qu'à elle
        depots = [depot for depot in depots if depot.correspond] or depots
    return render(
        request,
        "projets/verifier.html",
        {
            "formulaire": formulaire,
            "cherche": cherche,
            "depots": depots,
            "erreurs_formulaire": formulaire.errors if request.GET else None,
            "fil": [{"titre": _("Vérifier un accusé"), "url": None}],
        },
    )
