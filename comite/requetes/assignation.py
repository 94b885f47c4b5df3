"""Qui pourrait recevoir quoi : le partage équilibré d'un appel, avec ses raisons, et les remplaçants d'un dossier."""

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from alliances.models import Affectation, MembreComite
from appels.models import Appel
from comite.regles.equilibre import AConfier, Membre, Partage, equilibrer
from comptes.enums import Role
from comptes.models import Utilisateur
from projets.conflits import Conflits, conflits_detectes
from projets.enums import EVALUATIONS_OUVERTES, EtatEvaluation, EtatProjet
from projets.models import Evaluation, Projet
from projets.services.evaluations import comite_du_jour
from socle.formats import jour_local

A_CONFIER = (EtatProjet.ADMISSIBLE, EtatProjet.EN_EVALUATION)


@dataclass(frozen=True)
class LigneProposee:
    """Une demande de l'aperçu : qui l'a, qui la recevrait, qui est sauté et pourquoi, combien manquent."""

    projet: Projet
    deja: list[Utilisateur]
    recevront: list[Utilisateur]
    sauts: list[tuple[Utilisateur, str]]
    manque: int


@dataclass(frozen=True)
class LigneCharge:
    """Un membre de l'aperçu : ses dossiers ouverts avant, et après."""

    membre: Utilisateur
    avant: int
    apres: int


@dataclass(frozen=True)
class Apercu:
    """Le partage proposé, lisible; `signature` : ce qu'on a relu, pour que confirmer applique cela, ou refuse."""

    lignes: list[LigneProposee]
    charges: list[LigneCharge]
    signature: str

    @property
    def total(self) -> int:
        return sum(len(ligne.recevront) for ligne in self.lignes)


def projets_a_confier(appel: Appel) -> list[Projet]:
    """Les demandes que le comité peut recevoir, par numéro."""
    return list(
        Projet.objects.filter(appel=appel, etat__in=A_CONFIER)
        .select_related("organisme", "enveloppe__territoire", "entente__mandataire", "appel")
        .prefetch_related("appel__phases_comite")
        .order_by("numero")
    )


def territoires_connus(personnes: list[Utilisateur], instant: datetime) -> dict[int, frozenset[int]]:
    """Personne → territoires qu'elle représente au comité, ou auxquels elle est affectée."""
    cles, jour = [p.pk for p in personnes], jour_local(instant)
    connus: dict[int, set[int]] = defaultdict(set)
    for source in (
        MembreComite.objects.en_vigueur(jour).filter(utilisateur__in=cles, territoire__isnull=False),
        Affectation.objects.en_vigueur(jour).filter(
            utilisateur__in=cles, role=Role.EVALUATION, territoire__isnull=False
        ),
    ):
        for personne, territoire in source.values_list("utilisateur_id", "territoire_id"):
            connus[personne].add(territoire)
    return {cle: frozenset(valeurs) for cle, valeurs in connus.items()}


def charges_ouvertes(personnes: list[Utilisateur]) -> Counter[int]:
    """Personne → évaluations qu'il lui reste à soumettre, tous appels."""
    return Counter(
        Evaluation.objects.filter(evaluateur__in=[p.pk for p in personnes], etat__in=EVALUATIONS_OUVERTES).values_list(
            "evaluateur_id", flat=True
        )
    )


def apercu_equilibre(appel: Appel, par_demande: int, instant: datetime) -> Apercu:
    """Le partage que donnerait l'équilibre, maintenant; en un nombre fixe de requêtes."""
    projets = projets_a_confier(appel)
    membres = comite_du_jour(appel.entente.mandataire, instant)
    conflits = conflits_detectes(projets, membres, instant)
    mains = _en_main(projets)
    partage = equilibrer(
        [_a_confier(projet, membres, conflits, mains[projet.pk]) for projet in projets],
        _membres(membres, instant),
        par_demande,
    )
    return _lisible(projets, membres, mains, partage)


