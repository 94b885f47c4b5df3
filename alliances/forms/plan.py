"""Formulaires du plan de travail, dans l'admin et chez le ministère."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliances.enums import NatureContribution, NiveauPriorite
from alliances.forms.communs import LONG, FormulaireEntente, champ_territoire
from alliances.models import EngagementPartenaire, ObjectifPlan, Partenaire, PlanTravail, Priorite, ZoneVisee
from alliances.requetes.plans import territoires_delegues
from socle.formulaires import DateField, FormulairePortail, MontantField
from socle.horloge import aujourd_hui

CASES = forms.CheckboxSelectMultiple


class VersionForm(FormulairePortail, forms.Form):
    bouton = _("Créer la version")
    echeance = DateField(
        label=_("À déposer au plus tard le"),
        required=False,
        help_text=_("La coordination reçoit un rappel 30 jours avant, 7 jours avant, le jour même et 7 jours après."),
    )


class CreerPlanForm(FormulaireEntente):
    """Le plan de l'entente, ou celui d'un territoire qui a délégation."""

    bouton = _("Créer le plan")
    territoire = champ_territoire(help_text=_("Seul un territoire qui a une délégation en vigueur a son propre plan."))
    echeance = VersionForm.base_fields["echeance"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["territoire"].queryset = territoires_delegues(self.entente, aujourd_hui())


class TextesPlanForm(FormulairePortail, forms.Form):
    bouton = _("Enregistrer les textes")
    orientations = forms.CharField(
        label=_("Orientations"),
        widget=LONG,
        required=False,
        help_text=_("Les grandes orientations en matière de lutte contre la pauvreté et l’exclusion sociale."),
    )
    structure = forms.CharField(
        label=_("Structure de gouvernance"),
        widget=LONG,
        required=False,
        help_text=_("Qui conseille, qui décide, comment les personnes concernées y participent."),
    )
    mecanique = forms.CharField(
        label=_("Concertation et octroi des fonds"),
        widget=LONG,
        required=False,
        help_text=_("Appels de projets, délégations, embauches : comment l’argent va aux projets."),
    )
    echeance = VersionForm.base_fields["echeance"]


class _DuPlan(FormulaireEntente):
    """Un formulaire sur un plan : ses choix sont ceux de son entente."""

    def __init__(self, *args: Any, plan: PlanTravail, **kwargs: Any) -> None:
        self.plan = plan
        super().__init__(*args, entente=plan.entente, **kwargs)


class _PrioriteChoix(forms.ModelMultipleChoiceField):
    """Chaque priorité avec son niveau."""

    def label_from_instance(self, obj: Any) -> str:
        lieu = f", {obj.territoire}" if obj.territoire else ""
        return f"{obj.libelle} ({obj.get_niveau_display().lower()}{lieu})"


class PrioritesForm(_DuPlan):
    bouton = _("Enregistrer les priorités")
    priorites = _PrioriteChoix(
        label=_("Priorités du plan"), queryset=Priorite.objects.none(), required=False, widget=CASES
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["priorites"].queryset = priorites_de(self.entente)


def priorites_de(entente: Any) -> Any:
    """Les priorités de l'entente, dans leur ordre."""
    return Priorite.objects.filter(entente=entente).select_related("territoire").order_by("ordre", "id")


class AjouterPrioriteForm(_DuPlan):
    bouton = _("Ajouter la priorité")
    libelle = forms.CharField(label=_("Priorité"), max_length=120)
    niveau = forms.ChoiceField(
        label=_("Niveau"), choices=NiveauPriorite, widget=forms.RadioSelect, initial=NiveauPriorite.REGIONALE
    )
    territoire = champ_territoire(_("Aucun"), help_text=_("Pour une priorité locale seulement."))


class ZonesForm(_DuPlan):
    bouton = _("Enregistrer les zones")
    zones = forms.ModelMultipleChoiceField(
        label=_("Zones à privilégier"), queryset=ZoneVisee.objects.none(), required=False, widget=CASES
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zones"].queryset = ZoneVisee.objects.filter(
            entente=self.entente, retiree_le__isnull=True
        ).order_by("ordre", "nom")


