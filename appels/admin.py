"""Admin des appels : lecture, publication, annonce."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from appels.enums import EtatAppel
from appels.forms import ObjectifsForm, ProlongerForm
from appels.models import Appel
from appels.requetes import tableau_offres
from appels.services import annoncer_appel, lier_objectifs, prolonger_depot, publier_appel
from socle.admin.actes import jouer
from socle.admin.portee import Acte, AdminPortee
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


@admin.register(Appel)
class AppelAdmin(AdminPortee):
    """Les appels du mandataire."""

    permission_lecture = "appels.lire_appel"
    gabarit_lecture = "admin/appels/appel/lecture.html"
    list_display = ("code", "titre", "etat", "phase_lue", "ouverture", "fermeture")
    list_filter = ("etat", "entente")
    search_fields = ("code", "titre")
    list_select_related = ("entente", "plan__entente", "plan__territoire")
    actes = (
        Acte("publier", "appels.publier_appel", publier, _("Publier"), lambda appel: appel.etat == EtatAppel.BROUILLON),
        Acte(
            "annoncer",
            "appels.modifier_appel",
            annoncer,
            _("Annoncer les décisions"),
            lambda appel: appel.etat in {EtatAppel.PUBLIE, EtatAppel.ANALYSE, EtatAppel.DECIDE},
        ),
        Acte(
            "prolonger",
            "appels.modifier_appel",
            prolonger,
            _("Prolonger le dépôt"),
            lambda appel: appel.etat == EtatAppel.PUBLIE,
        ),
        Acte(
            "objectifs",
            "appels.modifier_appel",
            objectifs,
            _("Lier aux objectifs du plan"),
            lambda appel: appel.plan_id is not None,
        ),
    )

    @admin.display(description=_("phase"))
    def phase_lue(self, objet: Appel) -> str:
        return str(objet.phase.label)

    def contexte_lecture(self, request: HttpRequest, objet: Appel) -> dict[str, Any]:
        return {
            "tableau": tableau_offres(objet),
            "criteres": objet.criteres.all(),
            "pieces": objet.pieces_requises.all(),
            "objectifs": objet.objectifs.order_by("ordre", "id"),
            "prolongations": objet.prolongations.select_related("auteur"),
            "lit_plan": objet.plan is not None and request.user.has_perm("alliances.lire_plan", objet.plan),
        }
