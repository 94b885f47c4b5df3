"""Le formulaire d'une section : un champ par question, l'empreinte de ce qui a été lu à côté de chacun.

Rien n'est obligatoire pour enregistrer; une saisie illisible est gardée telle quelle, jamais jetée.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from alliances.models import Enveloppe
from appels.enums import GenreQuestion as G
from appels.enums import NatureProjet
from appels.questions import Question
from projets.champs import MONTANT, empreinte, en_json
from projets.models import Projet
from projets.services.brouillons import Ecriture
from socle.formulaires import DateField, FormulairePortail, MontantField
from socle.textes import nettoyer

OUI_NON = (("", _("Je ne sais pas")), ("oui", _("Oui")), ("non", _("Non")))
TEXTE_MAX, COURT_MAX, TITRE_MAX = 60_000, 2_000, 160
RANGEES_VIDES, RANGEES_MAX = 2, 60
QUESTION_MONTANT = Question(MONTANT, G.MONTANT, _("Montant demandé au FQIS"), _("Exemple : 40 000,00"), publique=True)


class TexteField(forms.CharField):
    """Un texte collé de n'importe où : nettoyé, jamais coupé."""

    def to_python(self, valeur: Any) -> str:
        return super().to_python(nettoyer(valeur) if isinstance(valeur, str) else valeur)


