"""Formulaires du portail : champs québécois, messages en français, ce qui est saisi revient tel quel."""

import re
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from socle import formats

MOIS = {
    nom: rang
    for rang, nom in enumerate(
        (
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ),
        start=1,
    )
}


class FormulairePortail:
    """Base de tout formulaire : bouton nommé, pas de contrôle muet du navigateur, messages clairs."""

    bouton: Any = _("Enregistrer")
    fields: dict[str, Any]
    errors: Any
    required_css_class = "requis"
    error_css_class = "en-erreur"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        for champ in self.fields.values():
            champ.error_messages.setdefault("required", _("Ce champ est obligatoire."))

    def erreurs_liees(self) -> list[tuple[str, str]]:
        """(ancre, message) de chaque erreur, pour le sommaire; l'ancre est vide pour une erreur d'ensemble."""
        liees = []
        for nom, messages in self.errors.items():
            ancre = cast(Any, self)[nom].id_for_label if nom in self.fields else ""
            liees += [(ancre, f"{self.fields[nom].label} : {message}" if ancre else message) for message in messages]
        return liees


class ConfirmerForm(FormulairePortail, forms.Form):
    """Un geste sans saisie : un bouton qui le nomme."""

    def __init__(self, *args: Any, bouton: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bouton = bouton


class SaisieField(forms.CharField):
    """Un champ texte lu par une fonction de `socle.formats`; son refus cite ce qui a été écrit."""

    lecteur: Any = None
    attributs: dict[str, str] = {}

    def to_python(self, valeur: Any) -> Any:
        texte = super().to_python(valeur)
        if texte in self.empty_values:
            return self.empty_value
        try:
            return type(self).lecteur(texte)
        except formats.SaisieIllisible as refus:
            raise ValidationError(str(refus), code="illisible") from refus

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), **self.attributs}


class MontantField(SaisieField):
    """Montant positif au cent, à la québécoise : `156 278,50 $`; nul si vide."""

    lecteur = staticmethod(formats.lire_montant)
    attributs = {"inputmode": "decimal", "autocomplete": "off", "class": "montant"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(empty_value=None, **kwargs)

    def prepare_value(self, valeur: Any) -> Any:
        return formats.saisie_montant(valeur) if isinstance(valeur, Decimal) else valeur

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class TauxField(SaisieField):
    """Taux en pour cent : `90`, `87,5 %`; nul si vide; rendu entre 0 et 1."""

    lecteur = staticmethod(formats.lire_taux)
    attributs = {"inputmode": "decimal", "autocomplete": "off", "class": "montant"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(empty_value=None, **kwargs)

    def prepare_value(self, valeur: Any) -> Any:
        return formats.nombre(valeur * 100, 2).removesuffix(",00") if isinstance(valeur, Decimal) else valeur


class NeqField(SaisieField):
    """NEQ (R44)."""

    lecteur = staticmethod(formats.lire_neq)
    attributs = {"inputmode": "numeric", "autocomplete": "off"}


class CodePostalField(SaisieField):
    """Code postal (R45)."""

    lecteur = staticmethod(formats.lire_code_postal)
    attributs = {"autocomplete": "postal-code"}

    def prepare_value(self, valeur: Any) -> Any:
        return formats.code_postal(valeur) if valeur else valeur


class TelephoneField(SaisieField):
    """Téléphone (R45)."""

    lecteur = staticmethod(formats.lire_telephone)
    attributs = {"inputmode": "tel", "autocomplete": "tel"}

    def prepare_value(self, valeur: Any) -> Any:
        return formats.telephone(valeur) if valeur else valeur


class DateField(forms.DateField):
    """Date : `2026-05-31`, `31/05/2026` ou `31 mai 2026`; le champ du navigateur quand il existe."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    input_formats = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"]
    default_error_messages = {
        "invalid": _("« %(valeur)s » n’est pas une date. Écrivez-la ainsi : 2026-05-31."),
    }

    def to_python(self, valeur: Any) -> date | None:
        mots = re.fullmatch(r"(\d{1,2})(?:er)?\s+([a-zéû]+)\s+(\d{4})", str(valeur or "").strip().lower())
        try:
            if mots and mots[2] in MOIS:
                return date(int(mots[3]), MOIS[mots[2]], int(mots[1]))
            return super().to_python(valeur)
        except (ValidationError, ValueError) as refus:
            raise ValidationError(
                self.error_messages["invalid"], code="invalid", params={"valeur": str(valeur)[:40]}
            ) from refus
