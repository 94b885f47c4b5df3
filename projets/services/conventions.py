"""Convention : préparer, signer des deux côtés, compléter (R30 à R32)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from alliances.models import Engagement
from comptes.models import Utilisateur
from projets.enums import EtatBudgetRevise, EtatConvention, EtatProjet, EtatRapport, EtatVersement
from projets.etats import CONVENTION
from projets.models import Convention, Projet, RapportProjet, Versement
from projets.regles import rapport_du_le, tranches
from projets.services.documents import demander_document
from socle.erreurs import Refus
from socle.etats import verifier_droit


@transaction.atomic
def preparer_convention(*, projet: Projet, auteur: Utilisateur, instant: datetime) -> Convention:
    """Prépare la convention, ses versements (R30) et le rapport final à remettre (R32); le PDF suit par Celery.

    Refuse un projet qui n'est pas accepté, sans date de fin, ou qui a déjà sa convention.
    """
    projet = (
        Projet.objects.select_for_update(of=("self",), no_key=True)
        .select_related("entente__mandataire", "appel")
        .get(pk=projet.pk)
    )
    verifier_droit(auteur, "projets.preparer_convention", projet, _("Préparer la convention"))
    if projet.etat != EtatProjet.ACCEPTE:
        raise Refus(_("Une convention se prépare pour un projet accepté."), code="etat")
    if Convention.objects.filter(projet=projet).exists():
        raise Refus(_("Ce projet a déjà sa convention."), code="etat")
    budget = getattr(projet, "budget_revise", None)
    if budget and budget.etat != EtatBudgetRevise.ACCEPTE:
        raise Refus(
            _("L’octroi est partiel : la convention se prépare une fois le budget révisé remis et accepté (R29)."),
            code="budget",
        )
    if projet.fin is None:
        raise Refus(_("Le projet n’a pas de date de fin : inscrivez-la avant de préparer la convention."), code="dates")
    aide, decision = projet.appel.aide, projet.decision
    convention = Convention.objects.create(
        entente=projet.entente, projet=projet, montant=decision.montant, generee_le=instant
    )
    Versement.objects.bulk_create(
        Versement(
            entente=projet.entente,
            convention=convention,
            rang=tranche.rang,
            part=tranche.part,
            montant=tranche.montant,
            condition=tranche.condition,
        )
        for tranche in tranches(decision.montant, aide.tranches)
    )
    RapportProjet.objects.create(
        entente=projet.entente, convention=convention, du_le=rapport_du_le(projet.fin, aide.rapport_final_mois)
    )
    demander_document("convention", projet, objet_id=convention.pk, demande_par=auteur, instant=instant)
    return convention


@transaction.atomic
def signer_convention(*, convention: Convention, auteur: Utilisateur, instant: datetime) -> Convention:
    """Marque la signature de l'organisme; le PDF la porte. Refuse une personne qui n'est pas signataire."""
    signee = CONVENTION.appliquer(
        convention, "signer", auteur=auteur, instant=instant, promoteur_signe_le=instant, promoteur_signe_par=auteur
    )
    demander_document("convention", signee.projet, objet_id=signee.pk, demande_par=auteur, instant=instant)
    return signee


@transaction.atomic
def contresigner_convention(*, convention: Convention, auteur: Utilisateur, instant: datetime) -> Convention:
    """Marque la signature du mandataire : la convention devient active, le PDF porte les deux. Refuse avant l'organisme."""
    active = CONVENTION.appliquer(
        convention,
        "contresigner",
        auteur=auteur,
        instant=instant,
        mandataire_signe_le=instant,
        mandataire_signe_par=auteur,
    )
    demander_document("convention", active.projet, objet_id=active.pk, demande_par=auteur, instant=instant)
    return active


def completer_si_finie(convention: Convention, instant: datetime) -> None:
    """Complète la convention quand le rapport est accepté et que rien ne reste à verser; clôt ses engagements."""
    reste = convention.versements.exclude(etat__in=[EtatVersement.PAYE, EtatVersement.ANNULE]).exists()
    if convention.etat != EtatConvention.ACTIVE or reste or convention.rapport.etat != EtatRapport.ACCEPTE:
        return
    CONVENTION.appliquer(convention, "completer", auteur=None, instant=instant)
    Engagement.objects.filter(octroi__decision__projet=convention.projet_id, clos_le__isnull=True).update(
        clos_le=instant
    )
