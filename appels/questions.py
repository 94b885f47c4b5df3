"""Le formulaire d'un appel : sections et questions, pures; lues et écrites en JSON, comparées, jamais à demi valides."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as L  # noqa: N812

from appels.enums import GenreQuestion as G
from appels.enums import Gravite

CLE = re.compile(r"^[a-z][a-z0-9_]{1,39}$")
# Une question dont la clé est ici écrit une colonne du projet : la reddition la lit (décision 7).
COLONNES = {
    "titre": G.TEXTE_COURT,
    "enveloppe": G.TERRITOIRE,
    "priorite": G.PRIORITE,
    "nature": G.CHOIX,
    "resume_public": G.TEXTE_LONG,
    "besoin": G.TEXTE_LONG,
    "objectifs": G.TEXTE_LONG,
    "clienteles": G.TEXTE_LONG,
    "personnes_visees": G.NOMBRE,
    "participation": G.TEXTE_LONG,
    "ancrage": G.TEXTE_LONG,
    "partenaires": G.TEXTE_LONG,
    "perennite": G.TEXTE_LONG,
    "zone_visee": G.CHOIX,
    "zone": G.ZONE,
    "debut": G.DATE,
    "fin": G.DATE,
}
INDISPENSABLES = ("titre", "enveloppe", "priorite", "resume_public", "personnes_visees", "zone_visee", "debut", "fin")
# Adresses déjà prises sous la demande.
RESERVEES = frozenset(
    {
        *("organisme", "activites", "budget", "pieces", "relire", "accuse", "reprendre", "signer", "precisions"),
        *("messages", "convention", "rapport", "effacer", "retirer", "documents", "champ", "imprimer", "partager"),
    }
)
UNITES = {"caracteres": L("caractères, espaces comprises"), "mots": L("mots")}


class DefinitionInvalide(ValueError):
    """Une définition de formulaire qui ne tient pas; le message dit où et quoi faire."""


@dataclass(frozen=True)
class Condition:
    """La question ne se pose que si `cle` a une de ces réponses."""

    cle: str
    valeurs: tuple[str, ...]

    def tenue(self, reponses: Mapping[str, Any]) -> bool:
        valeur = reponses.get(self.cle)
        donnees = valeur if isinstance(valeur, list) else [valeur]
        return any(_en_texte(donnee) in self.valeurs for donnee in donnees)


@dataclass(frozen=True)
class Question:
    """Une question. `gravite` vide : facultative; `limite` : avertit au-delà, ne coupe jamais."""

    cle: str
    genre: str
    libelle: str
    aide: str = ""
    gravite: str = ""
    limite: int | None = None
    unite: str = "caracteres"
    options: tuple[tuple[str, str], ...] = ()
    colonnes: tuple[str, ...] = ()
    condition: Condition | None = None
    publique: bool = False

    @property
    def de_colonne(self) -> bool:
        """La réponse s'écrit dans une colonne du projet."""
        return self.cle in COLONNES

    @property
    def indispensable(self) -> bool:
        """La reddition ou la vitrine la lit : elle ne se retire pas du formulaire."""
        return self.cle in INDISPENSABLES


@dataclass(frozen=True)
class Section:
    cle: str
    titre: str
    aide: str = ""
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Formulaire:
    """Les sections d'un formulaire, dans l'ordre."""

    sections: tuple[Section, ...] = field(default=())

    def toutes(self) -> Iterator[tuple[Section, Question]]:
        for section in self.sections:
            for question in section.questions:
                yield section, question

    def question(self, cle: str) -> Question | None:
        return next((question for _section, question in self.toutes() if question.cle == cle), None)

    def section(self, cle: str) -> Section | None:
        return next((section for section in self.sections if section.cle == cle), None)

    def posees(self, reponses: Mapping[str, Any]) -> list[tuple[Section, Question]]:
        """Les questions dont la condition est tenue; une condition sur une question non posée ne l'est pas."""
        posees: dict[str, Any] = {}
        retenues = []
        for section, question in self.toutes():
            if question.condition is None or question.condition.tenue(posees):
                posees[question.cle] = reponses.get(question.cle)
                retenues.append((section, question))
        return retenues


def lire(definition: Mapping[str, Any]) -> Formulaire:
    """Lit la définition rangée; refuse ce que `verifier` refuse."""
    try:
        formulaire = Formulaire(tuple(_section(section) for section in definition["sections"]))
    except (KeyError, TypeError) as erreur:
        raise DefinitionInvalide(_("Définition illisible : {cause}").format(cause=erreur)) from erreur
    verifier(formulaire)
    return formulaire


def _section(valeurs: Mapping[str, Any]) -> Section:
    return Section(
        valeurs["cle"],
        valeurs["titre"],
        valeurs.get("aide", ""),
        tuple(_question(question) for question in valeurs["questions"]),
    )


def _question(valeurs: Mapping[str, Any]) -> Question:
    condition = valeurs.get("condition")
    return Question(
        **{
            **valeurs,
            "options": tuple((cle, libelle) for cle, libelle in valeurs.get("options", ())),
            "colonnes": tuple(valeurs.get("colonnes", ())),
            "condition": Condition(condition["cle"], tuple(condition["valeurs"])) if condition else None,
        }
    )


def ecrire(formulaire: Formulaire) -> dict[str, Any]:
    """La définition en JSON; `lire(ecrire(f)) == f`."""
    return {
        "sections": [
            {
                "cle": section.cle,
                "titre": section.titre,
                "aide": section.aide,
                "questions": [
                    {
                        **{nom: getattr(q, nom) for nom in ("cle", "genre", "libelle", "aide", "gravite", "limite")},
                        "unite": q.unite,
                        "options": [list(option) for option in q.options],
                        "colonnes": list(q.colonnes),
                        "condition": {"cle": q.condition.cle, "valeurs": list(q.condition.valeurs)}
                        if q.condition
                        else None,
                        "publique": q.publique,
                    }
                    for q in section.questions
                ],
            }
            for section in formulaire.sections
        ]
    }


