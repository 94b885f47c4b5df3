"""Les listes d'une demande : activités, résultats, dépenses, financements. Une liste s'écrit d'un bloc."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projets.champs import LISTES, empreinte
from projets.enums import CategorieDepense, GenreFinancement, SourceFinancement
from projets.forms.questions import TexteField
from projets.models import Projet
from projets.services.brouillons import Ecriture
from socle.formats import saisie_montant
from socle.formulaires import DateField, MontantField

RANGEES_MAX = 120


class ActiviteForm(forms.Form):
    libelle = TexteField(label=_("Activité"), max_length=200)
    debut = DateField(label=_("Du"), required=False)
    fin = DateField(label=_("Au"), required=False)


class ResultatForm(forms.Form):
    indicateur = TexteField(label=_("Résultat attendu"), max_length=200)
    cible = forms.IntegerField(
        label=_("Cible"),
        min_value=0,
        max_value=10_000_000,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )


class DepenseForm(forms.Form):
    categorie = forms.ChoiceField(label=_("Catégorie"), choices=[("", _("Choisir")), *CategorieDepense.choices])
    libelle = TexteField(label=_("Précision"), max_length=160, required=False)
    engagee_le = DateField(label=_("Date, si connue"), required=False)
    montant = MontantField(label=_("Montant"))


class FinancementForm(forms.Form):
    source = forms.ChoiceField(label=_("Source"), choices=[("", _("Choisir")), *SourceFinancement.choices])
    libelle = TexteField(label=_("Nom"), max_length=160, required=False)
    genre = forms.ChoiceField(label=_("Genre"), choices=GenreFinancement, initial=GenreFinancement.ARGENT)
    confirme = forms.BooleanField(label=_("Confirmé"), required=False)
    montant = MontantField(label=_("Montant"))


FORMULAIRES: Mapping[str, tuple[type[forms.Form], int]] = {
    "activites": (ActiviteForm, 2),
    "resultats": (ResultatForm, 2),
    "depenses": (DepenseForm, 3),
    "financements": (FinancementForm, 3),
}


class ListeFormSet(forms.BaseFormSet):
    """Les rangées d'une liste; une rangée vide, ou réduite à ses choix, ne compte pas."""

    relation: str
    base: str

    def initial_form_count(self) -> int:
        """Envoyée, aucune rangée n'est « d'avant » : une rangée vidée disparaît au lieu d'être en faute."""
        return 0 if self.is_bound else super().initial_form_count()

    def toutes(self) -> list[dict[str, Any]]:
        """Les rangées remplies, dans l'ordre, sans celles qu'on retire."""
        return [
            {nom: valeur for nom, valeur in f.cleaned_data.items() if nom != "DELETE"}
            for f in self.forms
            if f.cleaned_data and f.has_changed() and not f.cleaned_data.get("DELETE")
        ]

    def ecritures(self) -> list[Ecriture]:
        """La liste à écrire, ou sa saisie gardée si une case ne se lit pas; rien si elle n'a pas été envoyée."""
        if f"{self.prefix}-TOTAL_FORMS" not in self.data or self.data.get(f"leur_{self.relation}"):
            return []
        base = self.data.get(f"b_{self.relation}")
        if self.is_valid():
            return [Ecriture(self.relation, self.toutes(), base)]
        return [Ecriture(self.relation, None, base, illisible=self._brutes())]

    def _brutes(self) -> list[dict[str, str]]:
        """Les rangées telles qu'écrites, sans les vides ni celles qu'on retire."""
        noms = LISTES[self.relation]
        rangees = [
            {nom: self.data.get(f.add_prefix(nom), "") for nom in noms}
            for f in self.forms
            if not self.data.get(f.add_prefix("DELETE"))
        ]
        return [rangee for rangee in rangees if any(v.strip() for n, v in rangee.items() if n != "genre")]


def classe_de(relation: str) -> type[ListeFormSet]:
    """Le formset de la liste : ses rangées, des vides à remplir, une case pour retirer."""
    formulaire, vides = FORMULAIRES[relation]
    return forms.formset_factory(
        formulaire, formset=ListeFormSet, extra=vides, can_delete=True, max_num=RANGEES_MAX, absolute_max=RANGEES_MAX
    )


def liste(donnees: Any, projet: Projet, relation: str, rangees: Any) -> ListeFormSet:
    """Le formset de la liste : envoyé, ou ce qui est enregistré (`rangees`, en JSON), ou la saisie gardée et illisible."""
    gardees = projet.illisibles.get(relation) if donnees is None else None
    if gardees is not None:
        donnees = _comme_envoyees(relation, gardees)
    formset = classe_de(relation)(
        donnees, initial=_enregistrees(projet, relation) if donnees is None else None, prefix=relation
    )
    formset.relation, formset.base = relation, empreinte(rangees)
    return formset


def _enregistrees(projet: Projet, relation: str) -> list[dict[str, Any]]:
    return [{nom: saisie_de(getattr(r, nom)) for nom in LISTES[relation]} for r in getattr(projet, relation).all()]


def saisie_de(valeur: Any) -> Any:
    """Une valeur comme on l'écrit : les montants à la québécoise."""
    return saisie_montant(valeur) if hasattr(valeur, "quantize") else valeur


def _comme_envoyees(relation: str, rangees: list[dict[str, str]]) -> dict[str, str]:
    """Remet des rangées gardées dans la forme d'un envoi."""
    donnees = {
        f"{relation}-TOTAL_FORMS": str(len(rangees) + FORMULAIRES[relation][1]),
        f"{relation}-INITIAL_FORMS": "0",
    }
    for rang, rangee in enumerate(rangees):
        donnees |= {f"{relation}-{rang}-{nom}": valeur for nom, valeur in rangee.items()}
    return donnees
