"""Après le dépôt, côté organisme : répondre à une demande de précision, écrire à la coordination."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from projets.forms.precisions import MessageForm, ReponseForm
from projets.models import DemandePrecision, Projet
from projets.requetes import precision_ouverte, precisions_lues
from projets.services.messages import ecrire_message, marquer_lu
from projets.services.precisions import enregistrer_precisions, repondre_precisions
from projets.views.communs import fil, projet_du_promoteur
from socle.acces import acces_connecte
from socle.formats import heure
from socle.saisie import essayer


def _deposee(request: HttpRequest, uuid: UUID) -> Projet:
    """La demande, une fois déposée; un brouillon n'a ni précisions ni messages."""
    projet = projet_du_promoteur(request, uuid)
    if projet.depose_le is None:
        raise Http404
    return projet


@acces_connecte
def precisions(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """La demande ouverte et sa réponse; en dessous, les précédentes et ce qu'elles ont changé."""
    projet = _deposee(request, uuid)
    demande = precision_ouverte(projet)
    formulaire = ReponseForm(request.POST or None, demande=demande, projet=projet) if demande else None
    if request.method == "POST" and formulaire is None:  # double clic, autre onglet : la page dit où l'on en est
        return redirect("projets:precisions", uuid=uuid)
    if request.method == "POST" and formulaire.is_valid() and _traiter(request, projet, demande, formulaire):
        return redirect("projets:precisions", uuid=uuid)
    return render(
        request,
        "projets/precisions.html",
        {
            "projet": projet,
            "appel": projet.appel,
            "demande": demande,
            "formulaire": formulaire,
            "listes": formulaire.listes if formulaire else {},
            "lues": precisions_lues(projet, request.arrivee),
            "retard": demande is not None and demande.en_retard(request.arrivee),
            "mandat": request.user.has_perm("projets.envoyer_precisions", projet),
            "fil": fil(projet, _("Précisions")),
            "erreurs_formulaire": formulaire.errors or not formulaire.is_valid()
            if formulaire and request.method == "POST"
            else None,
        },
    )


def _traiter(request: HttpRequest, projet: Projet, demande: DemandePrecision, formulaire: ReponseForm) -> bool:
    """Enregistre, puis envoie si c'est demandé; un refus revient dans la page, sans rien perdre."""
    acteur = {"auteur": request.user, "instant": request.arrivee}
    enregistree = essayer(
        formulaire,
        enregistrer_precisions,
        demande=demande,
        valeurs=formulaire.valeurs(),
        mot=formulaire.cleaned_data["mot"],
        version=formulaire.cleaned_data["version"],
        **acteur,
    )
    fraiche = enregistree or DemandePrecision.objects.get(pk=demande.pk)
    formulaire.data = {**formulaire.data.dict(), "version": fraiche.version}
    if enregistree is None:
        return False
    if "envoyer" not in request.POST:
        quand = heure(request.arrivee, projet.appel.fuseau)
        messages.success(request, _("Enregistré à {heure}. La réponse n’est pas encore envoyée.").format(heure=quand))
        return True
    depot = essayer(formulaire, repondre_precisions, demande=enregistree, **acteur)
    if depot is None:
        return False
    messages.success(
        request,
        _("Votre réponse est reçue : la version {n} de la demande remplace la précédente.").format(n=depot.rang),
    )
    return True


@acces_connecte
def messages_du_dossier(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Le fil avec la coordination; l'ouvrir le marque lu."""
    projet = _deposee(request, uuid)
    formulaire = MessageForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        if essayer(
            formulaire,
            ecrire_message,
            projet=projet,
            texte=formulaire.cleaned_data["texte"],
            auteur=request.user,
            instant=request.arrivee,
        ):
            messages.success(request, _("Votre message est envoyé; un courriel prévient la coordination."))
            return redirect("projets:messages", uuid=uuid)
    marquer_lu(projet=projet, lecteur=request.user)
    return render(
        request,
        "projets/messages.html",
        {
            "projet": projet,
            "appel": projet.appel,
            "formulaire": formulaire,
            "fil_messages": projet.messages.select_related("auteur"),
            "fil": fil(projet, _("Messages")),
            "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
        },
    )
