"""La couverture du Québec par les ententes d'un cycle (cible 3, R43) : chaque MRC, et ce qui la couvre."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from alliances.enums import EtatEntente
from alliances.models import Cycle, Entente, Mandataire
from socle.models import Mrc
from socle.referentiel.rattachements import mrc_de_region, rattachements_au


@dataclass(frozen=True)
class MrcCouverte:
    """Une MRC et les ententes qui la couvrent; aucune : le drapeau se lève (R43)."""

    mrc: Mrc
    ententes: list[Entente] = field(default_factory=list)


@dataclass(frozen=True)
class Couverture:
    """Un cycle, un jour, les 104 MRC et territoires équivalents."""

    cycle: Cycle
    jour: date
    rangees: list[MrcCouverte]

    @property
    def non_couvertes(self) -> list[Mrc]:
        return [rangee.mrc for rangee in self.rangees if not rangee.ententes]

    @property
    def couvertes(self) -> int:
        return len(self.rangees) - len(self.non_couvertes)

    @property
    def complete(self) -> bool:
        """Vrai : les ententes du cycle couvrent tout le Québec."""
        return not self.non_couvertes

    def mrc_de(self, entente: Entente) -> list[Mrc]:
        """Les MRC que cette entente couvre."""
        return [rangee.mrc for rangee in self.rangees if entente in rangee.ententes]


def couverture(cycle: Cycle, jour: date) -> Couverture:
    """Chaque MRC et les ententes du cycle qui la couvrent ce jour-là (quatre requêtes).

    Une entente couvre les MRC de son mandataire quand il les dit (région partagée); sinon, celles de sa région à cette
    date; sans région, aucune. Une entente en brouillon ou hors de ses dates ne couvre rien.
    """
    regions = dict(rattachements_au(jour).values_list("mrc", "region"))
    par_region: dict[int, list[Entente]] = defaultdict(list)
    par_mrc: dict[int, list[Entente]] = defaultdict(list)
    for entente in _ententes(cycle, jour):
        dites = list(entente.mandataire.mrc.all())
        for mrc in dites:
            par_mrc[mrc.pk].append(entente)
        if not dites and entente.mandataire.region_id is not None:
            par_region[entente.mandataire.region_id].append(entente)
    rangees = [
        MrcCouverte(mrc, [*par_mrc[mrc.pk], *par_region[regions[mrc.pk]]] if mrc.pk in regions else par_mrc[mrc.pk])
        for mrc in Mrc.objects.order_by("code")
    ]
    return Couverture(cycle, jour, rangees)


def _ententes(cycle: Cycle, jour: date) -> QuerySet[Entente]:
    return (
        Entente.objects.filter(cycle=cycle, debut__lte=jour, fin__gte=jour)
        .exclude(etat=EtatEntente.BROUILLON)
        .select_related("mandataire")
        .prefetch_related("mandataire__mrc")
        .order_by("code")
    )


def mrc_du_mandataire(mandataire: Mandataire, jour: date) -> QuerySet[Mrc]:
    """Les MRC qu'il couvre : les siennes quand il les dit, sinon celles de sa région, sinon aucune."""
    if mandataire.mrc.exists():
        return mandataire.mrc.all()
    return Mrc.objects.none() if mandataire.region is None else mrc_de_region(mandataire.region, jour)
