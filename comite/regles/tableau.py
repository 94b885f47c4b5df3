"""Le tableau du comité, règles pures : ce qu'une ligne peut porter, ce qui tient dans l'enveloppe, ce qui en dépasse (R14, R27, R55)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from comite.enums import OCTROIENT, ChoixScenario
from socle.argent import ZERO


@dataclass(frozen=True)
class Proposition:
    """Une demande du tableau. `note` nulle : sans note, ou qui ne se voit pas."""

    numero: str
    demande: Decimal
    choix: str
    montant: Decimal
    note: Decimal | None = None
    en_zone: bool = False

    @property
    def octroie(self) -> bool:
        return self.choix in OCTROIENT

    @property
    def manque(self) -> Decimal:
        """Ce qu'il faudrait de plus pour l'accepter en entier."""
        return self.demande - self.montant


@dataclass(frozen=True)
class Bilan:
    """Une enveloppe : sa dotation, ce qui est accordé, préparé hors du tableau, proposé ici; en dollars."""

    dotation: Decimal
    accorde: Decimal
    ailleurs: Decimal
    propose: Decimal
    en_zone: Decimal

    @property
    def disponible(self) -> Decimal:
        return self.dotation - self.accorde - self.ailleurs

    @property
    def reste(self) -> Decimal:
        return self.disponible - self.propose

    @property
    def manque(self) -> Decimal:
        return max(-self.reste, ZERO)

    @property
    def part_en_zone(self) -> Decimal | None:
        """R55 : la part de ce qui est proposé dans une zone où se concentre la pauvreté; nulle si rien n'est proposé."""
        return self.en_zone / self.propose if self.propose else None


@dataclass(frozen=True)
class Tient:
    """Ce qui tient encore : chacun seul, puis ensemble dans l'ordre des notes, et ce qui resterait alors."""

    seuls: tuple[Proposition, ...]
    ensemble: tuple[Proposition, ...]
    reste: Decimal
    en_partie: Proposition | None = None


def bilan(dotation: Decimal, accorde: Decimal, ailleurs: Decimal, propositions: Iterable[Proposition]) -> Bilan:
    """Le bilan d'une enveloppe."""
    octrois = [p for p in propositions if p.octroie]
    return Bilan(
        dotation,
        accorde,
        ailleurs,
        sum((p.montant for p in octrois), ZERO),
        sum((p.montant for p in octrois if p.en_zone), ZERO),
    )


def par_note(propositions: Iterable[Proposition]) -> list[Proposition]:
    """La mieux notée d'abord; sans note visible, à la fin, par numéro."""
    return sorted(propositions, key=lambda p: (p.note is None, -(p.note or ZERO), p.numero))


def ce_qui_tient(reste: Decimal, propositions: Iterable[Proposition]) -> Tient:
    """Les demandes pas encore acceptées en entier, ni refusées, que le reste couvre; sinon la première, en partie."""
    candidates = par_note(p for p in propositions if p.choix != ChoixScenario.REFUSER and p.manque > 0)
    seuls = tuple(p for p in candidates if p.manque <= reste)
    ensemble: list[Proposition] = []
    for candidate in seuls:
        if candidate.manque <= reste:
            ensemble.append(candidate)
            reste -= candidate.manque
    en_partie = candidates[0] if candidates and not seuls and reste > 0 else None
    return Tient(seuls, tuple(ensemble), reste, en_partie)


def pour_rentrer(exces: Decimal, propositions: Sequence[Proposition]) -> list[tuple[Proposition, Decimal]]:
    """Pour effacer un dépassement : les moins bien notées d'abord, chacune avec le montant qui lui resterait."""
    baisses = []
    for proposition in reversed(par_note(p for p in propositions if p.octroie)):
        if exces <= 0:
            break
        coupe = min(proposition.montant, exces)
        baisses.append((proposition, proposition.montant - coupe))
        exces -= coupe
    return baisses


def ligne_valide(choix: str, montant: Decimal, demande: Decimal) -> bool:
    """Accepter : le montant demandé; en partie : moins, et plus que rien; attente ou refus : rien."""
    if choix == ChoixScenario.ACCEPTER:
        return montant == demande > 0
    if choix == ChoixScenario.PARTIE:
        return 0 < montant < demande
    return montant == 0
