"""Page de démonstration des composants (`/composants/`), hors de la production : pour les voir côte à côte avant d'en écrire un autre."""

from datetime import timedelta
from decimal import Decimal

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from projets.regles import Constat
from projets.requetes import Jalon
from socle.acces import acces_public
from socle.formats import argent
from socle.formulaires import DateField, FormulairePortail, MontantField
from socle.graphiques import barre_enveloppe


class ExempleForm(FormulairePortail, forms.Form):
    """Un champ de chaque sorte, dont un en erreur."""

    texte = forms.CharField(label=_("Texte"), help_text=_("L’indice se lit avant de remplir."))
    montant = MontantField(label=_("Montant"), required=False)
    jour = DateField(label=_("Date"), required=False)
    choix = forms.ChoiceField(label=_("Choix"), choices=[("a", _("Un")), ("b", _("Deux"))], widget=forms.RadioSelect)


@acces_public
def composants(request: HttpRequest) -> HttpResponse:
    """Tous les composants, avec des valeurs d'exemple. 404 en production."""
    if not settings.DEMONSTRATION:
        raise Http404
    dotation = Decimal(716_293)
    return render(
        request,
        "portail/composants.html",
        {
            "tons": ["", "reussite", "attention", "erreur", "brouillon", "neutre"],
            "avis": ["", "reussite", "attention", "erreur", "aide", "note"],
            "chiffres": [
                {"libelle": _("Accordé"), "valeur": argent(Decimal(2_733_155)), "url": "#", "note": _("28 projets")},
                {"libelle": _("Levier"), "valeur": "0,61"},
            ],
            "barre": barre_enveloppe(
                dotation=dotation, engage=Decimal(412_514), verse=Decimal(206_257), propose=Decimal(120_000)
            ),
            "constats": [
                Constat("R13", conforme=True, titre=_("budget équilibré"), detail=_("Dépenses et financement égaux.")),
                Constat("R9", conforme=False, titre=_("Cumul : 5 000,00 $ de trop"), detail=_("Réduisez la demande.")),
                Constat("piece", conforme=False, gravite="suite", titre=_("Lettres d’appui")),
            ],
            "jalons": [
                Jalon(_("Demande déposée"), request.arrivee - timedelta(days=12), "02-2017-2-CH-0017"),
                Jalon(_("Décision"), None, _("Réponse visée : 29 juin 2020")),
            ],
            "formulaire": ExempleForm({"texte": "", "montant": "1.234,50", "choix": "a"}),
            "fil": [{"titre": _("Composants"), "url": None}],
        },
    )
