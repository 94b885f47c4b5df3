"""Formulaires du membre : le lien d'abord, puis la grille."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appels.regles.echelle import mot_de
from projets.enums import LienOrganisme, NatureInteret
from projets.models import Evaluation, Projet
from socle.formulaires import FormulairePortail

INCONNU = "?"
EXEMPLES = _("Par exemple : vous y travaillez, vous siégez à son conseil, un proche y travaille.")


class LienForm(FormulairePortail, forms.Form):
    """R25 : dit avant la lecture. La nature du lien aide le registre; on peut ne pas la dire."""

    bouton = _("Continuer")
    lien = forms.ChoiceField(
        label=_("Avez-vous un lien avec cet organisme?"),
        choices=LienOrganisme,
        widget=forms.RadioSelect,
        help_text=EXEMPLES,
    )
    nature = forms.ChoiceField(
        label=_("Si vous en avez un, lequel?"),
        choices=[("", _("Choisissez…")), *NatureInteret.choices],
        required=False,
        help_text=_("Facultatif. Seule la coordination le lit."),
    )

    def arguments(self) -> dict[str, Any]:
        return {"lien": self.cleaned_data["lien"], "nature": self.cleaned_data["nature"]}


class LiensForm(FormulairePortail, forms.Form):
    """Le lien avec chaque organisme, en une seule page; une question laissée vide reste à répondre."""

    bouton = _("Enregistrer mes réponses")

    def __init__(self, *args: Any, evaluations: Iterable[Evaluation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.evaluations = list(evaluations)
        for evaluation in self.evaluations:
            self.fields[f"lien_{evaluation.pk}"] = forms.ChoiceField(
                label=str(evaluation.projet.organisme),
                help_text=evaluation.projet.numero,
                choices=LienOrganisme,
                widget=forms.RadioSelect,
                required=False,
                initial=evaluation.lien or None,
            )

    def reponses(self) -> list[tuple[Evaluation, str]]:
        """Les évaluations à qui une réponse neuve est donnée."""
        return [
            (evaluation, lien)
            for evaluation in self.evaluations
            if (lien := self.cleaned_data[f"lien_{evaluation.pk}"]) and lien != evaluation.lien
        ]


class RetraitForm(FormulairePortail, forms.Form):
    """Un lien découvert en lisant."""

    bouton = _("Déclarer mon lien et me retirer")
    nature = forms.ChoiceField(
        label=_("Quel est ce lien?"),
        choices=[("", _("Choisissez…")), *NatureInteret.choices],
        required=False,
        help_text=_("Facultatif. Seule la coordination le lit."),
    )


class InteretsForm(FormulairePortail, forms.Form):
    """Les organismes de la séance avec lesquels la personne a un lien."""

    bouton = _("Déclarer ces liens et me retirer")
    projets = forms.MultipleChoiceField(
        label=_("J’ai un lien avec"), widget=forms.CheckboxSelectMultiple, help_text=EXEMPLES
    )
    nature = forms.ChoiceField(
        label=_("Quel est ce lien?"),
        choices=[("", _("Choisissez…")), *NatureInteret.choices],
        required=False,
        help_text=_("Facultatif. Seule la coordination le lit."),
    )

    def __init__(self, *args: Any, projets: Iterable[Projet], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choix = {str(projet.pk): projet for projet in projets}
        self.fields["projets"].choices = [(c, f"{p.organisme} – {p.numero}") for c, p in self.choix.items()]

    def choisis(self) -> list[Projet]:
        return [self.choix[cle] for cle in self.cleaned_data["projets"]]


class NotesForm(FormulairePortail, forms.Form):
    """Par critère : un mot de l'échelle, ou une note précise, ou « Je ne sais pas »; et ses mots à soi."""

    bouton = _("Enregistrer")
    commentaire = forms.CharField(
        label=_("Ce que je veux dire au comité"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, evaluation: Evaluation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commentaire"].initial = evaluation.commentaire
        appel = evaluation.projet.appel
        self.criteres = list(appel.criteres.all())
        existantes = {note.critere_id: note for note in evaluation.notes.all()}
        for critere in self.criteres:
            note = existantes.get(critere.pk)
            valeurs = {palier.note for palier in critere.paliers}
            inconnu = note is not None and note.valeur is None
            au_mot = note is not None and note.valeur in valeurs
            if valeurs:
                self.fields[f"choix_{critere.pk}"] = forms.ChoiceField(
                    label=critere.question,
                    choices=[
                        *((str(palier.note), palier.mot) for palier in critere.paliers),
                        (INCONNU, _("Je ne sais pas")),
                    ],
                    widget=forms.RadioSelect,
                    required=False,
                    initial=INCONNU if inconnu else str(note.valeur) if note and au_mot else None,
                )
            self.fields[f"note_{critere.pk}"] = forms.IntegerField(
                label=_("Note précise, de 0 à %(maximum)s") % {"maximum": critere.maximum}
                if valeurs
                else _("Note, de 0 à %(maximum)s") % {"maximum": critere.maximum},
                min_value=0,
                max_value=critere.maximum,
                required=False,
                initial=note.valeur if note and not (valeurs and au_mot) else None,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )
            if not valeurs:
                self.fields[f"sait_pas_{critere.pk}"] = forms.BooleanField(
                    label=_("Je ne sais pas"), required=False, initial=inconnu
                )
            self.fields[f"remarque_{critere.pk}"] = forms.CharField(
                label=_("Dans vos mots") if appel.commentaires_exiges else _("Dans vos mots (facultatif)"),
                required=False,
                max_length=1000,
                initial=note.commentaire if note else "",
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def clean(self) -> dict[str, Any] | None:
        propres = super().clean()
        for critere in self.criteres:
            choix, nom = self.cleaned_data.get(f"choix_{critere.pk}"), f"note_{critere.pk}"
            note = self.cleaned_data.get(nom)
            inconnu = choix == INCONNU or self.cleaned_data.get(f"sait_pas_{critere.pk}")
            if note is None:
                continue
            if inconnu:
                self.add_error(nom, _("Donnez une note, ou répondez « Je ne sais pas », pas les deux."))
            elif choix and mot_de(note, critere.paliers) != mot_de(int(choix), critere.paliers):
                self.add_error(nom, _("Cette note ne correspond pas au mot choisi : gardez l’un ou l’autre."))
        return propres

    def champs_par_critere(self) -> list[dict[str, Any]]:
        """Chaque critère et ses champs, dans l'ordre de la grille."""
        return [
            {
                "critere": c,
                **{
                    nom: self[f"{nom}_{c.pk}"] if f"{nom}_{c.pk}" in self.fields else None
                    for nom in ("choix", "note", "sait_pas", "remarque")
                },
            }
            for c in self.criteres
        ]

    def notes(self) -> dict[int, tuple[int | None, str]]:
        """Critère → (note ou nul pour « Je ne sais pas », remarque); un critère sans réponse est absent.

        Un critère dont la saisie est en erreur est laissé de côté : l'enregistrement continu garde les autres.
        """
        reponses = {}
        for critere in self.criteres:
            note, choix = self.cleaned_data.get(f"note_{critere.pk}"), self.cleaned_data.get(f"choix_{critere.pk}")
            inconnu = choix == INCONNU or bool(self.cleaned_data.get(f"sait_pas_{critere.pk}"))
            if note is None and choix and not inconnu:
                note = int(choix)
            if note is not None or inconnu:
                reponses[critere.pk] = (None if inconnu else note, self.cleaned_data.get(f"remarque_{critere.pk}", ""))
        return reponses
