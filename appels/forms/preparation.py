"""Formulaires des étapes de préparation d'un appel."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as traduire
from django.utils.translation import gettext_lazy as _

from alliances.models import Enveloppe
from alliances.parametres import ParametresAide
from appels.enums import GenreCondition as G
from appels.enums import Gravite, NatureProjet
from appels.forms.rangees import CALCULER, RangeesForm
from appels.models import Appel, AppelEnveloppe, PieceRequise
from appels.regles.bornes import LIBELLES
from appels.regles.conditions import Condition
from appels.regles.gravites import PAR_DEFAUT, REGLES
from appels.regles.grille import TOTAL_POIDS
from appels.requetes.preparation import valeur_en_mots
from comptes.enums import FormeJuridique
from socle.argent import ZERO
from socle.formats import argent
from socle.formulaires import DateField, FormulairePortail, MontantField, TauxField, TelephoneField

LONG = forms.Textarea(attrs={"rows": 4})
ENTIER = {"inputmode": "numeric", "autocomplete": "off"}


def _entier(libelle: Any, maximum: int, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=libelle, min_value=1, max_value=maximum, widget=forms.TextInput(attrs=ENTIER), **options
    )


class RenseignementsForm(FormulairePortail, forms.Form):
    titre = forms.CharField(label=_("Titre"), max_length=160)
    terme = forms.CharField(
        label=_("Comment l’appel se nomme"),
        max_length=60,
        help_text=_("« appel de projets », « appel d’initiatives » : le public le lira partout ainsi."),
    )
    resume = forms.CharField(
        label=_("Résumé"), widget=LONG, help_text=_("Deux ou trois phrases : à quoi sert l’appel, pour qui.")
    )
    formes_admissibles = forms.MultipleChoiceField(
        label=_("Qui peut déposer (R1)"), choices=FormeJuridique, widget=forms.CheckboxSelectMultiple
    )
    fin_max_projet = DateField(label=_("Fin des projets, au plus tard (R19)"))
    suite_jours = forms.IntegerField(
        label=_("Jours pour compléter après le dépôt"),
        min_value=0,
        max_value=90,
        widget=forms.TextInput(attrs=ENTIER),
        help_text=_("Pour une pièce ou une réponse « à compléter »."),
    )


class MontantsForm(FormulairePortail, forms.Form):
    """Une rangée par enveloppe de l'entente : offerte ou non, et combien; vide : à venir."""

    bouton = _("Enregistrer les montants offerts")

    def __init__(self, donnees: Any = None, *args: Any, appel: Appel, **kwargs: Any) -> None:
        self.calcule = bool(donnees) and donnees.get("geste") == CALCULER
        super().__init__(donnees, *args, **kwargs)
        self.enveloppes = list(
            Enveloppe.objects.filter(entente=appel.entente).exclude(nature="administration").order_by("ordre", "code")
        )
        offres = {offre.enveloppe_id: offre for offre in appel.offres.all()}
        for enveloppe in self.enveloppes:
            offre = offres.get(enveloppe.pk)
            self.fields[f"offerte_{enveloppe.pk}"] = forms.BooleanField(
                label=_("Offrir %(nom)s") % {"nom": enveloppe}, required=False, initial=offre is not None
            )
            self.fields[f"offert_{enveloppe.pk}"] = MontantField(
                label=_("Montant, %(nom)s") % {"nom": enveloppe},
                required=False,
                initial=offre.offert if offre else None,
            )

    def is_valid(self) -> bool:
        return super().is_valid() and not self.calcule

    def clean(self) -> dict[str, Any] | None:
        propres = super().clean()
        for enveloppe in self.enveloppes:
            nom = f"offert_{enveloppe.pk}"
            offert = self.cleaned_data.get(nom)
            if offert is not None and offert > enveloppe.disponible:
                self.add_error(
                    nom,
                    traduire("Le grand livre a {disponible} de disponible : {trop} de trop.").format(
                        disponible=argent(enveloppe.disponible), trop=argent(offert - enveloppe.disponible)
                    ),
                )
            if offert == ZERO:
                self.add_error(nom, traduire("Zéro n’offre rien : décochez l’enveloppe, ou laissez vide (à venir)."))
        return propres

    def tableau(self) -> list[tuple[Enveloppe, forms.BoundField, forms.BoundField]]:
        return [(e, self[f"offerte_{e.pk}"], self[f"offert_{e.pk}"]) for e in self.enveloppes]

    def offres(self) -> dict[Enveloppe, Decimal | None]:
        """Les enveloppes cochées, ou dont un montant est écrit."""
        lu = self.cleaned_data
        return {
            e: lu[f"offert_{e.pk}"]
            for e in self.enveloppes
            if lu[f"offerte_{e.pk}"] or lu[f"offert_{e.pk}"] is not None
        }

    @property
    def total(self) -> Decimal:
        """La somme des montants écrits, connus."""
        if self.is_bound:
            self.errors  # noqa: B018 — valide, et remplit cleaned_data
            return sum((v for nom, v in self.cleaned_data.items() if nom.startswith("offert_") and v), ZERO)
        return sum((self.fields[f"offert_{e.pk}"].initial or ZERO for e in self.enveloppes), ZERO)


