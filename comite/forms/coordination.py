"""Formulaires de la coordination du comité (dans l'admin)."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as traduire
from django.utils.translation import gettext_lazy as _

from alliances.models import Territoire
from appels.forms.comite import HEURES
from appels.forms.rangees import RangeesForm
from appels.models import Appel
from comite.enums import GenrePoint
from comite.forms.notes import NotesForm
from comite.models import Seance
from comite.requetes.assignation import Remplacant
from comite.services.seances import Point
from projets.enums import LienOrganisme, NatureInteret
from projets.models import Evaluation, Projet
from socle.formats import compter
from socle.formulaires import DateField, FormulairePortail

LONG = forms.Textarea(attrs={"rows": 3})
NATURES = [("", _("Non dit")), *NatureInteret.choices]


def fin_du_jour(jour: date, fuseau: str) -> datetime:
    """Minuit qui finit le jour, exclusif."""
    lendemain = jour + timedelta(days=1)
    return datetime(lendemain.year, lendemain.month, lendemain.day, tzinfo=ZoneInfo(fuseau))


class EquilibreForm(FormulairePortail, forms.Form):
    """Combien de personnes par demande, et pour quand."""

    bouton = _("Confier ainsi")
    par_demande = forms.IntegerField(
        label=_("Personnes par demande"),
        min_value=1,
        max_value=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    jour = DateField(
        label=_("À remettre au plus tard le"),
        required=False,
        help_text=_("Vide : jusqu’au début de la mise en commun, si elle est datée."),
    )


class RemplacerForm(FormulairePortail, forms.Form):
    """Qui reçoit la demande, et pourquoi."""

    bouton = _("Remplacer")
    remplacant = forms.ChoiceField(label=_("Confier la demande à"), widget=forms.RadioSelect)
    motif = forms.CharField(label=_("Motif"), max_length=300)

    def __init__(self, *args: Any, possibles: list[Remplacant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.possibles = {str(r.membre.pk): r.membre for r in possibles}
        self.fields["remplacant"].choices = [(str(r.membre.pk), _remplacant_lu(r)) for r in possibles]
        self.fields["remplacant"].initial = str(possibles[0].membre.pk) if possibles else None

    def arguments(self) -> dict[str, Any]:
        return {"remplacant": self.possibles[self.cleaned_data["remplacant"]], "motif": self.cleaned_data["motif"]}


def _remplacant_lu(r: Remplacant) -> str:
    details = [compter(r.charge, traduire("dossier ouvert"), traduire("dossiers ouverts"))]
    if r.connait:
        details.append(traduire("connaît le territoire"))
    if r.a_verifier:
        details.append(traduire("à vérifier : {raison}").format(raison=r.a_verifier))
    return f"{r.membre} – {', '.join(details)}"


class MotifForm(FormulairePortail, forms.Form):
    """Un geste qui se motive."""

    motif = forms.CharField(label=_("Motif"), widget=LONG, help_text=_("La personne le lira."))

    def __init__(self, *args: Any, bouton: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bouton = bouton


class LimiteForm(FormulairePortail, forms.Form):
    bouton = _("Changer la date limite")
    jour = DateField(label=_("À remettre au plus tard le"), help_text=_("Jusqu’à la fin de cette journée."))


class RetirerForm(FormulairePortail, forms.Form):
    bouton = _("Inscrire le retrait")
    nature = forms.ChoiceField(label=_("Lien avec l’organisme"), choices=NATURES, required=False)
    precision = forms.CharField(label=_("Précision"), max_length=300, required=False)


class PapierForm(NotesForm):
    """Le papier d'un membre, recopié : son lien d'abord, ses notes, sa date, sa numérisation."""

    bouton = _("Recopier et soumettre")
    lien = forms.ChoiceField(
        label=_("Lien avec l’organisme, coché sur le papier"),
        choices=[c for c in LienOrganisme.choices if c[0] != LienOrganisme.DOUTE],
        widget=forms.RadioSelect,
    )
    nature = forms.ChoiceField(label=_("Si un lien est coché, lequel"), choices=NATURES, required=False)
    signee_le = DateField(label=_("Date du papier"))
    numerisation = forms.FileField(
        label=_("Numérisation du papier"), required=False, help_text=_("Facultative : PDF ou photo.")
    )

    def __init__(self, *args: Any, evaluation: Evaluation, **kwargs: Any) -> None:
        super().__init__(*args, evaluation=evaluation, **kwargs)
        tete = ["lien", "nature", "signee_le"]
        self.order_fields([*tete, *(n for n in self.fields if n not in {*tete, "commentaire", "numerisation"})])

    def arguments(self) -> dict[str, Any]:
        lu = self.cleaned_data
        return {
            "notes": self.notes(),
            **{nom: lu[nom] for nom in ("lien", "nature", "signee_le", "commentaire", "numerisation")},
        }


class SeanceForm(FormulairePortail, forms.Form):
    """Quand, où, pour quel territoire."""

    bouton = _("Enregistrer la séance")
    jour = DateField(label=_("Le"))
    heure = forms.ChoiceField(label=_("À"), choices=HEURES[1:])
    lieu = forms.CharField(label=_("Lieu"), max_length=200, help_text=_("Une adresse, ou « à distance »."))
    territoire = forms.ModelChoiceField(
        label=_("Territoire"),
        queryset=Territoire.objects.none(),
        required=False,
        empty_label=_("Tous les territoires de l’appel"),
    )

    def __init__(self, *args: Any, appel: Appel, seance: Seance | None = None, **kwargs: Any) -> None:
        self.fuseau = ZoneInfo(appel.fuseau)
        if seance is not None:
            debut = seance.debut.astimezone(self.fuseau)
            kwargs["initial"] = {
                "jour": debut.date(),
                "heure": debut.strftime("%H:%M"),
                "lieu": seance.lieu,
                "territoire": seance.territoire_id,
            }
        super().__init__(*args, **kwargs)
        self.fields["territoire"].queryset = Territoire.objects.filter(entente=appel.entente_id).order_by("ordre")

    def arguments(self) -> dict[str, Any]:
        lu = self.cleaned_data
        heures, minutes = (int(morceau) for morceau in lu["heure"].split(":"))
        jour = lu["jour"]
        return {
            "debut": datetime(jour.year, jour.month, jour.day, heures, minutes, tzinfo=self.fuseau),
            "lieu": lu["lieu"],
            "territoire": lu["territoire"],
        }


class OrdreDuJourForm(RangeesForm):
    """Une rangée par point : le numéro d'une demande, ou un libellé (une pause, un autre sujet), et ses minutes."""

    bouton = _("Enregistrer l’ordre du jour")
    colonnes = {
        "numero": lambda: forms.CharField(label=_("Numéro de la demande"), max_length=24),
        "genre": lambda: forms.ChoiceField(
            label=_("Sinon"), choices=[("", "—"), *((g.value, g.label) for g in GenrePoint if g != GenrePoint.PROJET)]
        ),
        "libelle": lambda: forms.CharField(label=_("Libellé"), max_length=160),
        "minutes": lambda: forms.IntegerField(
            label=_("Minutes"), min_value=0, max_value=480, widget=forms.TextInput(attrs={"inputmode": "numeric"})
        ),
    }
    obligatoires = ("minutes",)

    def __init__(self, *args: Any, projets: list[Projet], **kwargs: Any) -> None:
        self.projets = {projet.numero: projet for projet in projets}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any] | None:
        propres = super().clean()
        for rang in range(self.nombre):
            if self._est_vide(rang):
                continue
            numero = self.cleaned_data.get(f"numero_{rang}", "").strip()
            if numero and numero not in self.projets:
                self.add_error(f"numero_{rang}", _("Aucune demande de cet appel n’a ce numéro."))
            if not numero and not self.cleaned_data.get(f"genre_{rang}"):
                self.add_error(f"genre_{rang}", _("Dites si c’est une pause ou un autre point."))
        return propres

    def points(self) -> list[Point]:
        return [
            Point(
                rangee["genre"] or GenrePoint.PROJET,
                rangee["minutes"] or 0,
                self.projets.get((rangee["numero"] or "").strip()),
                rangee["libelle"] or "",
            )
            for rangee in self.rangees()
        ]
