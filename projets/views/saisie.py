"""Ce qu'une section a reçu : son formulaire, ses listes, leurs écritures, et ce qui reste à choisir après l'enregistrement."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from appels.enums import GenreQuestion
from comptes.models import Utilisateur
from projets.champs import LISTES, MONTANT, empreinte, en_mots, formulaire_de, rangees_de, valeur_de, valeurs_de
from projets.forms.listes import ListeFormSet, liste
from projets.forms.questions import QUESTION_MONTANT, QuestionsForm
from projets.models import Projet
from projets.sections import ACTIVITES, BUDGET
from projets.services.brouillons import Conflit, Ecriture
from socle.formats import instant_long

RELATIONS = {ACTIVITES: ("activites", "resultats"), BUDGET: ("depenses", "financements")}


class SaisieSection:
    """Une section du brouillon, à l'écran ou envoyée; `seul` : un champ, pour l'enregistrement continu. 404 si inconnue."""

    def __init__(self, projet: Projet, code: str, donnees: Any, seul: str = "") -> None:
        self.projet, self.code, self.seul = projet, code, seul
        self.section = formulaire_de(projet).section(code)
        if self.section is None and code not in RELATIONS:
            raise Http404
        self.questions = self._questions()
        relations = [r for r in RELATIONS.get(code, ()) if seul in ("", r)]
        if seul and not self.questions and not relations:
            raise Http404
        self.formulaire = QuestionsForm(donnees, projet=projet, questions=self.questions, valeurs=self._valeurs(projet))
        self.listes: dict[str, ListeFormSet] = {
            relation: liste(donnees, projet, relation, rangees_de(projet, relation)) for relation in relations
        }
        self.conflits: dict[str, dict[str, Any]] = {}

    def _questions(self) -> list[Any]:
        if self.section is None:
            questions = [QUESTION_MONTANT] if self.code == BUDGET else []
        else:
            questions = list(self.section.questions)
        return [question for question in questions if self.seul in ("", question.cle)]

    def _valeurs(self, projet: Projet) -> dict[str, Any]:
        if self.seul:
            return {question.cle: valeur_de(projet, question.cle) for question in self.questions}
        valeurs = valeurs_de(projet) if self.section else {}
        return {**valeurs, MONTANT: valeur_de(projet, MONTANT)}

    def ecritures(self) -> list[Ecriture]:
        listes = [ecriture for formset in self.listes.values() for ecriture in formset.ecritures()]
        return [*self.formulaire.ecritures(), *listes]

    def apres(self, projet: Projet, conflits: Iterable[Conflit]) -> None:
        """Relit les empreintes après l'enregistrement, et prépare chaque conflit pour être vu côte à côte."""
        self.projet = projet
        self.formulaire.valeurs = self._valeurs(projet)
        for relation, formset in self.listes.items():
            formset.base = empreinte(rangees_de(projet, relation))
        conflits = list(conflits)
        noms = (
            {
                personne.pk: str(personne)
                for personne in Utilisateur.objects.filter(pk__in=[c.par for c in conflits if c.par])
            }
            if conflits
            else {}
        )
        self.conflits = {c.champ: self._cote_a_cote(c, noms) for c in conflits}

    def _cote_a_cote(self, conflit: Conflit, noms: dict[int, str]) -> dict[str, Any]:
        qui = noms.get(conflit.par or 0, _("une autre personne"))
        return {
            "texte": self._en_mots(conflit),
            "valeur": conflit.valeur if isinstance(conflit.valeur, str) else None,
            "qui": _("Enregistré par {qui}, le {quand}").format(qui=qui, quand=self._quand(conflit.le)),
        }

    def _en_mots(self, conflit: Conflit) -> str:
        if conflit.champ in LISTES:
            return "\n".join(" · ".join(str(v) for v in rangee.values() if v) for rangee in conflit.valeur or []) or "–"
        question = next(q for q in self.questions if q.cle == conflit.champ)
        return en_mots(question, self.projet, conflit.valeur)

    def _quand(self, instant: datetime | None) -> str:
        return instant_long(instant, self.projet.appel.fuseau) if instant else "–"

    def fichiers(self) -> list[dict[str, Any]]:
        """Les questions de la section qui veulent un fichier, et les noms déjà joints : elles se remplissent aux pièces."""
        voulus = [q for q in self.section.questions if q.genre == GenreQuestion.FICHIER] if self.section else []
        return [{"question": q, "noms": self.formulaire.valeurs.get(q.cle)} for q in voulus]

    @property
    def erreurs(self) -> bool | None:
        """Vrai s'il y a une saisie à corriger ou un conflit à trancher; nul avant tout envoi."""
        fautes = bool(self.formulaire.errors) or any(f.is_bound and f.total_error_count() for f in self.listes.values())
        return fautes or bool(self.conflits) or (None if not self.formulaire.is_bound else False)

    @property
    def propre(self) -> bool:
        return not self.erreurs

    def lignes(self) -> list[dict[str, Any]]:
        """Chaque champ, avec son empreinte et son conflit s'il y en a un."""
        return [{**ligne, "conflit": self.conflits.get(ligne["question"].cle)} for ligne in self.formulaire.lignes()]

    def etat_du_champ(self, nom: str) -> dict[str, Any]:
        """La réponse à l'enregistrement d'un champ : `enregistre`, `illisible` ou `conflit`, et la nouvelle empreinte."""
        if nom in self.conflits:
            return {"etat": "conflit", "base": self._base(nom), "leur": self.conflits[nom]}
        erreurs = self._erreurs_du_champ(nom)
        return {"etat": "illisible" if erreurs else "enregistre", "base": self._base(nom), "erreurs": erreurs}

    def _base(self, nom: str) -> str:
        return self.listes[nom].base if nom in self.listes else self.formulaire.bases()[nom]

    def _erreurs_du_champ(self, nom: str) -> list[dict[str, str]]:
        if nom not in self.listes:
            return [{"ancre": f"id_{nom}", "message": str(m)} for m in self.formulaire.errors.get(nom, [])]
        return [
            {"ancre": f.auto_id % f.add_prefix(case), "message": str(message)}
            for f in self.listes[nom].forms
            for case, messages in f.errors.items()
            for message in messages
        ]
