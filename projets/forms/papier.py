"""Saisir une demande remise sur papier."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from appels.models import Appel
from comptes.models import Organisme
from socle.formulaires import DateField, FormulairePortail, NeqField


class SaisirPapierForm(FormulairePortail, forms.Form):
    """L'appel, l'organisme par son NEQ, le titre, et quand le papier est arrivé."""

    bouton: Any = _("Commencer la saisie")
    appel = forms.ModelChoiceField(label=_("Appel"), queryset=Appel.objects.none(), empty_label=None)
    neq = NeqField(
        label=_("NEQ de l’organisme"),
        help_text=_("L’organisme doit être inscrit au portail; sinon, inscrivez-le avec lui d’abord."),
    )
    titre = forms.CharField(label=_("Titre du projet"), max_length=160)
    jour = DateField(label=_("Reçue le"))
    heure = forms.TimeField(
        label=_("À (heure du cachet)"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        input_formats=["%H:%M", "%H h %M", "%Hh%M", "%H h"],
        help_text=_("Exemple : 16 h 10"),
        error_messages={"invalid": _("Écrivez l’heure ainsi : 16 h 10.")},
    )

    def __init__(self, donnees: Any, *, utilisateur: Any) -> None:
        super().__init__(donnees)
        self.fields["appel"].queryset = (
            Appel.objects.visibles_pour(utilisateur).publics().select_related("entente__mandataire")
        )

    def clean_neq(self) -> Organisme:
        organisme = Organisme.objects.filter(neq=self.cleaned_data["neq"]).first()
        if organisme is None:
            raise forms.ValidationError(
                _(
                    "Aucun organisme n’est inscrit au portail avec ce NEQ. Vérifiez-le, ou aidez l’organisme à s’inscrire."
                )
            )
        return organisme

    def arguments(self) -> dict[str, Any]:
        """Ce que le service prend; l'heure est celle du fuseau de l'appel."""
        v = self.cleaned_data
        recu_le = datetime.combine(v["jour"], v["heure"], tzinfo=ZoneInfo(v["appel"].fuseau))
        return {"appel": v["appel"], "organisme": v["neq"], "titre": v["titre"], "recu_le": recu_le}
