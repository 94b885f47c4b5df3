"""Transitions d'une reddition."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as L  # noqa: N812

from reddition.enums import EtatReddition as E
from reddition.models import Reddition
from socle.etats import Machine, Transition


def controles_tenus(reddition: Reddition, _instant: datetime) -> str | None:
    """R39 : aucune identité rompue."""
    rompus = [controle.libelle for controle in reddition.controles.all() if not controle.tenu]
    if not rompus:
        return None
    return _(
        "Un contrôle n’est pas tenu : {controle}. Corrigez-en la cause dans les projets, puis compilez de nouveau."
    ).format(controle="; ".join(rompus))


def textes_ecrits(reddition: Reddition, _instant: datetime) -> str | None:
    if reddition.faits_saillants.strip():
        return None
    return _("Écrivez les faits saillants de l’exercice avant de déposer.")


REDDITION = Machine(
    "reddition",
    (
        Transition(
            "deposer",
            L("Certifier et déposer"),
            (E.PREPARATION,),
            E.DEPOSEE,
            "reddition.deposer_reddition",
            (textes_ecrits, controles_tenus),
        ),
        Transition("accepter", L("Accepter"), (E.DEPOSEE,), E.ACCEPTEE, "reddition.examiner_reddition"),
        Transition(
            "renvoyer", L("Retourner avec commentaires"), (E.DEPOSEE,), E.RENVOYEE, "reddition.examiner_reddition"
        ),
        Transition("remplacer", L("Remplacer"), (E.RENVOYEE,), E.REMPLACEE, "reddition.deposer_reddition"),
    ),
)
