"""Préparer, déposer (et figer), accepter ou retourner une reddition (R38 à R41)."""

import hashlib
import json
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from django.db import transaction
from django.utils.translation import gettext as _

from alliances.models import Entente, TeteGrandLivre
from alliances.services import grand_livre
from comptes.models import Utilisateur
from reddition.compilation import Compilation, compiler
from reddition.enums import EtatReddition, GenreProduction
from reddition.etats import REDDITION
from reddition.models import Controle, LigneReddition, Production, Reddition
from socle import courriels, travaux
from socle.erreurs import Refus
from socle.etats import verifier_droit
from socle.exercices import est_exercice, exercices_entre

COLONNES = (
    "accorde_exercice",
    "accorde_cumul",
    "verse_exercice",
    "verse_cumul",
    "partenaires_argent",
    "partenaires_nature",
    "personnes",
    "nouveau",
)


@transaction.atomic
def preparer_reddition(*, entente: Entente, exercice: str, auteur: Utilisateur | None, instant: datetime) -> Reddition:
    """Ouvre (ou reprend) la reddition de l'exercice et la compile. Refuse un exercice hors de l'entente, ou déjà déposé."""
    verifier_droit(auteur, "reddition.preparer_reddition", entente, _("Préparer la reddition"))
    if not est_exercice(exercice) or exercice not in exercices_entre(entente.debut, entente.fin):
        raise Refus(
            _("L’exercice {exercice} n’est pas dans la durée de l’entente.").format(exercice=exercice),
            code="exercice",
            champ="exercice",
        )
    derniere = entente.redditions.filter(exercice=exercice).order_by("-version").first()
    if derniere is not None and derniere.etat in {EtatReddition.DEPOSEE, EtatReddition.ACCEPTEE}:
        raise Refus(_("La reddition de cet exercice est déjà déposée."), code="etat", champ="exercice")
    if derniere is None or derniere.etat != EtatReddition.PREPARATION:
        derniere = Reddition.objects.create(
            entente=entente, exercice=exercice, version=derniere.version + 1 if derniere else 1
        )
    return compiler_reddition(reddition=derniere, auteur=auteur, instant=instant)


@transaction.atomic
def compiler_reddition(*, reddition: Reddition, auteur: Utilisateur | None, instant: datetime) -> Reddition:
    """Recalcule rangées, chiffres et contrôles à partir du grand livre et des rapports. Refuse une reddition déposée."""
    reddition = _en_preparation(reddition)
    verifier_droit(auteur, "reddition.preparer_reddition", reddition, _("Compiler la reddition"))
    compilation = compiler(reddition.entente, reddition.exercice)
    reddition.lignes.all().delete()
    reddition.controles.all().delete()
    LigneReddition.objects.bulk_create(_lignes(reddition, compilation))
    Controle.objects.bulk_create(
        Controle(
            reddition=reddition,
            rang=rang,
            code=i.code,
            libelle=i.libelle,
            calcule=i.calcule,
            attendu=i.attendu,
            tenu=i.tenu,
        )
        for rang, i in enumerate(compilation.identites, start=1)
    )
    reddition.chiffres, reddition.compilee_le = compilation.chiffres, instant
    reddition.save(update_fields=["chiffres", "compilee_le"])
    return reddition


def _en_preparation(reddition: Reddition) -> Reddition:
    """La rangée verrouillée; refuse une reddition déposée."""
    rangee = (
        Reddition.objects.select_for_update(of=("self",), no_key=True)
        .select_related("entente__mandataire")
        .get(pk=reddition.pk)
    )
    if rangee.etat != EtatReddition.PREPARATION:
        raise Refus(_("Cette reddition est déposée : ses chiffres sont figés."), code="etat")
    return rangee


def _lignes(reddition: Reddition, compilation: Compilation) -> list[LigneReddition]:
    return [
        LigneReddition(
            entente=reddition.entente,
            reddition=reddition,
            projet=r.projet,
            enveloppe_id=r.rangee.enveloppe_id,
            numero=r.projet.numero or "",
            titre=r.projet.titre,
            organisme=str(r.projet.organisme),
            priorite=r.rangee.priorite,
            etat=r.etat,
            **{colonne: getattr(r.rangee, colonne) for colonne in COLONNES},
        )
        for r in compilation.rangees
    ]


@transaction.atomic
def ecrire_textes(*, reddition: Reddition, faits_saillants: str, retombees: str, auteur: Utilisateur) -> Reddition:
    """Enregistre les textes de la coordination. Refuse une reddition déposée."""
    reddition = (
        Reddition.objects.select_for_update(of=("self",), no_key=True)
        .select_related("entente__mandataire")
        .get(pk=reddition.pk)
    )
    verifier_droit(auteur, "reddition.preparer_reddition", reddition, _("Écrire les textes"))
    if reddition.etat != EtatReddition.PREPARATION:
        raise Refus(_("Cette reddition est déposée : ses textes sont figés."), code="etat")
    reddition.faits_saillants, reddition.retombees = faits_saillants, retombees
    reddition.save(update_fields=["faits_saillants", "retombees"])
    return reddition


