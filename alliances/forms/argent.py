"""Formulaires des actes d'argent. Chacun porte une clé cachée : la même page postée deux fois n'inscrit qu'une opération."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from alliances.models import Avenant, Engagement, Entente, Enveloppe
from socle.exercices import exercices_entre
from socle.formulaires import FormulairePortail, MontantField

LONG = forms.Textarea(attrs={"rows": 3})


def nouvelle_cle() -> str:
    return uuid.uuid4().hex


class ExerciceForm(FormulairePortail, forms.Form):
    """Un acte dans un exercice de l'entente : celui du jour, sinon le dernier."""

    bouton: Any = _("Voir l’avant et l’après")
    exercice = forms.ChoiceField(label=_("Exercice"))

    def __init__(self, *args: Any, entente: Entente, exercice: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choix = exercices_entre(entente.debut, entente.fin)
        self.fields["exercice"].choices = [(e, e) for e in choix]
        self.fields["exercice"].initial = exercice if exercice in choix else choix[-1]

    def arguments(self) -> dict[str, Any]:
        """Ce que le service reçoit."""
        return dict(self.cleaned_data)


class OperationForm(ExerciceForm):
    """Montant, exercice, motif; les sous-formulaires ajoutent ce qui leur est propre."""

    cle = forms.CharField(widget=forms.HiddenInput, max_length=64, initial=nouvelle_cle)
    montant = MontantField(label=_("Montant"))
    motif = forms.CharField(label=_("Motif"), widget=LONG, max_length=300, help_text=_("Il reste au grand livre."))
    field_order: tuple[str, ...] = ("montant", "exercice", "motif", "cle")


class VirementForm(OperationForm):
    cible = forms.ModelChoiceField(label=_("Vers l’enveloppe"), queryset=Enveloppe.objects.none())
    mandat = forms.CharField(
        label=_("Mandat"), max_length=40, help_text=_("Numéro de la résolution qui autorise le virement.")
    )
    field_order = ("cible", "montant", "exercice", "mandat", "motif", "cle")

    def __init__(self, *args: Any, source: Enveloppe, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cible"].queryset = (
            Enveloppe.objects.filter(entente=source.entente).exclude(pk=source.pk).order_by("ordre")
        )


class ProlongationForm(OperationForm):
    avenant = forms.ModelChoiceField(label=_("Avenant"), queryset=Avenant.objects.none())
    field_order = ("avenant", "montant", "exercice", "motif", "cle")

    def __init__(self, *args: Any, entente: Entente, **kwargs: Any) -> None:
        super().__init__(*args, entente=entente, **kwargs)
        self.fields["avenant"].queryset = entente.avenants.filter(ecart__gt=0)


class AjustementForm(OperationForm):
    """Le montant se saisit positif; le sens dit s'il s'ajoute ou se retranche."""

    sens = forms.ChoiceField(
        label=_("La dotation"), choices=[("hausse", _("augmente")), ("baisse", _("diminue"))], widget=forms.RadioSelect
    )
    mandat = forms.CharField(label=_("Mandat ou pièce"), max_length=60, required=False)
    field_order = ("sens", "montant", "exercice", "mandat", "motif", "cle")

    def arguments(self) -> dict[str, Any]:
        valeurs = dict(self.cleaned_data)
        signe = -1 if valeurs.pop("sens") == "baisse" else 1
        return {**valeurs, "montant": valeurs["montant"] * signe}


class EngagementForm(OperationForm):
    reference = forms.CharField(
        label=_("Référence"), max_length=60, help_text=_("Ce qui est engagé : contrat, salaire, activité.")
    )
    field_order = ("reference", "montant", "exercice", "motif", "cle")


class VersementForm(OperationForm):
    motif = None
    paiement = forms.CharField(
        label=_("Référence du paiement"), max_length=60, help_text=_("Numéro de chèque ou de virement.")
    )
    field_order = ("montant", "exercice", "paiement", "cle")

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, entente=engagement.entente, **kwargs)
        self.fields["montant"].initial = engagement.montant - engagement.verse


class ReportForm(FormulairePortail, forms.Form):
    """Le report de tous les soldes d'un exercice : une opération relue, pas un montant saisi."""

    bouton: Any = _("Voir ce qui serait reporté")
    cle = forms.CharField(widget=forms.HiddenInput, max_length=64, initial=nouvelle_cle)
    de = forms.ChoiceField(label=_("De l’exercice"))
    vers = forms.ChoiceField(label=_("Vers l’exercice"))
    motif = forms.CharField(label=_("Motif"), max_length=300, initial=_("Report de solde au 31 mars"))

    def __init__(self, *args: Any, entente: Entente, de: str, vers: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choix = [(e, e) for e in exercices_entre(entente.debut, entente.fin)]
        for nom, initial in (("de", de), ("vers", vers)):
            self.fields[nom].choices = choix
            self.fields[nom].initial = initial

    def clean(self) -> dict[str, Any]:
        valeurs = super().clean()
        if valeurs.get("de") and valeurs.get("vers") and valeurs["vers"] <= valeurs["de"]:
            raise ValidationError({"vers": _("Choisissez un exercice plus tardif que celui d’où vient le solde.")})
        return valeurs

    def arguments(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class ContrepassationForm(ExerciceForm):
    """L'opération inverse; un report se défait dans ses propres exercices."""

    motif = forms.CharField(label=_("Motif"), widget=LONG, max_length=300)


class InstantForm(FormulairePortail, forms.Form):
    """L'instant du relevé, à l'heure de l'Est."""

    bouton = _("Voir le relevé")
    au = forms.DateTimeField(
        label=_("Au (heure de l’Est)"),
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
        error_messages={"invalid": _("Écrivez la date ainsi : 2024-03-31 23:59.")},
    )
