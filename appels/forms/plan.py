"""Les objectifs du plan que l'appel sert."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliances.models import ObjectifPlan
from appels.models import Appel
from socle.formulaires import FormulairePortail


class _ObjectifsChoix(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.code} – {obj.libelle}"


class ObjectifsForm(FormulairePortail, forms.Form):
    """Les objectifs du plan que l'appel cite."""

    bouton = _("Lier les objectifs")
    objectifs = _ObjectifsChoix(
        label=_("L’appel sert ces objectifs"),
        queryset=ObjectifPlan.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, appel: Appel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["objectifs"].queryset = ObjectifPlan.objects.filter(plan=appel.plan_id).order_by("ordre", "id")
