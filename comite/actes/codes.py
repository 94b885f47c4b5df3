"""Imprimer une feuille de codes, la révoquer."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from alliances.models import Mandataire
from comite.forms.codes import ImprimerForm
from comite.models import FeuilleCodes
from comite.services.codes import imprimer_codes, revoquer_feuille
from comptes.enums import Role
from projets.services.evaluations import comite_du_jour
from socle import courriels
from socle.admin.actes import adresse_liste, jouer
from socle.documents.pdf import pdf_de
from socle.formulaires import ConfirmerForm
from socle.saisie import essayer


def imprimer(request: HttpRequest) -> HttpResponse:
    """Le PDF se rend dans la réponse et ne se range nulle part : les codes n'existent ensuite que sur le papier."""
    mandataires = Mandataire.objects.filter(pk__in=request.user.portees.mandataires(Role.COORDINATION)).order_by("pk")
    membres = [(m, membre) for m in mandataires for membre in comite_du_jour(m, request.arrivee)]
    formulaire = ImprimerForm(request.POST if request.method == "POST" else None, membres=membres)
    if request.method == "POST" and formulaire.is_valid():
        produite = essayer(
            formulaire,
            imprimer_codes,
            **formulaire.arguments(),
            auteur=request.user,
            instant=request.arrivee,
        )
        if produite is not None:
            return _feuille(*produite)
    return TemplateResponse(
        request,
        "admin/acte.html",
        {
            **admin.site.each_context(request),
            "title": _("Imprimer une feuille de codes"),
            "objet": None,
            "opts": FeuilleCodes._meta,
            "formulaire": formulaire,
            "retour": adresse_liste(FeuilleCodes),
            "attention": _(
                "La feuille s’imprime tout de suite : ses codes ne se reliront plus. Une feuille plus ancienne de la même personne"
                " cesse de valoir."
            ),
            "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
        },
    )


def _feuille(feuille: FeuilleCodes, codes: list[str]) -> HttpResponse:
    contenu = pdf_de(
        "pdf/comite/codes.html",
        {
            "feuille": feuille,
            "mandataire": feuille.mandataire,
            "codes": codes,
            "adresse": courriels.adresse_absolue("/comite/code/"),
        },
    )
    reponse = HttpResponse(contenu, content_type="application/pdf")
    reponse["Content-Disposition"] = f'attachment; filename="codes-{feuille.pk}.pdf"'
    reponse["Cache-Control"] = "no-store, private"
    return reponse


def revoquer(request: HttpRequest, feuille: FeuilleCodes) -> HttpResponse:
    return jouer(
        request,
        objet=feuille,
        titre=_("Révoquer la feuille"),
        formulaire=ConfirmerForm(request.POST if request.method == "POST" else None, bouton=_("Révoquer la feuille")),
        commande=revoquer_feuille,
        succes=_("La feuille est révoquée : ses codes et les sessions qu’ils ont ouvertes ne valent plus."),
        arguments=lambda: {"feuille": feuille},
        recap=[(_("Membre"), str(feuille.membre))],
    )
