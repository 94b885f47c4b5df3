"""L'organisme et ses membres."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from comptes.forms import InviterForm, OrganismeForm
from comptes.models import Organisme
from comptes.services import creer_organisme, inviter_membre, modifier_organisme
from socle.acces import acces_connecte, exiger
from socle.saisie import essayer


@acces_connecte
def creer(request: HttpRequest) -> HttpResponse:
    """Inscrire son organisme."""
    formulaire = OrganismeForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        organisme = essayer(
            formulaire, creer_organisme, utilisateur=request.user, instant=request.arrivee, **formulaire.champs()
        )
        if organisme is not None:
            messages.success(request, _("« {nom} » est inscrit. Vous pouvez déposer en son nom.").format(nom=organisme))
            return redirect(settings.LOGIN_REDIRECT_URL)
    return render(
        request,
        "comptes/organisme.html",
        {
            "formulaire": formulaire,
            "titre": _("Inscrire votre organisme"),
            "fil": [{"titre": _("Inscrire votre organisme"), "url": None}],
            "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
        },
    )


@acces_connecte
def organisme(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """La fiche, ses membres, une invitation."""
    organisme = get_object_or_404(Organisme.objects.visibles_pour(request.user), uuid=uuid)
    inviter = request.POST.get("acte") == "inviter"
    formulaire = OrganismeForm(request.POST if request.method == "POST" and not inviter else None, instance=organisme)
    invitation = InviterForm(request.POST if inviter else None)
    if inviter and invitation.is_valid():
        exiger(request.user, "comptes.inviter_membre", organisme)
        if essayer(invitation, inviter_membre, organisme=organisme, instant=request.arrivee, **invitation.cleaned_data):
            messages.success(request, _("La personne est ajoutée."))
            return redirect("comptes:organisme", uuid=uuid)
    if request.method == "POST" and not inviter and formulaire.is_valid():
        if essayer(
            formulaire, modifier_organisme, organisme=Organisme.objects.get(pk=organisme.pk), **formulaire.champs()
        ):
            messages.success(request, _("La fiche est enregistrée."))
            return redirect("comptes:organisme", uuid=uuid)
    return render(
        request,
        "comptes/organisme.html",
        {
            "organisme": organisme,
            "formulaire": formulaire,
            "invitation": invitation,
            "titre": organisme.nom,
            "membres": organisme.adhesions.filter(retiree_le__isnull=True).select_related("utilisateur"),
            "fil": [
                {"titre": _("Mon espace"), "url": reverse(settings.LOGIN_REDIRECT_URL)},
                {"titre": organisme.nom, "url": None},
            ],
            "erreurs_formulaire": formulaire.errors or invitation.errors if request.method == "POST" else None,
        },
    )