class PreciserForm(FormulairePortail, forms.Form):
    """Les montants annoncés « à venir », à préciser."""

    bouton = _("Annoncer ces montants")

    def __init__(self, *args: Any, appel: Appel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offres: list[AppelEnveloppe] = list(appel.offres.filter(offert=None).select_related("enveloppe"))
        for offre in self.offres:
            self.fields[f"offert_{offre.pk}"] = MontantField(
                label=str(offre.enveloppe),
                required=False,
                help_text=_("Disponible au grand livre : %(montant)s. Vide : reste à venir.")
                % {"montant": argent(offre.enveloppe.disponible)},
            )

    def montants(self) -> dict[AppelEnveloppe, Decimal]:
        lus = {offre: self.cleaned_data[f"offert_{offre.pk}"] for offre in self.offres}
        return {offre: montant for offre, montant in lus.items() if montant}


def _borne(nom: str) -> forms.Field:
    if nom in {"plafond", "plancher"}:
        return MontantField(label=LIBELLES[nom], required=False)
    if nom in {"duree_max_mois", "par_organisme"}:
        return _entier(LIBELLES[nom], 120, required=False)
    return TauxField(label=LIBELLES[nom], required=False)


class ParametresForm(FormulairePortail, forms.Form):
    """Chaque borne : vide, elle vient de l'entente; une valeur la remplace; une case la lève. Puis la gravité des règles."""

    bouton = _("Enregistrer les bornes et les gravités")

    def __init__(self, *args: Any, appel: Appel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        heritees, propres = appel.entente.aide, appel.parametres
        aide = ParametresAide.lire(propres, heritees)
        for nom in LIBELLES:
            champ, propre = _borne(nom), nom in propres
            champ.initial = getattr(aide, nom) if propre else None
            champ.help_text = traduire("Hérité de l’entente : {valeur}").format(valeur=valeur_en_mots(nom, heritees))
            self.fields[nom] = champ
            if getattr(heritees, nom) is not None:
                self.fields[f"sans_{nom}"] = forms.BooleanField(
                    label=_("Ne s’applique pas à cet appel"),
                    required=False,
                    initial=propre and propres[nom] is None,
                )
        for regle in REGLES:
            self.fields[f"gravite_{regle.code}"] = forms.ChoiceField(
                label=regle.libelle, choices=Gravite, initial=aide.gravite(regle.code, PAR_DEFAUT)
            )

    def clean(self) -> dict[str, Any] | None:
        propres = super().clean()
        for nom in LIBELLES:
            if self.cleaned_data.get(f"sans_{nom}") and self.cleaned_data.get(nom) is not None:
                self.add_error(nom, traduire("Écrivez une valeur, ou cochez « Ne s’applique pas », pas les deux."))
        return propres

    def bornes_lues(self) -> list[tuple[forms.BoundField, forms.BoundField | None]]:
        """Chaque borne, et sa case « ne s'applique pas » si l'entente en fixe une."""
        return [(self[nom], self[f"sans_{nom}"] if f"sans_{nom}" in self.fields else None) for nom in LIBELLES]

    def gravites_lues(self) -> list[forms.BoundField]:
        return [self[f"gravite_{regle.code}"] for regle in REGLES]

    def arguments(self) -> dict[str, Any]:
        lu = self.cleaned_data
        return {
            "bornes": {
                nom: None if lu.get(f"sans_{nom}") else lu[nom]
                for nom in LIBELLES
                if lu.get(f"sans_{nom}") or lu[nom] is not None
            },
            "gravites": {regle.code: lu[f"gravite_{regle.code}"] for regle in REGLES},
        }


class CalendrierForm(RangeesForm):
    bouton = _("Enregistrer le calendrier")
    colonnes = {
        "libelle": lambda: forms.CharField(label=_("Étape"), max_length=160),
        "jour": lambda: DateField(label=_("Le, ou à partir du")),
        "jusqua": lambda: DateField(label=_("Jusqu’au")),
        "quand": lambda: forms.CharField(label=_("ou en mots"), max_length=60),
    }
    obligatoires = ("libelle",)


class GrilleForm(RangeesForm):
    """Les critères; le total des poids se recalcule au serveur."""

    bouton = _("Enregistrer la grille")
    colonnes = {
        "libelle": lambda: forms.CharField(label=_("Critère"), max_length=160),
        "question": lambda: forms.CharField(label=_("Question posée au comité"), max_length=300),
        "poids": lambda: _entier(_("Poids"), TOTAL_POIDS),
        "maximum": lambda: _entier(_("Note maximale"), 100),
        "consigne": lambda: forms.CharField(
            label=_("Consigne"), max_length=600, widget=forms.Textarea(attrs={"rows": 2})
        ),
        "echelle": lambda: forms.CharField(
            label=_("Échelle en mots"), max_length=600, widget=forms.Textarea(attrs={"rows": 2})
        ),
        "seuil": lambda: _entier(_("Seuil"), 100),
    }
    obligatoires = ("libelle", "question", "poids", "maximum")

    @property
    def total(self) -> int:
        """Σ des poids écrits (R24)."""
        if self.is_bound:
            self.errors  # noqa: B018 — valide, et remplit cleaned_data
            return sum(self.cleaned_data.get(f"poids_{rang}") or 0 for rang in range(self.nombre))
        return sum(self.fields[f"poids_{rang}"].initial or 0 for rang in range(self.nombre))

    @property
    def manque(self) -> int:
        return TOTAL_POIDS - self.total


class PieceForm(FormulairePortail, forms.Form):
    """Une pièce, sa gravité et ses conditions; une condition vide ne joue pas, toutes celles qu'on remplit doivent être vraies."""

    bouton = _("Enregistrer la pièce")
    libelle = forms.CharField(label=_("Nom de la pièce"), max_length=160)
    aide = forms.CharField(label=_("Précision"), max_length=300, required=False)
    gravite = forms.ChoiceField(label=_("Si elle manque au dépôt"), choices=Gravite, widget=forms.RadioSelect)
    formes = forms.MultipleChoiceField(
        label=_("Seulement pour ces formes juridiques"),
        choices=FormeJuridique,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    natures = forms.MultipleChoiceField(
        label=_("Seulement pour ces natures de projet"),
        choices=NatureProjet,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    montant = MontantField(label=_("Seulement à partir de ce montant demandé"), required=False)
    effectif = _entier(
        _("Seulement à partir de cet effectif"),
        99999,
        required=False,
        help_text=_("Pour un document de l’Office québécois de la langue française (R37)."),
    )
    dossier = forms.BooleanField(
        label=_("Seulement si elle n’a jamais été fournie, ou a été modifiée depuis (R36)"), required=False
    )

    def __init__(self, *args: Any, piece: PieceRequise | None, seuil: int, **kwargs: Any) -> None:
        super().__init__(*args, initial=_piece_lue(piece), **kwargs)
        self.fields["effectif"].help_text = traduire(
            "Pour un document de l’Office québécois de la langue française (R37) : {n} à la fin de cet appel."
        ).format(n=seuil)

    def arguments(self) -> dict[str, Any]:
        lu = self.cleaned_data
        conditions = [
            *([Condition(G.FORME, valeurs=tuple(lu["formes"]))] if lu["formes"] else []),
            *([Condition(G.MONTANT, seuil=lu["montant"])] if lu["montant"] else []),
            *([Condition(G.NATURE, valeurs=tuple(lu["natures"]))] if lu["natures"] else []),
            *([Condition(G.EFFECTIF, seuil=Decimal(lu["effectif"]))] if lu["effectif"] else []),
            *([Condition(G.DOSSIER)] if lu["dossier"] else []),
        ]
        return {**{nom: lu[nom] for nom in ("libelle", "aide", "gravite")}, "conditions": conditions}


def _piece_lue(piece: PieceRequise | None) -> dict[str, Any]:
    if piece is None:
        return {"gravite": Gravite.SUITE}
    lue: dict[str, Any] = {nom: getattr(piece, nom) for nom in ("libelle", "aide", "gravite")}
    for condition in piece.conditions_lues:
        if condition.genre == G.FORME:
            lue["formes"] = condition.valeurs
        elif condition.genre == G.NATURE:
            lue["natures"] = condition.valeurs
        elif condition.genre == G.MONTANT:
            lue["montant"] = condition.seuil
        elif condition.genre == G.EFFECTIF:
            lue["effectif"] = int(condition.seuil or 0)
        else:
            lue["dossier"] = True
    return lue


class ContactForm(FormulairePortail, forms.Form):
    contact_nom = forms.CharField(
        label=_("Service ou fonction"), max_length=120, help_text=_("Une fonction, pas le nom d’une personne.")
    )
    contact_courriel = forms.EmailField(label=_("Courriel"))
    contact_telephone = TelephoneField(label=_("Téléphone"))
    contact_heures = forms.CharField(label=_("Heures de réponse"), max_length=160, required=False)
    soir_telephone = TelephoneField(
        label=_("Téléphone, le soir de l’échéance"), required=False, help_text=_("Vide : le même que le jour.")
    )
    soir_heures = forms.CharField(
        label=_("Heures de réponse, le soir de l’échéance"),
        max_length=160,
        required=False,
        help_text=_("Par exemple : de 16 h 30 à minuit. Vide : le public lit les heures du jour."),
    )
