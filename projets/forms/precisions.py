"""Formulaires des précisions et des messages : demander, répondre, écrire."""

from typing import Any

from django import forms
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _

from projets.comparaison import RECITS, TITRES
from projets.forms.listes import FORMULAIRES, ListeFormSet, classe_de, saisie_de
from projets.models import ChampPrecision, DemandePrecision, Projet
from projets.services.messages import LONGUEUR_MAX
from projets.services.precisions import CHAMPS, LISTES, PIECES, colonne_de, valeur_de
from socle.formulaires import DateField, FormulairePortail, MontantField

LONG = forms.Textarea(attrs={"rows": 4})
OUI_NON = [("", _("Je ne sais pas")), (True, _("Oui")), (False, _("Non"))]


class DemanderForm(FormulairePortail, forms.Form):
    """Les champs à rouvrir, ce qu'on y demande, jusqu'à quand."""

    bouton = _("Demander ces précisions")
    champs = forms.MultipleChoiceField(
        label=_("Champs à rouvrir"),
        choices=lambda: list(CHAMPS.items()),
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
        self.champs = list(demande.champs.all())
        self.pieces = any(champ.cle == PIECES for champ in self.champs)
        self.listes: dict[str, ListeFormSet] = {}
        for champ in self.champs:
            if champ.cle in FORMULAIRES:
                self.listes[champ.cle] = _formset(donnees, projet, champ)
            elif champ.cle not in LISTES:
                self.fields[champ.cle] = _champ(projet, champ)
        self.order_fields([cle for cle in CHAMPS if cle in self.fields])

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(formset.is_valid() for formset in self.listes.values())])

    def valeurs(self) -> dict[str, Any]:
        """Clé → valeur, listes comprises."""
        simples = {cle: self.cleaned_data[cle] for cle in CHAMPS if cle in self.cleaned_data}
        return simples | {cle: formset.toutes() for cle, formset in self.listes.items()}


def _champ(projet: Projet, champ: ChampPrecision) -> forms.Field:
    """Le champ de formulaire de la colonne, avec sa valeur présente; rien n'est obligatoire à l'enregistrement."""
    options: dict[str, Any] = {"widgets": {}, "field_classes": {}}
    if champ.cle in RECITS:
        options["widgets"][champ.cle] = forms.Textarea(attrs={"rows": 6})
    if champ.cle == "zone_visee":
        options["widgets"][champ.cle] = forms.Select(choices=OUI_NON)
    if champ.cle in {"debut", "fin"}:
        options["field_classes"][champ.cle] = DateField
    if champ.cle == "montant_demande":
        options["field_classes"][champ.cle] = MontantField
        saisie: forms.Field = MontantField(label=TITRES[champ.cle])
    else:
        saisie = fields_for_model(Projet, fields=[champ.cle], **options)[champ.cle]
    saisie.label, saisie.required = TITRES[champ.cle], False
    if champ.cle == "priorite":
        saisie.queryset = projet.appel.entente.priorites.order_by("ordre")  # type: ignore[attr-defined]
    brut = champ.valeur["v"] if champ.valeur is not None else getattr(projet, colonne_de(champ.cle))
    saisie.initial = valeur_de(Projet, champ.cle, brut)
    return saisie


def _formset(donnees: Any, projet: Projet, champ: ChampPrecision) -> ListeFormSet:
    """La liste, remplie de la réponse en préparation ou de ce qui est déposé."""
    if donnees is not None:
        return classe_de(champ.cle)(donnees, prefix=champ.cle)
    modele, noms = getattr(projet, champ.cle).model, list(FORMULAIRES[champ.cle][0].base_fields)
    if champ.valeur is not None:
        rangees = [{nom: valeur_de(modele, nom, rangee.get(nom)) for nom in noms} for rangee in champ.valeur["v"]]
    else:
        rangees = [{nom: getattr(rangee, nom) for nom in noms} for rangee in getattr(projet, champ.cle).all()]
    initial = [{nom: saisie_de(valeur) for nom, valeur in rangee.items()} for rangee in rangees]
    return classe_de(champ.cle)(initial=initial, prefix=champ.cle)
