"""Décider : une résolution de l'instance, inscrite au grand livre par enveloppe et par exercice (R14, R18, R27)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from alliances.models import Enveloppe
from alliances.requetes.instances import instance_competente
from alliances.services import grand_livre
from comptes.models import Utilisateur
from projets.enums import EtatLettre, SensDecision
from projets.etats import PROJET
from projets.models import Decision, DecisionAnterieure, DecisionLigne, DecisionPreparee, Projet
from projets.services.budgets_revises import demander_budget_revise
from projets.services.lettres import rediger_lettre
from socle.argent import ZERO, arrondir
from socle.erreurs import Refus
from socle.exercices import exercices_entre
from socle.formats import date_longue
from socle.horloge import EST

ACTIONS = {
    SensDecision.ACCEPTER: "accepter",
    SensDecision.ATTENTE: "mettre_en_attente",
    SensDecision.REFUSER: "refuser",
}


@dataclass(frozen=True)
class Part:
    """Une part d'octroi : enveloppe, exercice, montant en dollars."""

    enveloppe: Enveloppe
    exercice: str
    montant: Decimal


@dataclass(frozen=True)
class Resolution:
    """Ce que l'instance a adopté, pour une demande : le sens, les parts, les mots."""

    sens: str
    numero: str
    adoptee_le: date
    parts: tuple[Part, ...]
    motif_public: str
    conditions: str

    @property
    def montant(self) -> Decimal:
        return sum((part.montant for part in self.parts), ZERO)

    def deja_consignee(self, decision: Decision) -> bool:
        """La même résolution, rejouée : même numéro, même date, même sens, mêmes parts."""
        inscrites = {(li.enveloppe_id, li.exercice, li.montant) for li in decision.lignes.all() if li.montant}
        return (decision.resolution, decision.adoptee_le, decision.sens) == (
            self.numero,
            self.adoptee_le,
            self.sens,
        ) and inscrites == {(p.enveloppe.pk, p.exercice, p.montant) for p in self.parts}


@transaction.atomic
def decider_projet(
    *,
    projet: Projet,
    sens: str,
    resolution: str,
    adoptee_le: date,
    parts: Sequence[Part],
    motif_public: str,
    auteur: Utilisateur,
    instant: datetime,
    conditions: str = "",
) -> Decision:
    """Consigne la résolution et, pour un octroi, engage chaque part au grand livre; rédige la lettre à relire.

    Refuse, sans rien écrire : montant au-delà du disponible (R14, le manque est dit au cent), part d'une autre entente,
    refus sans motif, résolution sans numéro ou datée du futur. Tout ou rien; la même résolution rejouée répond pareil.
    """
    adoptee = Resolution(sens, resolution.strip(), adoptee_le, tuple(parts), motif_public, conditions)
    _verifier(projet, adoptee, instant)
    projet, deja = _verrouiller(projet)
    if deja and adoptee.deja_consignee(deja):
        return deja
    return _consigner(projet, deja, adoptee, ACTIONS[SensDecision(sens)], auteur, instant)


@transaction.atomic
def reviser_decision(
    *,
    projet: Projet,
    sens: str,
    resolution: str,
    adoptee_le: date,
    parts: Sequence[Part],
    motif_public: str,
    auteur: Utilisateur,
    instant: datetime,
    conditions: str = "",
) -> Decision:
    """Une autre résolution révise la décision : l'ancienne se garde, le grand livre prend l'écart, une lettre neuve se relit.

    Refuse comme `decider_projet`; et une demande pas encore décidée, ou dont la convention est préparée (elle se modifie alors
    par avenant).
    """
    adoptee = Resolution(sens, resolution.strip(), adoptee_le, tuple(parts), motif_public, conditions)
    _verifier(projet, adoptee, instant)
    projet, deja = _verrouiller(projet)
    if deja is None:
        raise Refus(_("Cette demande n’a pas encore de décision à réviser."), code="etat")
    if adoptee.deja_consignee(deja):
        return deja
    if hasattr(projet, "convention"):
        raise Refus(
            _("La convention de ce projet est préparée : l’octroi ne se révise plus par décision, mais par avenant."),
            code="convention",
        )
    return _consigner(projet, deja, adoptee, f"reviser_{ACTIONS[SensDecision(sens)]}", auteur, instant)


