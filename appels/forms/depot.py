"""Formulaires de la période de dépôt : ouvrir, fermer, prolonger."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from appels.enums import ModeDepot
from appels.forms.rangees import RangeesForm
from appels.models import Appel
from appels.services.preparation import Periode
from socle.formulaires import DateField, FormulairePortail

HEURES = (
    ("24", _("à minuit (23 h 59 compris)")),
    ("12", _("avant midi")),
    ("16", _("avant 16 h")),
    ("17", _("avant 17 h")),
)
OUVRE = tuple((str(h), f"{h} h" if h else _("à minuit, au début du jour")) for h in (0, 8, 9, 10, 12, 13))


def fin(jour: date, heure: str, fuseau: str) -> datetime:
    """L'instant exclusif d'un dernier jour : minuit est le début du lendemain (R20)."""
    return datetime.combine(jour + timedelta(days=int(heure) // 24), time(int(heure) % 24), tzinfo=ZoneInfo(fuseau))


def debut(jour: date, heure: str, fuseau: str) -> datetime:
    return datetime.combine(jour, time(int(heure)), tzinfo=ZoneInfo(fuseau))


def lire_fin(fermeture: datetime, fuseau: str) -> tuple[date, str]:
    """(dernier jour, heure) d'un instant exclusif : minuit est à la veille."""
    local = fermeture.astimezone(ZoneInfo(fuseau))
    return (local.date(), str(local.hour)) if local.hour else (local.date() - timedelta(days=1), "24")


def lire_debut(ouverture: datetime, fuseau: str) -> tuple[date, str]:
    local = ouverture.astimezone(ZoneInfo(fuseau))
    return local.date(), str(local.hour)


def _avec(choix: tuple[tuple[str, Any], ...], valeur: str) -> list[tuple[str, Any]]:
    """Les choix, et la valeur déjà inscrite si elle n'y est pas."""
    connus = {cle for cle, _libelle in choix}
    return [*choix, *([] if valeur in connus or not valeur else [(valeur, _("avant %(h)s h") % {"h": valeur})])]


