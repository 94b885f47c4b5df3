"""Les champs d'une demande, un à un : leur valeur en JSON, leur empreinte, leur lecture en mots.

Un champ est une question du formulaire (colonne du projet, ou `Reponse`), le montant demandé, ou une liste entière.
L'empreinte de la valeur qu'on a lue sert de version : qui écrit sur une autre valeur que celle qu'il a lue est en conflit.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as L  # noqa: N812

from appels.enums import GenreQuestion, NatureProjet
from appels.gabarit_fqis import formulaire_type
from appels.models import FormulaireVersion
from appels.questions import COLONNES, Formulaire, Question, Section
from projets.models import Projet
from socle.formats import argent_cents, date_longue, nombre

LISTES: Mapping[str, tuple[str, ...]] = {
    "activites": ("libelle", "debut", "fin"),
    "resultats": ("indicateur", "cible"),
    "depenses": ("categorie", "libelle", "engagee_le", "montant"),
    "financements": ("source", "libelle", "genre", "confirme", "montant"),
}
MONTANT = "montant_demande"
NOMS = {
    "activites": L("Activités"),
    "resultats": L("Résultats attendus"),
    "depenses": L("Dépenses"),
    "financements": L("Autres sources de financement"),
    "pieces": L("Pièces jointes"),
    MONTANT: L("Montant demandé"),
}
LIENS = ("enveloppe", "priorite", "zone")
OUI_NON = {True: L("Oui"), False: L("Non")}


def formulaire_de(projet: Projet) -> Formulaire:
    """Le formulaire de la demande : sa version, ou le formulaire type d'un appel qui n'en a pas publié."""
    if not hasattr(projet, "_formulaire_lu"):
        projet._formulaire_lu = projet.formulaire.formulaire if projet.formulaire_id else formulaire_type()
    return projet._formulaire_lu


def nom_du_champ(projet: Projet, champ: str) -> str:
    """Le champ, comme le formulaire de la demande le nomme."""
    question = formulaire_de(projet).question(champ)
    return question.libelle if question else str(NOMS.get(champ, champ))


def en_json(valeur: Any) -> Any:
    """Dates en ISO, montants en chaînes, liens en identifiants; vide et nul se confondent."""
    if valeur in (None, "", [], ()):
        return None
    if isinstance(valeur, date):
        return valeur.isoformat()
    if isinstance(valeur, Decimal):
        return format(valeur.normalize(), "f")
    if isinstance(valeur, Mapping):
        return {cle: en_json(v) for cle, v in valeur.items()}
    if isinstance(valeur, list | tuple):
        return [en_json(v) for v in valeur]
    return valeur.pk if hasattr(valeur, "pk") else valeur


def empreinte(valeur: Any) -> str:
    """Seize caractères qui changent dès que la valeur change."""
    texte = json.dumps(en_json(valeur), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(texte.encode()).hexdigest()[:16]


def colonne_remplie(champ: str, valeur: Any) -> Any:
    """La valeur à poser sur la colonne : vide, un texte vide ou nul selon la colonne."""
    if valeur not in (None, ""):
        return valeur
    return None if getattr(Projet._meta.get_field(champ), "null", True) else ""


def reponses_de(projet: Projet) -> dict[str, Any]:
    """Les réponses sans colonne, par clé de question."""
    return {reponse.cle: reponse.valeur for reponse in projet.reponses.all()}


def valeur_de(projet: Projet, champ: str) -> Any:
    """La valeur enregistrée du champ, en JSON."""
    if champ in LISTES:
        return rangees_de(projet, champ)
    if champ == MONTANT or champ in COLONNES:
        return en_json(getattr(projet, f"{champ}_id" if champ in LIENS else champ))
    return reponses_de(projet).get(champ)


def rangees_de(projet: Projet, relation: str) -> list[dict[str, Any]] | None:
    """Les rangées d'une liste, en JSON; nul si elle est vide."""
    noms = LISTES[relation]
    return [{nom: en_json(getattr(r, nom)) for nom in noms} for r in getattr(projet, relation).all()] or None


def rangees_json(relation: str, rangees: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]] | None:
    """Les rangées d'un formulaire, sous la même forme que `rangees_de`."""
    noms = LISTES[relation]
    return [{nom: en_json(rangee.get(nom)) for nom in noms} for rangee in rangees] or None


