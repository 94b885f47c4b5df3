"""Mes projets, commencer, et la liste de tâches d'un brouillon."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from appels.models import Appel
from comptes.models import Organisme
from projets.champs import changements_du_formulaire
from projets.enums import EtatProjet
from projets.exigences import exigences_de
from projets.forms.admissible import AdmissibleForm
from projets.forms.promoteur import CommencerForm, RetirerForm
from projets.models import Projet
from projets.requetes import REGLES, attendu_du_promoteur, etat_pour_promoteur, frise, lettre_envoyee, non_lus
from projets.sections import TERMINE, blocages, liste_de_taches, pieces_manquantes, reste_a_faire
from projets.services.brouillons import (
    creer_brouillon,
    noter_formulaire_vu,
    reprendre_verification,
    supprimer_brouillon,
)
from projets.services.copies import copier_projet
from projets.services.depots import retirer_projet
from projets.views.communs import de_la_personne, fil, projet_du_promoteur
from socle.acces import acces_connecte, exiger
from socle.formats import jours_restants
from socle.horloge import maintenant
from socle.saisie import essayer


@acces_connecte
def mes_projets(request: HttpRequest) -> HttpResponse:
    """Brouillons d'abord, puis les demandes déposées."""
    projets = list(
        de_la_personne(request)
        .select_related("appel", "organisme", "decision__lettre")
        .order_by("depose_le", "-enregistre_le")
    )
    deposes = [projet for projet in projets if projet.depose_le]
    for projet in deposes:
        projet.etat_lu = etat_pour_promoteur(projet)
    return render(
        request,
        "projets/mes_projets.html",
        {
            "brouillons": [projet for projet in projets if projet.etat == EtatProjet.BROUILLON],
            "deposes": sorted(deposes, key=lambda p: p.depose_le, reverse=True),
            "appels": Appel.objects.ouverts(request.arrivee).select_related("entente__mandataire"),
            "organismes": Organisme.objects.visibles_pour(request.user).order_by("nom"),
            "fil": fil(),
        },
    )


@acces_connecte
def commencer(request: HttpRequest, code: str) -> HttpResponse:
    """Ouvre un brouillon pour un appel."""
    appel = get_object_or_404(Appel.objects.publics().select_related("entente__mandataire"), code=code)
    if not request.user.portees.organismes:
        messages.info(request, _("Inscrivez d’abord votre organisme : la demande est déposée en son nom."))
        suite = urlencode({"suite": request.get_full_path()})
        return redirect(f"{reverse('comptes:creer_organisme')}?{suite}")
    formulaire = CommencerForm(request.POST or None, utilisateur=request.user)
    if request.method == "POST" and formulaire.is_valid():
        valeurs = formulaire.cleaned_data
        source = valeurs.pop("source", None)
        depart = {"source": source, "titre": valeurs["titre"]} if source else valeurs
        projet = essayer(
            formulaire,
            copier_projet if source else creer_brouillon,
            appel=appel,
            auteur=request.user,
            instant=request.arrivee,
            **depart,
        )
        if projet is not None:
            verifie = AdmissibleForm(request.GET or None, appel=appel)
            if verifie.is_valid():  # les réponses de « Mon projet est-il admissible? » suivent
                reprendre_verification(
                    projet=projet, reponses=verifie.pour_le_brouillon(), auteur=request.user, instant=request.arrivee
                )
            return redirect(projet)
    return render(
        request, "projets/commencer.html", {"appel": appel, "formulaire": formulaire, "fil": fil(None, appel.titre)}
    )


@acces_connecte
def projet(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Liste de tâches du brouillon, ou suivi de la demande déposée."""
    projet = projet_du_promoteur(request, uuid, contenu=REGLES)
    if projet.remplace and not projet.est_brouillon:  # sa modification est déposée : la demande répond
        return redirect(projet.remplace)
    contexte = {"projet": projet, "appel": projet.appel, "fil": fil(projet)}
    if projet.est_brouillon:
        exigences = exigences_de(projet)
        constats = reste_a_faire(projet, exigences)
        sections = liste_de_taches(projet, constats, exigences)
        contexte |= {
            "sections": sections,
            "terminees": sum(section.etat == TERMINE for section in sections),
            "total": len(sections) + 1,
            "changements": changements_du_formulaire(projet),
            "membre": projet.organisme_id in request.user.portees.organismes,
            "partageable": request.user.has_perm("projets.partager_projet", projet),
            "effacable": request.user.has_perm("projets.supprimer_brouillon", projet),
            "suivante": next((section for section in sections if section.etat != TERMINE), None),
            "constats": constats,
            "bloquants": blocages(constats),
            "restants": jours_restants(projet.appel.echeance, maintenant(), projet.appel.fuseau),
        }
        return render(request, "projets/brouillon.html", contexte)
    manquantes = pieces_manquantes(projet, projet.pieces.all())
    contexte |= {
        "frise": frise(projet),
        "etat_lu": etat_pour_promoteur(projet),
        "depot": projet.depots.all()[0],
        "manquantes": manquantes,
        "attentes": attendu_du_promoteur(projet, len(manquantes), request.arrivee),
        "lettre_envoyee": lettre_envoyee(projet),
        "modifiable": projet.etat == EtatProjet.DEPOSE and projet.appel.est_ouvert(request.arrivee),
        "reprise": projet.reprises.filter(etat=EtatProjet.BROUILLON).first(),
        "non_lus": non_lus(projet, request.user),
    }
    return render(request, "projets/suivi.html", contexte)


@acces_connecte
@require_POST
def formulaire_vu(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """« J'ai lu ce qui a changé » : l'avis du formulaire ne se montre plus."""
    projet = projet_du_promoteur(request, uuid)
    exiger(request.user, "projets.modifier_projet", projet)
    noter_formulaire_vu(projet=projet, auteur=request.user, instant=request.arrivee)
    return redirect(projet)


@acces_connecte
@require_POST
def supprimer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Efface un brouillon."""
    projet = get_object_or_404(de_la_personne(request), uuid=uuid)
    exiger(request.user, "projets.supprimer_brouillon", projet)
    supprimer_brouillon(projet=projet)
    messages.success(request, _("Le brouillon « {titre} » est effacé.").format(titre=projet.titre))
    return redirect("projets:mes_projets")


@acces_connecte
def retirer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Retire une demande déposée."""
    projet: Projet = projet_du_promoteur(request, uuid)
    exiger(request.user, "projets.retirer_projet", projet)
    formulaire = RetirerForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        if essayer(
            formulaire,
            retirer_projet,
            projet=projet,
            auteur=request.user,
            instant=request.arrivee,
            motif=formulaire.cleaned_data["motif"],
        ):
            messages.success(request, _("La demande {numero} est retirée.").format(numero=projet.numero))
            return redirect(projet)
    return render(
        request,
        "projets/formulaire.html",
        {
            "titre": _("Retirer la demande"),
            "formulaire": formulaire,
            "projet": projet,
            "fil": fil(projet, _("Retirer")),
            "explication": _("La demande garde son numéro et ne sera plus étudiée. Ce geste ne se défait pas."),
        },
    )
