"""Formulaires de la décision : préparer, consigner une résolution, réviser; lettres et modèles; budget révisé."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliances.models import Enveloppe
from projets.enums import SensDecision
from projets.models import Decision, DecisionPreparee, Projet
from projets.services.decisions import Part
from socle.exercices import exercices_entre
from socle.formulaires import DateField, FormulairePortail, MontantField

LONG = forms.Textarea(attrs={"rows": 4})
PARTS = 3


class PartsForm(FormulairePortail, forms.Form):
    """Un sens, et jusqu'à trois parts, par enveloppe et par exercice (R18)."""

    AVANT: tuple[str, ...] = ("sens",)
    APRES: tuple[str, ...] = ("conditions", "motif_public")
    bouton: Any = _("Enregistrer")
    sens = forms.ChoiceField(label=_("Décision de l’instance"), choices=SensDecision, widget=forms.RadioSelect)
    conditions = forms.CharField(label=_("Conditions"), widget=LONG, required=False)
    motif_public = forms.CharField(
        label=_("Motif donné à l’organisme (refus, liste d’attente, octroi partiel)"), widget=LONG, required=False
    )

    def __init__(self, *args: Any, projet: Projet, exercice: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        enveloppes = Enveloppe.objects.filter(entente=projet.entente).order_by("ordre")
        exercices = [(e, e) for e in exercices_entre(projet.entente.debut, projet.entente.fin)]
        for rang in range(1, PARTS + 1):
            premiere = rang == 1
            self.fields[f"enveloppe_{rang}"] = forms.ModelChoiceField(
                label=_("Enveloppe %(rang)s") % {"rang": rang},
                queryset=enveloppes,
                required=False,
                initial=projet.enveloppe if premiere else None,
            )
            self.fields[f"exercice_{rang}"] = forms.ChoiceField(
                label=_("Exercice %(rang)s") % {"rang": rang}, choices=exercices, required=False, initial=exercice
            )
            self.fields[f"montant_{rang}"] = MontantField(label=_("Montant %(rang)s") % {"rang": rang}, required=False)

    def avant(self) -> list[forms.BoundField]:
        return [self[nom] for nom in self.AVANT]

    def lignes(self) -> list[list[forms.BoundField]]:
        """Les trois champs de chaque part."""
        return [[self[f"{nom}_{rang}"] for nom in ("enveloppe", "exercice", "montant")] for rang in range(1, PARTS + 1)]

    def apres(self) -> list[forms.BoundField]:
        return [self[nom] for nom in self.APRES]

    def parts(self) -> list[Part]:
        return [
            Part(
                self.cleaned_data[f"enveloppe_{rang}"],
                self.cleaned_data[f"exercice_{rang}"],
                self.cleaned_data[f"montant_{rang}"],
            )
            for rang in range(1, PARTS + 1)
            if self.cleaned_data[f"montant_{rang}"] and self.cleaned_data[f"enveloppe_{rang}"]
        ]

    def arguments(self) -> dict[str, Any]:
        return {**{nom: self.cleaned_data[nom] for nom in (*self.AVANT, *self.APRES)}, "parts": self.parts()}


def initiales(parts: Iterable[Any]) -> dict[str, Any]:
    """Les champs d'un formulaire, remplis de ces parts."""
    remplies: dict[str, Any] = {}
    for rang, part in enumerate(list(parts)[:PARTS], 1):
        remplies |= {
            f"enveloppe_{rang}": part.enveloppe,
            f"exercice_{rang}": part.exercice,
            f"montant_{rang}": part.montant,
        }
    return remplies


class PreparerForm(PartsForm):
    """Ce que la coordination propose à l'instance."""

    bouton = _("Enregistrer la décision préparée")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sens"].label = _("Décision proposée à l’instance")


class DeciderForm(PartsForm):
    """La résolution de l'instance, et ce qu'elle décide."""

    AVANT = ("sens", "resolution", "adoptee_le")
    bouton = _("Consigner la résolution")
    resolution = forms.CharField(label=_("Numéro de résolution"), max_length=40)
    adoptee_le = DateField(label=_("Adoptée le"))


class ReviserForm(DeciderForm):
    bouton = _("Consigner la révision")


class AdopterForm(FormulairePortail, forms.Form):
    """Les décisions préparées qu'une résolution adopte."""

    bouton = _("Consigner la résolution")
    resolution = forms.CharField(label=_("Numéro de résolution"), max_length=40)
    adoptee_le = DateField(label=_("Adoptée le"))
    preparees = forms.ModelMultipleChoiceField(
        label=_("Décisions que la résolution adopte"),
        queryset=DecisionPreparee.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choisissez au moins une décision préparée.")},
    )

    def __init__(self, *args: Any, preparees: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["preparees"].queryset = preparees

    def arguments(self) -> dict[str, Any]:
        return {**self.cleaned_data, "preparees": list(self.cleaned_data["preparees"])}


class LettreForm(FormulairePortail, forms.Form):
    bouton = _("Enregistrer")
    objet = forms.CharField(label=_("Objet"), max_length=200)
    corps = forms.CharField(label=_("Texte"), widget=forms.Textarea(attrs={"rows": 14}))


class ModeleForm(FormulairePortail, forms.Form):
    """Le texte d'un genre de lettre, et une décision réelle pour le voir rempli."""

    bouton = _("Enregistrer cette version")
    objet = forms.CharField(label=_("Objet"), max_length=160)
    corps = forms.CharField(label=_("Texte"), widget=forms.Textarea(attrs={"rows": 14}))
    exemple = forms.ModelChoiceField(
        label=_("Voir avec la décision de"),
        queryset=Decision.objects.none(),
        required=False,
        empty_label=_("Aucune : montrer les champs"),
    )

    def __init__(self, *args: Any, exemples: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["exemple"].queryset = exemples


class CorrectionBudgetForm(FormulairePortail, forms.Form):
    bouton = _("Demander la correction")
    correction = forms.CharField(label=_("Ce qui est à corriger"), widget=LONG)