def _membres(personnes: list[Utilisateur], instant: datetime) -> list[Membre]:
    charges, connus = charges_ouvertes(personnes), territoires_connus(personnes, instant)
    return [Membre(p.pk, str(p), charges[p.pk], connus.get(p.pk, frozenset())) for p in personnes]


def _en_main(projets: list[Projet]) -> dict[int, dict[int, str]]:
    """Projet → personne → état de son évaluation."""
    mains: dict[int, dict[int, str]] = defaultdict(dict)
    for projet, personne, etat in Evaluation.objects.filter(projet__in=projets).values_list(
        "projet_id", "evaluateur_id", "etat"
    ):
        mains[projet][personne] = etat
    return mains


def _a_confier(projet: Projet, membres: list[Utilisateur], conflits: Conflits, main: dict[int, str]) -> AConfier:
    exclus: dict[int, str] = {}
    douteux: dict[int, str] = {}
    for membre in membres:
        for conflit in conflits.get((projet.pk, membre.pk), ()):
            (exclus if conflit.certain else douteux).setdefault(membre.pk, conflit.raison)
        if main.get(membre.pk) == EtatEvaluation.RETIREE:
            exclus[membre.pk] = exclus.get(membre.pk) or str(EtatEvaluation.RETIREE.label)
        elif main.get(membre.pk) == EtatEvaluation.REMPLACEE:
            exclus.setdefault(membre.pk, str(EtatEvaluation.REMPLACEE.label))
    actives = frozenset(p for p, etat in main.items() if etat not in {"retiree", "remplacee"})
    territoire = projet.enveloppe.territoire_id if projet.enveloppe else None
    return AConfier(projet.pk, territoire, actives, exclus, douteux)


def _lisible(
    projets: list[Projet], membres: list[Utilisateur], mains: dict[int, dict[int, str]], partage: Partage
) -> Apercu:
    par_cle = {membre.pk: membre for membre in membres}
    recevront: dict[int, list[Utilisateur]] = defaultdict(list)
    for projet, personne in partage.choix:
        recevront[projet].append(par_cle[personne])
    sauts: dict[int, list[tuple[Utilisateur, str]]] = defaultdict(list)
    for saut in partage.sauts:
        sauts[saut.demande].append((par_cle[saut.membre], saut.raison))
    neufs = Counter(personne for _projet, personne in partage.choix)
    return Apercu(
        [
            LigneProposee(
                projet,
                [
                    par_cle[p]
                    for p, etat in mains[projet.pk].items()
                    if p in par_cle and etat not in {"retiree", "remplacee"}
                ],
                recevront[projet.pk],
                sauts[projet.pk],
                partage.manques.get(projet.pk, 0),
            )
            for projet in projets
        ],
        [LigneCharge(m, partage.charges[m.pk] - neufs[m.pk], partage.charges[m.pk]) for m in membres],
        hashlib.sha256(repr(partage.choix).encode()).hexdigest()[:16],
    )


@dataclass(frozen=True)
class Remplacant:
    """Une personne à qui la demande pourrait se confier : sa charge, son territoire, ce qui est à vérifier."""

    membre: Utilisateur
    charge: int
    connait: bool
    a_verifier: str


def remplacants(projet: Projet, instant: datetime) -> list[Remplacant]:
    """Les personnes possibles, la meilleure d'abord : sans doute, du territoire, la moins chargée."""
    main = _en_main([projet])[projet.pk]
    membres = [m for m in comite_du_jour(projet.entente.mandataire, instant) if m.pk not in main]
    conflits = conflits_detectes([projet], membres, instant)
    charges, connus = charges_ouvertes(membres), territoires_connus(membres, instant)
    territoire = projet.enveloppe.territoire_id if projet.enveloppe else None
    possibles = [
        Remplacant(
            m,
            charges[m.pk],
            territoire is not None and territoire in connus.get(m.pk, frozenset()),
            next((c.raison for c in conflits.get((projet.pk, m.pk), ())), ""),
        )
        for m in membres
        if not any(c.certain for c in conflits.get((projet.pk, m.pk), ()))
    ]
    return sorted(possibles, key=lambda r: (bool(r.a_verifier), not r.connait, r.charge, str(r.membre)))
