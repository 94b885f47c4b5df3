"""Les actes d'un mandataire : sa fiche, son image."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from alliances.forms.mandataires import FicheForm, ImageForm
from alliances.models import Mandataire
from alliances.services.mandataires import modifier_fiche, modifier_image
from socle.admin.actes import jouer


def fiche(request: HttpRequest, mandataire: Mandataire) -> HttpResponse:
    formulaire = FicheForm(request.POST or None, instance=Mandataire.objects.get(pk=mandataire.pk))
    return jouer(
        request,
        objet=mandataire,
        titre=_("Modifier la fiche"),
        formulaire=formulaire,
        commande=modifier_fiche,
        succes=_("La fiche est enregistrée : elle se lit sur la page publique de l’Alliance."),
        arguments=lambda: {"mandataire": mandataire, **formulaire.cleaned_data},
    )


def image(request: HttpRequest, mandataire: Mandataire) -> HttpResponse:
    logo = mandataire.logo
    formulaire = ImageForm(
        request.POST or None,
        request.FILES or None,
        mandataire=mandataire,
        initial={
            "nom_public": mandataire.nom_public,
            "couleur": mandataire.couleur,
            "texte_logo": logo.metadonnees.get("texte", "") if logo else "",
            "partenaires_en_ligne": mandataire.partenaires_en_ligne,
        },
    )
    return jouer(
        request,
        objet=mandataire,
        titre=_("Modifier l’image"),
        formulaire=formulaire,
        commande=modifier_image,
        succes=_("L’image est enregistrée : elle paraît sur la page de l’Alliance et sur ses appels."),
        arguments=lambda: {"mandataire": mandataire, **formulaire.cleaned_data},
    )
