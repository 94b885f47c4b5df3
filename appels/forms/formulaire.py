"""Formulaires de la construction du formulaire d'un appel : une section, une question."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from appels.enums import GenreQuestion as G
from appels.enums import Gravite
from appels.questions import CLE, COLONNES, RESERVEES, UNITES, Condition, Formulaire, Question, Section
from socle.formulaires import FormulairePortail

LIGNES = forms.Textarea(attrs={"rows": 4})
GRAVITES = [("", _("Facultative")), *Gravite.choices]
OUI_NON = (("oui", _("Oui")), ("non", _("Non")))


def cle_neuve(libelle: str, prises: set[str]) -> str:
    """Une clé lisible tirée du libellé, libre."""
    racine = re.sub(r"[^a-z0-9_]", "_", slugify(libelle).replace("-", "_"))[:32].strip("_") or "question"
    racine = racine if CLE.match(racine) else f"q_{racine}"[:32]
    cle, rang = racine, 2
    while cle in prises or cle in RESERVEES or cle in COLONNES:
        cle, rang = f"{racine}_{rang}", rang + 1
    return cle


class SectionFormulaireForm(FormulairePortail, forms.Form):
    titre = forms.CharField(label=_("Titre de la section"), max_length=120)
    aide = forms.CharField(label=_("Mot d’introduction"), required=False, max_length=600, widget=LIGNES)

    def section(self, formulaire: Formulaire, ancienne: Section | None) -> Section:
        titre = self.cleaned_data["titre"]
        prises = {section.cle for section in formulaire.sections}
        cle = ancienne.cle if ancienne else cle_neuve(titre, prises)
        return Section(cle, titre, self.cleaned_data["aide"], ancienne.questions if ancienne else ())


class QuestionForm(FormulairePortail, forms.Form):
    """Une question. Une question que la reddition lit garde son genre; on en change les mots, l'aide, la limite."""

    section = forms.ChoiceField(label=_("Section"))
    libelle = forms.CharField(label=_("Question"), max_length=200)
    genre = forms.ChoiceField(label=_("Genre de réponse"), choices=G)
    aide = forms.CharField(label=_("Aide"), required=False, max_length=600, widget=LIGNES)
    gravite = forms.ChoiceField(label=_("Au dépôt"), choices=GRAVITES, required=False)
    limite = forms.IntegerField(
        label=_("Longueur conseillée"),
        required=False,
        min_value=1,
        max_value=20_000,
        help_text=_("Au-delà, un avertissement; rien n’est coupé."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    unite = forms.ChoiceField(label=_("Unité de la longueur"), choices=list(UNITES.items()))
    options = forms.CharField(label=_("Choix offerts, un par ligne"), required=False, widget=LIGNES)
    colonnes = forms.CharField(label=_("Colonnes du tableau, une par ligne"), required=False, widget=LIGNES)
    condition_cle = forms.ChoiceField(label=_("Poser seulement si"), required=False)
    condition_valeurs = forms.CharField(
        label=_("a pour réponse (une par ligne)"),
        required=False,
        widget=LIGNES,
        help_text=_("Le texte exact d’un choix; « Oui » ou « Non » pour une question fermée."),
    )
    publique = forms.BooleanField(
        label=_("Réponse publique si le projet est soutenu"),
        required=False,
        help_text=_("Sinon, elle reste confidentielle."),
    )

    def __init__(self, donnees: Any, *, formulaire: Formulaire, ancienne: Question | None, section: str = "") -> None:
        self.formulaire, self.ancienne = formulaire, ancienne
        super().__init__(donnees, initial=self._initial(ancienne, section))
        self.fields["section"].choices = [(s.cle, s.titre) for s in formulaire.sections]
        self.fields["condition_cle"].choices = [("", _("Toujours poser")), *self._precedentes()]
        if ancienne and ancienne.de_colonne:
            for nom in ("genre", "options", "colonnes"):
                del self.fields[nom]
        if ancienne and ancienne.indispensable:
            for nom in ("condition_cle", "condition_valeurs"):
                del self.fields[nom]

    def _initial(self, ancienne: Question | None, section: str) -> dict[str, Any]:
        if ancienne is None:
            return {"section": section, "genre": G.TEXTE_LONG}
        condition = ancienne.condition
        return {
            **{n: getattr(ancienne, n) for n in ("libelle", "genre", "aide", "gravite", "limite", "unite", "publique")},
            "section": next(s.cle for s, q in self.formulaire.toutes() if q.cle == ancienne.cle),
            "options": "\n".join(libelle for _cle, libelle in ancienne.options),
            "colonnes": "\n".join(ancienne.colonnes),
            "condition_cle": condition.cle if condition else "",
            "condition_valeurs": "\n".join(self._libelle(condition.cle, v) for v in condition.valeurs)
            if condition
            else "",
        }

    def _precedentes(self) -> list[tuple[str, str]]:
        """Les questions à choix ou fermées, qui peuvent porter une condition."""
        return [
            (q.cle, q.libelle)
            for _s, q in self.formulaire.toutes()
            if (q.genre in {G.CHOIX, G.CHOIX_MULTIPLE}) and (self.ancienne is None or q.cle != self.ancienne.cle)
        ]

    def _options_de(self, cle: str) -> tuple[tuple[str, Any], ...]:
        question = self.formulaire.question(cle)
        return OUI_NON if cle == "zone_visee" else question.options if question else ()

    def _libelle(self, cle: str, valeur: str) -> str:
        return str(dict(self._options_de(cle)).get(valeur, valeur))

    def clean(self) -> dict[str, Any]:
        valeurs = super().clean()
        cle = valeurs.get("condition_cle")
        if cle:
            connues = {str(libelle).casefold(): code for code, libelle in self._options_de(cle)}
            lignes = _lignes(valeurs.get("condition_valeurs", ""))
            inconnues = [ligne for ligne in lignes if ligne.casefold() not in connues]
            if inconnues or not lignes:
                raise ValidationError(
                    {
                        "condition_valeurs": _("Écrivez une réponse offerte par cette question : {offertes}.").format(
                            offertes=", ".join(str(libelle) for _code, libelle in self._options_de(cle))
                        )
                    }
                )
            valeurs["condition"] = Condition(cle, tuple(connues[ligne.casefold()] for ligne in lignes))
        return valeurs

    def question(self) -> Question:
        """La question écrite; une option gardée garde sa clé, une neuve en reçoit une."""
        v, ancienne = self.cleaned_data, self.ancienne
        prises = {q.cle for _s, q in self.formulaire.toutes()}
        return Question(
            cle=ancienne.cle if ancienne else cle_neuve(v["libelle"], prises),
            genre=v.get("genre", ancienne.genre if ancienne else G.TEXTE_LONG),
            libelle=v["libelle"],
            aide=v["aide"],
            gravite=v["gravite"],
            limite=v["limite"],
            unite=v["unite"],
            options=self._options() if "options" in v else ancienne.options if ancienne else (),
            colonnes=tuple(_lignes(v["colonnes"])) if "colonnes" in v else ancienne.colonnes if ancienne else (),
            condition=v.get("condition"),
            publique=v["publique"],
        )

    def _options(self) -> tuple[tuple[str, str], ...]:
        gardees = {libelle: cle for cle, libelle in self.ancienne.options} if self.ancienne else {}
        prises, options = set(gardees.values()), []
        for libelle in _lignes(self.cleaned_data["options"]):
            cle = gardees.get(libelle) or cle_neuve(libelle, prises)
            prises.add(cle)
            options.append((cle, libelle))
        return tuple(options)


def _lignes(texte: str) -> list[str]:
    return list(dict.fromkeys(ligne.strip() for ligne in texte.splitlines() if ligne.strip()))
