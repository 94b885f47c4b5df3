"""Formulaires de la gouvernance, dans l'admin."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliances.enums import EtatSiege, FamillePartenaire, GenreInstance, GroupeAge, RoleMembre, TypeComite
from alliances.forms.communs import LONG, FormulaireEntente, champ_territoire
from alliances.models import Comite, Entente, MembreComite, SiegeVecu
from comptes.enums import Role
from comptes.models import Utilisateur
from socle.formulaires import DateField, FormulairePortail

ENTIER = {"inputmode": "numeric"}


def choix_vide(choix: Any, libelle: Any) -> list[tuple[str, Any]]:
    """Une liste facultative : rien, puis les choix."""
    return [("", libelle), *choix.choices]


class ComiteForm(FormulaireEntente):
    bouton = _("Enregistrer le comité")
    type = forms.ChoiceField(label=_("Type"), choices=TypeComite)
    nom = forms.CharField(label=_("Nom"), max_length=160)
    territoire = champ_territoire()
    mandat = forms.CharField(label=_("Mandat"), widget=LONG, required=False)
    quorum = forms.IntegerField(
        label=_("Quorum (membres votants)"),
        min_value=0,
        max_value=99,
        required=False,
        widget=forms.TextInput(attrs=ENTIER),
        help_text=_("Laissez vide s’il n’est pas fixé."),
    )
    depuis = DateField(label=_("Depuis"))
    jusqua = DateField(label=_("Jusqu’au"), required=False)


class MembreForm(FormulaireEntente):
    bouton = _("Enregistrer le membre")
    nom = forms.CharField(label=_("Nom ou fonction"), max_length=120)
    utilisateur = forms.ModelChoiceField(
        label=_("Compte au portail"),
        queryset=Utilisateur.objects.none(),
        required=False,
        empty_label=_("Aucun"),
        help_text=_(
            "Relie la fiche au compte qui évalue : son territoire, sa présidence, l’organisation qu’elle représente comptent alors."
        ),
    )
    represente = forms.CharField(label=_("Organisation représentée"), max_length=160, required=False)
    secteur = forms.ChoiceField(
        label=_("Secteur"), choices=choix_vide(FamillePartenaire, _("Aucune des huit familles")), required=False
    )
    role = forms.ChoiceField(label=_("Rôle"), choices=RoleMembre, initial=RoleMembre.MEMBRE)
    vote = forms.BooleanField(label=_("A droit de vote"), required=False, initial=True)
    groupe_age = forms.ChoiceField(
        label=_("Groupe d’âge représenté"),
        choices=choix_vide(GroupeAge, _("Aucun en particulier")),
        required=False,
        help_text=_("Le groupe que la personne représente, pas son âge."),
    )
    territoire = champ_territoire(_("Aucun en particulier"), label=_("Territoire représenté"))
    depuis = DateField(label=_("Depuis"))
    jusqua = DateField(label=_("Jusqu’au"), required=False)

    def __init__(self, *args: Any, entente: Entente, **kwargs: Any) -> None:
        super().__init__(*args, entente=entente, **kwargs)
        self.fields["utilisateur"].queryset = (
            Utilisateur.objects.filter(
                affectations__role=Role.EVALUATION,
                affectations__mandataire=entente.mandataire_id,
                affectations__retiree_le__isnull=True,
            )
            .distinct()
            .order_by("nom")
        )


class _DuComite(FormulairePortail, forms.Form):
    def __init__(self, *args: Any, comite: Comite, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.comite = comite


class FinMembreForm(_DuComite):
    bouton = _("Mettre fin au mandat")
    membre = forms.ModelChoiceField(label=_("Membre"), queryset=MembreComite.objects.none(), empty_label=None)
    jusqua = DateField(label=_("Dernier jour du mandat"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["membre"].queryset = self.comite.membres.order_by("nom", "id")


class _SiegeChoix(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(_("Siège %(n)s – %(etat)s") % {"n": obj.rang, "etat": obj.get_etat_display().lower()})


class SiegeForm(_DuComite):
    """L'état du siège, et rien d'autre : aucun champ ne nomme une personne (R43)."""

    bouton = _("Enregistrer l’état du siège")
    siege = _SiegeChoix(label=_("Siège"), queryset=SiegeVecu.objects.none(), empty_label=None)
    etat = forms.ChoiceField(label=_("État"), choices=EtatSiege, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["siege"].queryset = self.comite.sieges.order_by("rang")


class InstanceForm(FormulaireEntente):
    bouton = _("Enregistrer l’instance")
    nom = forms.CharField(label=_("Nom"), max_length=160, help_text=_("Tel qu’il se lit dans une lettre de décision."))
    genre = forms.ChoiceField(label=_("Genre"), choices=GenreInstance)
    territoire = champ_territoire()
    depuis = DateField(label=_("Depuis"))
    jusqua = DateField(label=_("Jusqu’au"), required=False)


class PartenaireForm(FormulaireEntente):
    bouton = _("Enregistrer le partenaire")
    nom = forms.CharField(label=_("Nom"), max_length=160)
    famille = forms.ChoiceField(label=_("Famille"), choices=FamillePartenaire, widget=forms.RadioSelect)