@transaction.atomic
def deposer_reddition(*, reddition: Reddition, auteur: Utilisateur, instant: datetime) -> Reddition:
    """Certifie et dépose : l'exercice se ferme au grand livre, les chiffres se figent à sa séquence, PDF et XLSX se préparent.

    Refuse un contrôle rompu (R39), des faits saillants vides ou une reddition déjà déposée (un double clic).
    """
    reddition = _en_preparation(reddition)
    sequence = grand_livre.fermer_exercice(reddition.entente, reddition.exercice, instant=instant)
    reddition = compiler_reddition(reddition=reddition, auteur=auteur, instant=instant)
    tete = TeteGrandLivre.objects.filter(entente=reddition.entente).first()
    precedente = reddition.entente.redditions.filter(exercice=reddition.exercice, etat=EtatReddition.RENVOYEE).first()
    if precedente is not None:
        REDDITION.appliquer(precedente, "remplacer", auteur=auteur, instant=instant)
    deposee = REDDITION.appliquer(
        reddition,
        "deposer",
        auteur=auteur,
        instant=instant,
        sequence=sequence,
        tete=tete.empreinte if tete else "",
        empreinte=empreinte_de(reddition),
        deposee_le=instant,
        deposee_par=auteur,
        remplace=precedente,
    )
    for genre in GenreProduction.values:
        demander_production(reddition=deposee, genre=genre, auteur=auteur, instant=instant)
    return deposee


def empreinte_de(reddition: Reddition) -> str:
    """SHA-256 du JSON canonique de la reddition : identité, chiffres et rangées."""
    contenu = {
        "entente": reddition.entente.code,
        "exercice": reddition.exercice,
        "version": reddition.version,
        "chiffres": reddition.chiffres,
        "faits_saillants": reddition.faits_saillants,
        "retombees": reddition.retombees,
        "lignes": [
            {
                "numero": ligne.numero,
                "enveloppe": ligne.enveloppe_id,
                **{c: _texte(getattr(ligne, c)) for c in COLONNES},
            }
            for ligne in reddition.lignes.order_by("numero", "enveloppe_id")
        ],
    }
    return hashlib.sha256(
        json.dumps(contenu, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    ).hexdigest()


def _texte(valeur: Any) -> Any:
    return f"{valeur:.2f}" if isinstance(valeur, Decimal) else valeur


@transaction.atomic
def demander_production(
    *, reddition: Reddition, genre: str, auteur: Utilisateur | None, instant: datetime
) -> Production:
    """Demande le PDF ou le XLSX d'une reddition figée, une fois; rend la production."""
    production, _neuve = Production.objects.get_or_create(reddition=reddition, genre=genre)
    if production.fichier_id is None and (production.travail is None or production.travail.fini):
        production.travail = travaux.demander(
            "reddition.document",
            demande_par=auteur,
            instant=instant,
            parametres={"production_id": production.pk},
            libelle=_("Reddition {entente} {exercice}, {genre}").format(
                entente=reddition.entente.code, exercice=reddition.exercice, genre=genre.upper()
            ),
            mandataire_code=reddition.entente.mandataire.code,
        )
        production.save(update_fields=["travail"])
    return production


@transaction.atomic
def accepter_reddition(*, reddition: Reddition, commentaire: str, auteur: Utilisateur, instant: datetime) -> Reddition:
    """Le ministère accepte la version déposée."""
    return REDDITION.appliquer(
        reddition,
        "accepter",
        auteur=auteur,
        instant=instant,
        traitee_le=instant,
        traitee_par=auteur,
        commentaire=commentaire,
    )


@transaction.atomic
def renvoyer_reddition(*, reddition: Reddition, commentaire: str, auteur: Utilisateur, instant: datetime) -> Reddition:
    """Retourne la reddition : l'exercice rouvre, une version n + 1 se prépare, l'ancienne reste téléchargeable (R41).

    Refuse sans commentaire.
    """
    if not commentaire.strip():
        raise Refus(_("Écrivez ce que la coordination doit corriger."), code="motif", champ="commentaire")
    renvoyee = REDDITION.appliquer(
        reddition,
        "renvoyer",
        auteur=auteur,
        instant=instant,
        traitee_le=instant,
        traitee_par=auteur,
        commentaire=commentaire,
        motif=commentaire,
    )
    grand_livre.rouvrir_exercice(renvoyee.entente, renvoyee.exercice, instant=instant)
    suivante = Reddition.objects.create(
        entente=renvoyee.entente,
        exercice=renvoyee.exercice,
        version=renvoyee.version + 1,
        faits_saillants=renvoyee.faits_saillants,
        retombees=renvoyee.retombees,
    )
    compiler_reddition(reddition=suivante, auteur=None, instant=instant)
    courriels.ecrire(
        "reddition/renvoi",
        destinataire=cast(Utilisateur, renvoyee.deposee_par).email,
        instant=instant,
        cle=f"renvoi:{renvoyee.pk}",
        objet=_("Reddition {entente} {exercice} retournée pour correction").format(
            entente=renvoyee.entente.code, exercice=renvoyee.exercice
        ),
        objet_lie=renvoyee,
        mandataire_code=renvoyee.entente.mandataire.code,
        contexte={"reddition": renvoyee},
    )
    return renvoyee
