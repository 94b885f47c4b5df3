"""Formulaires du contrat : désignation, entente, signatures, avenants, tranches, changement d'état."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliances.enums import PartieSignataire
from alliances.models import Cycle, Entente, TrancheMinistere
from socle.exercices import exercices_entre
from socle.formulaires import DateField, FormulairePortail, MontantField, TauxField

LONG = forms.Textarea(attrs={"rows": 3})


class DesignationForm(FormulairePortail, forms.Form):
    bouton: Any = _("Consigner la désignation")
    designe_par = forms.CharField(label=_("Désigné par"), max_length=160, help_text=_("Le corps d’élus qui a résolu."))
    designe_le = DateField(label=_("Le"), required=False)
    resolution = forms.CharField(label=_("Numéro de résolution"), max_length=60, required=False)
    inscrit_req = forms.BooleanField(label=_("Inscrit au Registre des entreprises du Québec"), required=False)
    fiduciaire = forms.CharField(
        label=_("Fiduciaire"),
        max_length=200,
        required=False,
        help_text=_("Obligatoire si le mandataire n’est pas inscrit au Registre (R54)."),
    )


class RenommerForm(FormulairePortail, forms.Form):
    bouton: Any = _("Inscrire le nouveau nom")
    nom = forms.CharField(label=_("Nouveau nom"), max_length=200)
    depuis = DateField(label=_("Depuis le"))


class EntenteForm(FormulairePortail, forms.Form):
    bouton: Any = _("Créer l’entente")
    cycle = forms.ModelChoiceField(label=_("Cycle"), queryset=Cycle.objects.order_by("-debut"))
    debut = DateField(label=_("Début"))
    fin = DateField(label=_("Fin"))
    montant = MontantField(label=_("Montant"), required=False, help_text=_("Laissez vide s’il n’est pas encore connu."))
    administration_max = MontantField(
        label=_("Plafond du budget d’administration"), required=False, help_text=_("Suivi par la règle R12.")
    )
    numero_ministere = forms.CharField(label=_("Numéro au ministère"), max_length=40, required=False)


class SignatureForm(FormulairePortail, forms.Form):
    bouton: Any = _("Inscrire la signature")
    partie = forms.ChoiceField(label=_("Partie"), choices=PartieSignataire, widget=forms.RadioSelect)
    fonction = forms.CharField(
        label=_("Fonction du signataire"), max_length=160, help_text=_("La fonction, pas le nom de la personne.")
    )
    signe_le = DateField(label=_("Signé le"), required=False)


class MontantForm(FormulairePortail, forms.Form):
    bouton: Any = _("Inscrire le montant")
    montant = MontantField(label=_("Montant de l’entente"))
    motif = forms.CharField(label=_("Source"), max_length=300, help_text=_("Le document qui le donne."))


class ParametresForm(FormulairePortail, forms.Form):
    """Les bornes de l'entente; un appel peut les resserrer, et les fige à son ouverture. Vide : la règle ne s'applique pas."""

    bouton: Any = _("Enregistrer les paramètres")
    plafond = MontantField(label=_("Aide maximale par projet (R7)"), required=False)
    plancher = MontantField(label=_("Aide minimale par projet (R7)"), required=False)
    taux_max = TauxField(label=_("Taux d’aide maximal, en % (R8)"), required=False)
    cumul_max = TauxField(label=_("Cumul maximal des aides publiques, en % (R9)"), required=False)
    tranches = forms.CharField(
        label=_("Tranches des versements (R30)"),
        max_length=40,
        help_text=_("Des parts entières, par exemple 50/40/10."),
    )
    rapport_final_mois = forms.IntegerField(
        label=_("Rapport final dû, mois après la fin (R32)"), min_value=1, max_value=12
    )
    administration_max = MontantField(label=_("Plafond du budget d’administration (R12)"), required=False)

    def clean_tranches(self) -> list[int]:
        parts = [part.strip() for part in self.cleaned_data["tranches"].split("/")]
        if not all(part.isdigit() and int(part) > 0 for part in parts):
            raise forms.ValidationError(_("Écrivez des nombres entiers séparés par « / », par exemple 50/40/10."))
        return [int(part) for part in parts]


class AvenantForm(FormulairePortail, forms.Form):
    """L'écart se saisit positif; le sens dit s'il s'ajoute ou se retranche."""

    bouton: Any = _("Inscrire l’avenant")
    sens = forms.ChoiceField(
        label=_("Le montant de l’entente"),
        choices=[("hausse", _("augmente")), ("baisse", _("diminue")), ("aucun", _("ne change pas"))],
        widget=forms.RadioSelect,
        initial="hausse",
    )
    ecart = MontantField(label=_("De combien"), required=False)
    nouvelle_fin = DateField(label=_("Nouvelle fin de l’entente"), required=False)
    signe_le = DateField(label=_("Signé le"), required=False)
    motif = forms.CharField(label=_("Motif"), widget=LONG, max_length=300)

    def arguments(self) -> dict[str, Any]:
        valeurs = dict(self.cleaned_data)
        sens, ecart = valeurs.pop("sens"), valeurs["ecart"]
        valeurs["ecart"] = None if sens == "aucun" or not ecart else -ecart if sens == "baisse" else ecart
        return valeurs


class TrancheForm(FormulairePortail, forms.Form):
    bouton: Any = _("Prévoir la tranche")
    exercice = forms.ChoiceField(label=_("Exercice"))
    prevue = MontantField(label=_("Montant prévu"))
    prevue_le = DateField(label=_("Prévue le"))

    def __init__(self, *args: Any, entente: Entente, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["exercice"].choices = [(e, e) for e in exercices_entre(entente.debut, entente.fin)]


class RecevoirForm(FormulairePortail, forms.Form):
    bouton: Any = _("Inscrire la tranche reçue")
    tranche = forms.ModelChoiceField(label=_("Tranche"), queryset=TrancheMinistere.objects.none())
    recue = MontantField(label=_("Montant reçu"))
    recue_le = DateField(label=_("Reçu le"))
    reference = forms.CharField(label=_("Référence du dépôt"), max_length=60, required=False)

    def __init__(self, *args: Any, entente: Entente, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tranche"].queryset = entente.tranches.filter(recue__isnull=True)


class EtatForm(FormulairePortail, forms.Form):
    motif = forms.CharField(label=_("Motif"), widget=LONG, max_length=300, required=False)

    def __init__(self, *args: Any, bouton: Any, exige_motif: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bouton = bouton
        self.fields["motif"].required = exige_motif
