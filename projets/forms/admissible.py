"""« Mon projet est-il admissible? » : les nombres d'un projet, sans compte, et ce qui en passe au brouillon."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from alliances.models import Enveloppe
from appels.models import Appel
from comptes.enums import FormeJuridique
from projets.enums import CategorieDepense, SourceFinancement
from projets.regles import Demande, Depense, Financement
from socle.argent import ZERO
from socle.formulaires import DateField, FormulairePortail, MontantField

SOURCES = {
    "municipal": SourceFinancement.MUNICIPAL,
    "quebec": SourceFinancement.QUEBEC,
    "federal": SourceFinancement.FEDERAL,
    "autres": SourceFinancement.AUTRE,
}


class AdmissibleForm(FormulairePortail, forms.Form):
    """Lu en GET : l'adresse garde les réponses, et les mène au brouillon."""

    bouton: Any = _("Vérifier")
    forme = forms.ChoiceField(label=_("Votre organisme est"), choices=[("", _("Choisir")), *FormeJuridique.choices])
    enveloppe = forms.ModelChoiceField(
        label=_("Territoire du projet"), queryset=Enveloppe.objects.none(), empty_label=_("Choisir"), required=False
    )
    debut = DateField(label=_("Début du projet"), required=False)
    fin = DateField(label=_("Fin du projet"), required=False)
    depenses = MontantField(label=_("Dépenses du projet, au total"))
    exclues = MontantField(
        label=_("Dont dépenses non admissibles"),
        required=False,
        help_text=_("Immobilisations, activités régulières de l’organisme."),
    )
    municipal = MontantField(label=_("De votre MRC ou municipalité"), required=False)
    quebec = MontantField(label=_("D’autres programmes du Québec"), required=False)
    federal = MontantField(label=_("Du gouvernement du Canada"), required=False)
    autres = MontantField(
        label=_("De votre organisme et d’autres partenaires"),
        required=False,
        help_text=_("Mise de fonds, fondations, dons : ce qui n’est pas public."),
    )
    montant = MontantField(
        label=_("Montant que vous demanderiez"),
        required=False,
        help_text=_("Vide : voir le plus que vous pourriez demander."),
    )

    def __init__(self, *args: Any, appel: Appel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.appel = appel
        self.fields["enveloppe"].queryset = Enveloppe.objects.filter(offres__appel=appel).order_by("ordre")

    def clean(self) -> dict[str, Any]:
        valeurs = super().clean()
        depenses, exclues = valeurs.get("depenses"), valeurs.get("exclues")
        if depenses is not None and exclues is not None and exclues > depenses:
            raise ValidationError({"exclues": _("C’est plus que toutes les dépenses : vérifiez les deux montants.")})
        return valeurs

    def demande(self, montant: Decimal | None) -> Demande:
        """Les nombres, pour les règles; `montant` est celui que l'on essaie."""
        v = self.cleaned_data
        return Demande(
            montant=montant,
            depenses=[Depense(ligne["categorie"], ligne["montant"]) for ligne in self._depenses()],
            financements=[Financement(ligne["source"], ligne["montant"]) for ligne in self._financements()],
            debut=v["debut"],
            fin=v["fin"],
            fin_max=self.appel.fin_max_projet,
        )

    def pour_le_brouillon(self) -> dict[str, Any]:
        """Champs et listes du brouillon, tels que le service les prend."""
        v = self.cleaned_data
        return {
            "projet": {nom: v[nom] for nom in ("enveloppe", "debut", "fin") if v[nom]},
            "montant_demande": v["montant"],
            "depenses": self._depenses(),
            "financements": self._financements(),
        }

    def _depenses(self) -> list[dict[str, Any]]:
        exclues = self.cleaned_data["exclues"] or ZERO
        lignes = [
            {"categorie": CategorieDepense.AUTRE, "montant": self.cleaned_data["depenses"] - exclues},
            {"categorie": CategorieDepense.MISSION_GLOBALE, "montant": exclues},
        ]
        return [ligne for ligne in lignes if ligne["montant"]]

    def _financements(self) -> list[dict[str, Any]]:
        return [
            {"source": source, "montant": self.cleaned_data[nom]}
            for nom, source in SOURCES.items()
            if self.cleaned_data[nom]
        ]
