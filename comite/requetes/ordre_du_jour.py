"""L'ordre du jour d'une séance, tel que le lit un membre : l'heure de chaque point, rien d'un dossier dont il s'est retiré."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from comite.enums import GenrePoint
from comite.models import CahierSeance, PointOrdreDuJour, Seance
from projets.conflits import conflits_detectes
from projets.enums import EtatEvaluation, LienOrganisme
from projets.models import DeclarationInteret, Evaluation, Projet
from socle.formats import heure


@dataclass(frozen=True)
class Ligne:
    """Un point : son heure, et de quoi le nommer. `retire` : le membre ne lit que le numéro (R25)."""

    heure: str
    titre: str
    numero: str = ""
    organisme: str = ""
    retire: bool = False
    pause: bool = False
    minutes: int = 0
    projet: Projet | None = None


def points_de(seance: Seance) -> list[PointOrdreDuJour]:
    """Les points, dans l'ordre, avec leur demande."""
    return list(
        seance.points.select_related(
            "projet__organisme__region",
            "projet__enveloppe__territoire",
            "projet__priorite",
            "projet__appel",
            "projet__entente__mandataire",
        )
        .prefetch_related("projet__appel__phases_comite")
        .order_by("ordre")
    )


def retires_de(membre: Any, projets: list[Projet], instant: datetime) -> set[int]:
    """Les dossiers fermés au membre : retrait déclaré, ou conflit certain, qu'on lui ait confié la demande ou non (R25)."""
    cles = [projet.pk for projet in projets]
    retires = set(
        Evaluation.objects.filter(projet__in=cles, evaluateur=membre, etat=EtatEvaluation.RETIREE).values_list(
            "projet_id", flat=True
        )
    )
    retires |= set(
        DeclarationInteret.objects.filter(projet__in=cles, utilisateur=membre, lien=LienOrganisme.CONFLIT).values_list(
            "projet_id", flat=True
        )
    )
    detectes = conflits_detectes(projets, [membre], instant)
    return retires | {
        projet for (projet, _membre), liste in detectes.items() if any(conflit.certain for conflit in liste)
    }


def lignes_pour(seance: Seance, points: list[PointOrdreDuJour], retires: set[int]) -> list[Ligne]:
    """L'ordre du jour avec ses heures; les dossiers retirés n'y ont ni titre ni organisme."""
    debut, fuseau, lignes = seance.debut, seance.appel.fuseau, []
    for point in points:
        lue = heure(debut, fuseau)
        debut += timedelta(minutes=point.minutes)
        if point.projet is None:
            lignes.append(Ligne(lue, str(point), pause=point.genre == GenrePoint.PAUSE, minutes=point.minutes))
        elif point.projet_id in retires:
            lignes.append(
                Ligne(lue, "", str(point.projet.numero), retire=True, minutes=point.minutes, projet=point.projet)
            )
        else:
            lignes.append(
                Ligne(
                    lue,
                    point.projet.titre,
                    str(point.projet.numero),
                    str(point.projet.organisme),
                    minutes=point.minutes,
                    projet=point.projet,
                )
            )
    return lignes


def cahier_perime(cahier: CahierSeance) -> bool:
    """Son membre a déclaré depuis un lien avec un organisme de la séance : ce cahier contient ce qu'il ne doit plus lire."""
    return (
        cahier.produit_le is not None
        and DeclarationInteret.objects.filter(
            projet__points__seance=cahier.seance_id,
            utilisateur=cahier.membre_id,
            lien=LienOrganisme.CONFLIT,
            declaree_le__gt=cahier.produit_le,
        ).exists()
    )
