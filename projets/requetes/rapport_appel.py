"""Le rapport d'un appel : reçues, admissibles, accordées, par territoire, priorité et zone (R55), et les délais (R23).

Une seule requête lit les demandes de la portée; tout le reste s'en compte, donc les totaux et leurs parts ne se contredisent pas.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from alliances.regles.ententes import part, part_en_zone
from appels.models import Appel
from projets.enums import ADMISES, EtatProjet
from projets.models import Projet
from socle.argent import ZERO
from socle.formats import jour_local

AUCUNE = "aucun"


@dataclass
class Ligne:
    """Un sous-ensemble des demandes : combien, combien demandé, combien accordé; `filtre` mène à ses demandes."""

    nom: str
    filtre: Mapping[str, Any]
    recues: int = 0
    admissibles: int = 0
    accordees: int = 0
    demande: Decimal = ZERO
    accorde: Decimal = ZERO

    def ajouter(self, rangee: Mapping[str, Any]) -> None:
        self.recues += 1
        self.admissibles += rangee["etat"] in ADMISES
        self.accordees += rangee["etat"] == EtatProjet.ACCEPTE
        self.demande += rangee["montant_demande"] or ZERO
        self.accorde += _accorde(rangee)

    @property
    def taux(self) -> Decimal | None:
        """Part des demandes reçues qui sont accordées."""
        return part(Decimal(self.accordees), Decimal(self.recues))

    @property
    def url(self) -> str:
        return self._vers()

    @property
    def url_admissibles(self) -> str:
        return self._vers(etape="admissibles")

    @property
    def url_accordees(self) -> str:
        return self._vers(etape="accordees")

    def _vers(self, **etape: str) -> str:
        return f"{reverse('admin:projets_projet_changelist')}?{urlencode({**self.filtre, **etape})}"


@dataclass(frozen=True)
class Delais:
    """Jours du dépôt à la décision, dans le fuseau de l'appel : médiane et étendue (R23)."""

    jours: tuple[int, ...]
    hors_delai: int

    @property
    def mediane(self) -> Decimal | None:
        return Decimal(str(median(self.jours))) if self.jours else None

    @property
    def minimum(self) -> int | None:
        return min(self.jours, default=None)

    @property
    def maximum(self) -> int | None:
        return max(self.jours, default=None)


@dataclass(frozen=True)
class Coupe:
    """Les demandes selon une question : un titre, ses lignes."""

    titre: str
    entete: str
    lignes: list[Ligne]


@dataclass(frozen=True)
class RapportAppel:
    """Le total, les coupes, les délais, la part en zone."""

    total: Ligne
    coupes: list[Coupe] = field(default_factory=list)
    delais: Delais = Delais((), 0)
    en_zone: Decimal | None = None
    url_decidees: str = ""


CHAMPS = (
    *("etat", "montant_demande", "zone_visee", "depose_le", "decide_le", "decision__montant"),
    *("enveloppe_id", "enveloppe__libelle", "enveloppe__ordre", "priorite_id", "priorite__libelle", "priorite__ordre"),
)


def rapport_de_l_appel(appel: Appel, projets: QuerySet[Projet]) -> RapportAppel:
    """Le rapport des demandes de `projets` déposées à l'appel (une requête)."""
    rangees = list(
        Projet.objects.filter(pk__in=projets.order_by().values("pk"), appel=appel, depose_le__isnull=False)
        .order_by("enveloppe__ordre", "numero")
        .values(*CHAMPS)
    )
    base = {"appel__id__exact": appel.pk}
    total = Ligne(str(_("Total")), base)
    for rangee in rangees:
        total.ajouter(rangee)
    return RapportAppel(
        total,
        [
            Coupe(_("Par territoire"), _("Territoire"), _par(rangees, base, "enveloppe", "enveloppe__id__exact")),
            Coupe(_("Par priorité"), _("Priorité"), _par(rangees, base, "priorite", "priorite")),
            Coupe(_("Par zone"), _("Zone"), _par_zone(rangees, base)),
        ],
        _delais(appel, rangees),
        part_en_zone((_accorde(r), bool(r["zone_visee"])) for r in rangees),
        total._vers(etape="decidees"),
    )


def _accorde(rangee: Mapping[str, Any]) -> Decimal:
    return (rangee["decision__montant"] or ZERO) if rangee["etat"] == EtatProjet.ACCEPTE else ZERO


def _par(rangees: Iterable[Mapping[str, Any]], base: Mapping[str, Any], champ: str, filtre: str) -> list[Ligne]:
    lignes: dict[Any, tuple[int, Ligne]] = {}
    for rangee in rangees:
        cle = rangee[f"{champ}_id"]
        if cle not in lignes:
            nom = str(rangee[f"{champ}__libelle"] or _("Non précisé"))
            ordre = rangee[f"{champ}__ordre"]
            neuve = Ligne(nom, {**base, filtre: AUCUNE if cle is None else cle})
            lignes[cle] = (10_000 if ordre is None else ordre, neuve)
        lignes[cle][1].ajouter(rangee)
    return [ligne for _ordre, ligne in sorted(lignes.values(), key=lambda paire: paire[0])]


def _par_zone(rangees: Iterable[Mapping[str, Any]], base: Mapping[str, Any]) -> list[Ligne]:
    """Deux lignes, toujours : dans une zone, ailleurs (« je ne sais pas » compris)."""
    dedans = Ligne(_("Dans une zone où se concentre la pauvreté"), {**base, "zone": "oui"})
    ailleurs = Ligne(_("Ailleurs, ou non précisé"), {**base, "zone": "non"})
    for rangee in rangees:
        (dedans if rangee["zone_visee"] else ailleurs).ajouter(rangee)
    return [dedans, ailleurs]


def _delais(appel: Appel, rangees: Iterable[Mapping[str, Any]]) -> Delais:
    decidees = [
        (jour_local(r["depose_le"], appel.fuseau), jour_local(r["decide_le"], appel.fuseau))
        for r in rangees
        if r["decide_le"] is not None
    ]
    visee = appel.reponse_visee
    return Delais(
        tuple((fin - debut).days for debut, fin in decidees),
        sum(fin > visee for _debut, fin in decidees) if visee else 0,
    )
