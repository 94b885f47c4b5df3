"""Formulaires des codes imprimés."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliances.models import Mandataire
from comptes.models import Utilisateur
from socle.formulaires import FormulairePortail


class CodeForm(FormulairePortail, forms.Form):
    """Un code de la feuille."""

    bouton = _("Entrer")
    code = forms.CharField(
        label=_("Votre code"),
        max_length=40,
        help_text=_("Les trois groupes imprimés sur votre feuille, avec ou sans tirets."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "class": "code"}
        ),
    )


class ImprimerForm(FormulairePortail, forms.Form):
    """Pour quel membre du comité."""

    bouton = _("Produire la feuille")
    membre = forms.ChoiceField(label=_("Membre du comité"))

    def __init__(self, *args: Any, membres: list[tuple[Mandataire, Utilisateur]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.paires = {f"{mandataire.pk}-{membre.pk}": (mandataire, membre) for mandataire, membre in membres}
        self.fields["membre"].choices = [
            ("", _("Choisissez…")),
            *((cle, f"{membre} – {mandataire.enseigne}") for cle, (mandataire, membre) in self.paires.items()),
        ]

    def arguments(self) -> dict[str, Any]:
        mandataire, membre = self.paires[self.cleaned_data["membre"]]
        return {"mandataire": mandataire, "membre": membre}