class OuiNonField(forms.ChoiceField):
    """Oui, non, ou « je ne sais pas »."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=OUI_NON, **options)

    def prepare_value(self, valeur: Any) -> Any:
        return {True: "oui", False: "non", None: ""}.get(valeur, valeur)

    def clean(self, valeur: Any) -> bool | None:
        return {"oui": True, "non": False}.get(super().clean(valeur))


class TableauWidget(forms.Widget):
    """Des cases de texte en rangées; des rangées vides suivent toujours."""

    template_name = "projets/widgets/tableau.html"

    def __init__(self, colonnes: Iterable[str], attrs: Any = None) -> None:
        super().__init__(attrs)
        self.colonnes = tuple(colonnes)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        contexte = super().get_context(name, value, attrs)
        rangees = [*(value or []), *([""] * len(self.colonnes) for _rang in range(RANGEES_VIDES))][:RANGEES_MAX]
        contexte["widget"] |= {
            "colonnes": self.colonnes,
            "rangees": [
                [
                    {"nom": f"{name}-{rang}-{colonne}", "valeur": case or "", "titre": titre}
                    for colonne, (case, titre) in enumerate(zip(rangee, self.colonnes, strict=False))
                ]
                for rang, rangee in enumerate(rangees)
            ],
        }
        return contexte

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[list[str]]:
        rangees = [
            [data.get(f"{name}-{rang}-{colonne}", "") for colonne in range(len(self.colonnes))]
            for rang in range(RANGEES_MAX)
        ]
        return [rangee for rangee in rangees if any(case.strip() for case in rangee)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-0-0" not in data

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-0"


class TableauField(forms.Field):
    def __init__(self, *, colonnes: Iterable[str], **options: Any) -> None:
        super().__init__(widget=TableauWidget(colonnes), **options)

    def clean(self, valeur: Any) -> list[list[str]]:
        return [[nettoyer(case).strip()[:COURT_MAX] for case in rangee] for rangee in valeur or []]


def champ_de(question: Question, projet: Projet) -> forms.Field:
    """Le champ de formulaire de la question, jamais obligatoire pour enregistrer."""
    commun: dict[str, Any] = {"label": question.libelle, "help_text": question.aide, "required": False}
    if question.cle == "zone_visee":
        return OuiNonField(**commun)
    constructeurs = {
        G.TEXTE_COURT: lambda: TexteField(
            max_length=TITRE_MAX if question.cle == "titre" else COURT_MAX, widget=forms.TextInput, **commun
        ),
        G.TEXTE_LONG: lambda: TexteField(max_length=TEXTE_MAX, widget=forms.Textarea(attrs={"rows": 5}), **commun),
        G.CHOIX: lambda: forms.ChoiceField(choices=[("", _("Choisir")), *_options(question)], **commun),
        G.CHOIX_MULTIPLE: lambda: forms.MultipleChoiceField(
            choices=_options(question), widget=forms.CheckboxSelectMultiple, **commun
        ),
        G.NOMBRE: lambda: forms.IntegerField(
            min_value=0, max_value=100_000_000, widget=forms.TextInput(attrs={"inputmode": "numeric"}), **commun
        ),
        G.MONTANT: lambda: MontantField(**commun),
        G.DATE: lambda: DateField(**commun),
        G.TABLEAU: lambda: TableauField(colonnes=question.colonnes, **commun),
        G.TERRITOIRE: lambda: _lien(Enveloppe.objects.filter(offres__appel=projet.appel).order_by("ordre"), commun),
        G.PRIORITE: lambda: _lien(projet.entente.priorites.order_by("ordre"), commun),
        G.ZONE: lambda: _lien(projet.entente.zones.filter(retiree_le__isnull=True), commun),
    }
    champ = constructeurs[G(question.genre)]()
    champ.question = question
    return champ


def initial_de(question: Question, valeur: Any) -> Any:
    """La valeur en JSON, comme le champ la montre."""
    return Decimal(valeur) if question.genre == G.MONTANT and valeur is not None else valeur


def _options(question: Question) -> Iterable[tuple[Any, Any]]:
    return NatureProjet.choices if question.cle == "nature" else question.options


def _lien(objets: Any, commun: dict[str, Any]) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(queryset=objets, empty_label=_("Choisir"), **commun)


class QuestionsForm(FormulairePortail, forms.Form):
    """Les questions d'une section. `b_<clé>` : l'empreinte de la valeur lue; `leur_<clé>` : garder ce qui est enregistré."""

    bouton = _("Enregistrer")

    def __init__(
        self,
        donnees: Any,
        *,
        projet: Projet,
        questions: Iterable[Question],
        valeurs: Mapping[str, Any],
    ) -> None:
        super().__init__(donnees)
        self.use_required_attribute = False
        self.projet, self.valeurs = projet, valeurs
        self.questions = [q for q in questions if q.genre != G.FICHIER]
        for question in self.questions:
            champ = champ_de(question, projet)
            if isinstance(champ, forms.ModelChoiceField) and question.cle == "zone" and not champ.queryset:
                continue
            champ.initial = initial_de(question, valeurs.get(question.cle))
            self.fields[question.cle] = champ
            if donnees is None and question.cle in projet.illisibles:
                self._reprendre(question.cle, champ, projet.illisibles[question.cle])
        self.questions = [q for q in self.questions if q.cle in self.fields]

    def bases(self) -> dict[str, str]:
        """L'empreinte à rendre pour chaque champ : celle de la valeur enregistrée maintenant."""
        return {question.cle: empreinte(self.valeurs.get(question.cle)) for question in self.questions}

    def ecritures(self) -> list[Ecriture]:
        """Ce que la personne a changé ou gardé, champ par champ; une saisie illisible voyage telle quelle."""
        self.is_valid()
        ecrites = []
        for question in self.questions:
            if f"b_{question.cle}" not in self.data and question.cle not in self.data:
                continue
            if self.data.get(f"leur_{question.cle}"):
                continue
            base = self.data.get(f"b_{question.cle}")
            if question.cle in self.errors:
                ecrites.append(Ecriture(question.cle, None, base, illisible=self._brut(question.cle)))
            else:
                ecrites.append(Ecriture(question.cle, self._valeur(question), base))
        return ecrites

    def _valeur(self, question: Question) -> Any:
        valeur = self.cleaned_data.get(question.cle)
        return valeur if question.de_colonne or question.cle == MONTANT else en_json(valeur)

    def _reprendre(self, cle: str, champ: forms.Field, brut: Any) -> None:
        """Remontre une saisie illisible gardée, avec ce qui la rend illisible."""
        champ.initial = brut
        try:
            champ.clean(brut)
        except ValidationError as refus:
            self._errors = self._errors or ErrorDict()
            self._errors[cle] = self.error_class(refus.messages)

    def _brut(self, cle: str) -> Any:
        return self.fields[cle].widget.value_from_datadict(self.data, self.files, self.add_prefix(cle))

    def lignes(self) -> list[dict[str, Any]]:
        """Pour l'écran : chaque champ, son empreinte, son compteur, sa condition."""
        bases = self.bases()
        return [
            {"question": question, "champ": self[question.cle], "base": bases[question.cle]}
            for question in self.questions
        ]
