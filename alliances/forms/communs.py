"""Champs que partagent les formulaires du plan et de la gouvernance."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliances.models import Entente, Territoire
from socle.formulaires import FormulairePortail

LONG = forms.Textarea(attrs={"rows": 5})


class EntenteForm(FormulairePortail, forms.Form):
    """Première étape d'une création : de quelle entente."""

    bouton = _("Continuer")
    entente = forms.ModelChoiceField(
        label=_("Entente"), queryset=Entente.objects.none(), empty_label=None, to_field_name="code"
    )

    def __init__(self, *args: Any, ententes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entente"].queryset = ententes


class FormulaireEntente(FormulairePortail, forms.Form):
    """Un formulaire dont les choix sont ceux d'une entente; `territoire`, s'il y est, offre les siens."""

    def __init__(self, *args: Any, entente: Entente, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entente = entente
        if "territoire" in self.fields:
            self.fields["territoire"].queryset = Territoire.objects.filter(entente=entente).order_by("ordre", "code")


TOUTE_ENTENTE = _("Toute l’entente")


def champ_territoire(vide: Any = TOUTE_ENTENTE, **options: Any) -> forms.ModelChoiceField:
    """Un territoire de l'entente; vide : elle tout entière."""
    options.setdefault("label", _("Territoire"))
    return forms.ModelChoiceField(queryset=Territoire.objects.none(), required=False, empty_label=vide, **options)
