"""Les questions du public : les lire, y répondre, les écarter."""

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from appels.actes.preparation import GABARITS, adresse
from appels.enums import EtatQuestion
from appels.forms.guide import ReponseForm
from appels.models import Appel
from appels.services import questions as services
from socle.admin.actes import element_demande, jouer
from socle.formulaires import ConfirmerForm


def questions(request: HttpRequest, appel: Appel) -> HttpResponse:
    """Celles qui attendent d'abord, puis celles qui sont publiées, puis celles qu'on a écartées."""
    toutes = list(appel.questions.order_by("-posee_le"))
    return TemplateResponse(
        request,
        f"{GABARITS}/questions.html",
        {
            **admin.site.each_context(request),
            "title": _("Questions et réponses"),
            "objet": appel,
            "opts": Appel._meta,
            "groupes": [(etat.label, etat, [q for q in toutes if q.etat == etat]) for etat in EtatQuestion],
        },
    )


def repondre(request: HttpRequest, appel: Appel) -> HttpResponse:
    """Répond à la question de l'adresse (`?element=`), ou en publie une de la coordination."""
    element = element_demande(request, appel.questions.all())
    initial = {"texte": element.question, "reponse": element.reponse} if element else {}
    formulaire = ReponseForm(request.POST or None, initial=initial)
    return jouer(
        request,
        objet=appel,
        titre=_("Répondre à une question") if element else _("Publier une question et sa réponse"),
        formulaire=formulaire,
        commande=services.publier_reponse,
        retour=adresse(appel, "questions"),
        succes=_("La réponse est publiée, sur la page de l’appel et dans son guide."),
        arguments=lambda: {"appel": appel, "question": element, **formulaire.cleaned_data},
    )


def ecarter(request: HttpRequest, appel: Appel) -> HttpResponse:
    element = element_demande(request, appel.questions.all())
    if element is None:
        raise Http404
    formulaire = ConfirmerForm(request.POST if request.method == "POST" else None, bouton=_("Écarter la question"))
    return jouer(
        request,
        objet=appel,
        titre=_("Écarter une question"),
        formulaire=formulaire,
        commande=services.ecarter_question,
        retour=adresse(appel, "questions"),
        succes=_("La question est écartée : le public ne la lit pas."),
        arguments=lambda: {"question": element},
        recap=[(_("Question"), str(element))],
    )
