"""Relire, déposer, recevoir l'accusé; documents PDF à la demande."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projets.forms.promoteur import DeposerForm
from projets.models import Projet
from projets.pieces import limite_des_pieces, pieces_recevables
from projets.requetes import frise, lettre_envoyee
from projets.sections import adresse_section, blocages, demande_de, pieces_manquantes, reste_a_faire
from projets.services.depots import deposer_projet
from projets.services.documents import demander_document
from projets.views.communs import fil, projet_du_promoteur
from socle.acces import acces_connecte
from socle.formats import jours_restants
from socle.saisie import essayer


@acces_connecte
def relire(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Tout ce qui sera déposé; le bouton Déposer n'est jamais caché."""
    projet = projet_du_promoteur(request, uuid, complet=request.method != "POST")
    if not projet.est_brouillon:  # double clic, retour arrière : l'accusé répond
        return _accuse_de(projet)
    formulaire = DeposerForm(request.POST or None)
    if request.method == "POST":
        if formulaire.is_valid():
            depot = essayer(formulaire, deposer_projet, projet=projet, auteur=request.user, instant=request.arrivee)
            if depot:
                return _accuse_de(depot.projet)
        projet = projet_du_promoteur(request, uuid)
        if not projet.est_brouillon:
            return _accuse_de(projet)
    constats = reste_a_faire(projet)
    bloquants = blocages(constats)
    return render(
        request,
        "projets/relire.html",
        {
            "premier_blocage": adresse_section(projet, bloquants[0].section) if bloquants else "",
            "restants": jours_restants(projet.appel.echeance, request.arrivee, projet.appel.fuseau),
            "projet": projet,
            "appel": projet.appel,
            "formulaire": formulaire,
            "constats": constats,
            "bloquants": bloquants,
            "demande": demande_de(projet, projet.depenses.all(), projet.financements.all()),
            "mandat": request.user.has_perm("projets.deposer_projet", projet),
            "fil": fil(projet, _("Relire et déposer")),
            "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
        },
    )


def _accuse_de(projet: Projet) -> HttpResponse:
    """L'accusé de la demande; celui de la demande modifiée, quand ce brouillon la modifiait."""
    return redirect("projets:accuse", uuid=(projet.remplace or projet).uuid)


@acces_connecte
def accuse(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """L'accusé de réception : cette page en tient lieu, le PDF suit (R56, décision 18)."""
    projet = projet_du_promoteur(request, uuid)
    depot = projet.depots.first()
    if depot is None and projet.remplace and not projet.est_brouillon:
        return _accuse_de(projet)
    if depot is None:
        raise Http404
    fermees = pieces_recevables(projet, request.arrivee)
    return render(
        request,
        "projets/accuse.html",
        {
            "projet": projet,
            "appel": projet.appel,
            "depot": depot,
            "manquantes": [] if fermees else pieces_manquantes(projet, projet.pieces.all()),
            "fermees": fermees,
            "limite": limite_des_pieces(projet),
            "frise": frise(projet),
            "fil": fil(projet, _("Accusé de réception")),
        },
    )


@acces_connecte
@require_POST
def preparer_document(request: HttpRequest, uuid: UUID, genre: str) -> HttpResponse:
    """Prépare le PDF demandé, s'il n'existe pas encore, et montre sa progression."""
    projet = projet_du_promoteur(request, uuid)
    depot, convention = projet.depots.first(), getattr(projet, "convention", None)
    if not lettre_envoyee(projet):  # R28 : l'organisme apprend la décision par sa lettre
        convention = None
    porteur = {"accuse": depot, "dossier": depot, "convention": convention}.get(genre)
    if porteur is None:
        raise Http404
    travail = demander_document(genre, projet, objet_id=porteur.pk, demande_par=request.user, instant=request.arrivee)
    messages.info(request, _("Le document se prépare."))
    return redirect(f"{travail.get_absolute_url()}?retour={projet.get_absolute_url()}")
