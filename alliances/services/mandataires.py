"""Un mandataire : désigné et nommé par le ministère; sa fiche publique et son image, par sa coordination."""

from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from alliances.models import Mandataire, NomMandataire
from alliances.regles.image import lisible
from socle.documents.fichiers import IMAGES, recevoir
from socle.erreurs import Refus
from socle.etats import noter_transition, verifier_droit
from socle.formats import taille
from socle.models import Fichier

DROIT = "alliances.modifier_image"
ACCES_LOGO = "logo"
LOGO_MAX = 500_000
DESIGNER = "alliances.gerer_entente"
CHAMPS_FICHE = (
    "presentation",
    "site",
    "courriel",
    "telephone",
    "adresse",
    "ville",
    "code_postal",
)


@transaction.atomic
def designer_mandataire(
    *,
    mandataire: Mandataire,
    designe_par: str,
    designe_le: date | None,
    resolution: str,
    inscrit_req: bool,
    fiduciaire: str,
    auteur: Any,
    instant: datetime,
) -> Mandataire:
    """Consigne la désignation par les élus. Refuse une table hors du Registre des entreprises sans fiduciaire (R54)."""
    verifier_droit(auteur, DESIGNER, mandataire, _("Consigner la désignation"))
    if not inscrit_req and not fiduciaire.strip():
        raise Refus(
            _("Une table qui n’est pas inscrite au Registre des entreprises a un fiduciaire : nommez-le (R54)."),
            code="fiduciaire",
            champ="fiduciaire",
        )
    rangee = _verrouiller(mandataire)
    champs = {
        "designe_par": designe_par.strip(),
        "designe_le": designe_le,
        "resolution": resolution.strip(),
        "inscrit_req": inscrit_req,
        "fiduciaire": fiduciaire.strip(),
    }
    for nom, valeur in champs.items():
        setattr(rangee, nom, valeur)
    rangee.save(update_fields=list(champs))
    noter_transition(rangee, action="designer", de="", vers="fiche", auteur=auteur, instant=instant, motif=designe_par)
    return rangee


@transaction.atomic
def modifier_fiche(*, mandataire: Mandataire, auteur: Any, instant: datetime, **champs: Any) -> Mandataire:
    """Met à jour ce que le public lit du mandataire : présentation et coordonnées."""
    verifier_droit(auteur, DROIT, mandataire, _("Modifier la fiche"))
    rangee = _verrouiller(mandataire)
    for nom in CHAMPS_FICHE:
        setattr(rangee, nom, champs.get(nom, getattr(rangee, nom)))
    rangee.save(update_fields=CHAMPS_FICHE)
    noter_transition(rangee, action="modifier_fiche", de="", vers="fiche", auteur=auteur, instant=instant)
    return rangee


@transaction.atomic
def renommer_mandataire(
    *, mandataire: Mandataire, nom: str, depuis: date, auteur: Any, instant: datetime
) -> Mandataire:
    """Change le nom légal à une date; l'ancien reste au dossier, avec ses dates.

    Refuse le même nom, ou une date qui précède le nom présent.
    """
    verifier_droit(auteur, DESIGNER, mandataire, _("Changer le nom"))
    rangee = _verrouiller(mandataire)
    ancien, nouveau = rangee.nom, nom.strip()
    if nouveau == ancien:
        raise Refus(_("C’est déjà son nom."), code="nom", champ="nom")
    debut = _debut_du_nom(rangee, depuis)
    veille = depuis - timedelta(days=1)
    if veille < debut:
        raise Refus(
            _("Le nom présent vaut depuis plus tard que cette date. Choisissez une date qui le suit."),
            code="dates",
            champ="depuis",
        )
    NomMandataire.objects.create(mandataire=rangee, nom=ancien, depuis=debut, jusqua=veille)
    rangee.nom = nouveau
    rangee.save(update_fields=["nom"])
    noter_transition(rangee, action="renommer", de="", vers="fiche", auteur=auteur, instant=instant, motif=ancien)
    return rangee


def _debut_du_nom(mandataire: Mandataire, depuis: date) -> date:
    """Depuis quand vaut le nom présent : le lendemain du précédent, sinon la première entente, sinon la veille."""
    dernier = mandataire.noms.order_by("-jusqua").first()
    if dernier is not None:
        return dernier.jusqua + timedelta(days=1)
    premiere = mandataire.ententes.order_by("debut").values_list("debut", flat=True).first()
    return mandataire.designe_le or premiere or depuis - timedelta(days=1)


