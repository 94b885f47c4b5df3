"""Formulaires de la séance tenue : la feuille de présence, un retrait, le motif d'une réouverture."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comite.enums import EtatPresence
from comite.models import Presence
from comite.requetes.tenue import Appele
from projets.enums import NatureInteret
from projets.models import Projet
from socle.formulaires import FormulairePortail


class PresencesForm(FormulairePortail, forms.Form):
    """Présent ou absent, pour chaque personne appelée; une rangée laissée vide ne s'inscrit pas."""

    bouton = _("Enregistrer les présences")

    def __init__(self, *args: Any, feuille: list[Appele], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for appele in feuille:
            self.fields[appele.cle] = forms.ChoiceField(
                label=appele.nom,
                choices=EtatPresence.choices,
                widget=forms.RadioSelect,
                required=False,
                initial=appele.etat,
                help_text="" if appele.vote else _("Sans droit de vote : ne compte pas au quorum."),
            )

    def etats(self) -> dict[str, str]:
        return {cle: etat for cle, etat in self.cleaned_data.items() if etat}


class RetraitSeanceForm(FormulairePortail, forms.Form):
    """Qui se retire, de quel dossier."""

    bouton = _("Inscrire le retrait")
    presence = forms.ModelChoiceField(label=_("Qui se retire"), queryset=Presence.objects.none(), empty_label=None)
    projet = forms.ModelChoiceField(label=_("De quel dossier"), queryset=Projet.objects.none())
    nature = forms.ChoiceField(
        label=_("Lien avec l’organisme"), choices=[("", _("Non dit")), *NatureInteret.choices], required=False
    )

    def __init__(self, *args: Any, presences: Any, projets: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["presence"].queryset = presences
        self.fields["projet"].queryset = projets


class RouvrirForm(FormulairePortail, forms.Form):
    bouton = _("Rouvrir la séance")
    motif = forms.CharField(label=_("Motif"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
