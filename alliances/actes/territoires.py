"""Les actes d'un territoire et d'une délégation : une page, un formulaire, un service chacun."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from alliances.forms.territoires import ContactForm, DelegationForm, FinDelegationForm, TerritoireForm, ZoneForm
from alliances.models import Delegation, Entente, Territoire
from alliances.services.delegations import deleguer, finir_delegation, modifier_delegation
from alliances.services.territoires import creer_territoire, inscrire_contact, inscrire_zone, modifier_territoire
from socle.admin.actes import adresse_lecture, jouer
from socle.formats import jour_local


def ajouter(request: HttpRequest, entente: Entente, retour: str) -> HttpResponse:
    formulaire = TerritoireForm(
        request.POST or None,
        entente=entente,
        jour=jour_local(request.arrivee),
        initial={"fuseau": entente.mandataire.fuseau},
    )
    return jouer(
        request,
        objet=entente,
        retour=retour,
        titre=_("Ajouter un territoire à {entente}").format(entente=entente),
        formulaire=formulaire,
        commande=creer_territoire,
        succes=_("Le territoire est ajouté."),
        arguments=lambda: {"entente": entente, **formulaire.cleaned_data},
    )


def modifier(request: HttpRequest, territoire: Territoire) -> HttpResponse:
    formulaire = TerritoireForm(
        request.POST or None,
        entente=territoire.entente,
        jour=jour_local(request.arrivee),
        territoire=territoire,
        initial={
            "nom": territoire.nom,
            "portee": territoire.portee,
            "parent": territoire.parent,
            "mrc": territoire.mrc.all(),
            "communautes": territoire.communautes.all(),
            "fuseau": territoire.fuseau,
        },
    )
    return jouer(
        request,
        objet=territoire,
        titre=_("Modifier le territoire"),
        formulaire=formulaire,
        commande=modifier_territoire,
        succes=_("Le territoire est enregistré."),
        arguments=lambda: {"territoire": territoire, **formulaire.cleaned_data},
    )


def _choisi(request: HttpRequest, objets: Any, nom: str) -> Any | None:
    """L'objet que nomme l'adresse (`?contact=12`), parmi ceux du territoire; 404 s'il n'en est pas."""
    brut = request.GET.get(nom, "")
    if not brut:
        return None
    trouve = objets.filter(pk=int(brut)).first() if brut.isascii() and brut.isdigit() and len(brut) < 10 else None  # noqa: PLR2004
    if trouve is None:
        raise Http404
    return trouve


def contact(request: HttpRequest, territoire: Territoire) -> HttpResponse:
    present = _choisi(request, territoire.contacts, "contact")
    champs = ("nom", "telephone", "courriel", "heures")
    formulaire = ContactForm(
        request.POST or None,
        existe=present is not None,
        initial={champ: getattr(present, champ) for champ in champs} if present else None,
    )
    return jouer(
        request,
        objet=territoire,
        titre=_("Contact public"),
        formulaire=formulaire,
        commande=inscrire_contact,
        succes=_("Les contacts du territoire sont à jour."),
        arguments=lambda: {"territoire": territoire, "contact": present, **formulaire.cleaned_data},
    )


def zone(request: HttpRequest, territoire: Territoire) -> HttpResponse:
    presente = _choisi(request, territoire.zones, "zone")
    champs = ("nom", "motif", "retiree_le")
    formulaire = ZoneForm(
        request.POST or None, initial={champ: getattr(presente, champ) for champ in champs} if presente else None
    )
    return jouer(
        request,
        objet=territoire,
        titre=_("Zone où se concentre la pauvreté"),
        formulaire=formulaire,
        commande=inscrire_zone,
        succes=_("Les zones du territoire sont à jour."),
        arguments=lambda: {"territoire": territoire, "zone": presente, **formulaire.cleaned_data},
    )


def confier(request: HttpRequest, territoire: Territoire) -> HttpResponse:
    formulaire = DelegationForm(
        request.POST or None, territoire=territoire, initial={"depuis": jour_local(request.arrivee)}
    )
    return jouer(
        request,
        objet=territoire,
        titre=_("Déléguer le territoire"),
        formulaire=formulaire,
        commande=deleguer,
        succes=_("Le territoire est délégué."),
        arguments=lambda: {"territoire": territoire, **formulaire.cleaned_data},
    )


def changer(request: HttpRequest, delegation: Delegation) -> HttpResponse:
    champs = ("delegataire", "pouvoirs", "enveloppe", "comite", "instance", "resolution", "depuis", "jusqua")
    formulaire = DelegationForm(
        request.POST or None,
        territoire=delegation.territoire,
        initial={champ: getattr(delegation, champ) for champ in champs},
    )
    return jouer(
        request,
        objet=delegation,
        titre=_("Modifier la délégation"),
        formulaire=formulaire,
        commande=modifier_delegation,
        succes=_("La délégation est enregistrée."),
        arguments=lambda: {"delegation": delegation, **formulaire.cleaned_data},
    )


def finir(request: HttpRequest, delegation: Delegation) -> HttpResponse:
    formulaire = FinDelegationForm(request.POST or None, initial={"jusqua": jour_local(request.arrivee)})
    return jouer(
        request,
        objet=delegation,
        retour=adresse_lecture(delegation),
        titre=_("Mettre fin à la délégation"),
        formulaire=formulaire,
        commande=finir_delegation,
        succes=_("La délégation prend fin à cette date; son instance aussi."),
        arguments=lambda: {"delegation": delegation, **formulaire.cleaned_data},
    )
