"""Ce que demandent les lots avant de se confirmer."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comptes.enums import Role
from comptes.models import Utilisateur
from projets.models import Projet
from projets.services.dossiers import responsables_possibles
from projets.services.messages import LONGUEUR_MAX
from projets.services.precisions import champs_precisables
from socle.formulaires import DateField, FormulairePortail
from socle.horloge import aujourd_hui, maintenant

DELAI = timedelta(days=10)


class LotForm(FormulairePortail, forms.Form):
    """Base : qui confirme, et les objets qui changeront."""

    def __init__(self, donnees: Any = None, *, utilisateur: Any, objets: Sequence[Projet]) -> None:
        super().__init__(donnees)
        self.utilisateur, self.objets = utilisateur, objets
        self.preparer()

    def preparer(self) -> None:
        """Ce qui dépend de la personne ou de la sélection."""


class AdmettreLotForm(LotForm):
    juge = forms.BooleanField(
        label=_("J’ai jugé les points qu’aucun calcul ne vérifie (but, priorité, tables et plans, autres conditions)"),
        error_messages={"required": _("Cochez la case : ces points se jugent en lisant la demande.")},
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        return {}


class ConfierLotForm(LotForm):
    personne = forms.ModelChoiceField(
        label=_("Responsable"),
        queryset=Utilisateur.objects.none(),
        required=False,
        empty_label=_("Personne"),
        help_text=_("La coordination, ou l’agent du territoire."),
    )

    def preparer(self) -> None:
        mandataires = self.utilisateur.portees.mandataires(Role.COORDINATION)
        possibles = [personne.pk for personne in responsables_possibles(mandataires, maintenant())]
        self.fields["personne"].queryset = Utilisateur.objects.filter(pk__in=possibles).order_by("nom")
        self.fields["personne"].initial = self.utilisateur.pk


class PrecisionLotForm(LotForm):
    champs = forms.MultipleChoiceField(
        label=_("Champs à rouvrir"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choisissez au moins un champ à rouvrir.")},
        help_text=_("Les champs que toutes ces demandes ont en commun."),
    )
    message = forms.CharField(label=_("Ce que vous voulez savoir"), widget=forms.Textarea(attrs={"rows": 5}))
    limite = DateField(label=_("Dernier jour pour répondre"), help_text=_("Ce jour est compris, jusqu’à 23 h 59."))

    def preparer(self) -> None:
        offerts = _communs(self.objets)
        self.fields["champs"].choices = list(offerts.items())
        self.fields["limite"].initial = aujourd_hui() + DELAI


def _communs(projets: Sequence[Projet]) -> dict[str, str]:
    """Les champs précisables que les formulaires des demandes ont en commun (une demande par version du formulaire)."""
    representants = {projet.formulaire_id: projet for projet in projets}
    communs: dict[str, str] = {}
    for rang, projet in enumerate(representants.values()):
        offerts = champs_precisables(projet)
        communs = offerts if rang == 0 else {cle: nom for cle, nom in communs.items() if cle in offerts}
    return communs


class MessageLotForm(LotForm):
    texte = forms.CharField(
        label=_("Votre message"),
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": LONGUEUR_MAX}),
        help_text=_("Le même texte part à chaque organisme, au fil de sa demande."),
    )


class RelanceLotForm(LotForm):
    mot = forms.CharField(
        label=_("Un mot, au besoin"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_("Le courriel nomme déjà les pièces attendues et la date limite."),
    )


class ExportLotForm(LotForm):
    format = forms.ChoiceField(
        label=_("Format"),
        choices=[("xlsx", _("Classeur (XLSX)")), ("csv", _("Texte à colonnes (CSV)"))],
        initial="xlsx",
        widget=forms.RadioSelect,
    )
