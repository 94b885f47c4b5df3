"""Formulaires de la période de dépôt."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from socle.formulaires import DateField, FormulairePortail

HEURES = (
    ("24", _("à minuit (23 h 59 compris)")),
    ("12", _("avant midi")),
    ("16", _("avant 16 h")),
    ("17", _("avant 17 h")),
)


class ProlongerForm(FormulairePortail, forms.Form):
    """Le dernier jour et l'heure, dans le fuseau de l'appel; `nouvelle` en tire l'instant exclusif (R20)."""

    bouton = _("Prolonger et prévenir les organismes")
    dernier_jour = DateField(label=_("Dernier jour de dépôt"))
    heure = forms.ChoiceField(label=_("Dépôt"), choices=HEURES, initial="24")
    motif = forms.CharField(
        label=_("Motif"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Les organismes qui ont un brouillon le liront dans un courriel."),
    )

    def nouvelle(self, fuseau: str) -> datetime:
        """L'instant exclusif : minuit est le début du lendemain."""
        jour, heure = self.cleaned_data["dernier_jour"], int(self.cleaned_data["heure"])
        jour += timedelta(days=heure // 24)
        return datetime.combine(jour, time(heure % 24), tzinfo=ZoneInfo(fuseau))
