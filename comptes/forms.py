"""Formulaires de l'organisme."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comptes.enums import GenreDocument
from comptes.models import Organisme
from comptes.services.organismes import CORRIGEABLES
from socle.formulaires import CodePostalField, DateField, FormulairePortail, NeqField, TelephoneField

TYPES_ACCEPTES = _("PDF, DOCX, XLSX, ODT, ODS, PNG ou JPEG, ou une photo prise au téléphone; 25 Mo au plus.")


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


class CreerOrganismeForm(OrganismeForm):
    """L'essentiel pour commencer; la fiche se complète ensuite, sans presse."""

    bouton = _("Inscrire l’organisme")
    code_postal = None  # type: ignore[assignment]
    telephone = None  # type: ignore[assignment]

    class Meta(OrganismeForm.Meta):
        fields = ("nom", "forme", "neq", "motif_sans_neq", "region")


class CorrectionOrganismeForm(OrganismeForm):
    """Ce que la coordination propose de corriger, et pourquoi."""

    bouton = _("Proposer la correction")
    motif = forms.CharField(
        label=_("D’où vient la correction?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("L’organisme le lira."),
    )

    class Meta(OrganismeForm.Meta):
        fields = CORRIGEABLES

    def proposees(self) -> dict[str, Any]:
        """Les valeurs saisies, sans le motif."""
        return {nom: self.cleaned_data[nom] for nom in CORRIGEABLES}


class RolesForm(FormulairePortail, forms.Form):
    """Ce qu'un membre peut faire; tous écrivent."""

    bouton = _("Enregistrer les rôles")
    mandat_de_deposer = forms.BooleanField(label=_("A le mandat de déposer des demandes"), required=False)
    signataire = forms.BooleanField(label=_("Signe les conventions"), required=False)


class InviterForm(RolesForm):
    """Inviter par courriel."""

    bouton = _("Envoyer l’invitation")
    email = forms.EmailField(
        label=_("Courriel de la personne"),
        help_text=_("Elle reçoit un lien personnel, valable quatorze jours. Tout membre peut écrire les demandes."),
    )
    field_order = ["email", "mandat_de_deposer", "signataire"]


class RejoindreForm(FormulairePortail, forms.Form):
    bouton = _("Envoyer la demande")
    neq = NeqField(label=_("NEQ de l’organisme"), help_text=_("Dix chiffres."))
    mot = forms.CharField(
        label=_("Votre mot aux membres"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        required=False,
        help_text=_("Dites qui vous êtes dans l’organisme."),
    )


class DocumentForm(FormulairePortail, forms.Form):
    """Un document du dossier permanent."""

    bouton = _("Ajouter au dossier")
    genre = forms.ChoiceField(label=_("Genre de document"), choices=[("", _("Choisir")), *GenreDocument.choices])
    titre = forms.CharField(
        label=_("Précision"),
        max_length=120,
        required=False,
        help_text=_("Seulement s’il y en a plusieurs du même genre : « 2025-2026 », « Municipalité »."),
    )
    date_document = DateField(label=_("Date du document"))
    echeance = DateField(
        label=_("Valide jusqu’au"),
        required=False,
        help_text=_("Laissez vide s’il n’expire pas. Un rappel vous préviendra."),
    )
    televerse = forms.FileField(label=_("Fichier"), allow_empty_file=True, help_text=TYPES_ACCEPTES)
