"""Formulaires de la fiche et de l'image d'un mandataire."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliances.models import Mandataire
from alliances.services.mandataires import CHAMPS_FICHE
from socle.formulaires import CodePostalField, FormulairePortail, TelephoneField


class FicheForm(FormulairePortail, forms.ModelForm):
    """Ce que le public lit du mandataire."""

    bouton = _("Enregistrer la fiche")
    site = forms.URLField(
        label=_("Site"),
        required=False,
        assume_scheme="https",
        widget=forms.TextInput(attrs={"inputmode": "url"}),
        help_text=_("Adresse complète, qui commence par https://."),
    )
    telephone = TelephoneField(label=_("Téléphone"), required=False)
    code_postal = CodePostalField(label=_("Code postal"), required=False)

    class Meta:
        model = Mandataire
        fields = CHAMPS_FICHE
        widgets = {"presentation": forms.Textarea(attrs={"rows": 6})}


class ImageForm(FormulairePortail, forms.Form):
    """Ce qui distingue les pages du mandataire."""

    bouton = _("Enregistrer l’image")
    nom_public = forms.CharField(
        label=_("Nom affiché"),
        max_length=120,
        required=False,
        help_text=_("Plus court que le nom légal, s’il le faut. Vide : le nom légal."),
    )
    couleur = forms.CharField(
        label=_("Couleur d’en-tête"),
        max_length=7,
        required=False,
        help_text=_(
            "Écrite comme #095797. Le texte y est blanc : elle doit être assez foncée. Vide : le bleu du portail."
        ),
    )
    logo = forms.FileField(
        label=_("Logo du mandataire"),
        required=False,
        help_text=_(
            "PNG, JPEG ou WebP, 500 ko au plus. Jamais le drapeau ni la signature du gouvernement du Québec : leur emploi est"
            " réservé."
        ),
    )
    texte_logo = forms.CharField(
        label=_("Ce que dit le logo"), max_length=160, required=False, help_text=_("Lu à qui ne voit pas l’image.")
    )
    retirer_logo = forms.BooleanField(label=_("Retirer le logo présent"), required=False)
    partenaires_en_ligne = forms.CharField(
        label=_("Ligne des partenaires"), max_length=300, required=False, help_text=_("Au pied de vos pages.")
    )

    def __init__(self, *args: Any, mandataire: Mandataire, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if mandataire.logo_id is None:
            del self.fields["retirer_logo"]
