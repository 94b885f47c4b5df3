"""Le relevé d'une enveloppe à un instant passé : à l'écran, imprimable, en XLSX."""

from datetime import datetime

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from alliances.exports import feuille_releve
from alliances.forms.argent import InstantForm
from alliances.models import Enveloppe
from alliances.requetes.soldes import Releve
from alliances.requetes.soldes import releve as lire_releve
from socle.documents.xlsx import TYPE_MIME, ecrire_classeur
from socle.horloge import EST


def _lire(request: HttpRequest, enveloppe: Enveloppe) -> tuple[InstantForm, Releve]:
    local = request.arrivee.astimezone(EST)
    formulaire = InstantForm(request.GET or None, initial={"au": local})
    choisi: datetime | None = formulaire.cleaned_data.get("au") if formulaire.is_valid() else None
    return formulaire, lire_releve(enveloppe, choisi or request.arrivee)


def releve(request: HttpRequest, enveloppe: Enveloppe) -> HttpResponse:
    formulaire, trouve = _lire(request, enveloppe)
    return TemplateResponse(
        request,
        "admin/alliances/enveloppe/releve.html",
        {
            **admin.site.each_context(request),
            "title": _("Relevé – {enveloppe}").format(enveloppe=enveloppe),
            "objet": enveloppe,
            "opts": enveloppe._meta,
            "formulaire": formulaire,
            "releve": trouve,
            "erreurs_formulaire": formulaire.errors,
        },
    )


def releve_xlsx(request: HttpRequest, enveloppe: Enveloppe) -> HttpResponse:
    _formulaire, trouve = _lire(request, enveloppe)
    contenu = ecrire_classeur([feuille_releve(trouve)], titre=str(enveloppe), auteur=str(enveloppe.entente.mandataire))
    nom = f"releve-{enveloppe.code.replace('/', '-')}-{trouve.instant.astimezone(EST):%Y-%m-%d}.xlsx"
    return HttpResponse(
        contenu, content_type=TYPE_MIME, headers={"Content-Disposition": f'attachment; filename="{nom}"'}
    )
