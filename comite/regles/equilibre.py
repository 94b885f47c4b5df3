"""Partager les demandes entre les membres : territoire, charge, conflits. Pur et déterministe : même entrée, même partage."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

PRIME_TERRITOIRE = 2  # connaître le territoire vaut d'avoir jusqu'à deux demandes de plus que les autres


@dataclass(frozen=True)
class Membre:
    """Une personne du comité; `charge` : ses évaluations encore ouvertes; sans territoire, elle les connaît tous également."""

    cle: int
    nom: str
    charge: int = 0
    territoires: frozenset[int] = frozenset()


@dataclass(frozen=True)
class AConfier:
    """Une demande; `deja` : qui l'a en main; `exclus` : personne → raison certaine; `douteux` : personne → raison à vérifier."""

    cle: int
    territoire: int | None = None
    deja: frozenset[int] = frozenset()
    exclus: Mapping[int, str] = field(default_factory=dict)
    douteux: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Saut:
    """Une personne à qui la demande ne se confie pas, et pourquoi."""

    demande: int
    membre: int
    raison: str


@dataclass(frozen=True)
class Partage:
    """Ce qui se confierait : (demande, membre); ce qui se saute; ce qui manque : demande → personnes de moins que voulu."""

    choix: tuple[tuple[int, int], ...]
    sauts: tuple[Saut, ...]
    manques: Mapping[int, int]
    charges: Mapping[int, int]


def equilibrer(demandes: Iterable[AConfier], membres: Sequence[Membre], par_demande: int) -> Partage:
    """Complète chaque demande à `par_demande` personnes, les plus difficiles à placer d'abord.

    Un conflit certain exclut; un conflit possible aussi, sans le confondre : la coordination vérifie, puis confie à la main.
    """
    charges = {membre.cle: membre.charge for membre in membres}
    demandes = list(demandes)
    sauts = [
        Saut(demande.cle, membre.cle, raison)
        for demande in demandes
        for membre in membres
        if membre.cle not in demande.deja and (raison := _raison(demande, membre))
    ]
    choix: list[tuple[int, int]] = []
    manques: dict[int, int] = {}
    for demande in sorted(demandes, key=lambda d: (len(_libres(d, membres)), d.cle)):
        voulus = max(0, par_demande - len(demande.deja))
        libres = _libres(demande, membres)
        connu = any(demande.territoire in m.territoires for m in membres if m.cle in demande.deja)
        pris = 0
        while pris < voulus and libres:
            choisi = min(libres, key=lambda m: (_poids(m, demande, charges, connu), m.nom, m.cle))
            libres.remove(choisi)
            charges[choisi.cle] += 1
            connu = connu or demande.territoire in choisi.territoires
            choix.append((demande.cle, choisi.cle))
            pris += 1
        if pris < voulus:
            manques[demande.cle] = voulus - pris
    return Partage(tuple(sorted(choix)), tuple(sauts), manques, charges)


def _raison(demande: AConfier, membre: Membre) -> str:
    return demande.exclus.get(membre.cle) or demande.douteux.get(membre.cle) or ""


def _libres(demande: AConfier, membres: Sequence[Membre]) -> list[Membre]:
    return [m for m in membres if m.cle not in demande.deja and not _raison(demande, m)]


def _poids(membre: Membre, demande: AConfier, charges: Mapping[int, int], connu: bool) -> int:
    """La charge; tant que personne ne connaît le territoire, qui le connaît passe devant à deux demandes près."""
    connait = demande.territoire is not None and demande.territoire in membre.territoires
    return charges[membre.cle] - (PRIME_TERRITOIRE if connait and not connu else 0)
