"""Formulaires de la reddition."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliances.models import Entente
from socle.formulaires import FormulairePortail


class PreparerForm(FormulairePortail, forms.Form):
    """Choisir l'entente et l'exercice à compiler."""

    bouton = _("Compiler la reddition")
    entente = forms.ModelChoiceField(label=_("Entente"), queryset=Entente.objects.none(), empty_label=None)
    exercice = forms.RegexField(
        label=_("Exercice"),
        regex=r"^\d{4}-\d{4}$",
        help_text=_("Deux années qui se suivent, par exemple 2019-2020."),
        error_messages={"invalid": _("Écrivez deux années qui se suivent, par exemple 2019-2020.")},
    )

    def __init__(self, *args: Any, utilisateur: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entente"].queryset = Entente.objects.visibles_pour(utilisateur).order_by("-code")


class TextesForm(FormulairePortail, forms.Form):
    bouton = _("Enregistrer les textes")
    faits_saillants = forms.CharField(label=_("Faits saillants"), widget=forms.Textarea(attrs={"rows": 6}))
    retombees = forms.CharField(
        label=_("Retombées observées"), widget=forms.Textarea(attrs={"rows": 6}), required=False
    )


class ExamenForm(FormulairePortail, forms.Form):
    """L'examen du ministère : accepter, ou retourner avec commentaires."""

    bouton = _("Accepter")
    commentaire = forms.CharField(label=_("Commentaires"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
