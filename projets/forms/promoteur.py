"""Formulaires du promoteur : brouillon par sections, budget, pièces, dépôt, rapport."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliances.models import Enveloppe
from comptes.models import Organisme
from projets.enums import CategorieDepense, GenreFinancement, SourceFinancement
from projets.models import LigneDepense, Projet, RapportProjet, ResultatAttendu
from socle.formulaires import DateField, FormulairePortail, MontantField

TEXTE_LONG = forms.Textarea(attrs={"rows": 5})


class CommencerForm(FormulairePortail, forms.Form):
    """Ouvrir un brouillon."""

    bouton = _("Commencer la demande")
    organisme = forms.ModelChoiceField(label=_("Organisme"), queryset=Organisme.objects.none(), empty_label=None)
    titre = forms.CharField(label=_("Titre du projet"), max_length=160, help_text=_("Vous pourrez le changer."))

    def __init__(self, *args: Any, utilisateur: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisme"].queryset = Organisme.objects.visibles_pour(utilisateur)


class SectionForm(FormulairePortail, forms.ModelForm):
    """Une section du brouillon, avec la version qu'on a lue."""

    bouton = _("Enregistrer")
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = Projet
        fields = (
            "titre",
            "enveloppe",
            "priorite",
            "nature",
            "resume_public",
            "besoin",
            "objectifs",
            "clienteles",
            "personnes_visees",
            "participation",
            "ancrage",
            "partenaires",
            "perennite",
            "zone_visee",
            "zone",
            "debut",
            "fin",
        )
        widgets = dict.fromkeys(
            (
                "resume_public",
                "besoin",
                "objectifs",
                "clienteles",
                "participation",
                "ancrage",
                "partenaires",
                "perennite",
            ),
            TEXTE_LONG,
        ) | {"zone_visee": forms.Select(choices=[("", _("Je ne sais pas")), (True, _("Oui")), (False, _("Non"))])}
        field_classes = {"debut": DateField, "fin": DateField}
        help_texts = {
            "resume_public": _("Ce que tout le monde lira si le projet est soutenu : environ 600 caractères."),
            "besoin": _("Quelle situation le projet change-t-il, et pour qui?"),
            "participation": _("Comment les personnes concernées participent-elles au projet?"),
            "perennite": _("Que reste-t-il après le soutien?"),
            "zone_visee": _("Le projet se tient-il dans une zone où se concentre la pauvreté?"),
            "zone": _("Une des zones que le plan de travail privilégie, si le projet s’y tient."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        appel = self.instance.appel
        self.fields["enveloppe"].queryset = Enveloppe.objects.filter(offres__appel=appel).order_by("ordre")
        self.fields["priorite"].queryset = appel.entente.priorites.order_by("ordre")
        zones = appel.entente.zones.filter(retiree_le__isnull=True)
        if zones:
            self.fields["zone"].queryset = zones
        else:
            del self.fields["zone"]
        for nom, champ in self.fields.items():
            champ.required = nom in {"titre", "version"}

    def champs(self) -> dict[str, Any]:
        """Les réponses, sans la version; nommer une zone dit que le projet s'y tient (R55)."""
        valeurs = {nom: valeur for nom, valeur in self.cleaned_data.items() if nom != "version"}
        return {**valeurs, "zone_visee": True} if valeurs.get("zone") else valeurs


class VersionForm(FormulairePortail, forms.Form):
    """La version d'une section faite de listes seulement."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class BudgetForm(VersionForm):
    """Le montant demandé."""

    montant_demande = MontantField(
        label=_("Montant demandé au FQIS"), required=False, help_text=_("Exemple : 40 000,00")
    )


class ActiviteForm(forms.Form):
    libelle = forms.CharField(label=_("Activité"), max_length=200)
    debut = DateField(label=_("Du"), required=False)
    fin = DateField(label=_("Au"), required=False)


class ResultatForm(forms.Form):
    indicateur = forms.CharField(label=_("Résultat attendu"), max_length=200)
    cible = forms.IntegerField(label=_("Cible"), min_value=0, max_value=10_000_000, required=False)


class DepenseForm(forms.Form):
    categorie = forms.ChoiceField(label=_("Catégorie"), choices=[("", _("Choisir")), *CategorieDepense.choices])
    libelle = forms.CharField(label=_("Précision"), max_length=160, required=False)
    engagee_le = DateField(label=_("Date, si connue"), required=False)
    montant = MontantField(label=_("Montant"))


class FinancementForm(forms.Form):
    source = forms.ChoiceField(label=_("Source"), choices=[("", _("Choisir")), *SourceFinancement.choices])
    libelle = forms.CharField(label=_("Nom"), max_length=160, required=False)
    genre = forms.ChoiceField(label=_("Genre"), choices=GenreFinancement, initial=GenreFinancement.ARGENT)
    confirme = forms.BooleanField(label=_("Confirmé"), required=False)
    montant = MontantField(label=_("Montant"))


class RangeesFormSet(forms.BaseFormSet):
    """Rangées d'une liste; une rangée vide, ou réduite à ses choix, ne compte pas."""

    def toutes(self) -> list[dict[str, Any]]:
        """Les rangées remplies, dans l'ordre, sans celles qu'on retire."""
        return [
            {nom: valeur for nom, valeur in f.cleaned_data.items() if nom != "DELETE"}
            for f in self.forms
            if f.cleaned_data and (f.has_changed() or f.initial) and not f.cleaned_data.get("DELETE")
        ]


def liste(formulaire: type[forms.Form], vides: int = 2) -> type[RangeesFormSet]:
    """Un formset de `formulaire`, avec des rangées vides à remplir et une case pour retirer."""
    return forms.formset_factory(
        formulaire, formset=RangeesFormSet, extra=vides, can_delete=True, max_num=120, absolute_max=120
    )


LISTES = {
    "activites": liste(ActiviteForm),
    "resultats": liste(ResultatForm),
    "depenses": liste(DepenseForm, 3),
    "financements": liste(FinancementForm),
}


class DeposerForm(FormulairePortail, forms.Form):
    """L'attestation."""

    bouton = _("Déposer la demande")
    attestation = forms.BooleanField(
        label=_(
            "J’atteste que ces renseignements sont exacts et que mon organisme m’a donné le mandat de déposer cette demande."
        ),
        error_messages={"required": _("Cochez l’attestation pour déposer.")},
    )


class RetirerForm(FormulairePortail, forms.Form):
    bouton = _("Retirer la demande")
    motif = forms.CharField(label=_("Pourquoi retirez-vous la demande?"), widget=forms.Textarea(attrs={"rows": 3}))


class SignerForm(FormulairePortail, forms.Form):
    bouton = _("Signer la convention")
    accord = forms.BooleanField(
        label=_("J’ai lu la convention et je la signe au nom de mon organisme."),
        error_messages={"required": _("Cochez la case pour signer.")},
    )


class RapportForm(FormulairePortail, forms.ModelForm):
    """Rapport final : textes, réel de chaque dépense, résultat obtenu de chaque indicateur."""

    bouton = _("Enregistrer le rapport")
    partenaires_argent = MontantField(label=_("Contributions des partenaires, en argent"))
    partenaires_nature = MontantField(label=_("Contributions des partenaires, en nature"))

    class Meta:
        model = RapportProjet
        fields = (
            "realisations",
            "retombees",
            "ecarts",
            "personnes_rejointes",
            "partenaires_argent",
            "partenaires_nature",
        )
        widgets = dict.fromkeys(("realisations", "retombees", "ecarts"), TEXTE_LONG)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        projet = self.instance.convention.projet
        self.depenses = list(projet.depenses.select_related("reelle"))
        self.resultats = list(projet.resultats.all())
        for depense in self.depenses:
            reelle = getattr(depense, "reelle", None)
            self.fields[f"reel_{depense.pk}"] = MontantField(
                label=str(depense), initial=reelle.montant if reelle else None, required=False
            )
        for resultat in self.resultats:
            self.fields[f"obtenu_{resultat.pk}"] = forms.IntegerField(
                label=str(resultat), initial=resultat.obtenu, min_value=0, max_value=10_000_000, required=False
            )

    def lignes_depenses(self) -> list[tuple[LigneDepense, forms.BoundField]]:
        """Chaque dépense et son champ « réel »."""
        return [(depense, self[f"reel_{depense.pk}"]) for depense in self.depenses]

    def lignes_resultats(self) -> list[tuple[ResultatAttendu, forms.BoundField]]:
        """Chaque résultat et son champ « obtenu »."""
        return [(resultat, self[f"obtenu_{resultat.pk}"]) for resultat in self.resultats]

    def reelles(self) -> dict[int, Decimal]:
        return {d.pk: self.cleaned_data[f"reel_{d.pk}"] or Decimal(0) for d in self.depenses}

    def obtenus(self) -> dict[int, int | None]:
        return {r.pk: self.cleaned_data[f"obtenu_{r.pk}"] for r in self.resultats}

    def textes(self) -> dict[str, Any]:
        return {nom: self.cleaned_data[nom] for nom in self.Meta.fields}
