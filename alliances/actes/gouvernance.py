"""Les actes de la coordination sur la gouvernance : comités, membres, sièges, instances, partenaires."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from alliances.actes.communs import dans_une_entente
from alliances.forms import gouvernance as f
from alliances.models import Comite, Entente, InstanceDecisionnelle, Partenaire
from alliances.services import gouvernance as services
from socle.admin.actes import creer, element_demande, jouer
from socle.formulaires import ConfirmerForm
from socle.horloge import EST

CHAMPS_COMITE = ("type", "nom", "territoire", "mandat", "quorum", "depuis", "jusqua")
CHAMPS_MEMBRE = (
    "nom",
    "utilisateur",
    "represente",
    "secteur",
    "role",
    "vote",
    "groupe_age",
    "territoire",
    "depuis",
    "jusqua",
)
CHAMPS_INSTANCE = ("nom", "genre", "territoire", "depuis", "jusqua")


def _valeurs(objet: Any, champs: tuple[str, ...]) -> dict[str, Any]:
    return {nom: getattr(objet, nom) for nom in champs}


def _creer(
    request: HttpRequest, modele: Any, titre: str, formulaire_de: Any, commande: Any, nom: str, succes: str
) -> HttpResponse:
    """Créer un objet d'une entente : `commande(entente=…, <nom>=None, …champs du formulaire)`."""

    def vue(request: HttpRequest, entente: Entente) -> HttpResponse:
        formulaire = formulaire_de(
            request.POST or None, entente=entente, initial={"depuis": request.arrivee.astimezone(EST).date()}
        )
        return creer(
            request,
            modele,
            titre=_("{titre}, entente {entente}").format(titre=titre, entente=entente),
            formulaire=formulaire,
            commande=partial(commande, entente=entente, **{nom: None}),
            succes=succes,
            arguments=lambda: dict(formulaire.cleaned_data),
        )

    return dans_une_entente(request, modele=modele, titre=titre, vue=vue)


def _modifier(
    request: HttpRequest, objet: Any, titre: str, formulaire: Any, commande: Any, nom: str, succes: str
) -> HttpResponse:
    return jouer(
        request,
        objet=objet,
        titre=titre,
        formulaire=formulaire,
        commande=partial(commande, entente=objet.entente, **{nom: objet}),
        succes=succes,
        arguments=lambda: dict(formulaire.cleaned_data),
    )


def creer_comite(request: HttpRequest) -> HttpResponse:
    return _creer(
        request,
        Comite,
        _("Créer un comité"),
        f.ComiteForm,
        services.ecrire_comite,
        "comite",
        _("Le comité est créé : ajoutez ses membres et ses sièges."),
    )


def modifier_comite(request: HttpRequest, comite: Comite) -> HttpResponse:
    formulaire = f.ComiteForm(request.POST or None, entente=comite.entente, initial=_valeurs(comite, CHAMPS_COMITE))
    return _modifier(
        request,
        comite,
        _("Modifier le comité"),
        formulaire,
        services.ecrire_comite,
        "comite",
        _("Le comité est enregistré."),
    )


def membre(request: HttpRequest, comite: Comite) -> HttpResponse:
    """Ajoute un membre, ou récrit celui de l'adresse (`?element=`)."""
    element = element_demande(request, comite.membres.all())
    jour = request.arrivee.astimezone(EST).date()
    initial = _valeurs(element, CHAMPS_MEMBRE) if element else {"depuis": jour}
    formulaire = f.MembreForm(request.POST or None, entente=comite.entente, initial=initial)
    return jouer(
        request,
        objet=comite,
        titre=_("Modifier la fiche d’un membre") if element else _("Ajouter un membre"),
        formulaire=formulaire,
        commande=services.ecrire_membre,
        succes=_("Le membre est enregistré."),
        arguments=lambda: {"comite": comite, "membre": element, **formulaire.cleaned_data},
        attention=_(
            "Une personne qui occupe un siège de personne experte de vécu ne s’inscrit pas ici : son siège se compte, son nom"
            " ne se range nulle part."
        ),
    )


def fin_membre(request: HttpRequest, comite: Comite) -> HttpResponse:
    element = element_demande(request, comite.membres.all())
    jour = request.arrivee.astimezone(EST).date()
    formulaire = f.FinMembreForm(request.POST or None, comite=comite, initial={"membre": element, "jusqua": jour})
    return jouer(
        request,
        objet=comite,
        titre=_("Mettre fin à un mandat"),
        formulaire=formulaire,
        commande=services.terminer_membre,
        succes=_("Le mandat est terminé; la personne reste à l’historique du comité."),
        arguments=lambda: dict(formulaire.cleaned_data),
    )


def ouvrir_siege(request: HttpRequest, comite: Comite) -> HttpResponse:
    return jouer(
        request,
        objet=comite,
        titre=_("Ouvrir un siège de personne experte de vécu"),
        formulaire=ConfirmerForm(request.POST if request.method == "POST" else None, bouton=_("Ouvrir le siège")),
        commande=services.ajouter_siege,
        succes=_("Le siège est ouvert, vacant."),
        arguments=lambda: {"comite": comite},
        recap=[(_("Sièges ouverts"), str(comite.sieges.count()))],
    )


def siege(request: HttpRequest, comite: Comite) -> HttpResponse:
    """L'état d'un siège; aucun nom n'est demandé (R43)."""
    element = element_demande(request, comite.sieges.all())
    initial = {"siege": element, "etat": element.etat} if element else {}
    formulaire = f.SiegeForm(request.POST or None, comite=comite, initial=initial)
    return jouer(
        request,
        objet=comite,
        titre=_("État d’un siège de personne experte de vécu"),
        formulaire=formulaire,
        commande=services.changer_siege,
        succes=_("L’état du siège est enregistré."),
        arguments=lambda: dict(formulaire.cleaned_data),
        attention=_("On note l’état du siège, jamais qui l’occupe. N’écrivez aucun nom, ici ni ailleurs."),
    )


def creer_instance(request: HttpRequest) -> HttpResponse:
    return _creer(
        request,
        InstanceDecisionnelle,
        _("Inscrire une instance"),
        f.InstanceForm,
        services.ecrire_instance,
        "instance",
        _("L’instance est inscrite."),
    )


def modifier_instance(request: HttpRequest, instance: InstanceDecisionnelle) -> HttpResponse:
    formulaire = f.InstanceForm(
        request.POST or None, entente=instance.entente, initial=_valeurs(instance, CHAMPS_INSTANCE)
    )
    return _modifier(
        request,
        instance,
        _("Modifier l’instance"),
        formulaire,
        services.ecrire_instance,
        "instance",
        _("L’instance est enregistrée."),
    )


def creer_partenaire(request: HttpRequest) -> HttpResponse:
    return _creer(
        request,
        Partenaire,
        _("Inscrire un partenaire"),
        f.PartenaireForm,
        services.ecrire_partenaire,
        "partenaire",
        _("Le partenaire est inscrit."),
    )


def modifier_partenaire(request: HttpRequest, partenaire: Partenaire) -> HttpResponse:
    formulaire = f.PartenaireForm(
        request.POST or None, entente=partenaire.entente, initial=_valeurs(partenaire, ("nom", "famille"))
    )
    return _modifier(
        request,
        partenaire,
        _("Modifier le partenaire"),
        formulaire,
        services.ecrire_partenaire,
        "partenaire",
        _("Le partenaire est enregistré."),
    )
