"""Les pages qui préparent un appel : le créer, le copier, sa liste d'étapes, et chaque étape."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from alliances.actes.communs import dans_une_entente, ententes_gerees
from alliances.models import Entente
from appels.enums import EtatAppel, Famille
from appels.forms import depot as fd
from appels.forms import guide as fg
from appels.forms import preparation as fp
from appels.forms.comite import ComiteForm
from appels.models import Appel
from appels.models.appel import TERME
from appels.regles.conditions import seuil_francisation
from appels.regles.echelle import ecrire_echelle
from appels.requetes.dates import dates_a_signaler
from appels.requetes.preparation import etapes_de_preparation
from appels.services import exigences, guide, preparation
from appels.services.comite import ecrire_comite
from appels.services.copie import copier_appel
from socle.admin.actes import adresse_liste, element_demande, jouer
from socle.formats import jour_local, nom_fuseau
from socle.formulaires import ConfirmerForm

GABARITS = "admin/appels/appel"


def adresse(appel: Appel, nom: str = "preparer") -> str:
    """La page d'un acte sur l'appel; par défaut, sa préparation."""
    return reverse(f"admin:appels_appel_{nom}", args=[appel.pk])


def creer(request: HttpRequest) -> HttpResponse:
    """Créer un appel : un titre et des dates; le reste se propose, et se prépare ensuite."""

    def vue(request: HttpRequest, entente: Entente) -> HttpResponse:
        precedent, fuseau = preparation.dernier_appel(entente), preparation.fuseau_de(entente)
        formulaire = fd.CreerAppelForm(request.POST or None, initial={"terme": precedent.terme if precedent else TERME})
        return jouer(
            request,
            objet=None,
            opts=Appel._meta,
            retour=adresse_liste(Appel),
            vers=adresse,
            titre=_("Créer un appel, entente {entente}").format(entente=entente),
            formulaire=formulaire,
            commande=partial(preparation.creer_appel, entente=entente),
            succes=_("L’appel est créé, invisible au public : préparez-le, étape par étape."),
            arguments=lambda: {
                **{nom: formulaire.cleaned_data[nom] for nom in ("titre", "terme")},
                **formulaire.dates(fuseau),
            },
            recap=[
                (_("Code proposé"), f"{entente.code}-{preparation.rang_suivant(entente)}"),
                (_("Fuseau des territoires"), nom_fuseau(fuseau)),
            ],
        )

    return dans_une_entente(request, modele=Appel, titre=_("Créer un appel"), vue=vue)


def copier(request: HttpRequest, appel: Appel) -> HttpResponse:
    """Un appel neuf, recopié de celui-ci, ses dates décalées."""
    ententes = ententes_gerees(request.user).filter(mandataire=appel.entente.mandataire)
    formulaire = fd.CopierForm(request.POST or None, ententes=ententes, initial={"titre": appel.titre})
    return jouer(
        request,
        objet=appel,
        titre=_("Copier l’appel"),
        formulaire=formulaire,
        commande=copier_appel,
        vers=adresse,
        succes=_("L’appel est copié, invisible au public : relisez ses dates et inscrivez ses montants."),
        arguments=lambda: {"appel": appel, **formulaire.cleaned_data},
        recap=[(_("Dépôt de l’appel copié"), appel.echeance_en_mots)],
        attention=_(
            "Se recopient : textes, mode, périodes, bornes, pièces, grille, calendrier daté, guide et contact. Ne se recopient pas :"
            " l’état, les demandes, les numéros et les montants offerts, qui deviennent « à venir »."
        ),
    )


def preparer(request: HttpRequest, appel: Appel) -> HttpResponse:
    """La liste des étapes, avec leur état et ce qui manque."""
    etapes = etapes_de_preparation(appel, request.arrivee)
    return TemplateResponse(
        request,
        f"{GABARITS}/preparer.html",
        {
            **admin.site.each_context(request),
            "title": _("Préparer l’appel") if appel.etat == EtatAppel.BROUILLON else _("Préparation de l’appel"),
            "objet": appel,
            "opts": Appel._meta,
            "etapes": [(etape, adresse(appel, etape.famille)) for etape in etapes],
            "manque": sum(len(etape.manques) for etape in etapes),
            "signalees": dates_a_signaler(appel),
            "publie": request.user.has_perm("appels.publier_appel", appel),
        },
    )


def _etape(
    request: HttpRequest, appel: Appel, famille: Famille, formulaire: Any, commande: Any, **acte: Any
) -> HttpResponse:
    """Une étape : son formulaire, son service, puis retour à la liste."""
    acte.setdefault("arguments", lambda: {"appel": appel, **formulaire.cleaned_data})
    return jouer(
        request,
        objet=appel,
        titre=famille.label,
        formulaire=formulaire,
        commande=commande,
        retour=adresse(appel),
        succes=_("« {etape} » : enregistré.").format(etape=famille.label),
        **acte,
    )


def renseignements(request: HttpRequest, appel: Appel) -> HttpResponse:
    champs = ("titre", "terme", "resume", "formes_admissibles", "fin_max_projet", "suite_jours")
    formulaire = fp.RenseignementsForm(request.POST or None, initial={nom: getattr(appel, nom) for nom in champs})
    return _etape(request, appel, Famille.RENSEIGNEMENTS, formulaire, preparation.ecrire_renseignements)


def depot(request: HttpRequest, appel: Appel) -> HttpResponse:
    formulaire = fd.DepotForm(request.POST or None, appel=appel)
    return _etape(
        request,
        appel,
        Famille.DEPOT,
        formulaire,
        preparation.ecrire_depot,
        arguments=lambda: {"appel": appel, **formulaire.arguments()},
        gabarit=f"{GABARITS}/depot.html",
    )


def montants(request: HttpRequest, appel: Appel) -> HttpResponse:
    formulaire = fp.MontantsForm(request.POST or None, appel=appel)
    return _etape(
        request,
        appel,
        Famille.MONTANTS,
        formulaire,
        exigences.ecrire_offres,
        arguments=lambda: {"appel": appel, "offres": formulaire.offres()},
        gabarit=f"{GABARITS}/montants.html",
    )


def preciser(request: HttpRequest, appel: Appel) -> HttpResponse:
    formulaire = fp.PreciserForm(request.POST if request.method == "POST" else None, appel=appel)
    return jouer(
        request,
        objet=appel,
        titre=_("Préciser les montants à venir"),
        formulaire=formulaire,
        commande=exigences.preciser_montants,
        succes=_("Les montants sont annoncés."),
        arguments=lambda: {"appel": appel, "montants": formulaire.montants()},
        attention=_("Un montant annoncé ne change plus."),
    )


def parametres(request: HttpRequest, appel: Appel) -> HttpResponse:
    formulaire = fp.ParametresForm(request.POST or None, appel=appel)
    return _etape(
        request,
        appel,
        Famille.PARAMETRES,
        formulaire,
        exigences.ecrire_parametres,
        arguments=lambda: {"appel": appel, **formulaire.arguments()},
        gabarit=f"{GABARITS}/parametres.html",
    )


def calendrier(request: HttpRequest, appel: Appel) -> HttpResponse:
    noms = ("libelle", "jour", "jusqua", "quand")
    formulaire = fp.CalendrierForm(
        request.POST or None, rangees=[{nom: getattr(e, nom) for nom in noms} for e in appel.etapes.all()]
    )
    return _etape(
        request,
        appel,
        Famille.CALENDRIER,
        formulaire,
        preparation.ecrire_calendrier,
        arguments=lambda: {"appel": appel, "etapes": formulaire.rangees()},
        gabarit=f"{GABARITS}/rangees.html",
        aide=_(
            "L’ouverture, la fin du dépôt et la réponse visée y sont déjà : n’inscrivez que les étapes entre elles."
        ),
    )


def grille(request: HttpRequest, appel: Appel) -> HttpResponse:
    noms = ("libelle", "question", "poids", "maximum", "consigne", "seuil")
    formulaire = fp.GrilleForm(
        request.POST or None,
        rangees=[
            {**{nom: getattr(c, nom) for nom in noms}, "echelle": ecrire_echelle(c.paliers)}
            for c in appel.criteres.all()
        ],
    )
    return _etape(
        request,
        appel,
        Famille.GRILLE,
        formulaire,
        exigences.ecrire_grille,
        arguments=lambda: {"appel": appel, "criteres": formulaire.rangees()},
        gabarit=f"{GABARITS}/grille.html",
        aide=_(
            "La consigne aide à répondre. L’échelle en mots s’écrit « 0 Pas du tout; 5 Un peu; 15 Beaucoup » : chaque mot vaut à"
            " partir de sa note. Sous le seuil, la note est signalée à la coordination, sans éliminer la demande."
        ),
    )


def comite(request: HttpRequest, appel: Appel) -> HttpResponse:
    """Les phases du travail du comité et ce qu'il exige."""
    formulaire = ComiteForm(request.POST if request.method == "POST" else None, appel=appel)
    return _etape(
        request,
        appel,
        Famille.COMITE,
        formulaire,
        ecrire_comite,
        arguments=lambda: {"appel": appel, **formulaire.arguments()},
        gabarit=f"{GABARITS}/comite.html",
    )


