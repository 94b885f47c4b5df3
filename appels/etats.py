"""Transitions d'un appel. Ouverture et fermeture se déduisent de l'heure."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appels.enums import EtatAppel as E
from appels.models import Appel
from appels.regles import grille_equilibree
from socle.etats import Machine, Transition


def grille_complete(appel: Appel, _instant: datetime) -> str | None:
    """R24 : Σ des poids = 100."""
    poids = [critere.poids for critere in appel.criteres.all()]
    if grille_equilibree(poids):
        return None
    return _("Les poids de la grille totalisent {total}, pas 100 : corrigez la grille avant de publier.").format(
        total=sum(poids)
    )


def enveloppes_offertes(appel: Appel, _instant: datetime) -> str | None:
    if any(offre.offert for offre in appel.offres.all()):
        return None
    return _("L’appel n’offre aucun montant : inscrivez au moins une enveloppe offerte.")


def echeance_passee(appel: Appel, instant: datetime) -> str | None:
    if instant >= appel.fermeture:
        return None
    return _("L’appel reçoit des dépôts jusqu’au {date}.").format(date=appel.echeance_en_mots)


APPEL = Machine(
    "appel",
    (
        Transition(
            "publier",
            gettext_lazy("Publier l’appel"),
            (E.BROUILLON,),
            E.PUBLIE,
            "appels.publier_appel",
            (grille_complete, enveloppes_offertes),
        ),
        Transition(
            "analyser",
            gettext_lazy("Passer à l’analyse"),
            (E.PUBLIE,),
            E.ANALYSE,
            "appels.modifier_appel",
            (echeance_passee,),
        ),
        Transition(
            "annoncer",
            gettext_lazy("Annoncer les décisions"),
            (E.PUBLIE, E.ANALYSE, E.DECIDE),
            E.ANNONCE,
            "appels.modifier_appel",
            (echeance_passee,),
        ),
        Transition(
            "annuler", gettext_lazy("Annuler l’appel"), (E.BROUILLON, E.PUBLIE), E.ANNULE, "appels.modifier_appel"
        ),
    ),
)
