"""La liste de contrôle d'admissibilité (R1 à R6, R19, R20) : ses points, le verdict qui en découle. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from projets.enums import ResultatPoint


@dataclass(frozen=True)
class Point:
    """Un point à vérifier : sa règle, sa question, le motif public s'il exclut. `exclut` : un « non » rend la demande non admissible."""

    code: str
    regle: str
    libelle: Any
    motif: Any = ""
    exclut: bool = True


POINTS = (
    Point(
        "organisme",
        "R1",
        _("L’organisme est d’une forme admissible à cet appel"),
        _("La forme juridique de l’organisme n’est pas admissible à cet appel."),
    ),
    Point(
        "but",
        "R2",
        _("Le projet lutte contre la pauvreté ou l’exclusion sociale"),
        _("Le projet ne vise pas la lutte contre la pauvreté et l’exclusion sociale."),
    ),
    Point(
        "priorite",
        "R2",
        _("Le projet répond à au moins une priorité du plan de travail"),
        _("Le projet ne répond à aucune priorité du plan de travail de l’Alliance."),
    ),
    Point(
        "mission",
        "R3",
        _("La demande ne finance pas la mission globale de l’organisme"),
        _("La demande finance la mission globale de l’organisme, que le Fonds ne soutient pas."),
    ),
    Point(
        "immobilisations",
        "R3",
        _("La demande ne finance pas d’immobilisations"),
        _("La demande finance des immobilisations, que le Fonds ne soutient pas."),
    ),
    Point(
        "anterieures",
        "R3",
        _("Aucune dépense n’est antérieure à l’acceptation"),
        _("La demande finance des activités déjà réalisées ou des dépenses antérieures à l’acceptation."),
    ),
    Point("recurrent", "R4", _("Le soutien demandé n’est pas récurrent (même titre déjà déposé)"), exclut=False),
    Point(
        "concertation",
        "R5",
        _("Le projet n’est ni le fonctionnement d’une table de concertation ni la rédaction d’un plan"),
        _("Le fonctionnement d’une table de concertation et la rédaction d’un plan ne sont pas admissibles."),
    ),
    Point("appuis", "R6", _("Les pièces et les appuis exigés sont au dossier"), exclut=False),
    Point("montants", "R7–R13", _("Les montants respectent les bornes de l’appel"), exclut=False),
    Point("dates", "R19", _("Les dates du projet respectent les bornes de l’appel"), exclut=False),
    Point(
        "delai",
        "R20",
        _("La demande est arrivée avant l’échéance"),
        _("La demande est arrivée après l’échéance de l’appel."),
    ),
    Point(
        "autre",
        "",
        _("Aucune autre condition de l’appel n’exclut la demande"),
        _("Une condition de l’appel exclut la demande."),
    ),
)
PAR_CODE = {point.code: point for point in POINTS}


def verdict(resultats: Mapping[str, str]) -> bool | None:
    """Admissible si aucun point qui exclut n'est « non »; `None` tant qu'un point n'a pas de résultat."""
    if any(resultats.get(point.code) not in ResultatPoint.values for point in POINTS):
        return None
    return not exclusions(resultats)


def exclusions(resultats: Mapping[str, str]) -> list[Point]:
    """Les points qui excluent la demande."""
    return [point for point in POINTS if point.exclut and resultats.get(point.code) == ResultatPoint.NON]


def motif_propose(resultats: Mapping[str, str]) -> str:
    """Le motif public, composé des points qui excluent; la personne le relit et le précise."""
    return " ".join(str(point.motif) for point in exclusions(resultats))
