"""Formulaires de la coordination, du secrétariat et des finances (dans l'admin)."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliances.models import Enveloppe
from comptes.models import Utilisateur
from projets.enums import SensDecision
from projets.models import Projet
from projets.services.decisions import Part
from socle.exercices import exercices_entre
from socle.formulaires import DateField, FormulairePortail, MontantField

LONG = forms.Textarea(attrs={"rows": 4})
PARTS = 3


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


class DeciderForm(FormulairePortail, forms.Form):
    """La résolution; jusqu'à trois parts, par enveloppe et par exercice (R18)."""

    bouton = _("Consigner la résolution")
    sens = forms.ChoiceField(label=_("Décision de l’instance"), choices=SensDecision, widget=forms.RadioSelect)
    resolution = forms.CharField(label=_("Numéro de résolution"), max_length=40)
    adoptee_le = DateField(label=_("Adoptée le"))
    conditions = forms.CharField(label=_("Conditions"), widget=LONG, required=False)
    motif_public = forms.CharField(
        label=_("Motif donné à l’organisme (refus, liste d’attente)"), widget=LONG, required=False
    )

    def __init__(self, *args: Any, projet: Projet, exercice: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        enveloppes = Enveloppe.objects.filter(entente=projet.entente).order_by("ordre")
        exercices = [(e, e) for e in exercices_entre(projet.entente.debut, projet.entente.fin)]
        for rang in range(1, PARTS + 1):
            premiere = rang == 1
            self.fields[f"enveloppe_{rang}"] = forms.ModelChoiceField(
                label=_("Enveloppe %(rang)s") % {"rang": rang},
                queryset=enveloppes,
                required=False,
                initial=projet.enveloppe if premiere else None,
            )
            self.fields[f"exercice_{rang}"] = forms.ChoiceField(
                label=_("Exercice %(rang)s") % {"rang": rang}, choices=exercices, required=False, initial=exercice
            )
            self.fields[f"montant_{rang}"] = MontantField(label=_("Montant %(rang)s") % {"rang": rang}, required=False)

    def avant(self) -> list[forms.BoundField]:
        return [self[nom] for nom in ("sens", "resolution", "adoptee_le")]

    def lignes(self) -> list[list[forms.BoundField]]:
        """Les trois champs de chaque part."""
        return [[self[f"{nom}_{rang}"] for nom in ("enveloppe", "exercice", "montant")] for rang in range(1, PARTS + 1)]

    def apres(self) -> list[forms.BoundField]:
        return [self[nom] for nom in ("conditions", "motif_public")]

    def parts(self) -> list[Part]:
        return [
            Part(
                self.cleaned_data[f"enveloppe_{rang}"],
                self.cleaned_data[f"exercice_{rang}"],
                self.cleaned_data[f"montant_{rang}"],
            )
            for rang in range(1, PARTS + 1)
            if self.cleaned_data[f"montant_{rang}"] and self.cleaned_data[f"enveloppe_{rang}"]
        ]

    def arguments(self) -> dict[str, Any]:
        retenus = ("sens", "resolution", "adoptee_le", "conditions", "motif_public")
        return {**{nom: self.cleaned_data[nom] for nom in retenus}, "parts": self.parts()}


class LettreForm(FormulairePortail, forms.Form):
    bouton = _("Envoyer la lettre")
    objet = forms.CharField(label=_("Objet"), max_length=200)
    corps = forms.CharField(label=_("Texte"), widget=forms.Textarea(attrs={"rows": 12}))


class PayerForm(FormulairePortail, forms.Form):
    bouton = _("Inscrire le paiement")
    paiement = forms.CharField(
        label=_("Référence du paiement"), max_length=60, help_text=_("Numéro de chèque ou de virement.")
    )


class CorrectionForm(FormulairePortail, forms.Form):
    bouton = _("Demander la correction")
    correction = forms.CharField(label=_("Ce qui est à corriger"), widget=LONG)
