"""Le contenu canonique d'un dépôt et son empreinte (décision 7, R56). Montants et dates en chaînes."""

import hashlib
import json
from typing import Any

from projets.champs import reponses_lisibles
from projets.models import PieceJointe, Projet

VERSION = 3  # 2 : la zone est nommée; 3 : la version du formulaire et toutes ses réponses, libellés compris
TEXTES = (
    "titre",
    "resume_public",
    "besoin",
    "objectifs",
    "clienteles",
    "participation",
    "ancrage",
    "partenaires",
    "perennite",
    "nature",
)


def _iso(valeur: Any) -> str | None:
    return valeur.isoformat() if valeur is not None else None


def contenu_de(projet: Projet) -> dict[str, Any]:
    """Tout ce que la personne dépose, pièces citées par leur empreinte."""
    organisme = projet.organisme
    return {
        "version": VERSION,
        "appel": projet.appel.code,
        "entente": projet.entente.code,
        "organisme": {
            "nom": organisme.nom,
            "neq": organisme.neq,
            "forme": organisme.forme,
            "adresse": organisme.adresse,
            "ville": organisme.ville,
            "code_postal": organisme.code_postal,
            "mission": organisme.mission,
        },
        "territoire": projet.enveloppe.code if projet.enveloppe else None,
        "priorite": projet.priorite.code if projet.priorite else None,
        **{champ: getattr(projet, champ) for champ in TEXTES},
        "personnes_visees": projet.personnes_visees,
        "zone_visee": projet.zone_visee,
        "zone": projet.zone.nom if projet.zone else None,
        "debut": _iso(projet.debut),
        "fin": _iso(projet.fin),
        "montant_demande": str(projet.montant_demande),
        "formulaire": projet.formulaire.numero if projet.formulaire else None,
        "reponses": [
            {"section": section.titre, "cle": question.cle, "question": question.libelle, "reponse": reponse}
            for section, lignes in reponses_lisibles(projet)
            for question, reponse in lignes
        ],
        "activites": [
            {"libelle": a.libelle, "debut": _iso(a.debut), "fin": _iso(a.fin)} for a in projet.activites.all()
        ],
        "resultats": [{"indicateur": r.indicateur, "cible": r.cible} for r in projet.resultats.all()],
        "depenses": [
            {"categorie": d.categorie, "libelle": d.libelle, "prevue_le": _iso(d.engagee_le), "montant": str(d.montant)}
            for d in projet.depenses.all()
        ],
        "financements": [
            {"source": f.source, "nom": f.libelle, "genre": f.genre, "confirme": f.confirme, "montant": str(f.montant)}
            for f in projet.financements.all()
        ],
        "pieces": [
            {"nom": p.fichier.nom, "sha256": p.fichier.empreinte, "taille": p.fichier.taille, **_pour(p)}
            for p in projet.pieces.all()
        ],
    }


def _pour(piece: PieceJointe) -> dict[str, str]:
    """La question du formulaire à laquelle le fichier répond, s'il y en a une."""
    return {"question": piece.question} if piece.question else {}


def canonique(contenu: dict[str, Any]) -> bytes:
    """JSON canonique : clés triées, sans espaces, UTF-8."""
    return json.dumps(contenu, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def empreinte_de(contenu: dict[str, Any]) -> str:
    """SHA-256 du JSON canonique, en hexadécimal."""
    return hashlib.sha256(canonique(contenu)).hexdigest()
