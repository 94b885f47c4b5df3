"""Tenir un dossier : le prendre, le confier, le déplacer, noter un appel, relancer ses pièces."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from projets.enums import A_L_ETUDE
from projets.forms import dossier as f
from projets.models import Projet
from projets.pieces import limite_des_pieces
from projets.requetes.manques import pieces_attendues
from projets.services import dossiers
from socle.admin.actes import jouer
from socle.formats import argent_cents, fin_exclusive, telephone
from socle.formulaires import ConfirmerForm


def prendre(request: HttpRequest, projet: Projet) -> HttpResponse:
    """Un geste : la personne devient responsable du dossier."""
    titre = _("Prendre ce dossier")
    return jouer(
        request,
        objet=projet,
        titre=titre,
        formulaire=ConfirmerForm(request.POST if request.method == "POST" else None, bouton=titre),
        commande=dossiers.confier_responsabilite,
        succes=_("Vous répondez maintenant de ce dossier."),
        recap=[(_("Responsable présent"), str(projet.responsable or _("Personne")))],
        arguments=lambda: {"projet": projet, "personne": request.user},
    )


def confier(request: HttpRequest, projet: Projet) -> HttpResponse:
    formulaire = f.ConfierForm(request.POST or None, projet=projet, instant=request.arrivee)
    return jouer(
        request,
        objet=projet,
        titre=_("Confier le dossier"),
        formulaire=formulaire,
        commande=dossiers.confier_responsabilite,
        succes=_("La responsabilité du dossier est inscrite."),
        recap=[(_("Responsable présent"), str(projet.responsable or _("Personne")))],
        arguments=lambda: {"projet": projet, **formulaire.cleaned_data},
    )


def deplacer(request: HttpRequest, projet: Projet) -> HttpResponse:
    formulaire = f.DeplacerForm(request.POST or None, projet=projet)
    return jouer(
        request,
        objet=projet,
        titre=_("Changer d’enveloppe ou de territoire"),
        formulaire=formulaire,
        commande=dossiers.deplacer_projet,
        succes=_("La demande est rangée dans sa nouvelle enveloppe; son numéro ne change pas."),
        recap=[
            (_("Enveloppe présente"), str(projet.enveloppe)),
            (_("Disponible"), argent_cents(projet.enveloppe.disponible)),
            (_("Demandé"), argent_cents(projet.montant_demande)),
        ],
        arguments=lambda: {"projet": projet, **formulaire.cleaned_data},
    )


def noter(request: HttpRequest, projet: Projet) -> HttpResponse:
    formulaire = f.NoteForm(request.POST or None)
    organisme = projet.organisme
    return jouer(
        request,
        objet=projet,
        titre=_("Noter un appel"),
        formulaire=formulaire,
        commande=dossiers.noter_appel,
        succes=_("La note est au dossier; l’organisme ne la voit pas."),
        recap=[
            (_("Organisme"), str(organisme)),
            (_("Téléphone"), telephone(organisme.telephone) or _("Aucun téléphone inscrit")),
        ],
        arguments=lambda: {"projet": projet, **formulaire.cleaned_data},
    )


def a_relancer(projet: Projet) -> bool:
    """Le bouton ne paraît que s'il manque une pièce à une demande à l'étude."""
    return projet.etat in A_L_ETUDE and bool(pieces_attendues(projet, projet.pieces.all()))


def relancer(request: HttpRequest, projet: Projet) -> HttpResponse:
    formulaire = f.RelanceForm(request.POST if request.method == "POST" else None)
    manquantes = pieces_attendues(projet, projet.pieces.all())
    return jouer(
        request,
        objet=projet,
        titre=_("Relancer les pièces manquantes"),
        formulaire=formulaire,
        commande=dossiers.relancer_pieces,
        succes=_("La relance est dans la boîte d’envoi."),
        recap=[
            (_("Pièces attendues"), ", ".join(map(str, manquantes)) or _("Aucune")),
            (_("Au plus tard le"), fin_exclusive(limite_des_pieces(projet), projet.appel.fuseau)),
        ],
        arguments=lambda: {"projet": projet, **formulaire.cleaned_data},
    )
