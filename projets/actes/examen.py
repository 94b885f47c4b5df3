"""L'examen d'admissibilité : la liste de contrôle, et l'acte qui la défait."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from projets.forms.examen import DefaireForm, ExamenForm
from projets.models import Projet
from projets.requetes import dossier_complet
from projets.requetes.admissibilite import proposer
from projets.services.admissibilite import defaire_examen, examiner_admissibilite
from socle.admin.actes import jouer


def examiner(request: HttpRequest, projet: Projet) -> HttpResponse:
    """Chaque point : ce que le calcul propose, à confirmer ou à corriger; le verdict en découle."""
    projet = dossier_complet(Projet.objects.filter(pk=projet.pk)).get()
    formulaire = ExamenForm(request.POST or None, propositions=proposer(projet))
    return jouer(
        request,
        objet=projet,
        titre=_("Admissibilité"),
        gabarit="admin/projets/projet/examiner.html",
        formulaire=formulaire,
        commande=examiner_admissibilite,
        succes=_("L’examen est consigné."),
        arguments=lambda: {"projet": projet, **formulaire.arguments()},
    )


def defaire(request: HttpRequest, projet: Projet) -> HttpResponse:
    formulaire = DefaireForm(request.POST or None)
    return jouer(
        request,
        objet=projet,
        titre=_("Défaire l’examen d’admissibilité"),
        formulaire=formulaire,
        commande=defaire_examen,
        succes=_("L’examen est défait : la demande est de nouveau à examiner. L’ancien reste au dossier."),
        attention=_("La demande redeviendra « Déposée ». L’examen présent et ses notes resteront au dossier."),
        arguments=lambda: {"projet": projet, **formulaire.cleaned_data},
    )
