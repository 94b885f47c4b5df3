"""Le budget révisé : deux listes comme celles du brouillon, et un mot sur ce qui change."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projets.forms.listes import classe_de, saisie_de
from projets.models import BudgetRevise
from socle.formulaires import FormulairePortail


class BudgetReviseForm(FormulairePortail, forms.Form):
    """Le mot, et les deux listes (`listes`), validées ensemble."""

    bouton = _("Enregistrer")
    mot = forms.CharField(
        label=_("Ce qui change au projet"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text=_("En quelques mots : ce que vous ferez autrement, ou en moins."),
    )

    def __init__(self, donnees: Any, *, budget: BudgetRevise) -> None:
        super().__init__(donnees, initial={"mot": budget.mot})
        self.listes = {
            relation: classe_de(relation)(
                donnees, initial=None if donnees is not None else _initiales(getattr(budget, relation)), prefix=relation
            )
            for relation in ("depenses", "financements")
        }

    def is_valid(self) -> bool:
        return super().is_valid() and all(liste.is_valid() for liste in self.listes.values())

    @property
    def fautes(self) -> bool:
        return bool(self.errors) or any(liste.total_error_count() for liste in self.listes.values())

    def erreurs_liees(self) -> list[tuple[str, str]]:
        """Les erreurs du formulaire, puis celles des cases."""
        cases = [
            (formulaire.auto_id % formulaire.add_prefix(nom), str(message))
            for liste in self.listes.values()
            for formulaire in liste.forms
            for nom, messages in formulaire.errors.items()
            for message in messages
        ]
        return [*super().erreurs_liees(), *cases]


def _initiales(rangees: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {nom: saisie_de(Decimal(valeur)) if nom == "montant" and valeur else valeur for nom, valeur in rangee.items()}
        for rangee in rangees
    ]
