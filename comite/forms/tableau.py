"""Le tableau du comité, posté : un choix et un montant par demande, lus d'un bloc; retenir un scénario, motif par motif."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as traduire
from django.utils.translation import gettext_lazy as _

from comite.enums import OCTROIENT, ChoixScenario
from comite.models import Scenario, Seance
from comite.requetes.retenue import Retenue
from projets.models import Projet
from socle.argent import ZERO
from socle.exercices import exercices_entre
from socle.formats import SaisieIllisible, argent, argent_cents, lire_montant
from socle.formulaires import FormulairePortail


class TableauForm(FormulairePortail, forms.Form):
    """Nom et version du scénario. Les lignes ne sont pas des champs Django : 250 demandes en feraient 500.

    Un montant laissé d'un choix précédent ne gêne pas le nouveau : il est remplacé, jamais mélangé.
    """

    bouton = _("Enregistrer le scénario")
    nom = forms.CharField(label=_("Nom du scénario"), max_length=60)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, projets: list[Projet], avant: dict[int, tuple[str, Decimal]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.projets, self.avant = projets, avant
        self.choix: dict[int, tuple[str, Decimal]] = {}
        self.saisis: dict[int, tuple[str, str]] = {}

    def clean(self) -> dict[str, Any] | None:
        propres = super().clean()
        for projet in self.projets:
            self._lire(projet)
        if any(erreur for _ecrit, erreur in self.saisis.values()):
            self.add_error(None, forms.ValidationError("", code="lignes"))
        return propres

    def _lire(self, projet: Projet) -> None:
        choix = self.data.get(f"choix_{projet.pk}", "")
        ecrit = self.data.get(f"montant_{projet.pk}", "").strip()
        if choix not in ChoixScenario.values:
            if ecrit:
                self.saisis[projet.pk] = (ecrit, traduire("un montant, mais aucun choix."))
            return
        demande = projet.montant_demande or ZERO
        try:
            montant = lire_montant(ecrit) if ecrit else None
        except SaisieIllisible as refus:
            self.choix[projet.pk] = (choix, ZERO)
            self.saisis[projet.pk] = (ecrit, str(refus))
            return
        montant, erreur = self._montant(projet.pk, choix, montant, demande)
        self.choix[projet.pk] = (choix, montant)
        if erreur:
            self.saisis[projet.pk] = (ecrit, erreur)

    def _montant(self, cle: int, choix: str, montant: Decimal | None, demande: Decimal) -> tuple[Decimal, str]:
        """Le montant du choix, et ce qui ne va pas."""
        ancien, reste = self.avant.get(cle, ("", ZERO))
        if montant is not None and choix != ancien and montant == reste:
            montant = None  # ce que portait le choix d'avant
        if choix == ChoixScenario.PARTIE:
            if montant is None or not 0 < montant < demande:
                return montant or ZERO, traduire("en partie, inscrivez un montant moindre que {demande}.").format(
                    demande=argent_cents(demande)
                )
            return montant, ""
        voulu = demande if choix in OCTROIENT else ZERO
        if montant is None or montant == voulu:
            return voulu, "" if voulu or choix not in OCTROIENT else traduire("cette demande n’a pas de montant.")
        if choix == ChoixScenario.ACCEPTER:
            return montant, traduire("accepter, c’est {demande}; pour moins, choisissez « En partie ».").format(
                demande=argent(demande)
            )
        return ZERO, traduire("« {choix} » ne porte pas de montant : effacez-le.").format(
            choix=ChoixScenario(choix).label
        )

    def erreurs_liees(self) -> list[tuple[str, str]]:
        """Les champs, puis chaque ligne en défaut, liée à son montant."""
        numeros = {projet.pk: projet.numero for projet in self.projets}
        lignes = [
            (f"montant_{cle}", f"{numeros[cle]} : {erreur}") for cle, (_e, erreur) in self.saisis.items() if erreur
        ]
        return [paire for paire in super().erreurs_liees() if paire[1]] + lignes


class CompareForm(FormulairePortail, forms.Form):
    """Les deux scénarios à mettre côte à côte (en GET)."""

    bouton = _("Comparer")
    a = forms.ModelChoiceField(label=_("Premier scénario"), queryset=Scenario.objects.none(), empty_label=None)
    b = forms.ModelChoiceField(label=_("Second scénario"), queryset=Scenario.objects.none(), empty_label=None)

    def __init__(self, *args: Any, seance: Seance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nom in ("a", "b"):
            self.fields[nom].queryset = seance.scenarios.all()


class RetenirForm(FormulairePortail, forms.Form):
    """L'exercice des octrois, et, pour chaque attente ou refus, le motif que l'organisme lira."""

    bouton = _("Consigner et préparer")
    signature = forms.CharField(widget=forms.HiddenInput)
    exercice = forms.ChoiceField(label=_("Exercice des octrois"))

    def __init__(self, *args: Any, seance: Seance, retenue: Retenue, exercice: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entente = seance.entente
        exercices = exercices_entre(entente.debut, entente.fin)
        self.fields["exercice"].choices = [(e, e) for e in exercices]
        self.fields["exercice"].initial = exercice if exercice in exercices else exercices[-1]
        self.fields["signature"].initial = retenue.signature
        self.motives = [prevue for prevue in retenue.changements if prevue.a_motiver]
        for prevue in self.motives:
            self.fields[f"motif_{prevue.projet.pk}"] = forms.CharField(
                label=traduire("Motif donné à l’organisme, {numero} ({choix})").format(
                    numero=prevue.projet.numero, choix=prevue.ligne.get_choix_display()
                ),
                widget=forms.Textarea(attrs={"rows": 2}),
                initial=_motif_initial(prevue),
            )

    def arguments(self) -> dict[str, Any]:
        lu = self.cleaned_data
        return {
            "signature": lu["signature"],
            "exercice": lu["exercice"],
            "motifs": {prevue.projet.pk: lu[f"motif_{prevue.projet.pk}"] for prevue in self.motives},
        }


def _motif_initial(prevue: Any) -> str:
    """Une attente s'explique par l'enveloppe; un refus s'écrit à la main."""
    if prevue.ligne.choix != ChoixScenario.ATTENTE:
        return ""
    return traduire(
        "Le comité place votre demande sur la liste d’attente : l’enveloppe {enveloppe} ne suffit pas à toutes les demandes."
    ).format(enveloppe=prevue.projet.enveloppe)
