"""Formulaires du promoteur : commencer, pièces, dépôt, retrait, signature, rapport."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comptes.models import Organisme
from projets.models import LigneDepense, Projet, RapportProjet, ResultatAttendu
from socle.formulaires import FormulairePortail, MontantField

TEXTE_LONG = forms.Textarea(attrs={"rows": 5})


class CommencerForm(FormulairePortail, forms.Form):
    """Ouvrir un brouillon."""

    bouton = _("Commencer la demande")
    organisme = forms.ModelChoiceField(label=_("Organisme"), queryset=Organisme.objects.none(), empty_label=None)
    titre = forms.CharField(label=_("Titre du projet"), max_length=160, help_text=_("Vous pourrez le changer."))
    source = forms.ModelChoiceField(
        label=_("Repartir d’un projet antérieur"),
        queryset=Projet.objects.none(),
        required=False,
        empty_label=_("Non : une demande vide"),
        help_text=_(
            "Textes, activités, résultats et budget sont copiés; ni le territoire, ni les dates, ni les pièces."
        ),
    )

    def __init__(self, *args: Any, utilisateur: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisme"].queryset = Organisme.objects.visibles_pour(utilisateur)
        anterieurs = Projet.objects.de_ses_organismes(utilisateur).filter(remplace__isnull=True)
        self.fields["source"].queryset = anterieurs.order_by("-enregistre_le")
        if not anterieurs.exists():
            del self.fields["source"]

    def clean(self) -> dict[str, Any]:
        valeurs = super().clean()
        source, organisme = valeurs.get("source"), valeurs.get("organisme")
        if source and organisme and source.organisme_id != organisme.pk:
            self.add_error("source", _("Ce projet est celui d’un autre de vos organismes : choisissez le même."))
        return valeurs


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


class SignerDemandeForm(FormulairePortail, forms.Form):
    bouton = _("Signer la demande")
    accord = forms.BooleanField(
        label=_("J’ai lu la demande déposée et je la signe au nom de mon organisme."),
        error_messages={"required": _("Cochez la case pour signer.")},
    )


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