class ProlongerForm(FormulairePortail, forms.Form):
    """Le dernier jour et l'heure, dans le fuseau de l'appel; `nouvelle` en tire l'instant exclusif (R20)."""

    bouton = _("Prolonger et prévenir les organismes")
    dernier_jour = DateField(label=_("Dernier jour de dépôt"))
    heure = forms.ChoiceField(label=_("Dépôt"), choices=HEURES, initial="24")
    motif = forms.CharField(
        label=_("Motif"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Public; les organismes qui ont un brouillon le liront aussi dans un courriel."),
    )

    def nouvelle(self, fuseau: str) -> datetime:
        """L'instant exclusif : minuit est le début du lendemain."""
        return fin(self.cleaned_data["dernier_jour"], self.cleaned_data["heure"], fuseau)


class _Dates(FormulairePortail, forms.Form):
    """L'ouverture et le dernier jour, avec leurs heures."""

    ouvre_le = DateField(label=_("Ouverture"))
    ouvre_a = forms.ChoiceField(label=_("Heure d’ouverture"), choices=OUVRE, initial="9")
    dernier_jour = DateField(label=_("Dernier jour de dépôt"))
    heure = forms.ChoiceField(label=_("Fin du dépôt"), choices=HEURES, initial="24")

    def dates(self, fuseau: str) -> dict[str, datetime]:
        lu = self.cleaned_data
        return {
            "ouverture": debut(lu["ouvre_le"], lu["ouvre_a"], fuseau),
            "fermeture": fin(lu["dernier_jour"], lu["heure"], fuseau),
        }


class CreerAppelForm(_Dates):
    bouton = _("Créer l’appel et le préparer")
    titre = forms.CharField(label=_("Titre"), max_length=160)
    terme = forms.CharField(
        label=_("Comment l’appel se nomme"),
        max_length=60,
        help_text=_("« appel de projets », « appel d’initiatives » : le public le lira partout ainsi."),
    )
    field_order = ("titre", "terme", "ouvre_le", "ouvre_a", "dernier_jour", "heure")


class CopierForm(FormulairePortail, forms.Form):
    """De combien décaler les dates, et dans quelle entente."""

    bouton = _("Copier l’appel")
    titre = forms.CharField(label=_("Titre du nouvel appel"), max_length=160)
    entente = forms.ModelChoiceField(label=_("Dans l’entente"), queryset=None, empty_label=None, to_field_name="code")
    annees = forms.IntegerField(
        label=_("Décaler de combien d’années"),
        min_value=0,
        max_value=10,
        initial=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    jours = forms.IntegerField(
        label=_("et de combien de jours"),
        min_value=-60,
        max_value=365,
        initial=0,
        help_text=_("7 pour retomber une semaine plus tard; −1 pour retomber sur le même jour de la semaine."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, ententes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entente"].queryset = ententes


class ProgrammerForm(FormulairePortail, forms.Form):
    bouton = _("Programmer la publication")
    jour = DateField(label=_("Publier le"))
    heure = forms.TimeField(
        label=_("à"),
        initial=time(9, 0),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": _("Écrivez l’heure ainsi : 09:00.")},
    )

    def quand(self, fuseau: str) -> datetime:
        return datetime.combine(self.cleaned_data["jour"], self.cleaned_data["heure"], tzinfo=ZoneInfo(fuseau))


class ProgrammerAnnonceForm(ProgrammerForm):
    bouton = _("Programmer l’annonce")
    jour = DateField(label=_("Annoncer le"))


class AnnulerForm(FormulairePortail, forms.Form):
    bouton = _("Annuler l’appel")
    motif = forms.CharField(
        label=_("Motif"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Public; les organismes qui ont un brouillon le liront aussi dans un courriel."),
    )


class DepotForm(RangeesForm):
    """Le mode, les dates d'un appel à date unique ou en continu, ou le tableau de ses périodes."""

    bouton = _("Enregistrer le dépôt")
    colonnes = {
        "p_ouvre_le": lambda: DateField(label=_("Ouverture")),
        "p_ouvre_a": lambda: forms.ChoiceField(label=_("Heure d’ouverture"), choices=[("", "–"), *OUVRE]),
        "p_dernier_jour": lambda: DateField(label=_("Dernier jour")),
        "p_heure": lambda: forms.ChoiceField(label=_("Fin du dépôt"), choices=[("", "–"), *HEURES]),
        "p_reponse": lambda: DateField(label=_("Réponse visée")),
    }
    obligatoires = ("p_ouvre_le", "p_ouvre_a", "p_dernier_jour", "p_heure")
    mode = forms.ChoiceField(label=_("Mode de dépôt"), choices=ModeDepot, widget=forms.RadioSelect)
    ouvre_le = DateField(label=_("Ouverture"), required=False)
    ouvre_a = forms.ChoiceField(label=_("Heure d’ouverture"), choices=OUVRE)
    dernier_jour = DateField(label=_("Dernier jour de dépôt"), required=False)
    heure = forms.ChoiceField(label=_("Fin du dépôt"), choices=HEURES)
    jusqua_epuisement = forms.BooleanField(
        label=_("En continu : fermer dès que les fonds sont épuisés, même avant cette date"), required=False
    )
    reponse_visee = DateField(label=_("Réponse visée (R23)"), required=False)

    def __init__(self, *args: Any, appel: Appel, **kwargs: Any) -> None:
        self.fuseau = appel.fuseau
        ouvre, ferme = lire_debut(appel.ouverture, appel.fuseau), lire_fin(appel.fermeture, appel.fuseau)
        super().__init__(
            *args,
            rangees=[_periode_lue(p, appel.fuseau) for p in appel.periodes.all()],
            initial={
                "mode": appel.mode,
                "ouvre_le": ouvre[0],
                "ouvre_a": ouvre[1],
                "dernier_jour": ferme[0],
                "heure": ferme[1],
                "jusqua_epuisement": appel.jusqua_epuisement,
                "reponse_visee": appel.reponse_visee,
            },
            **kwargs,
        )
        self.fields["ouvre_a"].choices = _avec(OUVRE, ouvre[1])
        self.fields["heure"].choices = _avec(HEURES, ferme[1])
        self.appel = appel

    def clean(self) -> dict[str, Any] | None:
        propres = super().clean()
        if self.cleaned_data.get("mode") != ModeDepot.PERIODES:
            for nom in ("ouvre_le", "dernier_jour"):
                if nom not in self.errors and not self.cleaned_data.get(nom):
                    self.add_error(nom, _("Ce champ est obligatoire."))
        return propres

    def arguments(self) -> dict[str, Any]:
        lu = self.cleaned_data
        periodes = [
            Periode(
                debut(r["p_ouvre_le"], r["p_ouvre_a"], self.fuseau),
                fin(r["p_dernier_jour"], r["p_heure"], self.fuseau),
                r["p_reponse"],
            )
            for r in self.rangees()
        ]
        unique = lu["mode"] != ModeDepot.PERIODES
        return {
            "mode": lu["mode"],
            "ouverture": debut(lu["ouvre_le"], lu["ouvre_a"], self.fuseau) if unique else self.appel.ouverture,
            "fermeture": fin(lu["dernier_jour"], lu["heure"], self.fuseau) if unique else self.appel.fermeture,
            "jusqua_epuisement": lu["jusqua_epuisement"],
            "reponse_visee": lu["reponse_visee"] if unique else None,
            "periodes": periodes,
        }


def _periode_lue(periode: Any, fuseau: str) -> dict[str, Any]:
    ouvre, ferme = lire_debut(periode.ouverture, fuseau), lire_fin(periode.fermeture, fuseau)
    return {
        "p_ouvre_le": ouvre[0],
        "p_ouvre_a": ouvre[1],
        "p_dernier_jour": ferme[0],
        "p_heure": ferme[1],
        "p_reponse": periode.reponse_visee,
    }
