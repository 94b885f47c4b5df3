"""Formulaires du guide et des questions publiques."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from appels.forms.rangees import RangeesForm
from socle.formulaires import FormulairePortail

DELAI_HUMAIN, DUREE_MAX = timedelta(seconds=3), timedelta(days=1)
SEL = "appels.question"


class GuideForm(RangeesForm):
    """Des textes : un titre, des paragraphes. Ni HTML ni mise en forme."""

    bouton = _("Enregistrer le guide")
    colonnes = {
        "titre": lambda: forms.CharField(label=_("Titre"), max_length=120),
        "texte": lambda: forms.CharField(
            label=_("Texte"), max_length=8000, widget=forms.Textarea(attrs={"rows": 6}), strip=True
        ),
    }
    obligatoires = ("titre", "texte")


class ReponseForm(FormulairePortail, forms.Form):
    bouton = _("Publier la réponse")
    texte = forms.CharField(
        label=_("Question, telle que le public la lira"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Retirez tout nom, courriel ou téléphone."),
    )
    reponse = forms.CharField(label=_("Réponse"), max_length=4000, widget=forms.Textarea(attrs={"rows": 8}))


class QuestionForm(FormulairePortail, forms.Form):
    """La question d'un visiteur : un texte, un champ qu'une personne ne voit pas, et l'instant d'affichage signé."""

    bouton = _("Envoyer la question")
    question = forms.CharField(
        label=_("Votre question"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("N’écrivez ni votre nom ni vos coordonnées : la question et sa réponse seront publiques."),
    )
    site = forms.CharField(
        label=_("Laissez ce champ vide"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    affiche = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, instant: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instant = instant
        self.fields["affiche"].initial = signing.dumps(instant.timestamp(), salt=SEL)

    def clean(self) -> dict[str, Any] | None:
        """Refuse un envoi plus rapide qu'une lecture, un jeton d'ailleurs, ou le champ invisible rempli."""
        propres = super().clean()
        try:
            depuis = self.instant.timestamp() - float(signing.loads(self.cleaned_data.get("affiche", ""), salt=SEL))
        except (signing.BadSignature, ValueError, TypeError):
            depuis = -1.0
        if self.cleaned_data.get("site") or not DELAI_HUMAIN.total_seconds() <= depuis <= DUREE_MAX.total_seconds():
            self.add_error(
                None, _("L’envoi n’a pas pu être vérifié. Attendez quelques secondes, puis renvoyez la question.")
            )
            self.data = {**self.data.dict(), "affiche": signing.dumps(self.instant.timestamp(), salt=SEL)}
        return propres