def contact(request: HttpRequest, appel: Appel) -> HttpResponse:
    formulaire = fp.ContactForm(request.POST or None, initial={nom: getattr(appel, nom) for nom in preparation.CONTACT})
    return _etape(request, appel, Famille.CONTACT, formulaire, preparation.ecrire_contact)


def textes_du_guide(request: HttpRequest, appel: Appel) -> HttpResponse:
    formulaire = fg.GuideForm(
        request.POST or None, rangees=[{"titre": t.titre, "texte": t.texte} for t in appel.textes.all()]
    )
    return _etape(
        request,
        appel,
        Famille.GUIDE,
        formulaire,
        guide.ecrire_guide,
        arguments=lambda: {"appel": appel, "textes": formulaire.rangees()},
        gabarit=f"{GABARITS}/rangees.html",
        aide=_(
            "Le guide reprend déjà les dates, les montants, les pièces, la grille et les questions. Écrivez ici ce qui s’explique en"
            " mots : une ligne vide sépare deux paragraphes."
        ),
    )


def pieces(request: HttpRequest, appel: Appel) -> HttpResponse:
    """La liste des pièces exigées, leurs conditions en mots."""
    return TemplateResponse(
        request,
        f"{GABARITS}/pieces.html",
        {
            **admin.site.each_context(request),
            "title": Famille.PIECES.label,
            "objet": appel,
            "opts": Appel._meta,
            "pieces": appel.pieces_requises.all(),
            "retour": adresse(appel),
        },
    )


