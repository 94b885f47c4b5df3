"""Inscrire son organisme, tenir sa fiche, confirmer une correction proposée."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comptes.enums import EtatDemande
from comptes.forms import CreerOrganismeForm, OrganismeForm
from comptes.models import Organisme
from comptes.services.organismes import creer_organisme, modifier_organisme, trancher_correction
from comptes.views.communs import fil, organisme_de
from socle.acces import acces_connecte
from socle.erreurs import Refus
from socle.saisie import essayer


@acces_connecte
def creer(request: HttpRequest) -> HttpResponse:
    """Inscrire son organisme : ce qu'il faut pour commencer à écrire; `?suite=` ramène à l'appel choisi."""
    formulaire = CreerOrganismeForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        organisme = essayer(
            formulaire, creer_organisme, utilisateur=request.user, instant=request.arrivee, **formulaire.champs()
        )
        if organisme is not None:
            messages.success(request, _("« {nom} » est inscrit. Vous pouvez déposer en son nom.").format(nom=organisme))
            suite = request.GET.get("suite", "")
            sur = url_has_allowed_host_and_scheme(suite, allowed_hosts=None)
            return redirect(suite if sur else settings.LOGIN_REDIRECT_URL)
    return render(
        request,
        "comptes/creer.html",
        {
            "formulaire": formulaire,
            "neq_pris": formulaire.data.get("neq", "") if formulaire.has_error("neq") else "",
            "fil": [{"titre": _("Inscrire votre organisme"), "url": None}],
            "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
        },
    )


@acces_connecte
def organisme(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """La fiche, et la correction qui attend une réponse."""
    organisme = organisme_de(request, uuid)
    formulaire = OrganismeForm(request.POST or None, instance=organisme)
    if request.method == "POST" and formulaire.is_valid():
        if essayer(
            formulaire,
            modifier_organisme,
            organisme=Organisme.objects.get(pk=organisme.pk),
            auteur=request.user,
            **formulaire.champs(),
        ):
            messages.success(request, _("La fiche est enregistrée."))
            return redirect("comptes:organisme", uuid=uuid)
    correction = organisme.corrections.filter(etat=EtatDemande.EN_ATTENTE).first()
    return render(
        request,
        "comptes/organisme.html",
        {
            "organisme": organisme,
            "formulaire": formulaire,
            "correction": correction,
            "changements": [
                (Organisme._meta.get_field(nom).verbose_name, getattr(organisme, nom), valeur)
                for nom, valeur in correction.champs.items()
            ]
            if correction
            else [],
            "fil": fil(organisme),
            "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
        },
    )


@acces_connecte
@require_POST
def correction(request: HttpRequest, uuid: UUID, pk: int) -> HttpResponse:
    """Confirme ou refuse la correction."""
    organisme = organisme_de(request, uuid)
    confirmer = "confirmer" in request.POST
    try:
        trancher_correction(
            correction=get_object_or_404(organisme.corrections, pk=pk),
            confirmer=confirmer,
            auteur=request.user,
            instant=request.arrivee,
        )
    except Refus as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, _("La fiche est corrigée.") if confirmer else _("La correction est refusée."))
    return redirect("comptes:organisme", uuid=uuid)
