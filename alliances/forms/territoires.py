"""Formulaires des territoires et des délégations."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliances.enums import GenreInstance, PorteeTerritoire, Pouvoir
from alliances.models import Comite, Communaute, Entente, Enveloppe, InstanceDecisionnelle, Territoire
from alliances.requetes.couverture import mrc_du_mandataire
from socle.formats import NOMS_FUSEAUX
from socle.formulaires import DateField, FormulairePortail, TelephoneField
from socle.models import Mrc

FUSEAUX = [(fuseau, f"{nom} ({fuseau.partition('/')[2].replace('_', ' ')})") for fuseau, nom in NOMS_FUSEAUX.items()]


class TerritoireForm(FormulairePortail, forms.Form):
    """Un territoire de l'entente; ses lettres se donnent une fois."""

    bouton = _("Enregistrer le territoire")
    code = forms.CharField(
        label=_("Lettres"),
        max_length=4,
        help_text=_("De deux à quatre majuscules. Elles entrent dans le numéro des demandes et ne changent plus."),
    )
    nom = forms.CharField(label=_("Nom"), max_length=120)
    portee = forms.ChoiceField(label=_("Portée"), choices=PorteeTerritoire, initial=PorteeTerritoire.LOCALE)
    parent = forms.ModelChoiceField(label=_("Fait partie de"), queryset=Territoire.objects.none(), required=False)
    mrc = forms.ModelMultipleChoiceField(
        label=_("MRC et territoires équivalents"),
        queryset=Mrc.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Aucun, un ou plusieurs : un territoire n’est pas une MRC."),
    )
    communautes = forms.ModelMultipleChoiceField(
        label=_("Communautés"),
        queryset=Communaute.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    fuseau = forms.ChoiceField(
        label=_("Fuseau"), choices=FUSEAUX, help_text=_("L’heure à laquelle les dépôts y prennent fin.")
    )

    def __init__(
        self, *args: Any, entente: Entente, jour: date, territoire: Territoire | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        autres = Territoire.objects.filter(entente=entente).order_by("ordre")
        self.fields["parent"].queryset = autres.exclude(pk=territoire.pk) if territoire else autres
        pris = min(max(jour, entente.debut), entente.fin)
        self.fields["mrc"].queryset = mrc_du_mandataire(entente.mandataire, pris).order_by("code")
        self.fields["communautes"].queryset = Communaute.objects.order_by("nation", "nom")
        if territoire is not None:
            del self.fields["code"]
        for nom in ("mrc", "communautes"):
            if not self.fields[nom].queryset.exists():
                del self.fields[nom]


class ContactForm(FormulairePortail, forms.Form):
    """À qui s'adresser, publiquement."""

    bouton = _("Enregistrer le contact")
    nom = forms.CharField(
        label=_("Service ou fonction"),
        max_length=120,
        help_text=_("Une fonction plutôt qu’un nom : elle reste quand la personne change."),
    )
    telephone = TelephoneField(label=_("Téléphone"), required=False)
    courriel = forms.EmailField(label=_("Courriel"), required=False)
    heures = forms.CharField(label=_("Heures de réponse"), max_length=160, required=False)
    retirer = forms.BooleanField(label=_("Retirer ce contact"), required=False)

    def __init__(self, *args: Any, existe: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not existe:
            del self.fields["retirer"]


class ZoneForm(FormulairePortail, forms.Form):
    """Une zone où se concentre la pauvreté."""

    bouton = _("Enregistrer la zone")
    nom = forms.CharField(label=_("Nom"), max_length=120)
    motif = forms.CharField(
        label=_("Ce qui la désigne"), max_length=300, required=False, help_text=_("Un indice, une étude, une décision.")
    )
    retiree_le = DateField(
        label=_("Retirée le"),
        required=False,
        help_text=_("Elle ne se choisit plus; les projets qui y sont rattachés la gardent."),
    )


class DelegationForm(FormulairePortail, forms.Form):
    """Ce qui est confié, à qui, de quand à quand."""

    bouton = _("Enregistrer la délégation")
    delegataire = forms.CharField(label=_("Confiée à"), max_length=160, help_text=_("Une MRC, ou un autre organisme."))
    pouvoirs = forms.MultipleChoiceField(label=_("Pouvoirs"), choices=Pouvoir, widget=forms.CheckboxSelectMultiple)
    enveloppe = forms.ModelChoiceField(
        label=_("Enveloppe du territoire"), queryset=Enveloppe.objects.none(), required=False
    )
    comite = forms.ModelChoiceField(label=_("Comité"), queryset=Comite.objects.none(), required=False)
    instance = forms.ModelChoiceField(
        label=_("Instance qui décide"), queryset=InstanceDecisionnelle.objects.none(), required=False
    )
    instance_nom = forms.CharField(
        label=_("Ou inscrire cette instance"),
        max_length=160,
        required=False,
        help_text=_("Si elle n’est pas dans la liste : conseil de la MRC, par exemple."),
    )
    instance_genre = forms.ChoiceField(
        label=_("Genre de l’instance à inscrire"), choices=GenreInstance, initial=GenreInstance.CONSEIL_MRC
    )
    resolution = forms.CharField(label=_("Résolution"), max_length=60, required=False)
    depuis = DateField(label=_("Depuis le"))
    jusqua = DateField(
        label=_("Jusqu’au"), required=False, help_text=_("Ce jour compris. Laissez vide si la fin n’est pas connue.")
    )

    def __init__(self, *args: Any, territoire: Territoire, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["enveloppe"].queryset = Enveloppe.objects.filter(territoire=territoire).order_by("ordre")
        self.fields["comite"].queryset = Comite.objects.filter(entente=territoire.entente_id).order_by("nom")
        self.fields["instance"].queryset = InstanceDecisionnelle.objects.filter(territoire=territoire).order_by(
            "-depuis"
        )


class FinDelegationForm(FormulairePortail, forms.Form):
    """Mettre fin à une délégation."""

    bouton = _("Mettre fin à la délégation")
    jusqua = DateField(label=_("Dernier jour"), help_text=_("Ce jour compris."))
    motif = forms.CharField(label=_("Motif"), max_length=300, required=False)