def valeurs_de(projet: Projet) -> dict[str, Any]:
    """La valeur de chaque question du formulaire; d'une question de fichier, les noms des fichiers joints."""
    autres = reponses_de(projet)
    questions = [question for _section, question in formulaire_de(projet).toutes()]
    joints = noms_joints(projet) if any(q.genre == GenreQuestion.FICHIER for q in questions) else {}
    return {
        q.cle: valeur_de(projet, q.cle)
        if q.de_colonne
        else joints.get(q.cle)
        if q.genre == GenreQuestion.FICHIER
        else autres.get(q.cle)
        for q in questions
    }


def noms_joints(projet: Projet) -> dict[str, list[str]]:
    """Les noms des fichiers joints, par question du formulaire."""
    noms: dict[str, list[str]] = {}
    for piece in projet.pieces.all():
        if piece.question:
            noms.setdefault(piece.question, []).append(piece.fichier.nom)
    return noms


def questions_posees(projet: Projet) -> list[tuple[Section, Question]]:
    """Les questions qui se posent, selon les réponses déjà données."""
    return formulaire_de(projet).posees(valeurs_de(projet))


def en_mots(question: Question, projet: Projet, valeur: Any) -> str:
    """La réponse comme on la lit; « – » si elle est vide."""
    if valeur is None:
        return "–"
    if question.genre == GenreQuestion.FICHIER:
        return ", ".join(valeur)
    if question.genre == GenreQuestion.TABLEAU:
        return "\n".join(" · ".join(str(case or "–") for case in rangee) for rangee in valeur)
    if question.cle in LIENS or question.genre in {
        GenreQuestion.TERRITOIRE,
        GenreQuestion.ZONE,
        GenreQuestion.PRIORITE,
    }:
        return _nom_du_lien(question, projet, valeur)
    if isinstance(valeur, bool):
        return str(OUI_NON[valeur])
    if question.genre in {GenreQuestion.CHOIX, GenreQuestion.CHOIX_MULTIPLE}:
        libelles = dict(NatureProjet.choices) if question.cle == "nature" else dict(question.options)
        return ", ".join(str(libelles.get(v, v)) for v in (valeur if isinstance(valeur, list) else [valeur]))
    if question.genre == GenreQuestion.MONTANT:
        return argent_cents(Decimal(valeur))
    if question.genre == GenreQuestion.DATE:
        return date_longue(date.fromisoformat(valeur))
    return nombre(Decimal(valeur)) if question.genre == GenreQuestion.NOMBRE else str(valeur)


def _nom_du_lien(question: Question, projet: Projet, valeur: int) -> str:
    if question.cle in LIENS:
        return str(getattr(projet, question.cle) or "–")
    objets = {
        GenreQuestion.TERRITOIRE: lambda: projet.entente.enveloppes,
        GenreQuestion.ZONE: lambda: projet.entente.zones,
        GenreQuestion.PRIORITE: lambda: projet.entente.priorites,
    }[GenreQuestion(question.genre)]()
    return str(objets.filter(pk=valeur).first() or "–")


def reponses_lisibles(projet: Projet) -> list[tuple[Section, list[tuple[Question, str]]]]:
    """Section par section, chaque question posée et sa réponse en mots : relire, suivre, imprimer."""
    valeurs = valeurs_de(projet)
    par_section: dict[Section, list[tuple[Question, str]]] = {}
    for section, question in formulaire_de(projet).posees(valeurs):
        par_section.setdefault(section, []).append((question, en_mots(question, projet, valeurs[question.cle])))
    return list(par_section.items())


def formulaire_courant(appel_id: int) -> FormulaireVersion | None:
    """La dernière version publiée de l'appel; nul : le formulaire type."""
    return FormulaireVersion.objects.publiees().filter(appel=appel_id).order_by("-numero").first()


def changements_du_formulaire(projet: Projet) -> list[str]:
    """Ce qui a changé au formulaire depuis que la demande a été commencée ou relue; vide si rien de neuf."""
    if not projet.formulaire or projet.formulaire.numero <= projet.formulaire_vu:
        return []
    versions = FormulaireVersion.objects.publiees().filter(
        appel=projet.appel_id, numero__gt=projet.formulaire_vu, numero__lte=projet.formulaire.numero
    )
    return [phrase for version in versions.order_by("numero") for phrase in version.changements]
