"""Formulaires du comité : le lien d'abord, puis la grille."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projets.enums import LienOrganisme
from projets.models import Evaluation
from socle.formulaires import FormulairePortail


class LienForm(FormulairePortail, forms.Form):
    """R25 : dit avant la lecture."""

    bouton = _("Continuer")
    lien = forms.ChoiceField(
        label=_("Avez-vous un lien avec cet organisme?"), choices=LienOrganisme, widget=forms.RadioSelect
    )


class NotesForm(FormulairePortail, forms.Form):
    """Une note par critère, ou « Je ne sais pas », et un commentaire."""

    bouton = _("Enregistrer")
    commentaire = forms.CharField(
        label=_("Commentaire d’ensemble"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, evaluation: Evaluation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("commentaire", evaluation.commentaire)
        self.criteres = list(evaluation.projet.appel.criteres.all())
        existantes = {note.critere_id: note for note in evaluation.notes.all()}
        for critere in self.criteres:
            note = existantes.get(critere.pk)
            self.fields[f"note_{critere.pk}"] = forms.IntegerField(
                label=_("Note, de 0 à %(maximum)s") % {"maximum": critere.maximum},
                help_text=critere.question,
                min_value=0,
                max_value=critere.maximum,
                required=False,
                initial=note.valeur if note else None,
                widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            )
            self.fields[f"sait_pas_{critere.pk}"] = forms.BooleanField(
                label=_("Je ne sais pas"), required=False, initial=bool(note and note.valeur is None)
            )
            self.fields[f"remarque_{critere.pk}"] = forms.CharField(
                label=_("Remarque"), required=False, max_length=1000, initial=note.commentaire if note else ""
            )
        self.order_fields(
            [n for c in self.criteres for n in (f"note_{c.pk}", f"sait_pas_{c.pk}", f"remarque_{c.pk}")]
            + ["commentaire"]
        )

    def champs_par_critere(self) -> list[dict[str, Any]]:
        """Chaque critère et ses trois champs, dans l'ordre de la grille."""
        return [
            {"critere": c, **{nom: self[f"{nom}_{c.pk}"] for nom in ("note", "sait_pas", "remarque")}}
            for c in self.criteres
        ]

    def notes(self) -> dict[int, tuple[int | None, str]]:
        """Critère → (note ou nul pour « Je ne sais pas », remarque); un critère sans réponse est absent."""
        reponses = {}
        for critere in self.criteres:
            note, inconnu = self.cleaned_data[f"note_{critere.pk}"], self.cleaned_data[f"sait_pas_{critere.pk}"]
            if note is not None or inconnu:
                reponses[critere.pk] = (None if inconnu else note, self.cleaned_data[f"remarque_{critere.pk}"])
        return reponses
