"""La couverture du Québec par les ententes d'un cycle (cible 3, R43) : chaque MRC, et ce qui la couvre."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from alliances.enums import EtatEntente
from alliances.models import Cycle, Entente, Mandataire
from socle.models import Mrc, RattachementMrc
from socle.referentiel.rattachements import mrc_de_region


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
    ententes: list[Entente] = field(default_factory=list)

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
    """Chaque MRC et les ententes du cycle qui la couvrent ce jour-là (quatre requêtes)."""
    return couvertures([(cycle, jour)])[0]


def couvertures(moments: Sequence[tuple[Cycle, date]]) -> list[Couverture]:
    """La couverture de plusieurs cycles, chacun à son jour, en quatre requêtes pour tous.

    Une entente couvre les MRC de son mandataire quand il les dit (région partagée); sinon, celles de sa région à cette
    date; sans région, aucune. Une entente en brouillon ou hors de ses dates ne couvre rien.
    """
    mrc = list(Mrc.objects.order_by("code"))
    rattachements = list(RattachementMrc.objects.all())
    ententes = list(
        Entente.objects.filter(cycle__in=[cycle for cycle, _jour in moments])
        .exclude(etat=EtatEntente.BROUILLON)
        .select_related("mandataire", "cycle")
        .prefetch_related("mandataire__mrc")
        .order_by("code")
    )
    return [
        _couverture(
            cycle,
            jour,
            mrc,
            {r.mrc_id: r.region_id for r in rattachements if _vaut(r.depuis, r.jusqua, jour)},
            [e for e in ententes if e.cycle_id == cycle.pk and e.debut <= jour <= e.fin],
        )
        for cycle, jour in moments
    ]


def _vaut(depuis: date | None, jusqua: date | None, jour: date) -> bool:
    return (depuis is None or depuis <= jour) and (jusqua is None or jour <= jusqua)


def _couverture(
    cycle: Cycle, jour: date, mrc: list[Mrc], regions: dict[int, int], ententes: list[Entente]
) -> Couverture:
    par_region: dict[int | None, list[Entente]] = defaultdict(list)
    par_mrc: dict[int, list[Entente]] = defaultdict(list)
    for entente in ententes:
        dites = list(entente.mandataire.mrc.all())
        for une in dites:
            par_mrc[une.pk].append(entente)
        if not dites and entente.mandataire.region_id is not None:
            par_region[entente.mandataire.region_id].append(entente)
    rangees = [MrcCouverte(une, [*par_mrc[une.pk], *par_region[regions.get(une.pk)]]) for une in mrc]
    return Couverture(cycle, jour, rangees, ententes)


def mrc_du_mandataire(mandataire: Mandataire, jour: date) -> QuerySet[Mrc]:
    """Les MRC qu'il couvre : les siennes quand il les dit, sinon celles de sa région, sinon aucune."""
    if mandataire.mrc.exists():
        return mandataire.mrc.all()
    return Mrc.objects.none() if mandataire.region is None else mrc_de_region(mandataire.region, jour)
