"""Les actes des accès : changer la fin, renvoyer l'invitation, retirer."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from alliances.forms.acces import FinForm, InviterForm, RetirerForm
from alliances.models import Affectation, Mandataire
from alliances.services.acces import changer_fin, inviter_personne, renvoyer_invitation, retirer_acces
from socle.admin.actes import jouer
from socle.formats import date_longue, jour_local
from socle.formulaires import ConfirmerForm

PAGE = "admin:alliances_affectation_acces"


def inviter(request: HttpRequest, mandataire: Mandataire) -> HttpResponse:
    formulaire = InviterForm(
        request.POST or None, mandataire=mandataire, initial={"debut": jour_local(request.arrivee)}
    )
    return jouer(
        request,
        objet=mandataire,
        retour=reverse(PAGE),
        titre=_("Inviter une personne"),
        formulaire=formulaire,
        commande=inviter_personne,
        succes=_("L’accès est inscrit; un courriel prévient la personne."),
        arguments=lambda: {"mandataire": mandataire, **formulaire.cleaned_data},
    )


def fin(request: HttpRequest, affectation: Affectation) -> HttpResponse:
    formulaire = FinForm(request.POST or None, initial={"fin": affectation.fin})
    return jouer(
        request,
        objet=affectation,
        retour=reverse(PAGE),
        titre=_("Changer la fin de l’accès"),
        formulaire=formulaire,
        commande=changer_fin,
        succes=_("La fin de l’accès est changée."),
        recap=_recap(affectation),
        arguments=lambda: {"affectation": affectation, **formulaire.cleaned_data},
    )


def renvoyer(request: HttpRequest, affectation: Affectation) -> HttpResponse:
    return jouer(
        request,
        objet=affectation,
        retour=reverse(PAGE),
        titre=_("Renvoyer l’invitation"),
        formulaire=ConfirmerForm(request.POST if request.method == "POST" else None, bouton=_("Renvoyer l’invitation")),
        commande=renvoyer_invitation,
        succes=_("Un nouveau lien est parti par courriel."),
        recap=_recap(affectation),
        arguments=lambda: {"affectation": affectation},
    )


def retirer(request: HttpRequest, affectation: Affectation) -> HttpResponse:
    formulaire = RetirerForm(request.POST if request.method == "POST" else None)
    return jouer(
        request,
        objet=affectation,
        retour=reverse(PAGE),
        titre=_("Retirer l’accès"),
        formulaire=formulaire,
        commande=retirer_acces,
        succes=_("L’accès est retiré; ses sessions ouvertes sont fermées."),
        recap=_recap(affectation),
        attention=_("Le rôle finit à l’instant même, et la personne est déconnectée partout."),
        arguments=lambda: {"affectation": affectation, **formulaire.cleaned_data},
    )


def _recap(affectation: Affectation) -> list[tuple[str, str]]:
    rangees = [
        (_("Personne"), str(affectation.utilisateur)),
        (_("Courriel"), affectation.utilisateur.email),
        (_("Rôle"), str(affectation.get_role_display())),
        (_("Depuis le"), date_longue(affectation.debut)),
    ]
    if affectation.territoire:
        rangees.append((_("Territoire"), str(affectation.territoire)))
    return rangees