def _verrouiller(projet: Projet) -> tuple[Projet, Decision | None]:
    """La demande verrouillée et sa décision, s'il y en a une : qui arrive en second lit ce que le premier a écrit."""
    rangee = (
        Projet.objects.select_for_update(of=("self",), no_key=True)
        .select_related("entente__mandataire", "enveloppe", "organisme", "appel")
        .get(pk=projet.pk)
    )
    deja = Decision.objects.prefetch_related("lignes__engagement", "lignes__enveloppe").filter(projet=rangee).first()
    return rangee, deja


def _consigner(
    projet: Projet, deja: Decision | None, adoptee: Resolution, action: str, auteur: Utilisateur, instant: datetime
) -> Decision:
    PROJET.appliquer(
        projet, action, auteur=auteur, instant=instant, verrouille=True, decide_le=instant, motif=adoptee.numero
    )
    if deja:
        _archiver(deja, instant)
    valeurs = {
        "entente": projet.entente,
        "sens": adoptee.sens,
        "resolution": adoptee.numero,
        "instance": instance_competente(
            projet.entente, projet.enveloppe.territoire_id if projet.enveloppe else None, adoptee.adoptee_le
        ),
        "adoptee_le": adoptee.adoptee_le,
        "montant": adoptee.montant,
        "conditions": adoptee.conditions,
        "motif_public": adoptee.motif_public,
        "consignee_par": auteur,
        "consignee_le": instant,
    }
    decision, _neuve = Decision.objects.update_or_create(projet=projet, defaults=valeurs)
    DecisionPreparee.objects.filter(projet=projet).delete()
    rediger_lettre(decision, projet)
    demander_budget_revise(projet, decision, instant)
    _inscrire(decision, projet, deja, adoptee, auteur, instant)
    return decision


def _archiver(decision: Decision, instant: datetime) -> None:
    """Garde la décision telle qu'elle était, parts et lettre comprises."""
    version = (decision.anterieures.aggregate(n=Max("version"))["n"] or 0) + 1
    lettre = getattr(decision, "lettre", None)
    champs = ("sens", "resolution", "instance", "adoptee_le", "montant", "conditions", "motif_public")
    DecisionAnterieure.objects.create(
        entente_id=decision.entente_id,
        decision=decision,
        version=version,
        parts=[
            {"enveloppe": li.enveloppe.code, "exercice": li.exercice, "montant": str(li.montant)}
            for li in decision.lignes.all()
            if li.montant
        ],
        lettre=lettre.fichier if lettre and lettre.etat == EtatLettre.ENVOYEE else None,
        consignee_par_id=decision.consignee_par_id,
        consignee_le=decision.consignee_le,
        revisee_le=instant,
        **{nom: getattr(decision, nom) for nom in champs},
    )


