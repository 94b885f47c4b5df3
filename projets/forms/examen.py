"""Le formulaire de la liste de contrôle d'admissibilité."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projets.enums import ResultatPoint
from projets.regles.admissibilite import POINTS, Point, motif_propose
from projets.requetes.admissibilite import Proposition
from socle.formulaires import FormulairePortail

LONG = forms.Textarea(attrs={"rows": 4})


@dataclass(frozen=True)
class Ligne:
    """Un point à l'écran : sa question, ce que le calcul en dit, ses deux champs."""

    point: Point
    proposition: Proposition
    resultat: forms.BoundField
    note: forms.BoundField


class ExamenForm(FormulairePortail, forms.Form):
    """Un résultat et une note par point; le motif public, si la demande n'est pas admissible."""

    bouton = _("Consigner l’examen")
    motif = forms.CharField(
        label=_("Motif donné à l’organisme, si la demande n’est pas admissible"),
        widget=LONG,
        required=False,
        help_text=_("L’organisme le lira. Les notes ci-dessus restent internes."),
    )

    def __init__(self, donnees: Any = None, *, propositions: Mapping[str, Proposition]) -> None:
        super().__init__(donnees)
        self.propositions = propositions
        for point in POINTS:
            proposition = propositions[point.code]
            self.fields[f"resultat_{point.code}"] = forms.ChoiceField(
                label=point.libelle,
                choices=ResultatPoint.choices,
                widget=forms.RadioSelect,
                initial=proposition.resultat or None,
                error_messages={"required": _("Dites un résultat pour « %(point)s ».") % {"point": point.libelle}},
            )
            self.fields[f"note_{point.code}"] = forms.CharField(
                label=_("Note interne"), required=False, max_length=2000
            )
        proposes = {code: proposition.resultat for code, proposition in propositions.items()}
        self.fields["motif"].initial = motif_propose(proposes)
        self.order_fields([nom for nom in self.fields if nom != "motif"] + ["motif"])

    def lignes(self) -> list[Ligne]:
        return [
            Ligne(point, self.propositions[point.code], self[f"resultat_{point.code}"], self[f"note_{point.code}"])
            for point in POINTS
        ]

    def arguments(self) -> dict[str, Any]:
        """Sans note écrite, le calcul proposé en tient lieu."""
        points = {
            point.code: (
                self.cleaned_data[f"resultat_{point.code}"],
                self.cleaned_data[f"note_{point.code}"] or self.propositions[point.code].note,
            )
            for point in POINTS
        }
        return {"points": points, "motif": self.cleaned_data["motif"]}


class DefaireForm(FormulairePortail, forms.Form):
    bouton = _("Défaire l’examen")
    motif = forms.CharField(label=_("Pourquoi cet examen se défait-il?"), widget=LONG, help_text=_("Reste au dossier."))
