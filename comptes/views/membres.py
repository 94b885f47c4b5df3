"""Les membres d'un organisme : inviter, accepter, changer un rôle, retirer, demander à rejoindre."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comptes.enums import EtatDemande
from comptes.forms import InviterForm, RejoindreForm, RolesForm
from comptes.models import Invitation
from comptes.services import membres as services
from comptes.views.communs import fil, organisme_de
from socle.acces import acces_connecte, exiger
from socle.erreurs import Refus
from socle.formulaires import ConfirmerForm
from socle.saisie import essayer


@acces_connecte
def membres(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Qui est membre, qui est invité, qui demande à rejoindre."""
    organisme = organisme_de(request, uuid)
    gere = request.user.has_perm(services.DROIT, organisme)
    formulaire = InviterForm(request.POST or None)
    if request.method == "POST":
        exiger(request.user, services.DROIT, organisme)
        if formulaire.is_valid() and _inviter(request, organisme, formulaire):
            return redirect("comptes:membres", uuid=uuid)
    return render(
        request,
        "comptes/membres.html",
        {
            "organisme": organisme,
            "membres": organisme.adhesions.filter(retiree_le__isnull=True).select_related("utilisateur"),
            "invitations": organisme.invitations.filter(acceptee_le__isnull=True, annulee_le__isnull=True),
            "demandes": organisme.demandes.filter(etat=EtatDemande.EN_ATTENTE).select_related("utilisateur"),
            "gere": gere,
            "instant": request.arrivee,
            "formulaire": formulaire,
            "fil": fil(organisme, _("Membres")),
            "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
        },
    )


def _inviter(request: HttpRequest, organisme: Any, formulaire: InviterForm) -> Any:
    invitation = essayer(
        formulaire,
        services.inviter_membre,
        organisme=organisme,
        auteur=request.user,
        instant=request.arrivee,
        **formulaire.cleaned_data,
    )
    if invitation is not None:
        messages.success(request, _("L’invitation part par courriel à {email}.").format(email=invitation.email))
    return invitation


@acces_connecte
def membre(request: HttpRequest, uuid: UUID, pk: int) -> HttpResponse:
    """Changer les rôles d'un membre."""
    organisme = organisme_de(request, uuid)
    exiger(request.user, services.DROIT, organisme)
    adhesion = get_object_or_404(
        organisme.adhesions.filter(retiree_le__isnull=True).select_related("utilisateur", "organisme"), pk=pk
    )
    formulaire = RolesForm(
        request.POST if request.method == "POST" else None,
        initial={"mandat_de_deposer": adhesion.mandat_de_deposer, "signataire": adhesion.signataire},
    )
    if request.method == "POST" and formulaire.is_valid():
        if essayer(
            formulaire,
            services.changer_roles,
            adhesion=adhesion,
            auteur=request.user,
            instant=request.arrivee,
            **formulaire.cleaned_data,
        ):
            messages.success(request, _("Les rôles de {personne} sont changés.").format(personne=adhesion.utilisateur))
            return redirect("comptes:membres", uuid=uuid)
    return _page(request, organisme, str(adhesion.utilisateur), formulaire)


@acces_connecte
def retirer(request: HttpRequest, uuid: UUID, pk: int) -> HttpResponse:
    """Retirer un membre, ou quitter l'organisme."""
    organisme = organisme_de(request, uuid)
    adhesion = get_object_or_404(
        organisme.adhesions.filter(retiree_le__isnull=True).select_related("utilisateur", "organisme"), pk=pk
    )
    soi = adhesion.utilisateur_id == request.user.pk
    if not soi:
        exiger(request.user, services.DROIT, organisme)
    titre = _("Quitter l’organisme") if soi else _("Retirer {personne}").format(personne=adhesion.utilisateur)
    formulaire = ConfirmerForm(request.POST if request.method == "POST" else None, bouton=titre)
    if request.method == "POST" and formulaire.is_valid():
        if essayer(
            formulaire, services.retirer_membre, adhesion=adhesion, auteur=request.user, instant=request.arrivee
        ):
            messages.success(request, _("{personne} n’est plus membre.").format(personne=adhesion.utilisateur))
            return redirect(settings.LOGIN_REDIRECT_URL) if soi else redirect("comptes:membres", uuid=uuid)
    return _page(
        request,
        organisme,
        titre,
        formulaire,
        _("L’accès aux demandes et aux documents de l’organisme se ferme tout de suite. Ce qui est écrit reste."),
    )