def _inscrire(
    decision: Decision,
    projet: Projet,
    deja: Decision | None,
    adoptee: Resolution,
    auteur: Utilisateur,
    instant: datetime,
) -> None:
    """Le grand livre prend l'écart entre les parts d'avant et celles-ci, dans l'ordre des comptes : jamais d'interblocage.

    Ce qui se rend passe d'abord : une part déplacée dans la même enveloppe n'a besoin de rien de plus.
    """
    avant = {(li.enveloppe_id, li.exercice): li for li in (deja.lignes.all() if deja else ())}
    voulues = {(part.enveloppe.pk, part.exercice): part for part in adoptee.parts}
    suite = (projet.numero, instant.isoformat())
    gestes: dict[str, Any] = {"auteur": auteur, "instant": instant, "motif": adoptee.numero}
    for compte in sorted(avant):
        ligne, part = avant[compte], voulues.get(compte)
        ecart = (part.montant if part else ZERO) - ligne.montant
        if ecart < 0:
            cle = f"revision:{suite[0]}:{ligne.enveloppe.code}:{ligne.exercice}:{suite[1]}"
            grand_livre.degager(ligne.engagement, -ecart, exercice=ligne.exercice, cle=cle, **gestes)
    for compte in sorted(voulues):
        part, ancienne = voulues[compte], avant.get(compte)
        if ancienne is None:
            _engager(decision, projet, part, gestes)
        elif part.montant > ancienne.montant:
            cle = f"revision:{suite[0]}:{part.enveloppe.code}:{part.exercice}:{suite[1]}"
            grand_livre.augmenter(
                ancienne.engagement, part.montant - ancienne.montant, exercice=part.exercice, cle=cle, **gestes
            )
    for compte, ligne in avant.items():
        part = voulues.get(compte)
        DecisionLigne.objects.filter(pk=ligne.pk).update(montant=part.montant if part else ZERO)


def _engager(decision: Decision, projet: Projet, part: Part, gestes: dict[str, Any]) -> None:
    engagement = grand_livre.engager(
        part.enveloppe,
        part.montant,
        exercice=part.exercice,
        reference=projet.numero or "",
        cle=f"octroi:{projet.numero}:{part.enveloppe.code}:{part.exercice}",
        **gestes,
    )
    DecisionLigne.objects.create(
        entente=projet.entente,
        decision=decision,
        enveloppe=part.enveloppe,
        exercice=part.exercice,
        montant=part.montant,
        engagement=engagement,
    )


def _verifier(projet: Projet, adoptee: Resolution, instant: datetime) -> None:
    if not adoptee.numero:
        raise Refus(_("Inscrivez le numéro de la résolution de l’instance."), code="resolution", champ="resolution")
    if adoptee.adoptee_le > instant.astimezone(EST).date():
        raise Refus(
            _("La résolution serait adoptée le {date}, qui n’est pas encore venu : vérifiez la date.").format(
                date=date_longue(adoptee.adoptee_le)
            ),
            code="date",
            champ="adoptee_le",
        )
    verifier_parts(projet, adoptee.sens, adoptee.parts, adoptee.motif_public)


def verifier_parts(projet: Projet, sens: str, parts: Sequence[Part], motif_public: str) -> None:
    """Refuse des parts qui ne tiennent pas : montant, enveloppe d'une autre entente, exercice hors de l'entente, doublon."""
    if sens != SensDecision.ACCEPTER:
        if parts:
            raise Refus(_("Seul un octroi porte un montant."), code="montant", champ="montant")
        if not motif_public.strip():
            raise Refus(_("Écrivez le motif : l’organisme le lira dans sa lettre."), code="motif", champ="motif_public")
        return
    if not parts or any(part.montant <= 0 for part in parts):
        raise Refus(_("Inscrivez un montant positif, sur au moins une enveloppe."), code="montant", champ="montant")
    if any(part.montant != arrondir(part.montant) for part in parts):
        raise Refus(_("Un octroi s’inscrit au cent : deux décimales au plus."), code="montant", champ="montant")
    if any(part.enveloppe.entente_id != projet.entente_id for part in parts):
        raise Refus(_("L’enveloppe choisie n’est pas de l’entente de ce projet."), code="enveloppe", champ="enveloppe")
    exercices = exercices_entre(projet.entente.debut, projet.entente.fin)
    hors = [part.exercice for part in parts if part.exercice not in exercices]
    if hors:
        raise Refus(
            _("L’exercice {exercice} n’est pas dans la durée de l’entente.").format(exercice=hors[0]),
            code="exercice",
            champ="exercice",
        )
    couples = [(part.enveloppe.pk, part.exercice) for part in parts]
    if len(couples) != len(set(couples)):
        raise Refus(
            _("Deux parts portent la même enveloppe et le même exercice : réunissez-les."),
            code="parts",
            champ="enveloppe",
        )
