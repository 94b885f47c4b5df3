"""Le bilan d'une entente : confié, réparti, engagé, versé, reste; par enveloppe et par exercice, tout du grand livre."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, Sum

from alliances.models import Entente, Enveloppe, Mouvement
from alliances.requetes.soldes import FAMILLES, somme
from socle.argent import ZERO
from socle.exercices import exercices_entre
from socle.graphiques import Barre, barre_enveloppe


@dataclass(frozen=True)
class Chiffres:
    """Dotation, engagé, versé, en dollars; le disponible s'en déduit."""

    dotation: Decimal = ZERO
    engage: Decimal = ZERO
    verse: Decimal = ZERO

    @property
    def disponible(self) -> Decimal:
        return self.dotation - self.engage

    @property
    def a_verser(self) -> Decimal:
        return self.engage - self.verse

    def __add__(self, autre: "Chiffres") -> "Chiffres":
        return Chiffres(self.dotation + autre.dotation, self.engage + autre.engage, self.verse + autre.verse)


def chiffres_de(enveloppe: Enveloppe) -> Chiffres:
    """Les soldes présents d'une enveloppe."""
    return Chiffres(enveloppe.dotation, enveloppe.engage, enveloppe.verse)


def soldes_avant(
    enveloppes: Iterable[int], instant: datetime, *, octrois_avant: datetime | None = None
) -> dict[int, Chiffres]:
    """Les soldes de chaque enveloppe juste avant `instant`, par le grand livre (une requête).

    `octrois_avant` : les engagements et versements d'après ce moment ne comptent pas (R28 : pas encore annoncés).
    """
    octrois = Q(instant__lt=octrois_avant) if octrois_avant else Q()
    sommes_ = {
        famille: Sum("montant", filter=Q(type__in=types) & (Q() if famille == "dotation" else octrois), default=ZERO)
        for famille, types in FAMILLES.items()
    }
    groupes = (
        Mouvement.objects.filter(enveloppe__in=list(enveloppes), instant__lt=instant)
        .order_by()
        .values("enveloppe")
        .annotate(**sommes_)
    )
    return {g["enveloppe"]: Chiffres(*(g[famille] for famille in FAMILLES)) for g in groupes}


def totaliser(chiffres: Iterable[Chiffres]) -> Chiffres:
    return sum(chiffres, Chiffres())


@dataclass(frozen=True)
class RangeeEnveloppe:
    """Une enveloppe de l'entente, ses soldes, sa barre à l'échelle de ses voisines, et chaque exercice."""

    enveloppe: Enveloppe
    chiffres: Chiffres
    barre: Barre
    exercices: list[tuple[str, Chiffres]]


@dataclass(frozen=True)
class RangeeExercice:
    exercice: str
    chiffres: Chiffres
    recu: Decimal


@dataclass(frozen=True)
class Bilan:
    """Ce que la page d'une entente montre; `confie` est nul quand personne ne l'a publié."""

    confie: Decimal | None
    recu: Decimal
    total: Chiffres
    administration: Chiffres
    enveloppes: list[RangeeEnveloppe]
    exercices: list[RangeeExercice]

    @property
    def a_repartir(self) -> Decimal | None:
        return None if self.confie is None else self.confie - self.total.dotation

    @property
    def a_recevoir(self) -> Decimal | None:
        return None if self.confie is None else self.confie - self.recu


def bilan_entente(entente: Entente) -> Bilan:
    """Trois requêtes, quel que soit le nombre de projets : enveloppes, mouvements groupés, tranches reçues."""
    enveloppes = list(entente.enveloppes.select_related("territoire").order_by("ordre", "code"))
    groupes = {
        (rangee["enveloppe"], rangee["exercice"]): Chiffres(*(rangee[famille] for famille in FAMILLES))
        for rangee in Mouvement.objects.filter(entente=entente)
        .order_by()
        .values("enveloppe", "exercice")
        .annotate(**{famille: somme(famille) for famille in FAMILLES})
    }
    recus = dict(
        entente.tranches.filter(recue__isnull=False)
        .order_by()
        .values("exercice")
        .annotate(total=Sum("recue"))
        .values_list("exercice", "total")
    )
    exercices = sorted({*exercices_entre(entente.debut, entente.fin), *(e for _c, e in groupes), *recus})
    rangees = _rangees(enveloppes, groupes, exercices)
    return Bilan(
        confie=entente.montant,
        recu=sum(recus.values(), ZERO),
        total=totaliser(r.chiffres for r in rangees),
        administration=totaliser(r.chiffres for r in rangees if r.enveloppe.nature == "administration"),
        enveloppes=rangees,
        exercices=[
            RangeeExercice(
                exercice,
                totaliser(groupes.get((e.pk, exercice), Chiffres()) for e in enveloppes),
                recus.get(exercice, ZERO),
            )
            for exercice in exercices
        ],
    )


def _rangees(
    enveloppes: list[Enveloppe], groupes: dict[tuple[int, str], Chiffres], exercices: list[str]
) -> list[RangeeEnveloppe]:
    echelle = max((e.dotation for e in enveloppes), default=None)
    return [
        RangeeEnveloppe(
            enveloppe,
            chiffres_de(enveloppe),
            barre_enveloppe(
                dotation=enveloppe.dotation, engage=enveloppe.engage, verse=enveloppe.verse, echelle=echelle
            ),
            [(exercice, groupes.get((enveloppe.pk, exercice), Chiffres())) for exercice in exercices],
        )
        for enveloppe in enveloppes
    ]


def bilan_enveloppe(enveloppe: Enveloppe) -> RangeeEnveloppe:
    """Une enveloppe, ses soldes, et chaque exercice (une requête)."""
    groupes = {
        (enveloppe.pk, rangee["exercice"]): Chiffres(*(rangee[famille] for famille in FAMILLES))
        for rangee in Mouvement.objects.filter(enveloppe=enveloppe)
        .order_by("exercice")
        .values("exercice")
        .annotate(**{famille: somme(famille) for famille in FAMILLES})
    }
    return _rangees([enveloppe], groupes, [exercice for _cle, exercice in groupes])[0]
