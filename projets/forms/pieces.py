"""Formulaires des pièces."""

from django import forms
from django.utils.translation import gettext_lazy as _

from socle.formulaires import FormulairePortail


class PieceForm(FormulairePortail, forms.Form):
    """Un fichier à joindre."""

    bouton = _("Joindre")
    requise = forms.IntegerField(widget=forms.HiddenInput, required=False)
    fichier = forms.FileField(
        label=_("Fichier"), allow_empty_file=True, help_text=_("PDF, DOCX, XLSX, ODT, ODS, PNG ou JPEG, 25 Mo au plus.")
    )
