"""Qui peut quoi sur un projet et sur ce qui en découle."""

from typing import Any

import rules

from alliances.permissions import est_agent, est_coordination, est_ministere, predicat_role
from comptes.enums import EQUIPE, Role
from projets.enums import EtatEvaluation, EtatProjet, OrigineDemande


def projet_de(objet: Any) -> Any:
    """Le projet dont relève l'objet."""
    if hasattr(objet, "organisme_id"):
        return objet
    if hasattr(objet, "projet_id"):
        return objet.projet
    return objet.convention.projet


@rules.predicate
def est_membre(utilisateur: Any, objet: Any) -> bool:
    return objet is not None and projet_de(objet).organisme_id in utilisateur.portees.organismes


@rules.predicate
def a_le_mandat(utilisateur: Any, objet: Any) -> bool:
    return objet is not None and utilisateur.portees.peut_deposer(projet_de(objet).organisme_id)


@rules.predicate
def est_signataire(utilisateur: Any, objet: Any) -> bool:
    return objet is not None and utilisateur.portees.signe(projet_de(objet).organisme_id)


@rules.predicate
def est_depose(_utilisateur: Any, objet: Any) -> bool:
    return objet is None or projet_de(objet).depose_le is not None


@rules.predicate
def est_brouillon(_utilisateur: Any, objet: Any) -> bool:
    return objet is not None and projet_de(objet).etat == EtatProjet.BROUILLON


@rules.predicate
def est_accepte(_utilisateur: Any, objet: Any) -> bool:
    return objet is None or projet_de(objet).etat == EtatProjet.ACCEPTE


@rules.predicate
def evalue_ce_projet(utilisateur: Any, objet: Any) -> bool:
    """Assignée, son lien déclaré et non retirée : avant la déclaration, rien ne se lit (R25)."""
    return (
        objet is not None
        and hasattr(objet, "evaluations")
        and objet.evaluations.filter(
            evaluateur=utilisateur, etat__in=[EtatEvaluation.EN_COURS, EtatEvaluation.SOUMISE]
        ).exists()
    )


@rules.predicate
def est_son_evaluation(utilisateur: Any, objet: Any) -> bool:
    return objet is not None and getattr(objet, "evaluateur_id", None) == utilisateur.pk


@rules.predicate
def est_agent_du_territoire(utilisateur: Any, objet: Any) -> bool:
    """L'agent lit les demandes déposées dans son territoire."""
    if not hasattr(utilisateur, "portees"):
        return False
    territoires = utilisateur.portees.territoires(Role.AGENT)
    return bool(territoires) and (objet is None or projet_de(objet).enveloppe.territoire_id in territoires)


@rules.predicate
def est_agent_invite(utilisateur: Any, objet: Any) -> bool:
    """L'organisme a ouvert son brouillon à l'agent du territoire."""
    if objet is None or not hasattr(utilisateur, "portees"):
        return False
    projet = projet_de(objet)
    return (
        projet.partage_le is not None
        and projet.enveloppe is not None
        and projet.enveloppe.territoire_id in utilisateur.portees.territoires(Role.AGENT)
    )


@rules.predicate
def est_papier(_utilisateur: Any, objet: Any) -> bool:
    return objet is not None and projet_de(objet).origine == OrigineDemande.PAPIER


saisit_papier = est_papier & est_coordination
ecrit = est_membre | (est_agent_invite | saisit_papier) & est_brouillon
equipe = predicat_role(*EQUIPE)
secretariat = predicat_role(Role.SECRETARIAT)
approbation = predicat_role(Role.COORDINATION, Role.FINANCES)
paiement = predicat_role(Role.TRESORERIE, Role.FINANCES)

rules.add_perm(
    "projets.lire_projet",
    ecrit | (equipe | est_agent_du_territoire) & est_depose | est_ministere & est_accepte | evalue_ce_projet,
)
rules.add_perm("projets.modifier_projet", ecrit & est_brouillon)
rules.add_perm("projets.joindre_piece", ecrit)
rules.add_perm("projets.supprimer_brouillon", (est_membre | saisit_papier) & est_brouillon)
rules.add_perm("projets.partager_projet", est_membre & est_brouillon)
rules.add_perm("projets.saisir_papier", est_coordination)
rules.add_perm("projets.deposer_projet", a_le_mandat | saisit_papier)
rules.add_perm("projets.reprendre_projet", est_membre)
rules.add_perm("projets.signer_demande", est_signataire)
rules.add_perm("projets.retirer_projet", a_le_mandat)
rules.add_perm("projets.ecrire_precisions", est_membre)
rules.add_perm("projets.envoyer_precisions", a_le_mandat)
rules.add_perm("projets.demander_precisions", est_coordination)
rules.add_perm("projets.ecrire_message", (est_membre | est_coordination) & est_depose)
rules.add_perm("projets.proposer_correction", est_coordination)
rules.add_perm("projets.juger_admissibilite", est_coordination)
rules.add_perm("projets.confier_dossier", est_coordination)
rules.add_perm("projets.deplacer_projet", est_coordination)
rules.add_perm("projets.relancer_pieces", est_coordination)
# Le travail interne : l'équipe du mandataire le lit, la coordination l'écrit; l'organisme, jamais.
rules.add_perm("projets.lire_notes", equipe)
rules.add_perm("projets.ecrire_note", est_coordination)
rules.add_perm("projets.exporter_projets", equipe | est_agent)
rules.add_perm("projets.archiver_projets", equipe)
rules.add_perm("projets.assigner_evaluation", est_coordination)
rules.add_perm("projets.lire_evaluation", est_son_evaluation | est_coordination)
rules.add_perm("projets.evaluer", est_son_evaluation)
rules.add_perm("projets.conduire_evaluation", est_coordination)
rules.add_perm("projets.saisir_notes_papier", est_coordination)
rules.add_perm("projets.lire_declarations", est_coordination)
rules.add_perm("projets.recommander", est_coordination)
rules.add_perm("projets.decider", secretariat)
rules.add_perm("projets.preparer_decision", est_coordination)
rules.add_perm("projets.ecrire_budget_revise", est_membre)
rules.add_perm("projets.remettre_budget_revise", a_le_mandat)
rules.add_perm("projets.juger_budget_revise", est_coordination)
rules.add_perm("projets.lire_lettres", equipe)
rules.add_perm("projets.ecrire_modele_lettre", est_coordination)
rules.add_perm("projets.envoyer_lettre", est_coordination)
rules.add_perm("projets.lire_convention", est_membre | equipe | est_ministere)
rules.add_perm("projets.preparer_convention", est_coordination)
rules.add_perm("projets.signer_convention", est_signataire)
rules.add_perm("projets.contresigner_convention", est_coordination)
rules.add_perm("projets.approuver_versement", approbation)
rules.add_perm("projets.payer_versement", paiement)
rules.add_perm("projets.modifier_rapport", est_membre)
rules.add_perm("projets.soumettre_rapport", a_le_mandat)
rules.add_perm("projets.juger_rapport", est_coordination)
