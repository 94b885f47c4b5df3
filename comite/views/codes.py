"""Entrer dans l'espace du comité avec un code imprimé."""

from allauth.core import ratelimit
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from comite.forms.codes import CodeForm
from comite.services.codes import utiliser_code
from comite.session_code import CLE, DUREE
from socle.acces import acces_public
from socle.saisie import essayer

LIMITE = "comite_code"  # config.settings : ACCOUNT_RATE_LIMITS


@acces_public
@never_cache
def entrer(request: HttpRequest) -> HttpResponse:
    """Un code, une fois : la session qu'il ouvre ne vaut que pour le comité, trois heures au plus."""
    formulaire = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not ratelimit.consume(request, action=LIMITE):
            return render(request, "comite/code_limite.html", status=429)
        if formulaire.is_valid():
            code = essayer(formulaire, utiliser_code, instant=request.arrivee, **formulaire.cleaned_data)
            if code is not None:
                login(request, code.feuille.membre, backend="comptes.connexion.ConnexionCourriel")
                request.session[CLE] = code.feuille_id
                request.session.set_expiry(int(DUREE.total_seconds()))
                return redirect("comite:dossiers")
    return render(
        request,
        "comite/code.html",
        {"formulaire": formulaire, "erreurs_formulaire": formulaire.errors if request.method == "POST" else None},
    )
