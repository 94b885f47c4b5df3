"""Transitions d'un avis sectoriel : demandé, relancé, reçu ou sans suite."""

from django.utils.translation import gettext_lazy as L  # noqa: N812

from alliances.enums import EtatAvis as E
from socle.etats import Machine, Transition

AVIS = Machine(
    "avis",
    (
        Transition(
            "recevoir", L("Inscrire l’avis reçu"), (E.DEMANDE, E.SANS_SUITE), E.RECU, "alliances.gerer_gouvernance"
        ),
        Transition("classer", L("Classer sans suite"), (E.DEMANDE,), E.SANS_SUITE, "alliances.gerer_gouvernance"),
        Transition("relancer", L("Relancer"), (E.DEMANDE,), E.DEMANDE, "alliances.gerer_gouvernance"),
    ),
)
