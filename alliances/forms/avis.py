"""Formulaires des avis sectoriels."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from alliances.forms.communs import LONG, FormulaireEntente
from alliances.models import Comite, PlanTravail
from socle.formulaires import DateField, FormulairePortail


class DemanderAvisForm(FormulaireEntente):
    """À qui, sur quoi, pour quand. `dossier_connu` dit si un numéro est celui d'un dossier que la personne voit."""

    bouton = _("Envoyer la demande")
    comite = forms.ModelChoiceField(
        label=_("Demandé par le comité"), queryset=Comite.objects.none(), required=False, empty_label=_("Aucun")
    )
    plan = forms.ModelChoiceField(
        label=_("Sur le plan"), queryset=PlanTravail.objects.none(), required=False, empty_label=_("Aucun")
    )
    dossier = forms.CharField(
        label=_("Ou sur le dossier"),
        max_length=40,
        required=False,
        help_text=_("Son numéro, par exemple 02-2024-1-CH-0001."),
    )
    destinataire = forms.CharField(
        label=_("Demandé à"), max_length=160, help_text=_("Une organisation ou une fonction, hors du comité.")
    )
    courriel = forms.EmailField(label=_("Courriel"))
    question = forms.CharField(
        label=_("Question"), widget=LONG, help_text=_("Le courriel la porte telle quelle; n’y nommez personne.")
    )
    attendu_le = DateField(label=_("Attendu le"), required=False)

    def __init__(self, *args: Any, dossier_connu: Callable[[str], bool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dossier_connu = dossier_connu
        self.fields["comite"].queryset = Comite.objects.filter(entente=self.entente).order_by("nom")
        self.fields["plan"].queryset = (
            PlanTravail.objects.filter(entente=self.entente)
            .select_related("entente", "territoire")
            .order_by("territoire__ordre", "-version")
        )

    def clean_dossier(self) -> str:
        numero = self.cleaned_data["dossier"].strip().upper()
        if numero and not self.dossier_connu(numero):
            raise ValidationError(
                _("Aucun dossier déposé de cette entente ne porte le numéro « %(numero)s »."), params={"numero": numero}
            )
        return numero


class RecevoirAvisForm(FormulairePortail, forms.Form):
    bouton = _("Inscrire l’avis")
    reponse = forms.CharField(label=_("Avis reçu"), widget=LONG)


class ClasserAvisForm(FormulairePortail, forms.Form):
    bouton = _("Classer sans suite")
    motif = forms.CharField(label=_("Pourquoi"), widget=LONG)
