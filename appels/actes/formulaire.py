"""Les actes de la coordination sur le formulaire d'un appel."""

from collections.abc import Callable
from functools import partial, wraps

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from appels.forms.formulaire import QuestionForm, SectionFormulaireForm
from appels.models import Appel, FormulaireVersion
from appels.questions import Formulaire, Section, deplacer, differences, poser, retirer
from appels.services.formulaire import (
    changer_formulaire,
    formulaire_en_vigueur,
    preparer_formulaire,
    publier_formulaire,
    version_en_preparation,
)
from socle.admin.actes import adresse_lecture, jouer
from socle.erreurs import Refus
from socle.formulaires import ConfirmerForm

PAS = {"monter": -1, "descendre": 1}


def adresse(appel: Appel, acte: str = "formulaire") -> str:
    return reverse(f"admin:appels_appel_{acte}", args=[appel.pk])


def formulaire(request: HttpRequest, appel: Appel) -> HttpResponse:
    """Le formulaire, section par section; en préparation, ses questions se changent, se déplacent, se retirent."""
    if request.method == "POST":
        try:
            _geste(request, appel)
        except Refus as refus:
            messages.error(request, str(refus))
        return HttpResponseRedirect(adresse(appel))
    version = version_en_preparation(appel)
    montre = version.formulaire if version else formulaire_en_vigueur(appel)
    return TemplateResponse(
        request,
        "admin/appels/appel/formulaire.html",
        {
            **admin.site.each_context(request),
            "title": _("Formulaire de l’appel"),
            "objet": appel,
            "opts": appel._meta,
            "retour": adresse_lecture(appel),
            "version": version,
            "publiees": appel.formulaires.publiees().select_related("auteur").order_by("-numero"),
            "montre": montre,
            "changements": differences(formulaire_en_vigueur(appel), montre) if version else [],
        },
    )


def _geste(request: HttpRequest, appel: Appel) -> None:
    """Préparer, monter, descendre ou retirer, selon le bouton."""
    commun = {"auteur": request.user, "instant": request.arrivee}
    if "preparer" in request.POST:
        preparer_formulaire(appel=appel, **commun)
        return
    version, cle = version_en_preparation(appel), request.POST.get("question", "")
    if version is None:
        raise Http404
    for geste, pas in PAS.items():
        if geste in request.POST:
            changer_formulaire(version=version, changer=partial(deplacer, cle=cle, pas=pas), **commun)
            return
    if "retirer" in request.POST:
        changer_formulaire(version=version, changer=partial(retirer, cle=cle), **commun)
        messages.success(
            request, _("La question est retirée de cette version; les réponses déjà données sont gardées.")
        )


def _en_preparation(
    vue: Callable[[HttpRequest, Appel, FormulaireVersion], HttpResponse],
) -> Callable[[HttpRequest, Appel], HttpResponse]:
    """La vue reçoit la version en préparation; sans version, elle renvoie au formulaire, où l'on en prépare une."""

    @wraps(vue)
    def avec_version(request: HttpRequest, appel: Appel) -> HttpResponse:
        version = version_en_preparation(appel)
        if version is None:
            messages.info(request, _("Aucune version n’est en préparation : préparez-en une d’abord."))
            return HttpResponseRedirect(adresse(appel))
        return vue(request, appel, version)

    return avec_version


@_en_preparation
def question(request: HttpRequest, appel: Appel, version: FormulaireVersion) -> HttpResponse:
    """Ajouter une question (`?section=`) ou en changer une (`?question=`)."""
    courant, cle = version.formulaire, request.GET.get("question", "")
    ancienne = courant.question(cle) if cle else None
    if cle and ancienne is None:
        raise Http404
    ecran = QuestionForm(
        request.POST or None, formulaire=courant, ancienne=ancienne, section=request.GET.get("section", "")
    )
    return jouer(
        request,
        objet=appel,
        titre=_("Changer la question") if ancienne else _("Ajouter une question"),
        formulaire=ecran,
        commande=changer_formulaire,
        retour=adresse(appel),
        succes=_("La question est enregistrée dans la version en préparation."),
        arguments=lambda: {
            "version": version,
            "changer": partial(
                poser,
                section=ecran.cleaned_data["section"],
                question=ecran.question(),
                ancienne=ancienne.cle if ancienne else "",
            ),
        },
    )


@_en_preparation
def section(request: HttpRequest, appel: Appel, version: FormulaireVersion) -> HttpResponse:
    """Ajouter une section, ou en changer une (`?section=`)."""
    courant, cle = version.formulaire, request.GET.get("section", "")
    ancienne = courant.section(cle) if cle else None
    if cle and ancienne is None:
        raise Http404
    ecran = SectionFormulaireForm(
        request.POST or None, initial={"titre": ancienne.titre, "aide": ancienne.aide} if ancienne else {}
    )
    return jouer(
        request,
        objet=appel,
        titre=_("Changer la section") if ancienne else _("Ajouter une section"),
        formulaire=ecran,
        commande=changer_formulaire,
        retour=adresse(appel),
        succes=_("La section est enregistrée dans la version en préparation."),
        arguments=lambda: {
            "version": version,
            "changer": partial(_poser_section, section=ecran.section(courant, ancienne)),
        },
    )


def _poser_section(formulaire: Formulaire, section: Section) -> Formulaire:
    if formulaire.section(section.cle) is None:
        return Formulaire((*formulaire.sections, section))
    return Formulaire(tuple(section if s.cle == section.cle else s for s in formulaire.sections))


@_en_preparation
def publier(request: HttpRequest, appel: Appel, version: FormulaireVersion) -> HttpResponse:
    """Publier la version en préparation, après avoir lu ce qu'elle change."""
    changements = differences(formulaire_en_vigueur(appel), version.formulaire)
    return jouer(
        request,
        objet=appel,
        titre=_("Publier la version {n} du formulaire").format(n=version.numero),
        formulaire=ConfirmerForm(request.POST if request.method == "POST" else None, bouton=_("Publier le formulaire")),
        commande=publier_formulaire,
        retour=adresse(appel),
        succes=_("Le formulaire est publié : les brouillons y passent, les demandes déposées gardent le leur."),
        arguments=lambda: {"version": version},
        recap=[(_("Changement {n}").format(n=rang), phrase) for rang, phrase in enumerate(changements, start=1)]
        or [(_("Changements"), _("Aucun : c’est le formulaire type"))],
        attention=_("Une version publiée ne se change plus. Chaque organisme qui a un brouillon lira ces changements."),
    )
