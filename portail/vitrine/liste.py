"""La liste des Alliances, par région, et la couverture du Québec (cible 3)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from alliances.models import Cycle, Entente, Mandataire
from alliances.requetes.couverture import Couverture, couvertures
from socle.formats import sans_accents
from socle.models import Region


@dataclass(frozen=True)
class AllianceListee:
    """Un mandataire de la liste : ses ententes par cycle et les MRC qu'il couvre."""

    mandataire: Mandataire
    ententes: list[Entente]
    mrc: list[str]

    @property
    def texte(self) -> str:
        """Ce où l'on cherche, sans accents."""
        m = self.mandataire
        region = m.region.nom if m.region else ""
        return sans_accents(" ".join([m.code, m.nom, m.enseigne, m.territoire, region, *self.mrc]))


@dataclass(frozen=True)
class GroupeRegion:
    """Une région et ses Alliances; sans région : hors région."""

    region: Region | None
    alliances: list[AllianceListee]


def etats_couverture(jour: date) -> list[Couverture]:
    """La couverture de chaque cycle commencé qui a des ententes, au jour dit ou à sa fin; le plus récent d'abord."""
    cycles = Cycle.objects.filter(debut__lte=jour).order_by("-debut")
    return [etat for etat in couvertures([(cycle, min(jour, cycle.fin)) for cycle in cycles]) if etat.ententes]


def lister(etats: list[Couverture], recherche: str = "") -> list[GroupeRegion]:
    """Les Alliances qui ont tous les mots cherchés, par région; les Premières Nations, hors région, à la fin."""
    ententes, mrc = _par_mandataire(etats)
    mots = sans_accents(recherche).split()
    groupes: dict[Region | None, list[AllianceListee]] = defaultdict(list)
    for mandataire in Mandataire.objects.select_related("region").order_by("region__code", "code"):
        listee = AllianceListee(mandataire, ententes[mandataire.pk], sorted(mrc[mandataire.pk]))
        if all(mot in listee.texte for mot in mots):
            groupes[mandataire.region].append(listee)
    return [GroupeRegion(region, alliances) for region, alliances in groupes.items()]


def _par_mandataire(etats: Iterable[Couverture]) -> tuple[dict[int, list[Entente]], dict[int, set[str]]]:
    ententes: dict[int, list[Entente]] = defaultdict(list)
    mrc: dict[int, set[str]] = defaultdict(set)
    for etat in etats:
        for entente in etat.ententes:
            ententes[entente.mandataire_id].append(entente)
        for rangee in etat.rangees:
            for entente in rangee.ententes:
                mrc[entente.mandataire_id].add(rangee.mrc.nom)
    return ententes, mrc
