"""La séance tenue : qui y est appelé, qui vote, et le quorum de chaque dossier, retraits déduits (R25)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from alliances.enums import EtatSiege, TypeComite
from alliances.models import Comite
from comite.enums import EtatPresence
from comite.models import Presence, RetraitSeance, Seance
from comite.regles.quorum import comptent_au_quorum, quorum_atteint, votent
from projets.conflits import conflits_detectes
from projets.enums import LienOrganisme
from projets.models import DeclarationInteret, Projet
from projets.services.evaluations import comite_du_jour
from socle.formats import jour_local


@dataclass(frozen=True)
class Appele:
    """Une rangée de la feuille de présence, déjà inscrite ou non."""

    cle: str
    nom: str
    vote: bool
    membre_id: int | None = None
    rang_siege: int | None = None
    utilisateur_id: int | None = None
    etat: str = ""


@dataclass(frozen=True)
class QuorumDossier:
    """Qui vote et qui compte sur un dossier; `retires` : les présences qui s'en retirent."""

    votent: int
    comptent: int
    atteint: bool
    retires: tuple[Presence, ...]


@dataclass(frozen=True)
class Tenue:
    """Les présences d'une séance et son quorum; `requis` nul quand le comité n'en a pas fixé."""

    presences: list[Presence]
    requis: int | None
    hors_quorum: bool

    @property
    def presents(self) -> list[Presence]:
        return [p for p in self.presences if p.etat == EtatPresence.PRESENT]

    @property
    def absents(self) -> list[Presence]:
        return [p for p in self.presences if p.etat == EtatPresence.ABSENT]

    @property
    def votants(self) -> frozenset[int]:
        return frozenset(p.pk for p in self.presents if p.vote)

    @property
    def atteint(self) -> bool:
        return quorum_atteint(self.votants, self.requis)

    def dossier(self, retires: frozenset[int]) -> QuorumDossier:
        """Le quorum d'un dossier dont ces présences se retirent (R25)."""
        comptent = comptent_au_quorum(self.votants, retires, retrait_hors_quorum=self.hors_quorum)
        return QuorumDossier(
            len(votent(self.votants, retires)),
            len(comptent),
            quorum_atteint(comptent, self.requis),
            tuple(p for p in self.presences if p.pk in retires),
        )


def comite_de(seance: Seance) -> Comite | None:
    """Le comité d'analyse de la séance : celui de son territoire, sinon celui de l'entente."""
    jour = jour_local(seance.debut, seance.appel.fuseau)
    comites = (
        Comite.objects.en_vigueur(jour)
        .filter(entente=seance.entente_id, type=TypeComite.ANALYSE)
        .filter(Q(territoire__isnull=True) | Q(territoire=seance.territoire_id))
    )
    return max(comites, key=lambda c: (c.territoire_id is not None, c.depuis), default=None)


def appeles(seance: Seance) -> list[Appele]:
    """La feuille de présence : les membres du comité d'analyse, ses sièges pourvus, les personnes qui évaluent, par nom.

    Ce qui est déjà inscrit garde son nom et son droit de vote, même si le comité a changé depuis.
    """
    jour = jour_local(seance.debut, seance.appel.fuseau)
    inscrites = list(seance.presences.all())
    feuille = {_cle(p.membre_id, p.rang_siege, p.utilisateur_id): p for p in inscrites}
    rangees = {
        cle: Appele(cle, p.nom, p.vote, p.membre_id, p.rang_siege, p.utilisateur_id, p.etat)
        for cle, p in feuille.items()
    }
    comptes = {p.utilisateur_id for p in inscrites if p.utilisateur_id}
    comite = comite_de(seance)
    if comite is not None:
        for membre in comite.membres.en_vigueur(jour):
            if membre.utilisateur_id not in comptes or membre.utilisateur_id is None:
                cle = _cle(membre.pk, None, None)
                rangees.setdefault(
                    cle, Appele(cle, membre.nom, membre.vote, membre.pk, utilisateur_id=membre.utilisateur_id)
                )
                comptes.add(membre.utilisateur_id)
        for siege in comite.sieges.filter(etat=EtatSiege.POURVU):
            cle = _cle(None, siege.rang, None)
            nom = _("Siège de personne experte de vécu, {n}").format(n=siege.rang)
            rangees.setdefault(cle, Appele(cle, nom, vote=True, rang_siege=siege.rang))
    for personne in comite_du_jour(seance.entente.mandataire, seance.debut):
        if personne.pk not in comptes:
            cle = _cle(None, None, personne.pk)
            rangees.setdefault(cle, Appele(cle, str(personne), vote=True, utilisateur_id=personne.pk))
    return sorted(rangees.values(), key=lambda a: (a.nom, a.cle))


def _cle(membre: int | None, siege: int | None, utilisateur: int | None) -> str:
    if membre is not None:
        return f"m{membre}"
    return f"s{siege}" if siege is not None else f"u{utilisateur}"


def tenue_de(seance: Seance) -> Tenue:
    """Les présences, et le quorum figé à l'ouverture; avant, celui que le comité a fixé."""
    requis = seance.quorum
    if seance.ouverte_le is None:
        comite = comite_de(seance)
        requis = comite.quorum if comite else None
    presences = list(seance.presences.select_related("utilisateur"))
    return Tenue(presences, requis, seance.appel.retrait_hors_quorum)


def quorums(
    seance: Seance,
    tenue: Tenue,
    projets: Sequence[Projet],
    *,
    declares: Iterable[tuple[int, int]] | None = None,
    detecter: bool = True,
) -> dict[int, QuorumDossier]:
    """Projet → son quorum. Trois origines d'un retrait : inscrit en séance, déclaré, ou conflit certain (R25).

    `declares` : (projet, personne) déjà lus. Sans `detecter`, les conflits certains sont ceux inscrits à l'ouverture.
    """
    retires: dict[int, set[int]] = defaultdict(set)
    for projet, presence in RetraitSeance.objects.filter(seance=seance).values_list("projet_id", "presence_id"):
        retires[projet].add(presence)
    par_compte = {p.utilisateur_id: p.pk for p in tenue.presences if p.utilisateur_id}
    for projet, utilisateur in interets_declares(projets, par_compte) if declares is None else declares:
        if utilisateur in par_compte:
            retires[projet].add(par_compte[utilisateur])
    for projet, presence in conflits_certains(seance, tenue, projets) if detecter else ():
        retires[projet].add(presence)
    return {projet.pk: tenue.dossier(frozenset(retires[projet.pk])) for projet in projets}


def interets_declares(projets: Iterable[Projet], personnes: Iterable[int]) -> list[tuple[int, int]]:
    """(projet, personne) de chaque intérêt déclaré (R25)."""
    declares = DeclarationInteret.objects.filter(
        projet__in=[projet.pk for projet in projets], utilisateur__in=list(personnes), lien=LienOrganisme.CONFLIT
    )
    return list(declares.values_list("projet_id", "utilisateur_id"))


def conflits_certains(seance: Seance, tenue: Tenue, projets: Iterable[Projet]) -> set[tuple[int, int]]:
    """(projet, présence) que le portail sait liés, même si personne ne l'a dit (R25)."""
    comptes: dict[int, Any] = {p.utilisateur_id: p for p in tenue.presences if p.utilisateur_id}
    detectes = conflits_detectes(projets, [p.utilisateur for p in comptes.values()], seance.debut)
    return {
        (projet, comptes[personne].pk)
        for (projet, personne), conflits in detectes.items()
        if any(conflit.certain for conflit in conflits)
    }