def nom_au(mandataire: Mandataire, jour: date) -> str:
    """Le nom que portait le mandataire ce jour-là."""
    ancien = mandataire.noms.filter(depuis__lte=jour, jusqua__gte=jour).first()
    return ancien.nom if ancien else mandataire.nom


@transaction.atomic
def modifier_image(
    *,
    mandataire: Mandataire,
    nom_public: str,
    couleur: str,
    partenaires_en_ligne: str,
    auteur: Any,
    instant: datetime,
    logo: UploadedFile | None = None,
    texte_logo: str = "",
    retirer_logo: bool = False,
) -> Mandataire:
    """Change le nom affiché, la couleur d'en-tête, le logo et la ligne des partenaires.

    Refuse une couleur sur laquelle le blanc ne se lit pas (4,5 pour 1), un logo qui n'est pas une image PNG, JPEG ou WebP
    vraie, ou trop lourd, ou sans texte de remplacement.
    """
    verifier_droit(auteur, DROIT, mandataire, _("Modifier l’image"))
    rangee = _verrouiller(mandataire)
    couleur = couleur.strip().lower()
    if couleur and not lisible(couleur):
        raise Refus(
            _(
                "Le texte blanc ne se lirait pas sur cette couleur (il faut un contraste d’au moins 4,5 pour 1). Choisissez"
                " une couleur plus foncée, écrite comme #095797."
            ),
            code="contraste",
            champ="couleur",
        )
    rangee.nom_public, rangee.couleur = nom_public.strip(), couleur
    rangee.partenaires_en_ligne = partenaires_en_ligne.strip()
    rangee.logo = _logo(rangee, logo, texte_logo.strip(), retirer_logo, auteur, instant)
    rangee.save(update_fields=["nom_public", "couleur", "logo", "partenaires_en_ligne"])
    noter_transition(rangee, action="modifier_image", de="", vers="image", auteur=auteur, instant=instant)
    return rangee


def _logo(
    mandataire: Mandataire, televerse: UploadedFile | None, texte: str, retirer: bool, auteur: Any, instant: datetime
) -> Fichier | None:
    """Le logo à garder : aucun, le présent (son texte peut changer), ou le neuf, vérifié."""
    present = mandataire.logo
    if retirer and televerse is None:
        return None
    if televerse is None and present is None:
        return None
    if not texte:
        raise Refus(
            _("Écrivez ce que dit le logo : c’est ce qu’entend une personne qui ne le voit pas."),
            code="texte_logo",
            champ="texte_logo",
        )
    if televerse is not None:
        return _recevoir_logo(mandataire, televerse, texte, auteur, instant)
    if present is not None:
        present.metadonnees = {**present.metadonnees, "texte": texte}
        present.save(update_fields=["metadonnees"])
    return present


def _recevoir_logo(
    mandataire: Mandataire, televerse: UploadedFile, texte: str, auteur: Any, instant: datetime
) -> Fichier:
    if (televerse.size or 0) > LOGO_MAX:
        raise Refus(
            _("Ce logo pèse {taille}; le maximum est {maximum}. Réduisez l’image.").format(
                taille=taille(televerse.size or 0), maximum=taille(LOGO_MAX)
            ),
            code="taille",
            champ="logo",
        )
    try:
        fichier = recevoir(
            televerse,
            acces=ACCES_LOGO,
            objet_id=mandataire.pk,
            depose_par=auteur,
            instant=instant,
            types=IMAGES,
            texte=texte,
        )
    except Refus as refus:
        raise Refus(str(refus), code=refus.code, champ="logo") from refus
    with fichier.contenu.open("rb") as source, Image.open(BytesIO(source.read())) as image:
        fichier.metadonnees = {**fichier.metadonnees, "largeur": image.width, "hauteur": image.height}
    fichier.save(update_fields=["metadonnees"])
    return fichier


def _verrouiller(mandataire: Mandataire) -> Mandataire:
    return Mandataire.objects.select_for_update(of=("self",), no_key=True).select_related("logo").get(pk=mandataire.pk)
