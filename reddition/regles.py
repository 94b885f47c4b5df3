"""Règles de la reddition, pures : sommes des rangées et identités exigées (R39, R40)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from socle.argent import ZERO, rapport, repartir


@dataclass(frozen=True)
class Rangee:
    """Une rangée de projet, par enveloppe; montants en dollars."""

    projet_id: int
    enveloppe_id: int
    enveloppe: str
    priorite: str
    accorde_exercice: Decimal
    accorde_cumul: Decimal
    verse_exercice: Decimal
    verse_cumul: Decimal
    partenaires_argent: Decimal
    partenaires_nature: Decimal
    personnes: int
    nouveau: bool

    @property
    def partenaires(self) -> Decimal:
        return self.partenaires_argent + self.partenaires_nature


@dataclass(frozen=True)
class Somme:
    """Un sous-total et son nombre de projets distincts."""

    libelle: str
    projets: int
    nouveaux: int
    accorde: Decimal
    accorde_cumul: Decimal
    verse: Decimal
    verse_cumul: Decimal
    partenaires: Decimal
    partenaires_argent: Decimal
    partenaires_nature: Decimal
    personnes: int

    @property
    def total(self) -> Decimal:
        """FQIS et partenaires."""
        return self.accorde + self.partenaires

    @property
    def levier(self) -> Decimal | None:
        """R40 : partenaires ÷ FQIS accordé dans l'exercice; inconnu si rien n'y est accordé."""
        return rapport(self.partenaires, self.accorde) if self.accorde > 0 else None


def sommer(libelle: str, rangees: Iterable[Rangee]) -> Somme:
    """Somme des rangées; un projet à deux enveloppes y compte une fois."""
    rangees = list(rangees)
    return Somme(
        libelle=libelle,
        projets=len({r.projet_id for r in rangees}),
        nouveaux=len({r.projet_id for r in rangees if r.nouveau}),
        accorde=sum((r.accorde_exercice for r in rangees), ZERO),
        accorde_cumul=sum((r.accorde_cumul for r in rangees), ZERO),
        verse=sum((r.verse_exercice for r in rangees), ZERO),
        verse_cumul=sum((r.verse_cumul for r in rangees), ZERO),
        partenaires=sum((r.partenaires for r in rangees), ZERO),
        partenaires_argent=sum((r.partenaires_argent for r in rangees), ZERO),
        partenaires_nature=sum((r.partenaires_nature for r in rangees), ZERO),
        personnes=sum(r.personnes for r in rangees),
    )


def grouper(rangees: Sequence[Rangee], cle: str, ordre: Sequence[str]) -> list[Somme]:
    """Un sous-total par valeur de `cle`, dans `ordre`, sans les groupes vides."""
    groupes: dict[str, list[Rangee]] = {}
    for rangee in rangees:
        groupes.setdefault(getattr(rangee, cle), []).append(rangee)
    return [sommer(libelle, groupes[libelle]) for libelle in ordre if libelle in groupes]


def partager(montant: Decimal, accordes: Sequence[Decimal]) -> list[Decimal]:
    """Partage un montant du projet entre ses enveloppes, au prorata de l'accordé, au cent près, sans perte."""
    if len(accordes) == 1 or not any(a > 0 for a in accordes):
        return [montant, *[ZERO] * (len(accordes) - 1)]
    positifs = [rang for rang, accorde in enumerate(accordes) if accorde > 0]
    parts = dict(zip(positifs, repartir(montant, [int(accordes[rang] * 100) for rang in positifs]), strict=True))
    return [parts.get(rang, ZERO) for rang in range(len(accordes))]


@dataclass(frozen=True)
class Apport:
    """Ce qu'une famille de partenaires apporte aux projets comptés dans l'exercice."""

    source: str
    genre: str
    montant: Decimal


def reunir(apports: Iterable[Apport]) -> list[Apport]:
    """Une somme par source et par genre, dans l'ordre des clés, sans les nulles."""
    sommes: dict[tuple[str, str], Decimal] = {}
    for apport in apports:
        cle = (apport.source, apport.genre)
        sommes[cle] = sommes.get(cle, ZERO) + apport.montant
    return [Apport(*cle, montant) for cle, montant in sorted(sommes.items()) if montant]


@dataclass(frozen=True)
class DepenseHorsProjet:
    """Une dépense engagée hors projet (coordination, mobilisation) : dans l'exercice et au cumul, en dollars."""

    reference: str
    enveloppe: str
    engage: Decimal
    verse: Decimal
    engage_cumul: Decimal
    verse_cumul: Decimal


def totaliser_hors_projet(depenses: Iterable[DepenseHorsProjet]) -> DepenseHorsProjet:
    """La somme de chaque colonne."""
    liste = list(depenses)
    montants = ("engage", "verse", "engage_cumul", "verse_cumul")
    return DepenseHorsProjet("", "", *(sum((getattr(d, nom) for d in liste), ZERO) for nom in montants))


@dataclass(frozen=True)
class Identite:
    """Une identité de R39 : ce qui est calculé des rangées, ce qui est attendu du grand livre."""

    code: str
    libelle: str
    calcule: Decimal
    attendu: Decimal

    @property
    def ecart(self) -> Decimal:
        return self.calcule - self.attendu

    @property
    def tenu(self) -> bool:
        return self.ecart == 0
