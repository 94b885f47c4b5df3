"""Lectures du ministère : une ligne par entente et par exercice, dans l'ordre du risque."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum

from alliances.models import Entente
from reddition.enums import EtatReddition
from reddition.models import LigneReddition, Reddition
from socle.exercices import bornes, exercice_de

RISQUE = {None: 0, EtatReddition.RENVOYEE: 1, EtatReddition.DEPOSEE: 2, EtatReddition.ACCEPTEE: 3}


@dataclass(frozen=True)
class RangeeEntente:
    """Une entente pour un exercice : sa reddition (ou son absence) et ses totaux."""

    entente: Entente
    reddition: Reddition | None
    dotation: Decimal | None
    engage: Decimal | None
    verse: Decimal | None
    en_retard: bool

    @property
    def taux_engage(self) -> Decimal | None:
        return self.engage / self.dotation if self.dotation else None

    @property
    def taux_verse(self) -> Decimal | None:
        return self.verse / self.dotation if self.dotation else None


def rangees(utilisateur, exercice: str, aujourd_hui: date) -> list[RangeeEntente]:
    """Les ententes de la portée qui couvrent l'exercice, les manquantes et renvoyées d'abord (deux requêtes)."""
    premier, dernier = bornes(exercice)
    ententes = (
        Entente.objects.visibles_pour(utilisateur)
        .filter(debut__lte=dernier, fin__gte=premier)
        .select_related("mandataire", "cycle")
        .annotate(
            dotation_totale=Sum("enveloppes__dotation"),
            engage_total=Sum("enveloppes__engage"),
            verse_total=Sum("enveloppes__verse"),
        )
    )
    dernieres: dict[int, Reddition] = {}
    for reddition in (
        Reddition.objects.visibles_pour(utilisateur)
        .filter(exercice=exercice)
        .select_related("entente")
        .order_by("version")
    ):
        dernieres[reddition.entente_id] = reddition
    du_le = date(dernier.year, 6, 30)
    lignes = [
        RangeeEntente(
            e,
            dernieres.get(e.pk),
            e.dotation_totale,
            e.engage_total,
            e.verse_total,
            en_retard=dernieres.get(e.pk) is None and bool(e.dotation_totale) and aujourd_hui > du_le,
        )
        for e in ententes
    ]
    return sorted(
        lignes,
        key=lambda r: (
            not r.en_retard,
            RISQUE.get(r.reddition.etat if r.reddition else None, 1) if r.dotation else 9,
            r.entente.code,
        ),
    )


def exercices_connus(aujourd_hui: date) -> list[str]:
    """Du premier exercice de 2017 à celui qui court, le plus récent d'abord."""
    courant = int(exercice_de(aujourd_hui)[:4])
    return [f"{annee}-{annee + 1}" for annee in range(courant, 2016, -1)]


def lignes_de(
    reddition: Reddition, *, enveloppe: str = "", priorite: str = "", nouveaux: bool = False
) -> QuerySet[LigneReddition]:
    """Les projets d'un chiffre : toute la reddition, une enveloppe, une priorité, ou les seuls projets nouveaux."""
    lignes = reddition.lignes.select_related("enveloppe", "projet").order_by("numero")
    if nouveaux:
        lignes = lignes.filter(nouveau=True)
    if enveloppe:
        lignes = lignes.filter(enveloppe__libelle=enveloppe)
    return lignes.filter(priorite=priorite) if priorite else lignes
