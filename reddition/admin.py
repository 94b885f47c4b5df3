"""Admin de la reddition : compiler, écrire, certifier."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from reddition.enums import EtatReddition
from reddition.exports import contenu
from reddition.forms import PreparerForm, TextesForm
from reddition.models import Reddition
from reddition.services.redditions import compiler_reddition, deposer_reddition, ecrire_textes, preparer_reddition
from socle.admin.actes import adresse_lecture, jouer
from socle.admin.portee import Acte, AdminPortee
from socle.exercices import exercice_de
from socle.formulaires import ConfirmerForm
from socle.horloge import EST
from socle.saisie import essayer


def compiler(request: HttpRequest, reddition: Reddition) -> HttpResponse:
    return jouer(
        request,
        objet=reddition,
        titre=_("Compiler de nouveau"),
        commande=compiler_reddition,
        arguments=lambda: {"reddition": reddition},
        formulaire=ConfirmerForm(request.POST if request.method == "POST" else None, bouton=_("Compiler de nouveau")),
        succes=_("Les chiffres sont recalculés du grand livre et des rapports."),
    )


def textes(request: HttpRequest, reddition: Reddition) -> HttpResponse:
    formulaire = TextesForm(
        request.POST or None, initial={"faits_saillants": reddition.faits_saillants, "retombees": reddition.retombees}
    )

    def ecrire(*, auteur: Any, **_acteur: Any) -> Reddition:
        return ecrire_textes(reddition=reddition, **formulaire.cleaned_data, auteur=auteur)

    return jouer(
        request,
        objet=reddition,
        titre=_("Textes de la reddition"),
        formulaire=formulaire,
        commande=ecrire,
        arguments=dict,
        succes=_("Les textes sont enregistrés."),
    )


def deposer(request: HttpRequest, reddition: Reddition) -> HttpResponse:
    en_cours = reddition.exercice >= exercice_de(request.arrivee.astimezone(EST).date())
    return jouer(
        request,
        objet=reddition,
        titre=_("Certifier et déposer"),
        commande=deposer_reddition,
        arguments=lambda: {"reddition": reddition},
        formulaire=ConfirmerForm(
            request.POST if request.method == "POST" else None, bouton=_("Je certifie ces chiffres et je dépose")
        ),
        succes=_("La reddition est déposée. Ses chiffres sont figés; le PDF et le XLSX se préparent."),
        attention=_("Cet exercice n’est pas fini : une fois la reddition déposée, aucun mouvement n’y entrera plus.")
        if en_cours
        else "",
    )


def en_preparation(reddition: Reddition) -> bool:
    return reddition.etat == EtatReddition.PREPARATION


@admin.register(Reddition)
class RedditionAdmin(AdminPortee):
    """Les redditions du mandataire."""

    permission_lecture = "reddition.lire_reddition"
    gabarit_lecture = "admin/reddition/reddition/lecture.html"
    change_list_template = "admin/reddition/reddition/liste.html"
    list_display = ("entente", "exercice", "version", "etat", "compilee_le", "deposee_le")
    list_filter = ("etat", "entente")
    list_select_related = ("entente",)
    actes = (
        Acte("compiler", "reddition.preparer_reddition", compiler, _("Compiler de nouveau"), en_preparation),
        Acte("textes", "reddition.preparer_reddition", textes, _("Écrire les textes"), en_preparation),
        Acte("deposer", "reddition.deposer_reddition", deposer, _("Certifier et déposer"), en_preparation),
    )

    def get_urls(self) -> list[URLPattern]:
        return [
            path("preparer/", self.admin_site.admin_view(self.preparer), name="reddition_reddition_preparer"),
            *super().get_urls(),
        ]

    def preparer(self, request: HttpRequest) -> HttpResponse:
        """Ouvre la reddition d'un exercice d'une entente du mandataire."""
        if not request.user.has_perm("reddition.preparer_reddition"):
            raise PermissionDenied
        formulaire = PreparerForm(
            request.POST or None,
            utilisateur=request.user,
            initial={"exercice": exercice_de(request.arrivee.astimezone(EST).date())},
        )
        if request.method == "POST" and formulaire.is_valid():
            reddition = essayer(
                formulaire, preparer_reddition, auteur=request.user, instant=request.arrivee, **formulaire.cleaned_data
            )
            if reddition is not None:
                messages.success(request, str(_("La reddition est compilée.")))
                return HttpResponseRedirect(adresse_lecture(reddition))
        return TemplateResponse(
            request,
            "admin/acte.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Préparer une reddition"),
                "opts": self.opts,
                "formulaire": formulaire,
                "retour": "..",
                "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
            },
        )

    def contexte_lecture(self, request: HttpRequest, objet: Reddition) -> dict[str, Any]:
        return {**contenu(objet), "productions": objet.productions.select_related("fichier", "travail")}
