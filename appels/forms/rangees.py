"""Une liste saisie en tableau, sans JavaScript : des rangées, dont deux toujours vides, et un bouton « Recalculer »."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _

from socle.formulaires import FormulairePortail

VIDES, RANGEES_MAX = 2, 60
CALCULER = "calculer"


class RangeesForm(FormulairePortail, forms.Form):
    """`colonnes` : nom → champ. Une rangée dont tout est vide ne compte pas; `rangees()` rend les autres, dans l'ordre.

    Posté avec `geste=calculer`, le formulaire ne se dit jamais valide : la page se refait, totaux compris, sans enregistrer.
    """

    colonnes: ClassVar[dict[str, Callable[[], forms.Field]]] = {}
    obligatoires: ClassVar[tuple[str, ...]] = ()

    def __init__(self, donnees: Any = None, *args: Any, rangees: Sequence[dict[str, Any]] = (), **kwargs: Any) -> None:
        self.calcule = bool(donnees) and donnees.get("geste") == CALCULER
        super().__init__(donnees, *args, **kwargs)
        presentes = self._postees(donnees) if donnees else len(rangees)
        self.nombre = min(presentes + VIDES, RANGEES_MAX)
        for rang in range(self.nombre):
            initiales = rangees[rang] if rang < len(rangees) else {}
            for nom, fabrique in self.colonnes.items():
                champ = fabrique()
                champ.required, champ.initial = False, initiales.get(nom)
                champ.error_messages.setdefault("required", _("Ce champ est obligatoire."))
                self.fields[f"{nom}_{rang}"] = champ

    def _postees(self, donnees: Any) -> int:
        """Le rang de la dernière rangée non vide, plus un."""
        return max(
            (
                rang + 1
                for rang in range(RANGEES_MAX)
                if any(str(donnees.get(f"{nom}_{rang}", "")).strip() for nom in self.colonnes)
            ),
            default=0,
        )

    def clean(self) -> dict[str, Any] | None:
        propres = super().clean()
        for rang in range(self.nombre):
            if self._est_vide(rang):
                continue
            for nom in self.obligatoires:
                cle = f"{nom}_{rang}"
                if cle not in self.errors and self.cleaned_data.get(cle) in (None, ""):
                    self.add_error(cle, _("Complétez cette rangée, ou videz-la."))
        return propres

    def is_valid(self) -> bool:
        return super().is_valid() and not self.calcule

    def _est_vide(self, rang: int) -> bool:
        return all(
            self.cleaned_data.get(f"{nom}_{rang}") in (None, "", False) and f"{nom}_{rang}" not in self.errors
            for nom in self.colonnes
        )

    def rangees(self) -> list[dict[str, Any]]:
        """Les rangées remplies, lues."""
        return [
            {nom: self.cleaned_data.get(f"{nom}_{rang}") for nom in self.colonnes}
            for rang in range(self.nombre)
            if not self._est_vide(rang)
        ]

    def entetes(self) -> list[Any]:
        return [self[f"{nom}_0"].label for nom in self.colonnes]

    def tableau(self) -> list[list[tuple[str, forms.BoundField]]]:
        """Par rangée, (colonne, champ)."""
        return [[(nom, self[f"{nom}_{rang}"]) for nom in self.colonnes] for rang in range(self.nombre)]