def verifier(formulaire: Formulaire) -> None:
    """Refuse : clés en double, mal écrites ou réservées, genre qui ne va pas à sa colonne, choix sans options,

    condition sur une question qui ne précède pas, question indispensable absente.
    """
    vues: dict[str, Question] = {}
    sections: set[str] = set()
    for section in formulaire.sections:
        if not CLE.match(section.cle) or section.cle in RESERVEES or section.cle in sections:
            raise DefinitionInvalide(
                _("La section « {cle} » a une clé déjà prise ou mal écrite.").format(cle=section.cle)
            )
        sections.add(section.cle)
        for question in section.questions:
            _verifier_question(question, vues)
            vues[question.cle] = question
    absentes = [cle for cle in INDISPENSABLES if cle not in vues]
    if absentes:
        raise DefinitionInvalide(
            _("Il manque au formulaire une question que la reddition lit : {cles}. Remettez-la.").format(
                cles=", ".join(absentes)
            )
        )


def _verifier_question(question: Question, vues: Mapping[str, Question]) -> None:
    nom = question.libelle or question.cle
    if not CLE.match(question.cle) or question.cle in vues:
        raise DefinitionInvalide(_("« {nom} » : la clé est déjà prise ou mal écrite.").format(nom=nom))
    if not question.libelle.strip():
        raise DefinitionInvalide(_("Une question n’a pas de libellé : écrivez ce qu’elle demande."))
    if question.genre not in G.values or question.gravite not in {"", *Gravite.values} or question.unite not in UNITES:
        raise DefinitionInvalide(_("« {nom} » : genre, gravité ou unité inconnus.").format(nom=nom))
    if question.de_colonne and question.genre != COLONNES[question.cle]:
        raise DefinitionInvalide(_("« {nom} » : cette question garde son genre, la reddition la lit.").format(nom=nom))
    if question.genre in {G.CHOIX, G.CHOIX_MULTIPLE} and not question.de_colonne and len(question.options) < 2:  # noqa: PLR2004 — un choix
        raise DefinitionInvalide(_("« {nom} » : inscrivez au moins deux choix.").format(nom=nom))
    if question.genre == G.TABLEAU and not question.colonnes:
        raise DefinitionInvalide(_("« {nom} » : inscrivez au moins une colonne au tableau.").format(nom=nom))
    if question.condition and question.condition.cle not in vues:
        raise DefinitionInvalide(_("« {nom} » : sa condition cite une question qui ne la précède pas.").format(nom=nom))


def differences(avant: Formulaire, apres: Formulaire) -> list[str]:
    """Ce qui a changé, en phrases, pour qui avait commencé : questions ajoutées, retirées, changées."""
    anciennes = {question.cle: question for _section, question in avant.toutes()}
    nouvelles = {question.cle: question for _section, question in apres.toutes()}
    phrases = [
        _("Question ajoutée : {libelle}").format(libelle=q.libelle)
        for cle, q in nouvelles.items()
        if cle not in anciennes
    ]
    phrases += [
        _("Question retirée : {libelle} (votre réponse est gardée)").format(libelle=q.libelle)
        for cle, q in anciennes.items()
        if cle not in nouvelles
    ]
    phrases += [
        _("Question changée : {libelle}").format(libelle=q.libelle)
        for cle, q in nouvelles.items()
        if cle in anciennes and anciennes[cle] != q
    ]
    return phrases


def deplacer(formulaire: Formulaire, cle: str, pas: int) -> Formulaire:
    """La question monte (−1) ou descend (+1) dans sa section; rien au bord."""
    sections = []
    for section in formulaire.sections:
        rang = next((i for i, question in enumerate(section.questions) if question.cle == cle), None)
        if rang is not None and 0 <= rang + pas < len(section.questions):
            questions = list(section.questions)
            questions[rang], questions[rang + pas] = questions[rang + pas], questions[rang]
            sections.append(replace(section, questions=tuple(questions)))
        else:
            sections.append(section)
    return Formulaire(tuple(sections))


def poser(formulaire: Formulaire, section: str, question: Question, ancienne: str = "") -> Formulaire:
    """Met `question` dans la section, à la place d'`ancienne` (même section) ou à la fin."""
    sections = []
    for courante in formulaire.sections:
        questions = list(courante.questions)
        rang = next((i for i, q in enumerate(questions) if ancienne and q.cle == ancienne), None)
        if rang is not None and courante.cle == section:
            questions[rang] = question
        elif rang is not None:
            del questions[rang]
        elif courante.cle == section:
            questions.append(question)
        sections.append(replace(courante, questions=tuple(questions)))
    return Formulaire(tuple(sections))


def retirer(formulaire: Formulaire, cle: str) -> Formulaire:
    """Sans la question, ni les conditions qui la citent (elles deviennent sans condition)."""
    return Formulaire(
        tuple(
            replace(
                section,
                questions=tuple(
                    replace(q, condition=None) if q.condition and q.condition.cle == cle else q
                    for q in section.questions
                    if q.cle != cle
                ),
            )
            for section in formulaire.sections
        )
    )


def _en_texte(valeur: Any) -> str:
    """Une réponse comme une option la nomme : « oui » et « non » pour vrai et faux."""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    return "" if valeur is None else str(valeur)
