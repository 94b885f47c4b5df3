"""Les actes sur les avis sectoriels : demander, inscrire, classer, relancer."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from alliances.forms.avis import ClasserAvisForm, DemanderAvisForm, RecevoirAvisForm
from alliances.models import AvisSectoriel, Comite, Entente, PlanTravail
from alliances.services import avis as services
from socle.admin.actes import creer, element_demande, jouer
from socle.formats import date_longue
from socle.formulaires import ConfirmerForm


def demander(request: HttpRequest, entente: Entente, dossier_connu: Any) -> HttpResponse:
    """Sur un plan ou un dossier; `?comite=` et `?plan=` préremplissent. `dossier_connu` vient de qui connaît les projets."""
    initial = {
        "comite": element_demande(request, Comite.objects.filter(entente=entente), "comite"),
        "plan": element_demande(request, PlanTravail.objects.filter(entente=entente), "plan"),
    }
    formulaire = DemanderAvisForm(request.POST or None, entente=entente, dossier_connu=dossier_connu, initial=initial)
    return creer(
        request,
        AvisSectoriel,
        titre=_("Demander un avis, entente {entente}").format(entente=entente),
        formulaire=formulaire,
        commande=services.demander_avis,
        succes=_("La demande est dans la boîte d’envoi."),
        arguments=lambda: {"entente": entente, **formulaire.cleaned_data},
    )


def recevoir(request: HttpRequest, avis: AvisSectoriel) -> HttpResponse:
    formulaire = RecevoirAvisForm(request.POST or None, initial={"reponse": avis.reponse})
    return jouer(
        request,
        objet=avis,
        titre=_("Inscrire l’avis reçu"),
        formulaire=formulaire,
        commande=services.inscrire_avis,
        succes=_("L’avis est inscrit."),
        arguments=lambda: {"avis": avis, **formulaire.cleaned_data},
        recap=[(_("Question"), avis.question)],
    )


def classer(request: HttpRequest, avis: AvisSectoriel) -> HttpResponse:
    formulaire = ClasserAvisForm(request.POST or None)
    return jouer(
        request,
        objet=avis,
        titre=_("Classer sans suite"),
        formulaire=formulaire,
        commande=services.classer_avis,
        succes=_("La demande est classée sans suite."),
        arguments=lambda: {"avis": avis, **formulaire.cleaned_data},
    )


def relancer(request: HttpRequest, avis: AvisSectoriel) -> HttpResponse:
    return jouer(
        request,
        objet=avis,
        titre=_("Relancer"),
        formulaire=ConfirmerForm(request.POST if request.method == "POST" else None, bouton=_("Envoyer la relance")),
        commande=services.relancer_avis,
        succes=_("La relance est dans la boîte d’envoi."),
        arguments=lambda: {"avis": avis},
        recap=[
            (_("Demandé à"), f"{avis.destinataire}, {avis.courriel}"),
            (_("Attendu le"), date_longue(avis.attendu_le)),
            (_("Question"), avis.question),
        ],
    )
