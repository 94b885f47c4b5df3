"""Table de transitions de la séance : préparée → ouverte → levée → (rouverte avec motif)."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as L  # noqa: N812

from comite.enums import EtatPresence
from comite.enums import EtatSeance as S
from comite.models import Seance
from comite.regles.quorum import quorum_atteint
from socle.etats import Machine, Transition


def ordre_ecrit(seance: Seance, _instant: datetime) -> str | None:
    if seance.points.filter(projet__isnull=False).exists():
        return None
    return _("L’ordre du jour n’a aucune demande : écrivez-le avant d’ouvrir la séance.")


def quorum_present(seance: Seance, _instant: datetime) -> str | None:
    """Le quorum de la séance : les membres votants présents, avant tout retrait; `quorum` est figé par le service."""
    presents = set(seance.presences.filter(etat=EtatPresence.PRESENT, vote=True).values_list("pk", flat=True))
    if not presents:
        return _("Aucun membre votant n’est inscrit présent : prenez les présences avant d’ouvrir la séance.")
    if quorum_atteint(presents, seance.quorum):
        return None
    return _(
        "Le quorum n’est pas atteint : {presents} votants présents, {requis} requis. Attendez une arrivée, ou remettez"
        " la séance."
    ).format(presents=len(presents), requis=seance.quorum)


SEANCE = Machine(
    "séance",
    (
        Transition(
            "ouvrir",
            L("Ouvrir la séance"),
            (S.PREPAREE,),
            S.OUVERTE,
            "comite.tenir_seance",
            (ordre_ecrit, quorum_present),
        ),
        Transition("lever", L("Lever la séance"), (S.OUVERTE,), S.LEVEE, "comite.tenir_seance"),
        Transition("rouvrir", L("Rouvrir la séance"), (S.LEVEE,), S.OUVERTE, "comite.tenir_seance"),
    ),
)