class AjouterZoneForm(_DuPlan):
    bouton = _("Ajouter la zone")
    nom = forms.CharField(label=_("Zone"), max_length=120)
    territoire = champ_territoire(_("Aucun en particulier"))
    motif = forms.CharField(
        label=_("Ce qui la désigne"),
        max_length=300,
        required=False,
        help_text=_("Par exemple, l’indice de défavorisation et son année."),
    )


class ObjectifForm(_DuPlan):
    bouton = _("Enregistrer l’objectif")
    code = forms.CharField(label=_("Code"), max_length=12, help_text=_("Court, par exemple O1."))
    libelle = forms.CharField(label=_("Objectif"), max_length=240)
    priorite = forms.ModelChoiceField(
        label=_("Priorité servie"),
        queryset=Priorite.objects.none(),
        required=False,
        empty_label=_("Aucune en particulier"),
    )
    echeance = DateField(label=_("Échéance"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["priorite"].queryset = self.plan.priorites.order_by("ordre", "id")


class _ObjectifChoix(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.code} – {obj.libelle}"


class FaitForm(_DuPlan):
    bouton = _("Enregistrer")
    objectif = _ObjectifChoix(label=_("Objectif"), queryset=ObjectifPlan.objects.none(), empty_label=None)
    fait_le = DateField(
        label=_("Fait le"), required=False, help_text=_("Laissez vide pour que l’objectif redevienne à faire.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["objectif"].queryset = self.plan.objectifs.order_by("ordre", "id")


class EngagementForm(_DuPlan):
    bouton = _("Enregistrer l’engagement")
    partenaire = forms.ModelChoiceField(label=_("Partenaire"), queryset=Partenaire.objects.none())
    nature = forms.ChoiceField(label=_("Nature"), choices=NatureContribution, widget=forms.RadioSelect)
    description = forms.CharField(
        label=_("Ce qui est promis, en mots"),
        max_length=240,
        required=False,
        help_text=_("Par exemple, la participation de personnes en situation de pauvreté."),
    )
    promis = MontantField(label=_("Valeur promise"), help_text=_("En dollars, par exemple 12 500,00."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partenaire"].queryset = Partenaire.objects.filter(entente=self.entente).order_by("nom")


class _EngagementChoix(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.partenaire} – {obj.description or obj.get_nature_display()}"


class RecuForm(_DuPlan):
    bouton = _("Inscrire le reçu")
    engagement = _EngagementChoix(label=_("Engagement"), queryset=EngagementPartenaire.objects.none(), empty_label=None)
    recu = MontantField(label=_("Reçu à ce jour"), help_text=_("Le cumul, en dollars."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["engagement"].queryset = self.plan.engagements.select_related("partenaire").order_by(
            "partenaire__nom", "id"
        )


class RetirerForm(_DuPlan):
    """Un objectif ou un engagement, nommé par « genre-identifiant »."""

    bouton = _("Retirer du plan")
    element = forms.ChoiceField(label=_("À retirer"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.elements = {
            **{f"objectif-{o.pk}": o for o in self.plan.objectifs.order_by("ordre", "id")},
            **{f"engagement-{e.pk}": e for e in self.plan.engagements.select_related("partenaire")},
        }
        self.fields["element"].choices = [(cle, str(element)) for cle, element in self.elements.items()]

    def choisi(self) -> ObjectifPlan | EngagementPartenaire:
        return self.elements[self.cleaned_data["element"]]


class ConsultationForm(FormulaireEntente):
    bouton = _("Enregistrer la consultation")
    tenue_le = DateField(label=_("Tenue le"))
    lieu = forms.CharField(label=_("Lieu"), max_length=160)
    territoire = champ_territoire()
    participants = forms.IntegerField(label=_("Personnes présentes"), min_value=0, max_value=9999, required=False)
    constats = forms.CharField(
        label=_("Ce qui en est sorti"), widget=LONG, help_text=_("Sans nommer les personnes présentes.")
    )
    priorites = _PrioriteChoix(
        label=_("Priorités qui en viennent"), queryset=Priorite.objects.none(), required=False, widget=CASES
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["priorites"].queryset = priorites_de(self.entente)
        self.fields["participants"].widget = forms.TextInput(attrs={"inputmode": "numeric"})


class ExamenPlanForm(FormulairePortail, forms.Form):
    """L'examen du ministère : accepter, ou retourner avec commentaires."""

    bouton = _("Accepter")
    commentaire = forms.CharField(label=_("Commentaires"), widget=LONG, required=False)