def piece(request: HttpRequest, appel: Appel) -> HttpResponse:
    """Ajoute une pièce, ou récrit celle de l'adresse (`?element=`)."""
    element = element_demande(request, appel.pieces_requises.all())
    seuil = seuil_francisation(jour_local(appel.fermeture, appel.fuseau))
    formulaire = fp.PieceForm(request.POST or None, piece=element, seuil=seuil)
    return jouer(
        request,
        objet=appel,
        titre=_("Modifier une pièce") if element else _("Ajouter une pièce"),
        formulaire=formulaire,
        commande=exigences.ecrire_piece,
        retour=adresse(appel, "pieces"),
        succes=_("La pièce est enregistrée."),
        arguments=lambda: {"appel": appel, "piece": element, **formulaire.arguments()},
    )


def retirer_piece(request: HttpRequest, appel: Appel) -> HttpResponse:
    element = element_demande(request, appel.pieces_requises.all())
    if element is None:
        raise Http404
    formulaire = ConfirmerForm(request.POST if request.method == "POST" else None, bouton=_("Ne plus l’exiger"))
    return jouer(
        request,
        objet=appel,
        titre=_("Retirer une pièce"),
        formulaire=formulaire,
        commande=exigences.retirer_piece_exigee,
        retour=adresse(appel, "pieces"),
        succes=_("La pièce n’est plus exigée."),
        arguments=lambda: {"piece": element},
        recap=[(_("Pièce"), str(element))],
    )
