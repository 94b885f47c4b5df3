"""Les phases du travail du comité : l'heure dit laquelle court, aucun acte n'y change rien (décision 5)."""

from collections.abc import Mapping
from datetime import datetime

from appels.enums import PhaseComite

ORDRE = tuple(PhaseComite)


def phase_a(debuts: Mapping[str, datetime], instant: datetime) -> PhaseComite:
    """La dernière phase commencée. Sans date, ou avant la première : la lecture."""
    passees = [phase for phase in ORDRE if phase in debuts and debuts[phase] <= instant]
    return passees[-1] if passees else PhaseComite.LECTURE


def hors_ordre(debuts: Mapping[str, datetime]) -> PhaseComite | None:
    """La première phase qui commencerait avant celle qui la précède (ou au même instant)."""
    avant: datetime | None = None
    for phase in ORDRE:
        debut = debuts.get(phase)
        if debut is None:
            continue
        if avant is not None and debut <= avant:
            return phase
        avant = debut
    return None
