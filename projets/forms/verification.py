"""Le formulaire qui vérifie un accusé de réception."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from socle.formulaires import FormulairePortail

EMPREINTE_MIN = 12


class VerifierForm(FormulairePortail, forms.Form):
    bouton: Any = _("Vérifier")
    numero = forms.CharField(label=_("Numéro de dossier"), max_length=40, help_text=_("Par exemple 02-2024-1-CH-0008."))
    empreinte = forms.CharField(
        label=_("Empreinte SHA-256"),
        max_length=80,
        required=False,
        help_text=_("Facultative : les douze premiers caractères suffisent."),
    )

    def clean_numero(self) -> str:
        return self.cleaned_data["numero"].strip().upper()

    def clean_empreinte(self) -> str:
        empreinte = re.sub(r"\s", "", self.cleaned_data["empreinte"]).lower()
        if empreinte and not re.fullmatch(rf"[0-9a-f]{{{EMPREINTE_MIN},64}}", empreinte):
            raise ValidationError(_("Une empreinte compte de 12 à 64 caractères, de 0 à 9 et de a à f."))
        return empreinte