def _page(
    request: HttpRequest, organisme: Any, titre: str, formulaire: Any, explication: str = "", **contexte: Any
) -> HttpResponse:
    return render(
        request,
        "comptes/geste.html",
        {
            "organisme": organisme,
            "titre": titre,
            "formulaire": formulaire,
            "explication": explication,
            "fil": fil(organisme, titre) if organisme else [{"titre": titre, "url": None}],
            "erreurs_formulaire": formulaire.errors if request.method == "POST" and formulaire else None,
            **contexte,
        },
    )


@acces_connecte
@require_POST
def annuler(request: HttpRequest, uuid: UUID, pk: int) -> HttpResponse:
    """Annule une invitation en attente."""
    organisme = organisme_de(request, uuid)
    exiger(request.user, services.DROIT, organisme)
    invitation = get_object_or_404(organisme.invitations.select_related("organisme"), pk=pk)
    return _tenter(
        request,
        uuid,
        services.annuler_invitation,
        _("L’invitation est annulée : son lien ne sert plus."),
        invitation=invitation,
    )


@acces_connecte
@require_POST
def trancher(request: HttpRequest, uuid: UUID, pk: int) -> HttpResponse:
    """Confirme ou refuse une demande de rejoindre."""
    organisme = organisme_de(request, uuid)
    exiger(request.user, services.DROIT, organisme)
    confirmer = "confirmer" in request.POST
    return _tenter(
        request,
        uuid,
        services.trancher_adhesion,
        _("La personne est membre; un courriel le lui dit.") if confirmer else _("La demande est refusée."),
        demande=get_object_or_404(organisme.demandes, pk=pk),
        confirmer=confirmer,
        mandat_de_deposer="mandat" in request.POST,
    )


def _tenter(request: HttpRequest, uuid: UUID, commande: Any, succes: str, **arguments: Any) -> HttpResponse:
    """Un geste d'un clic : son refus s'affiche en tête de la page des membres."""
    try:
        commande(**arguments, auteur=request.user, instant=request.arrivee)
    except Refus as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, succes)
    return redirect("comptes:membres", uuid=uuid)


@acces_connecte
def invitation(request: HttpRequest, jeton: str) -> HttpResponse:
    """Accepter une invitation : lire le lien n'engage à rien, le bouton fait de la personne un membre."""
    invitation = get_object_or_404(
        Invitation.objects.select_related("organisme", "invitee_par"), jeton=services.empreinte_du_jeton(jeton)
    )
    utilisable = invitation.utilisable(request.arrivee)
    sienne = services.est_adresse_de(request.user, invitation.email)
    formulaire = ConfirmerForm(request.POST if request.method == "POST" else None, bouton=_("Rejoindre l’organisme"))
    if request.method == "POST" and formulaire.is_valid():
        if essayer(
            formulaire,
            services.accepter_invitation,
            invitation=invitation,
            auteur=request.user,
            instant=request.arrivee,
        ):
            messages.success(request, _("Vous êtes membre de « {organisme} ».").format(organisme=invitation.organisme))
            return redirect("comptes:organisme", uuid=invitation.organisme.uuid)
    return render(
        request,
        "comptes/invitation.html",
        {
            "invitation": invitation,
            "formulaire": formulaire,
            "utilisable": utilisable,
            "sienne": sienne,
            "fil": [{"titre": _("Invitation"), "url": None}],
            "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
        },
    )


@acces_connecte
def rejoindre(request: HttpRequest) -> HttpResponse:
    """Demander à rejoindre l'organisme d'un NEQ; la page ne dit pas s'il existe."""
    formulaire = RejoindreForm(request.POST or None, initial={"neq": request.GET.get("neq", "")[:20]})
    if request.method == "POST" and formulaire.is_valid():
        essayer(
            formulaire,
            services.demander_a_rejoindre,
            utilisateur=request.user,
            instant=request.arrivee,
            **formulaire.cleaned_data,
        )
        if not formulaire.errors:
            messages.success(
                request,
                _(
                    "Si un organisme est inscrit avec ce NEQ, ses membres reçoivent votre demande. Un courriel vous dira"
                    " leur réponse."
                ),
            )
            return redirect(settings.LOGIN_REDIRECT_URL)
    return _page(
        request,
        None,
        _("Rejoindre un organisme"),
        formulaire,
        _("Un membre qui a le mandat de déposer confirmera votre demande. Nous ne disons pas qui sont les membres."),
    )
