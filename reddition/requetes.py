"""Lectures du ministère : une ligne par entente et par exercice, dans l'ordre du risque."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.db.models import Prefetch, Q, QuerySet, Sum

from alliances.models import Entente, MontantPublie
from reddition.enums import EtatReddition
from reddition.models import LigneReddition, Production, Reddition
from socle.argent import ZERO
from socle.exercices import bornes, exercice_de
from socle.graphiques import Barre, barre_enveloppe

RISQUE: dict[str | None, int] = {
    None: 0,
    EtatReddition.RENVOYEE: 1,
    EtatReddition.DEPOSEE: 2,
    EtatReddition.ACCEPTEE: 3,
}


@dataclass(frozen=True)
class RangeeEntente:
    """Une entente pour un exercice : sa reddition (ou son absence) et ses totaux."""

    entente: Entente
    reddition: Reddition | None
    dotation: Decimal | None
    engage: Decimal | None
    verse: Decimal | None
    en_retard: bool
    barre: Barre

    @property
    def levier(self) -> Decimal | None:
        """Levier figé de la dernière reddition déposée."""
        valeur = self.reddition.chiffres.get("total", {}).get("levier") if self.reddition else None
        return Decimal(valeur) if valeur else None

    @property
    def fichiers(self) -> list[Production]:
        """Les documents prêts de cette reddition."""
        return [p for p in self.reddition.productions.all() if p.fichier] if self.reddition else []

    @property
    def taux_engage(self) -> Decimal | None:
        return self.engage / self.dotation if self.engage is not None and self.dotation else None

    @property
    def taux_verse(self) -> Decimal | None:
        return self.verse / self.dotation if self.verse is not None and self.dotation else None


def rangees(utilisateur, exercice: str, aujourd_hui: date) -> list[RangeeEntente]:
    """Les ententes de la portée qui couvrent l'exercice, les manquantes et renvoyées d'abord (trois requêtes)."""
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
        .prefetch_related(Prefetch("productions", Production.objects.select_related("fichier").order_by("genre")))
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
            barre=barre_enveloppe(
                dotation=e.dotation_totale or ZERO, engage=e.engage_total or ZERO, verse=e.verse_total or ZERO
            ),
        )
        for e in cast("Iterable[Any]", ententes)
    ]
    return sorted(
        lignes,
        key=lambda r: (
            not r.en_retard,
            RISQUE.get(r.reddition.etat if r.reddition else None, 1) if r.dotation else 9,
            r.entente.code,
        ),
    )


def totaux_publies(exercice: str) -> QuerySet[MontantPublie]:
    """Les totaux de la source du cycle de l'exercice, gardés tels quels : imprimés et recalculés (écart de 1 $)."""
    premier, dernier = bornes(exercice)
    return (
        MontantPublie.objects.filter(cycle__debut__lte=premier, cycle__fin__gte=dernier)
        .exclude(nature="ligne")
        .order_by("rang")
    )


def exercices_connus(aujourd_hui: date) -> list[str]:
    """Du premier exercice de 2017 à celui qui court, le plus récent d'abord."""
    courant = int(exercice_de(aujourd_hui)[:4])
    return [f"{annee}-{annee + 1}" for annee in range(courant, 2016, -1)]


CHIFFRES = {
    "nouveaux": Q(nouveau=True),
    "accorde": ~Q(accorde_exercice=0),
    "verse": ~Q(verse_exercice=0),
    "partenaires": ~Q(partenaires_argent=0) | ~Q(partenaires_nature=0),
    "personnes": Q(personnes__gt=0),
}


def lignes_de(
    reddition: Reddition, *, enveloppe: str = "", priorite: str = "", chiffre: str = ""
) -> QuerySet[LigneReddition]:
    """Les lignes qui composent un chiffre : toute la reddition, une enveloppe ou une priorité; sans celles qui n'y ajoutent rien."""
    lignes = reddition.lignes.select_related("enveloppe", "projet").order_by("numero", "enveloppe__ordre")
    if enveloppe:
        lignes = lignes.filter(enveloppe__libelle=enveloppe)
    if priorite:
        lignes = lignes.filter(priorite=priorite)
    return lignes.filter(CHIFFRES[chiffre]) if chiffre in CHIFFRES else lignes
