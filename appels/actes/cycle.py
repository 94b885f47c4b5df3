"""Les actes sur la vie d'un appel : publier, programmer, prolonger, annuler, annoncer, lier aux objectifs du plan."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from appels.actes.preparation import adresse
from appels.etats import prete
from appels.forms.depot import AnnulerForm, ProgrammerAnnonceForm, ProgrammerForm, ProlongerForm, lire_fin
from appels.forms.plan import ObjectifsForm
from appels.models import Appel
from appels.requetes.pannes import prolongation_proposee
from appels.services import annonces, cycle, depot
from appels.services.plan import lier_objectifs
from socle.admin.actes import jouer
from socle.formats import compter, instant_long
from socle.formulaires import ConfirmerForm


def _confirmer(
    request: HttpRequest, appel: Appel, titre: Any, commande: Any, succes: Any, **contexte: Any
) -> HttpResponse:
    """Un geste sans saisie."""
    return jouer(
        request,
        objet=appel,
        titre=titre,
        formulaire=ConfirmerForm(request.POST if request.method == "POST" else None, bouton=titre),
        commande=commande,
        arguments=lambda: {"appel": appel},
        succes=succes,
        **contexte,
    )


def publier(request: HttpRequest, appel: Appel) -> HttpResponse:
    return _confirmer(
        request,
        appel,
        _("Publier l’appel"),
        cycle.publier_appel,
        _("L’appel est publié; ses montants et ses paramètres sont figés."),
        attention=prete(appel, request.arrivee),
    )


def programmer(request: HttpRequest, appel: Appel) -> HttpResponse:
    formulaire = ProgrammerForm(request.POST or None)
    return jouer(
        request,
        objet=appel,
        titre=_("Programmer la publication"),
        formulaire=formulaire,
        commande=cycle.programmer_publication,
        retour=adresse(appel),
        succes=_("La publication est programmée."),
        arguments=lambda: {"appel": appel, "quand": formulaire.quand(appel.fuseau)},
        attention=_(
            "À cette heure, le portail vérifie ce qui manque, puis publie. S’il ne peut pas, la coordination reçoit un courriel et"
            " l’appel reste en préparation."
        ),
    )


def deprogrammer(request: HttpRequest, appel: Appel) -> HttpResponse:
    return _confirmer(
        request,
        appel,
        _("Retirer la publication programmée"),
        cycle.deprogrammer_publication,
        _("La publication n’est plus programmée."),
        recap=[(_("Publication prévue"), instant_long(appel.publication_prevue, appel.fuseau))],
    )


def annoncer(request: HttpRequest, appel: Appel) -> HttpResponse:
    """Annoncer maintenant : la page nomme d'abord ce qui part, ce que personne n'a relu, ce qui n'est pas décidé."""
    return _confirmer(
        request,
        appel,
        _("Annoncer les décisions"),
        cycle.annoncer_appel,
        _("Les décisions sont annoncées; les lettres relues sont dans la boîte d’envoi."),
        gabarit="admin/appels/appel/annoncer.html",
        recap=_heure_prevue(appel),
    )


def programmer_annonce(request: HttpRequest, appel: Appel) -> HttpResponse:
    """Fixer l'heure de l'annonce, ou la changer."""
    formulaire = ProgrammerAnnonceForm(request.POST or None)
    return jouer(
        request,
        objet=appel,
        titre=_("Programmer l’annonce"),
        formulaire=formulaire,
        commande=annonces.programmer_annonce,
        succes=_("L’annonce est programmée. Jusque-là, aucune décision n’est publique."),
        arguments=lambda: {"appel": appel, "quand": formulaire.quand(appel.fuseau)},
        gabarit="admin/appels/appel/annoncer.html",
        recap=_heure_prevue(appel),
        attention=_(
            "À cette heure, les décisions deviennent publiques et les lettres relues partent. Celles que personne n’a relues restent."
        ),
    )


def deprogrammer_annonce(request: HttpRequest, appel: Appel) -> HttpResponse:
    return _confirmer(
        request,
        appel,
        _("Retirer l’annonce programmée"),
        annonces.deprogrammer_annonce,
        _("L’annonce n’est plus programmée."),
        recap=_heure_prevue(appel),
    )


def _heure_prevue(appel: Appel) -> list[tuple[Any, str]]:
    prevue = appel.annonce_prevue
    return [(_("Annonce prévue"), instant_long(prevue, appel.fuseau))] if prevue else []


def annuler(request: HttpRequest, appel: Appel) -> HttpResponse:
    formulaire = AnnulerForm(request.POST if request.method == "POST" else None)
    return jouer(
        request,
        objet=appel,
        titre=_("Annuler l’appel"),
        formulaire=formulaire,
        commande=cycle.annuler_appel,
        succes=_("L’appel est annulé; un courriel part à chaque organisme qui a un brouillon."),
        arguments=lambda: {"appel": appel, **formulaire.cleaned_data},
        attention=_("Une annulation ne se défait pas. La page publique reste, avec le motif."),
    )


def epuiser(request: HttpRequest, appel: Appel) -> HttpResponse:
    return _confirmer(
        request,
        appel,
        _("Constater l’épuisement des fonds"),
        depot.constater_epuisement,
        _("Le dépôt est fermé : les fonds sont épuisés. Chaque organisme qui a un brouillon le sait."),
    )


def objectifs(request: HttpRequest, appel: Appel) -> HttpResponse:
    formulaire = ObjectifsForm(request.POST or None, appel=appel, initial={"objectifs": appel.objectifs.all()})
    return jouer(
        request,
        objet=appel,
        titre=_("Objectifs du plan que l’appel sert"),
        formulaire=formulaire,
        commande=lier_objectifs,
        succes=_("Les objectifs sont liés à l’appel."),
        arguments=lambda: {"appel": appel, **formulaire.cleaned_data},
        recap=[(_("Plan cité"), str(appel.plan or "–"))],
    )


def prolonger(request: HttpRequest, appel: Appel) -> HttpResponse:
    """Repousser la fin; après une panne mesurée, la date qui rend le temps perdu est déjà proposée (R21)."""
    proposee = prolongation_proposee(appel, request.arrivee)
    initial, recap = {}, [(_("Fin du dépôt, maintenant"), appel.echeance_en_mots)]
    if proposee is not None:
        dernier_jour, heure = lire_fin(proposee.nouvelle, appel.fuseau)
        perdu = compter(max(1, round(proposee.duree.total_seconds() / 60)), "minute", "minutes")
        initial = {
            "dernier_jour": dernier_jour,
            "heure": heure,
            "motif": _("Le portail a été hors d’usage pendant le dépôt (%(perdu)s).") % {"perdu": perdu},
        }
        recap.append((_("Panne mesurée pendant le dépôt"), perdu))
    formulaire = ProlongerForm(request.POST if request.method == "POST" else None, initial=initial)
    return jouer(
        request,
        objet=appel,
        titre=_("Prolonger le dépôt"),
        formulaire=formulaire,
        commande=depot.prolonger_depot,
        succes=_("La période de dépôt est prolongée; un courriel part à chaque organisme qui a un brouillon."),
        arguments=lambda: {
            "appel": appel,
            "nouvelle": formulaire.nouvelle(appel.fuseau),
            "motif": formulaire.cleaned_data["motif"],
        },
        recap=recap,
        attention=_("La période se prolonge; elle ne se raccourcit jamais."),
    )
