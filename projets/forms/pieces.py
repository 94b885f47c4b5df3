"""Formulaires des pièces : joindre un ou plusieurs fichiers, réutiliser un document, en garder un."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comptes.forms import TYPES_ACCEPTES, DocumentForm
from comptes.models import DocumentPermanent, Organisme
from socle.formulaires import FormulairePortail


class FichiersInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FichiersField(forms.FileField):
    """Un ou plusieurs fichiers, dans l'ordre choisi."""

    widget = FichiersInput

    def clean(self, donnees: Any, initial: Any = None) -> list[Any]:
        if isinstance(donnees, list | tuple) and donnees:
            return [super(FichiersField, self).clean(fichier, initial) for fichier in donnees]
        return [super().clean(donnees or None, initial)]


class PieceForm(FormulairePortail, forms.Form):
    """Des fichiers à joindre; plusieurs photos font un seul PDF."""

    bouton = _("Joindre")
    exigence = forms.CharField(widget=forms.HiddenInput, required=False)
    fichier = FichiersField(
        label=_("Fichier"),
        allow_empty_file=True,
        help_text=TYPES_ACCEPTES,
        error_messages={"required": _("Choisissez un fichier, puis joignez-le.")},
    )


class ReutiliserForm(FormulairePortail, forms.Form):
    """Un document courant du dossier permanent."""

    bouton = _("Joindre ce document")
    exigence = forms.CharField(widget=forms.HiddenInput, required=False)
    document = forms.ModelChoiceField(
        label=_("Document du dossier permanent"), queryset=DocumentPermanent.objects.none(), empty_label=_("Choisir")
    )

    def __init__(self, *args: Any, organisme: Organisme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].queryset = organisme.documents.filter(remplace_le__isnull=True).select_related(
            "fichier"
        )


class GarderForm(DocumentForm):
    """Garder une pièce au dossier permanent : le fichier est déjà là."""

    bouton = _("Garder au dossier permanent")
    televerse = None  # type: ignore[assignment]
