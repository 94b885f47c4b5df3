"""Formulaire de l'étape « Travail du comité » d'un appel."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from appels.enums import PhaseComite
from appels.models import Appel
from socle.formats import nom_fuseau
from socle.formulaires import DateField, FormulairePortail

HEURES = [("", "—"), *((f"{h:02d}:{m:02d}", f"{h} h {m:02d}") for h in range(24) for m in (0, 30))]


class ComiteForm(FormulairePortail, forms.Form):
    """Quand commence chaque phase, et ce que l'appel exige des évaluations."""

    def __init__(self, *args: Any, appel: Appel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fuseau = ZoneInfo(appel.fuseau)
        debuts = {phase.genre: phase.debut.astimezone(self.fuseau) for phase in appel.phases_comite.all()}
        for phase in PhaseComite:
            debut = debuts.get(phase)
            self.fields[f"jour_{phase}"] = DateField(
                label=_("« %(phase)s » commence le") % {"phase": phase.label},
                required=False,
                initial=debut.date() if debut else None,
                help_text=AIDES[phase],
            )
            self.fields[f"heure_{phase}"] = forms.ChoiceField(
                label=_("« %(phase)s » commence à (%(fuseau)s)")
                % {"phase": phase.label, "fuseau": nom_fuseau(appel.fuseau)},
                choices=self._heures(debut),
                required=False,
                initial=debut.strftime("%H:%M") if debut else "",
            )
        self.fields["commentaires_exiges"] = forms.BooleanField(
            label=_("Exiger un commentaire pour chaque critère noté"),
            required=False,
            initial=appel.commentaires_exiges,
        )
        self.fields["retrait_hors_quorum"] = forms.BooleanField(
            label=_("Une personne qui se retire d’un dossier ne compte pas dans son quorum (R25)"),
            required=False,
            initial=appel.retrait_hors_quorum,
        )

    @staticmethod
    def _heures(debut: datetime | None) -> list[tuple[str, str]]:
        ecrite = debut.strftime("%H:%M") if debut else ""
        connues = {code for code, _nom in HEURES}
        return HEURES if ecrite in connues else [*HEURES, (ecrite, ecrite.replace(":", " h "))]

    def paires(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Le jour et l'heure de chaque phase."""
        return [(self[f"jour_{phase}"], self[f"heure_{phase}"]) for phase in PhaseComite]

    def arguments(self) -> dict[str, Any]:
        debuts = {}
        for phase in PhaseComite:
            jour = self.cleaned_data[f"jour_{phase}"]
            if jour:
                heures, minutes = (self.cleaned_data[f"heure_{phase}"] or "00:00").split(":")
                debuts[phase.value] = datetime(
                    jour.year, jour.month, jour.day, int(heures), int(minutes), tzinfo=self.fuseau
                )
        return {
            "debuts": debuts,
            "commentaires_exiges": self.cleaned_data["commentaires_exiges"],
            "retrait_hors_quorum": self.cleaned_data["retrait_hors_quorum"],
        }


AIDES = {
    PhaseComite.LECTURE: _("Chaque personne lit et note seule. Vide : dès que la demande lui est confiée."),
    PhaseComite.COMMUN: _("Qui a soumis ses notes voit la moyenne et les avis des autres, sans leur nom."),
    PhaseComite.SEANCE: _("Le comité se réunit; les notes manquantes se soumettent encore."),
    PhaseComite.CLOSE: _("Plus aucune note ne se donne ni ne se rouvre."),
}
