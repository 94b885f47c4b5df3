"""Après l'octroi : signer la convention, faire rapport."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from projets.forms.promoteur import RapportForm, SignerForm
from projets.models import Convention
from projets.requetes import lettre_envoyee
from projets.services.conventions import signer_convention
from projets.services.rapports import MODIFIABLE, enregistrer_rapport, soumettre_rapport
from projets.views.communs import fil, projet_du_promoteur
from socle.acces import acces_connecte, exiger
from socle.saisie import essayer


def _convention(request: HttpRequest, uuid: UUID) -> Convention:
    """La convention, une fois la décision communiquée; 404 avant."""
    projet = projet_du_promoteur(request, uuid)
    convention = getattr(projet, "convention", None)
    if convention is None or not lettre_envoyee(projet):
        raise Http404
    return convention


@acces_connecte
def convention(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Lire et signer la convention."""
    convention = _convention(request, uuid)
    projet = convention.projet
    formulaire = SignerForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        exiger(request.user, "projets.signer_convention", convention)
        if essayer(formulaire, signer_convention, convention=convention, auteur=request.user, instant=request.arrivee):
            messages.success(
                request,
                _("La convention est signée. Le mandataire la signe à son tour, puis le premier versement suit."),
            )
            return redirect(projet)
    return render(
        request,
        "projets/convention.html",
        {
            "projet": projet,
            "appel": projet.appel,
            "convention": convention,
            "versements": convention.versements.all(),
            "formulaire": formulaire,
            "peut_signer": request.user.has_perm("projets.signer_convention", convention),
            "fil": fil(projet, _("Convention")),
            "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
        },
    )


@acces_connecte
def rapport(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Écrire, puis soumettre le rapport final, prérempli de ce qui était prévu."""
    rapport = _convention(request, uuid).rapport
    projet = rapport.convention.projet
    modifiable = rapport.etat in MODIFIABLE
    formulaire = RapportForm(request.POST or None, instance=rapport)
    if request.method == "POST" and modifiable and formulaire.is_valid():
        rapport.refresh_from_db()
        enregistre = essayer(
            formulaire,
            enregistrer_rapport,
            rapport=rapport,
            champs=formulaire.textes(),
            reelles=formulaire.reelles(),
            obtenus=formulaire.obtenus(),
            auteur=request.user,
        )
        if enregistre and "soumettre" not in request.POST:
            messages.success(request, _("Le rapport est enregistré. Il n’est pas encore soumis."))
            return redirect("projets:rapport", uuid=uuid)
        if enregistre and essayer(
            formulaire, soumettre_rapport, rapport=enregistre, auteur=request.user, instant=request.arrivee
        ):
            messages.success(request, _("Le rapport est soumis à la coordination."))
            return redirect(projet)
    return render(
        request,
        "projets/rapport.html",
        {
            "projet": projet,
            "appel": projet.appel,
            "rapport": rapport,
            "formulaire": formulaire,
            "modifiable": modifiable,
            "fil": fil(projet, _("Rapport final")),
            "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
        },
    )
