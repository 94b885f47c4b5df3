"""Formulaires des précisions et des messages : demander, répondre, écrire."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projets.champs import MONTANT, formulaire_de, valeur_de
from projets.forms.listes import FORMULAIRES, ListeFormSet, classe_de, saisie_de
from projets.forms.questions import QUESTION_MONTANT, champ_de, initial_de
from projets.models import ChampPrecision, DemandePrecision, Projet
from projets.services.messages import LONGUEUR_MAX
from projets.services.precisions import LISTES, PIECES, champs_precisables
from projets.services.precisions import valeur_de as colonne_lue
from socle.formulaires import DateField, FormulairePortail

LONG = forms.Textarea(attrs={"rows": 4})


class DemanderForm(FormulairePortail, forms.Form):
    """Les champs à rouvrir, ce qu'on y demande, jusqu'à quand."""

    bouton = _("Demander ces précisions")
    champs = forms.MultipleChoiceField(
        label=_("Champs à rouvrir"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Eux seuls se rouvrent; le reste de la demande ne change pas."),
        error_messages={"required": _("Choisissez au moins un champ à rouvrir.")},
    )
    message = forms.CharField(
        label=_("Ce que vous voulez savoir"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("L’organisme le lira au-dessus des champs rouverts. Une question par ligne."),
    )
    limite = DateField(label=_("Dernier jour pour répondre"), help_text=_("Ce jour est compris, jusqu’à 23 h 59."))

    def __init__(self, donnees: Any, *, projet: Projet) -> None:
        super().__init__(donnees)
        self.fields["champs"].choices = list(champs_precisables(projet).items())


class ProlongerForm(FormulairePortail, forms.Form):
    bouton = _("Prolonger le délai")
    limite = DateField(label=_("Nouveau dernier jour pour répondre"))


class AnnulerForm(FormulairePortail, forms.Form):
    bouton = _("Annuler la demande de précision")
    motif = forms.CharField(label=_("Pourquoi la réponse n’est-elle plus attendue?"), widget=LONG)


class MessageForm(FormulairePortail, forms.Form):
    """Un message au fil du dossier."""

    bouton = _("Envoyer le message")
    texte = forms.CharField(
        label=_("Votre message"), widget=forms.Textarea(attrs={"rows": 5, "maxlength": LONGUEUR_MAX})
    )


class ReponseForm(FormulairePortail, forms.Form):
    """Les champs rouverts, remplis de la réponse en préparation ou de ce qui est déposé; et un mot."""

    bouton = _("Enregistrer sans envoyer")
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    mot = forms.CharField(
        label=_("Votre mot à la coordination"),
        widget=LONG,
        required=False,
        help_text=_("Facultatif : expliquez ce que vous avez changé, ou pourquoi rien ne change."),
    )

    def __init__(self, donnees: Any = None, *, demande: DemandePrecision, projet: Projet) -> None:
        super().__init__(donnees, initial={"version": demande.version, "mot": demande.mot})
        self.champs, self.offerts = list(demande.champs.all()), champs_precisables(projet)
        self.pieces = any(champ.cle == PIECES for champ in self.champs)
        self.listes: dict[str, ListeFormSet] = {}
        for champ in self.champs:
            if champ.cle in FORMULAIRES:
                self.listes[champ.cle] = _formset(donnees, projet, champ)
            elif champ.cle not in LISTES:
                self.fields[champ.cle] = _champ(projet, champ)
        self.order_fields([cle for cle in self.offerts if cle in self.fields])

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(formset.is_valid() for formset in self.listes.values())])

    def valeurs(self) -> dict[str, Any]:
        """Clé → valeur, listes comprises."""
        simples = {cle: self.cleaned_data[cle] for cle in self.offerts if cle in self.cleaned_data}
        return simples | {cle: formset.toutes() for cle, formset in self.listes.items()}


def _champ(projet: Projet, champ: ChampPrecision) -> forms.Field:
    """Le champ de la question, avec la réponse en préparation, ou celle qui est déposée."""
    question = QUESTION_MONTANT if champ.cle == MONTANT else formulaire_de(projet).question(champ.cle)
    saisie = champ_de(question, projet)
    saisie.initial = initial_de(
        question, champ.valeur["v"] if champ.valeur is not None else valeur_de(projet, champ.cle)
    )
    return saisie


def _formset(donnees: Any, projet: Projet, champ: ChampPrecision) -> ListeFormSet:
    """La liste, remplie de la réponse en préparation ou de ce qui est déposé."""
    if donnees is not None:
        return classe_de(champ.cle)(donnees, prefix=champ.cle)
    modele, noms = getattr(projet, champ.cle).model, list(FORMULAIRES[champ.cle][0].base_fields)
    if champ.valeur is not None:
        rangees = [
            {nom: colonne_lue(modele, nom, rangee.get(nom)) for nom in noms} for rangee in champ.valeur["v"] or ()
        ]
    else:
        rangees = [{nom: getattr(rangee, nom) for nom in noms} for rangee in getattr(projet, champ.cle).all()]
    initial = [{nom: saisie_de(valeur) for nom, valeur in rangee.items()} for rangee in rangees]
    return classe_de(champ.cle)(initial=initial, prefix=champ.cle)
