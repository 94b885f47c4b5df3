"""Les actes sur la vie d'un appel : publier, prolonger, annoncer, lier aux objectifs du plan."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from appels.forms.depot import ProlongerForm
from appels.forms.plan import ObjectifsForm
from appels.models import Appel
from appels.services.cycle import annoncer_appel, publier_appel
from appels.services.depot import prolonger_depot
from appels.services.plan import lier_objectifs
from socle.admin.actes import jouer
from socle.formulaires import ConfirmerForm


def publier(request: HttpRequest, appel: Appel) -> HttpResponse:
    return jouer(
        request,
        objet=appel,
        titre=_("Publier l’appel"),
        commande=publier_appel,
        arguments=lambda: {"appel": appel},
        formulaire=ConfirmerForm(request.POST if request.method == "POST" else None, bouton=_("Publier l’appel")),
        succes=_("L’appel est publié; ses montants et ses paramètres sont figés."),
    )


def annoncer(request: HttpRequest, appel: Appel) -> HttpResponse:
    return jouer(
        request,
        objet=appel,
        titre=_("Annoncer les décisions"),
        commande=annoncer_appel,
        arguments=lambda: {"appel": appel},
        formulaire=ConfirmerForm(
            request.POST if request.method == "POST" else None, bouton=_("Annoncer les décisions")
        ),
        succes=_("Les décisions sont annoncées."),
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
    formulaire = ProlongerForm(request.POST if request.method == "POST" else None)
    return jouer(
        request,
        objet=appel,
        titre=_("Prolonger le dépôt"),
        formulaire=formulaire,
        commande=prolonger_depot,
        succes=_("La période de dépôt est prolongée; un courriel part à chaque organisme qui a un brouillon."),
        arguments=lambda: {
            "appel": appel,
            "nouvelle": formulaire.nouvelle(appel.fuseau),
            "motif": formulaire.cleaned_data["motif"],
        },
        recap=[(_("Fin du dépôt, maintenant"), appel.echeance_en_mots)],
        attention=_("La période se prolonge; elle ne se raccourcit jamais."),
    )
