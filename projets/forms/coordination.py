"""Formulaires de la coordination, du secrétariat et des finances (dans l'admin)."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comptes.models import Utilisateur
from projets.enums import SensDecision
from socle.formulaires import FormulairePortail, MontantField

LONG = forms.Textarea(attrs={"rows": 4})


class AssignerForm(FormulairePortail, forms.Form):
    bouton = _("Confier au comité")
    evaluateurs = forms.ModelMultipleChoiceField(
        label=_("Membres du comité"),
        queryset=Utilisateur.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Les membres de l’organisme évalué n’y paraissent pas."),
    )

    def __init__(self, *args: Any, membres: list[Utilisateur], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evaluateurs"].queryset = Utilisateur.objects.filter(pk__in=[m.pk for m in membres]).order_by("nom")


class RecommanderForm(FormulairePortail, forms.Form):
    bouton = _("Consigner la recommandation")
    sens = forms.ChoiceField(label=_("Le comité recommande de"), choices=SensDecision, widget=forms.RadioSelect)
    montant = MontantField(label=_("Montant recommandé"), required=False)
    motif = forms.CharField(label=_("Motif"), widget=LONG, required=False)

    def arguments(self) -> dict[str, Any]:
        return {**self.cleaned_data, "montant": self.cleaned_data["montant"] or Decimal(0)}


class PayerForm(FormulairePortail, forms.Form):
    bouton = _("Inscrire le paiement")
    paiement = forms.CharField(
        label=_("Référence du paiement"), max_length=60, help_text=_("Numéro de chèque ou de virement.")
    )


class CorrectionForm(FormulairePortail, forms.Form):
    bouton = _("Demander la correction")
    correction = forms.CharField(label=_("Ce qui est à corriger"), widget=LONG)
