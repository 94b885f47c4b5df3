"""Formulaires des accès."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliances.enums import EtatEntente
from alliances.models import Mandataire, Territoire
from comptes.enums import Role
from socle.formulaires import DateField, FormulairePortail


class TerritoireField(forms.ModelChoiceField):
    """Un territoire, avec le code de son entente : chaque entente a les siens."""

    def label_from_instance(self, obj: Territoire) -> str:
        return f"{obj.nom} ({obj.entente.code})"


class InviterForm(FormulairePortail, forms.Form):
    """Donner un rôle, par courriel."""

    bouton = _("Inviter cette personne")
    email = forms.EmailField(
        label=_("Courriel de la personne"),
        help_text=_("Si elle n’a pas de compte, elle reçoit un lien pour choisir son mot de passe."),
    )
    nom = forms.CharField(
        label=_("Son nom"),
        max_length=120,
        required=False,
        help_text=_("Sert seulement si elle n’a pas encore de compte."),
    )
    role = forms.ChoiceField(
        label=_("Rôle"),
        choices=[(r.value, r.label) for r in Role if r != Role.MINISTERE],
        widget=forms.RadioSelect,
        help_text=_("Ce que chaque rôle permet se lit sur la page des accès."),
    )
    territoire = TerritoireField(
        label=_("Territoire, pour un agent territorial"), queryset=Territoire.objects.none(), required=False
    )
    debut = DateField(label=_("Depuis le"))
    fin = DateField(
        label=_("Jusqu’au"), required=False, help_text=_("Ce jour compris. Laissez vide si la fin n’est pas connue.")
    )

    def __init__(self, *args: Any, mandataire: Mandataire, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["territoire"].queryset = (
            Territoire.objects.filter(entente__mandataire=mandataire)
            .exclude(entente__etat=EtatEntente.CLOSE)
            .select_related("entente")
            .order_by("-entente__code", "ordre")
        )


class FinForm(FormulairePortail, forms.Form):
    """Le dernier jour d'un accès."""

    bouton = _("Changer la fin de l’accès")
    fin = DateField(
        label=_("Jusqu’au"), required=False, help_text=_("Ce jour compris. Laissez vide si la fin n’est pas connue.")
    )


class RetirerForm(FormulairePortail, forms.Form):
    """Retirer un accès."""

    bouton = _("Retirer l’accès maintenant")
    motif = forms.CharField(label=_("Motif"), max_length=300, required=False, help_text=_("Gardé à l’historique."))
