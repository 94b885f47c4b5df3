"""Formulaires de l'organisme."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comptes.models import Organisme
from socle.formulaires import CodePostalField, FormulairePortail, NeqField, TelephoneField


class OrganismeForm(FormulairePortail, forms.ModelForm):
    """La fiche de l'organisme."""

    bouton = _("Enregistrer l’organisme")
    neq = NeqField(
        label=_("NEQ"),
        required=False,
        help_text=_("Dix chiffres. Laissez vide si l’organisme n’en a pas, et dites pourquoi plus bas."),
    )
    code_postal = CodePostalField(label=_("Code postal"), required=False)
    telephone = TelephoneField(label=_("Téléphone"), required=False)

    class Meta:
        model = Organisme
        fields = (
            "nom",
            "forme",
            "neq",
            "motif_sans_neq",
            "region",
            "mission",
            "adresse",
            "ville",
            "code_postal",
            "telephone",
            "courriel",
        )
        widgets = {"mission": forms.Textarea(attrs={"rows": 4})}

    def clean_neq(self) -> str | None:
        return self.cleaned_data["neq"] or None

    def validate_unique(self) -> None:
        """Le service refuse un NEQ pris, et dit comment rejoindre l'organisme."""

    def champs(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class InviterForm(FormulairePortail, forms.Form):
    """Ajouter un membre."""

    bouton = _("Ajouter cette personne")
    email = forms.EmailField(label=_("Courriel de la personne"), help_text=_("Elle doit avoir créé son compte."))
    mandat_de_deposer = forms.BooleanField(label=_("Elle a le mandat de déposer des demandes"), required=False)
