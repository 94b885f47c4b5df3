"""Le dossier permanent d'un organisme : documents donnés une fois, datés, réutilisés."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comptes.forms import DocumentForm
from comptes.models import DocumentPermanent, Organisme
from comptes.services.dossier_permanent import ajouter_document, retirer_document
from comptes.views.communs import fil, organisme_de
from socle.acces import acces_connecte, exiger
from socle.formats import jour_local
from socle.saisie import essayer


@acces_connecte
def documents(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Les documents par genre, le courant d'abord; en ajouter un."""
    organisme = organisme_de(request, uuid)
    formulaire = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and formulaire.is_valid():
        document = essayer(
            formulaire,
            ajouter_document,
            organisme=organisme,
            auteur=request.user,
            instant=request.arrivee,
            **formulaire.cleaned_data,
        )
        if document is not None:
            messages.success(request, _("« {document} » est au dossier permanent.").format(document=document))
            return redirect("comptes:documents", uuid=uuid)
    return render(
        request,
        "comptes/documents.html",
        {
            "organisme": organisme,
            "formulaire": formulaire,
            "dossiers": _par_titre(request, organisme),
            "fil": fil(organisme, _("Dossier permanent")),
            "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
        },
    )


def _par_titre(request: HttpRequest, organisme: Organisme) -> list[dict[str, Any]]:
    """Pour chaque document : la version courante, les précédentes, et s'il expire."""
    jour = jour_local(request.arrivee)
    tous = organisme.documents.select_related("fichier", "ajoute_par").order_by("genre", "titre", "-version")
    dossiers = []
    for _cle, groupe in groupby(tous, key=lambda d: (d.genre, d.titre)):
        courant, *anciens = groupe
        dossiers.append(
            {
                "courant": courant,
                "anciens": anciens,
                "expire": courant.expire(jour),
                "bientot": courant.expire_bientot(jour),
            }
        )
    return sorted(dossiers, key=lambda d: (not d["expire"], not d["bientot"]))


@acces_connecte
@require_POST
def retirer(request: HttpRequest, uuid: UUID, pk: int) -> HttpResponse:
    """Retire un document du dossier permanent."""
    organisme = organisme_de(request, uuid)
    exiger(request.user, "comptes.modifier_organisme", organisme)
    document = get_object_or_404(
        DocumentPermanent.objects.visibles_pour(request.user).select_related("organisme", "fichier"),
        pk=pk,
        organisme=organisme,
    )
    retirer_document(document=document, auteur=request.user, instant=request.arrivee)
    messages.success(request, _("« {document} » est retiré du dossier permanent.").format(document=document))
    return redirect("comptes:documents", uuid=uuid)
