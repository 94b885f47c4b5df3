"""Décider : une résolution de l'instance, inscrite au grand livre par enveloppe et par exercice (R14, R18, R27)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from alliances.models import Enveloppe
from alliances.requetes.instances import instance_competente
from alliances.services import grand_livre
from comptes.models import Utilisateur
from projets.enums import EtatLettre, SensDecision
from projets.etats import PROJET
from projets.models import Decision, DecisionLigne, Lettre, Projet
from projets.services.documents import demander_document
from socle import courriels
from socle.argent import ZERO, arrondir
from socle.erreurs import Refus
from socle.etats import verifier_droit
from socle.exercices import exercices_entre
from socle.formats import date_longue
from socle.horloge import EST
from socle.referentiel.ministere import FONDS, nom_du_ministere

ACTIONS = {
    SensDecision.ACCEPTER: "accepter",
    SensDecision.ATTENTE: "mettre_en_attente",
    SensDecision.REFUSER: "refuser",
}
OBJETS = {
    SensDecision.ACCEPTER: "Votre projet « {titre} » est accepté",
    SensDecision.ATTENTE: "Votre projet « {titre} » est sur la liste d’attente",
    SensDecision.REFUSER: "Décision au sujet de votre projet « {titre} »",
}


@dataclass(frozen=True)
class Part:
    """Une part d'octroi : enveloppe, exercice, montant en dollars."""

    enveloppe: Enveloppe
    exercice: str
    montant: Decimal


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
    """Consigne la résolution et, pour un octroi, engage chaque part au grand livre; prépare la lettre.

    Refuse, sans rien écrire : montant au-delà du disponible (R14, le manque est dit au cent), part d'une autre entente,
    refus sans motif, résolution sans numéro ou datée du futur. Tout ou rien.
    """
    _verifier(projet, sens, resolution, parts, motif_public)
    _verifier_date(adoptee_le, instant)
    montant = sum((part.montant for part in parts), ZERO)
    PROJET.appliquer(
        projet, ACTIONS[SensDecision(sens)], auteur=auteur, instant=instant, decide_le=instant, motif=resolution
    )
    decision, _neuve = Decision.objects.update_or_create(
        projet=projet,
        defaults={
            "entente": projet.entente,
            "sens": sens,
            "resolution": resolution.strip(),
            "instance": instance_competente(
                projet.entente, projet.enveloppe.territoire_id if projet.enveloppe else None, adoptee_le
            ),
            "adoptee_le": adoptee_le,
            "montant": montant,
            "conditions": conditions,
            "motif_public": motif_public,
            "consignee_par": auteur,
            "consignee_le": instant,
        },
    )
    objet = OBJETS[SensDecision(sens)].format(titre=projet.titre)
    Lettre.objects.update_or_create(
        decision=decision,
        defaults={
            "entente": projet.entente,
            "objet": objet[:200],
            "etat": EtatLettre.REDIGEE,
            "envoyee_le": None,
            "corps": render_to_string(
                "projets/lettre.txt",
                {"projet": projet, "decision": decision, "ministere": nom_du_ministere(adoptee_le), "fonds": FONDS},
            ).strip(),
        },
    )
    _engager(decision, parts, auteur, instant)
    return decision


def _engager(decision: Decision, parts: Sequence[Part], auteur: Utilisateur, instant: datetime) -> None:
    """Une réservation et une ligne par part, dans l'ordre des comptes : jamais d'interblocage."""
    projet = decision.projet
    for part in sorted(parts, key=lambda part: part.enveloppe.pk):
        engagement = grand_livre.engager(
            part.enveloppe,
            part.montant,
            exercice=part.exercice,
            reference=projet.numero or "",
            auteur=auteur,
            instant=instant,
            cle=f"octroi:{projet.numero}:{part.enveloppe.code}:{part.exercice}",
            motif=decision.resolution,
        )
        DecisionLigne.objects.create(
            entente=projet.entente,
            decision=decision,
            enveloppe=part.enveloppe,
            exercice=part.exercice,
            montant=part.montant,
            engagement=engagement,
        )


def _verifier_date(adoptee_le: date, instant: datetime) -> None:
    if adoptee_le > instant.astimezone(EST).date():
        raise Refus(
            _("La résolution serait adoptée le {date}, qui n’est pas encore venu : vérifiez la date.").format(
                date=date_longue(adoptee_le)
            ),
            code="date",
            champ="adoptee_le",
        )


def _verifier(projet: Projet, sens: str, resolution: str, parts: Sequence[Part], motif_public: str) -> None:
    if not resolution.strip():
        raise Refus(_("Inscrivez le numéro de la résolution de l’instance."), code="resolution", champ="resolution")
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


@transaction.atomic
def envoyer_lettre(*, lettre: Lettre, auteur: Utilisateur, instant: datetime) -> Lettre:
    """Envoie la lettre relue : un courriel en boîte d'envoi par membre de l'organisme qui a le mandat, le PDF par Celery.

    Refuse une lettre déjà envoyée.
    """
    lettre = (
        Lettre.objects.select_for_update(of=("self",), no_key=True)
        .select_related("decision__projet__organisme")
        .get(pk=lettre.pk)
    )
    projet = lettre.decision.projet
    verifier_droit(auteur, "projets.envoyer_lettre", projet, _("Envoyer la lettre"))
    if lettre.etat == EtatLettre.ENVOYEE:
        raise Refus(_("Cette lettre est déjà envoyée."), code="etat")
    destinataires = [
        adhesion.utilisateur.email
        for adhesion in projet.organisme.adhesions.filter(retiree_le__isnull=True, mandat_de_deposer=True)
        .select_related("utilisateur")
        .order_by("id")
    ] or [projet.organisme.courriel]
    premier = None
    for adresse in filter(None, destinataires):
        courriel = courriels.ecrire(
            "projets/decision",
            destinataire=adresse,
            instant=instant,
            objet=lettre.objet,
            objet_lie=projet,
            cle=f"lettre:{lettre.pk}:{lettre.decision.consignee_le.isoformat()}:{adresse}",
            mandataire_code=projet.entente.mandataire.code,
            contexte={"lettre": lettre, "projet": projet, "lien": courriels.adresse_absolue(projet.get_absolute_url())},
        )
        premier = premier or courriel
    lettre.etat, lettre.envoyee_le, lettre.envoyee_par, lettre.courriel = EtatLettre.ENVOYEE, instant, auteur, premier
    lettre.save(update_fields=["etat", "envoyee_le", "envoyee_par", "courriel"])
    demander_document("lettre", projet, objet_id=lettre.pk, demande_par=auteur, instant=instant)
    return lettre


@transaction.atomic
def corriger_lettre(*, lettre: Lettre, objet: str, corps: str, auteur: Utilisateur) -> Lettre:
    """Relit et corrige la lettre. Refuse une lettre partie."""
    lettre = (
        Lettre.objects.select_for_update(of=("self",), no_key=True).select_related("decision__projet").get(pk=lettre.pk)
    )
    verifier_droit(auteur, "projets.envoyer_lettre", lettre.decision.projet, _("Corriger la lettre"))
    if lettre.etat == EtatLettre.ENVOYEE:
        raise Refus(_("Cette lettre est envoyée : elle ne se corrige plus."), code="etat")
    lettre.objet, lettre.corps = objet, corps
    lettre.save(update_fields=["objet", "corps"])
    return lettre
