"""Conflits d'intérêts détectés : ce que le portail sait déjà d'une personne du comité et d'un organisme (R25).

Certain, il empêche de confier la demande; possible, il avertit la coordination, qui demande à la personne.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from alliances.models import MembreComite
from comptes.models import Adhesion, Utilisateur
from projets.enums import LienOrganisme
from projets.models import DeclarationInteret, Depot, Projet
from socle.formats import jour_local, sans_accents

NOM_MIN = 6  # un nom plus court se trouverait par hasard dans un texte


@dataclass(frozen=True)
class Conflit:
    """Une raison, et si elle suffit à empêcher."""

    certain: bool
    raison: str


Conflits = dict[tuple[int, int], list[Conflit]]


def conflits_detectes(projets: Iterable[Projet], personnes: Iterable[Utilisateur], instant: datetime) -> Conflits:
    """(projet, personne) → ce qui les lie; en un nombre fixe de requêtes, `organisme` et `entente` chargés."""
    projets, personnes = list(projets), list(personnes)
    connu = _Connu(projets, personnes, instant)
    trouves: Conflits = defaultdict(list)
    for projet in projets:
        for personne in personnes:
            if lies := list(connu.entre(projet, personne)):
                trouves[projet.pk, personne.pk] = lies
    return dict(trouves)


def conflits_certains(projet: Projet, personnes: Iterable[Utilisateur], instant: datetime) -> dict[int, str]:
    """Personne → la raison qui empêche de lui confier la demande."""
    detectes = conflits_detectes([projet], personnes, instant)
    return {
        personne: next(c.raison for c in liste if c.certain)
        for (_projet, personne), liste in detectes.items()
        if any(c.certain for c in liste)
    }


class _Connu:
    """Ce qu'on lit une fois pour toutes les paires."""

    def __init__(self, projets: list[Projet], personnes: list[Utilisateur], instant: datetime) -> None:
        cles = [personne.pk for personne in personnes]
        self.adhesions: dict[int, list[Adhesion]] = defaultdict(list)
        for adhesion in Adhesion.objects.filter(utilisateur__in=cles).select_related("organisme"):
            self.adhesions[adhesion.utilisateur_id].append(adhesion)
        self.declares: dict[int, list[DeclarationInteret]] = defaultdict(list)
        for declaration in DeclarationInteret.objects.filter(
            utilisateur__in=cles, lien=LienOrganisme.CONFLIT
        ).select_related("projet"):
            self.declares[declaration.utilisateur_id].append(declaration)
        self.representes: dict[int, set[str]] = defaultdict(set)
        for utilisateur, represente in (
            MembreComite.objects.en_vigueur(jour_local(instant))
            .filter(utilisateur__in=cles)
            .exclude(represente="")
            .values_list("utilisateur_id", "represente")
        ):
            self.representes[utilisateur].add(represente)
        self.deposants: dict[int, set[int]] = defaultdict(set)
        for projet_id, deposant in Depot.objects.filter(projet__in=[p.pk for p in projets]).values_list(
            "projet_id", "deposant_id"
        ):
            self.deposants[projet_id].add(deposant)

    def entre(self, projet: Projet, personne: Utilisateur) -> Iterable[Conflit]:
        for adhesion in self.adhesions[personne.pk]:
            if adhesion.organisme_id == projet.organisme_id:
                present = adhesion.retiree_le is None
                yield Conflit(
                    present,
                    _("est membre de l’organisme évalué") if present else _("a été membre de l’organisme évalué"),
                )
        if personne.pk in self.deposants[projet.pk] or personne.pk == projet.cree_par_id:
            yield Conflit(True, _("a écrit ou déposé cette demande"))
        for declaration in self.declares[personne.pk]:
            if declaration.projet_id == projet.pk:
                yield Conflit(True, _("s’est déjà retirée de ce dossier"))
            elif declaration.projet.organisme_id == projet.organisme_id:
                yield Conflit(False, _("a déclaré un lien avec cet organisme dans un autre dossier"))
        yield from self._par_les_noms(projet, personne)

    def _par_les_noms(self, projet: Projet, personne: Utilisateur) -> Iterable[Conflit]:
        """L'organisation qu'elle représente, ou dont elle est membre, est l'organisme, ou un partenaire que la demande cite."""
        organisme = _comparable(projet.organisme.nom)
        cites = _comparable(projet.partenaires)
        for nom in self.representes[personne.pk]:
            if _comparable(nom) == organisme:
                yield Conflit(True, _("représente l’organisme évalué au comité"))
            elif _cite(nom, cites):
                yield Conflit(False, _("représente « {nom} », partenaire que la demande cite").format(nom=nom))
        for adhesion in self.adhesions[personne.pk]:
            autre = adhesion.organisme.nom
            if adhesion.organisme_id != projet.organisme_id and _cite(autre, cites):
                yield Conflit(False, _("est liée à « {nom} », partenaire que la demande cite").format(nom=autre))


def _comparable(texte: Any) -> str:
    return " ".join(sans_accents(str(texte)).lower().replace("’", "'").split())


def _cite(nom: str, cites: str) -> bool:
    return len(nom) >= NOM_MIN and _comparable(nom) in cites
