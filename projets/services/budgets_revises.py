"""Le budget révisé après un octroi partiel : l'organisme le remet, la coordination l'accepte, la convention suit (R29)."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alliances.parametres import ParametresAide
from appels.enums import Gravite
from comptes.models import Utilisateur
from projets.champs import rangees_de
from projets.enums import EtatBudgetRevise, SensDecision
from projets.etats import BUDGET_REVISE
from projets.models import BudgetRevise, Decision, LigneDepense, LigneFinancement, Projet
from projets.regles import Constat, Demande, Depense, Financement, evaluer
from socle import courriels
from socle.erreurs import Refus
from socle.formats import argent_cents


def demander_budget_revise(projet: Projet, decision: Decision, instant: datetime) -> BudgetRevise | None:
    """Octroi moindre que la demande : un budget au montant accordé est attendu, prérempli du budget déposé. Sinon, aucun."""
    partiel = (
        decision.sens == SensDecision.ACCEPTER
        and projet.montant_demande is not None
        and decision.montant < projet.montant_demande
    )
    BudgetRevise.objects.filter(projet=projet).delete()
    if not partiel:
        return None
    return BudgetRevise.objects.create(
        entente=projet.entente,
        projet=projet,
        montant=decision.montant,
        depenses=rangees_de(projet, "depenses") or [],
        financements=rangees_de(projet, "financements") or [],
        demande_le=instant,
    )


def constats_du_budget(budget: BudgetRevise) -> list[Constat]:
    """Les règles du budget, au montant accordé; elles avertissent, sauf l'équilibre, qui bloque (R13)."""
    demande = Demande(
        montant=budget.montant,
        depenses=[Depense(d["categorie"], Decimal(d["montant"]), None) for d in budget.depenses],
        financements=[Financement(f["source"], Decimal(f["montant"])) for f in budget.financements],
        debut=None,
        fin=None,
        fin_max=budget.projet.appel.fin_max_projet,
        acceptation=None,
    )
    aide: ParametresAide = budget.projet.appel.aide
    return [constat for constat in evaluer(demande, aide) if constat.regle not in {"R7", "R19"}]


@transaction.atomic
def ecrire_budget_revise(
    *,
    budget: BudgetRevise,
    depenses: list[dict[str, Any]],
    financements: list[dict[str, Any]],
    mot: str,
    auteur: Utilisateur,
    instant: datetime,
) -> BudgetRevise:
    """Garde ce qui est écrit, sans le remettre. Refuse un budget déjà remis ou accepté."""
    return BUDGET_REVISE.appliquer(
        budget,
        "ecrire" if budget.etat == EtatBudgetRevise.ATTENDU else "reprendre",
        auteur=auteur,
        instant=instant,
        depenses=depenses,
        financements=financements,
        mot=mot.strip(),
    )


@transaction.atomic
def soumettre_budget_revise(*, budget: BudgetRevise, auteur: Utilisateur, instant: datetime) -> BudgetRevise:
    """Remet le budget. Refuse un budget sans dépense ou qui ne s'équilibre pas au cent (R13), ou une personne sans mandat."""
    if not budget.depenses:
        raise Refus(_("Inscrivez les dépenses du projet au montant accordé."), code="vide")
    ecart = next((c for c in constats_du_budget(budget) if c.regle == "R13" and not c.conforme), None)
    if ecart is not None:
        raise Refus(f"{ecart.titre}. {ecart.detail}", code="equilibre")
    remis = BUDGET_REVISE.appliquer(
        budget, "soumettre", auteur=auteur, instant=instant, soumis_le=instant, soumis_par=auteur, correction=""
    )
    projet = remis.projet
    courriels.ecrire(
        "projets/budget_revise",
        destinataire=projet.appel.contact_courriel,
        instant=instant,
        cle=f"budget_revise:{remis.pk}:{instant.isoformat()}",
        objet=_("Budget révisé reçu : {numero}").format(numero=projet.numero),
        objet_lie=projet,
        mandataire_code=projet.entente.mandataire.code,
        contexte={"projet": projet, "montant": argent_cents(remis.montant), "mot": remis.mot},
    )
    return remis


@transaction.atomic
def renvoyer_budget_revise(
    *, budget: BudgetRevise, correction: str, auteur: Utilisateur, instant: datetime
) -> BudgetRevise:
    """Redemande le budget, en disant quoi corriger. Refuse sans explication."""
    if not correction.strip():
        raise Refus(_("Dites ce qui est à corriger."), code="correction", champ="correction")
    renvoye = BUDGET_REVISE.appliquer(
        budget, "renvoyer", auteur=auteur, instant=instant, motif=correction, correction=correction.strip()
    )
    projet = renvoye.projet
    for adhesion in projet.organisme.adhesions.filter(retiree_le__isnull=True).select_related("utilisateur"):
        courriels.ecrire(
            "projets/budget_a_corriger",
            destinataire=adhesion.utilisateur.email,
            instant=instant,
            cle=f"budget_a_corriger:{renvoye.pk}:{instant.isoformat()}:{adhesion.utilisateur_id}",
            objet=_("Budget révisé à corriger : {numero}").format(numero=projet.numero),
            objet_lie=projet,
            mandataire_code=projet.entente.mandataire.code,
            contexte={
                "projet": projet,
                "correction": renvoye.correction,
                "lien": courriels.adresse_absolue(projet.get_absolute_url()),
            },
        )
    return renvoye


@transaction.atomic
def accepter_budget_revise(*, budget: BudgetRevise, auteur: Utilisateur, instant: datetime) -> BudgetRevise:
    """Accepte le budget : ses rangées remplacent celles du projet, la convention peut se préparer; le dépôt reste tel quel."""
    accepte = BUDGET_REVISE.appliquer(
        budget, "accepter", auteur=auteur, instant=instant, accepte_le=instant, accepte_par=auteur
    )
    projet = accepte.projet
    projet.depenses.all().delete()
    projet.financements.all().delete()
    LigneDepense.objects.bulk_create(
        LigneDepense(projet=projet, ordre=ordre, **_rangee(rangee)) for ordre, rangee in enumerate(accepte.depenses)
    )
    LigneFinancement.objects.bulk_create(
        LigneFinancement(projet=projet, ordre=ordre, **_rangee(rangee))
        for ordre, rangee in enumerate(accepte.financements)
    )
    return accepte


def _rangee(rangee: dict[str, Any]) -> dict[str, Any]:
    """Une rangée rangée en JSON, comme les colonnes la veulent : le vide d'un texte, le montant au cent."""
    textes = {"libelle": "", "confirme": False}
    return {
        nom: textes.get(nom) if valeur is None else Decimal(valeur) if nom == "montant" else valeur
        for nom, valeur in rangee.items()
    }


def blocages_du_budget(budget: BudgetRevise) -> list[Constat]:
    """Ce qui empêche de remettre."""
    return [
        c for c in constats_du_budget(budget) if not c.conforme and (c.regle == "R13" or c.gravite == Gravite.BLOQUE)
    ]
