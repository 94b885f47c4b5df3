"""Les formulaires qui tiennent un dossier : responsable, enveloppe, note interne, relance."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliances.models import Enveloppe
from comptes.models import Utilisateur
from projets.enums import GenreNote
from projets.models import Projet
from projets.services.dossiers import responsables_possibles
from socle.formulaires import FormulairePortail

LONG = forms.Textarea(attrs={"rows": 4})


class ConfierForm(FormulairePortail, forms.Form):
    bouton = _("Confier le dossier")
    personne = forms.ModelChoiceField(
        label=_("Responsable"), queryset=Utilisateur.objects.none(), required=False, empty_label=_("Personne")
    )

    def __init__(self, donnees: Any = None, *, projet: Projet, instant: datetime) -> None:
        super().__init__(donnees)
        possibles = responsables_possibles({projet.entente.mandataire_id}, instant)
        self.fields["personne"].queryset = Utilisateur.objects.filter(pk__in=[p.pk for p in possibles]).order_by("nom")
        self.fields["personne"].initial = projet.responsable_id


class DeplacerForm(FormulairePortail, forms.Form):
    """L'enveloppe où ranger la demande, et pourquoi."""

    bouton = _("Déplacer la demande")
    enveloppe = forms.ModelChoiceField(label=_("Nouvelle enveloppe"), queryset=Enveloppe.objects.none())
    motif = forms.CharField(label=_("Pourquoi?"), widget=LONG, help_text=_("Le motif reste au dossier."))

    def __init__(self, donnees: Any = None, *, projet: Projet) -> None:
        super().__init__(donnees)
        self.fields["enveloppe"].queryset = (
            projet.entente.enveloppes.exclude(pk=projet.enveloppe_id).exclude(nature="administration").order_by("ordre")
        )


class NoteForm(FormulairePortail, forms.Form):
    bouton = _("Garder la note")
    genre = forms.ChoiceField(label=_("Genre"), choices=GenreNote, widget=forms.RadioSelect, initial=GenreNote.APPEL)
    interlocuteur = forms.CharField(
        label=_("Fonction de la personne jointe"),
        max_length=120,
        required=False,
        help_text=_("Pour un appel : « direction », « comptabilité »… pas son nom."),
    )
    texte = forms.CharField(
        label=_("Ce qui a été dit ou convenu"),
        widget=LONG,
        help_text=_("Note interne : l’organisme ne la voit jamais. Elle ne se change ni ne s’efface."),
    )


class RelanceForm(FormulairePortail, forms.Form):
    bouton = _("Envoyer la relance")
    mot = forms.CharField(
        label=_("Un mot, au besoin"),
        widget=LONG,
        required=False,
        help_text=_("Le courriel nomme déjà les pièces attendues et la date limite."),
    )
