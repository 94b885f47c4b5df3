"""Tables de transitions : projet, évaluation, convention, versement, rapport."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as L  # noqa: N812

from appels.enums import PhaseComite
from projets.enums import DECIDES, ConditionVersement, EtatConvention, EtatPrecision, EtatRapport, EtatVersement
from projets.enums import EtatBudgetRevise as B
from projets.enums import EtatEvaluation as V
from projets.enums import EtatProjet as E
from projets.models import Convention, DemandePrecision, Evaluation, Projet, RapportProjet, Versement
from socle.etats import Machine, Transition
from socle.formats import compter, date_longue, instant_long
from socle.horloge import EST


def appel_ouvert(projet: Projet, instant: datetime) -> str | None:
    """R20 : ce qui compte est l'arrivée de la requête; l'échéance est exclusive."""
    appel = projet.appel
    if appel.est_ouvert(instant):
        return None
    if instant < appel.ouverture:
        return _(
            "L’appel ouvre le {date} : le dépôt sera possible à ce moment. Votre brouillon est enregistré."
        ).format(date=instant_long(appel.ouverture, appel.fuseau))
    if raison := appel.raison_de_la_pause(instant):
        return raison
    return _(
        "L’appel a fermé : il recevait les dépôts jusqu’au {echeance}. Votre envoi est arrivé le {arrivee}. Votre brouillon"
        " reste dans votre compte et peut servir au prochain appel; en cas de panne, appelez la coordination."
    ).format(echeance=appel.echeance_en_mots, arrivee=instant_long(instant, appel.fuseau))


def evaluations_closes(projet: Projet, _instant: datetime) -> str | None:
    restantes = projet.evaluations.filter(etat__in=[V.ASSIGNEE, V.EN_COURS]).count()
    soumises = projet.evaluations.filter(etat=V.SOUMISE).count()
    if soumises and not restantes:
        return None
    if not soumises:
        return _("Aucune évaluation n’est soumise : attendez celles du comité avant de consigner sa recommandation.")
    return _("Il reste {evaluations} à soumettre avant de consigner la recommandation.").format(
        evaluations=compter(restantes, _("évaluation"), _("évaluations"))
    )


def recommandation_a_venir(evaluation: Evaluation, _instant: datetime) -> str | None:
    """R25 : une note soumise se retire tant que le comité n'a pas recommandé; ensuite, elle est dans sa recommandation."""
    if evaluation.etat != V.SOUMISE or evaluation.projet.etat == E.EN_EVALUATION:
        return None
    return _(
        "Cette demande n’est plus devant le comité : votre évaluation ne peut plus en être retirée. Écrivez à la"
        " coordination pour lui dire votre lien avant la décision."
    )


def notation_ouverte(evaluation: Evaluation, instant: datetime) -> str | None:
    """Les notes se donnent tant que la demande est devant le comité et que l'appel ne les a pas closes."""
    projet = evaluation.projet
    if projet.etat != E.EN_EVALUATION:
        return _("Cette demande n’est plus devant le comité : ses notes ne changent plus.")
    if projet.appel.phase_comite_a(instant) == PhaseComite.CLOSE:
        return _("Les notes de cet appel sont closes : écrivez à la coordination si vous pensez à une erreur.")
    return None


def convention_signee_promoteur(convention: Convention, _instant: datetime) -> str | None:
    if convention.promoteur_signe_le:
        return None
    return _("L’organisme n’a pas encore signé : sa signature vient avant celle du mandataire.")


def exigible(versement: Versement, _instant: datetime) -> str | None:
    """R31 : rien avant la signature; la tranche finale attend le rapport accepté."""
    convention = versement.convention
    if convention.etat not in {EtatConvention.ACTIVE, EtatConvention.COMPLETEE}:
        return _("La convention n’est pas signée par les deux parties : aucun versement n’est encore exigible.")
    if versement.condition == ConditionVersement.RAPPORT_FINAL and convention.rapport.etat != EtatRapport.ACCEPTE:
        return _("Ce versement attend l’acceptation du rapport final.")
    return None


def rapports_a_jour(versement: Versement, instant: datetime) -> str | None:
    """R31 : un rapport en retard suspend les versements de l'organisme dans cette entente."""
    projet = versement.convention.projet
    retard = (
        RapportProjet.objects.filter(
            entente=projet.entente_id,
            convention__projet__organisme=projet.organisme_id,
            etat__in=[EtatRapport.BROUILLON, EtatRapport.A_CORRIGER],
            du_le__lt=instant.astimezone(EST).date(),
        )
        .select_related("convention__projet")
        .order_by("du_le")
        .first()
    )
    if retard is None:
        return None
    return _(
        "Le rapport final du projet {numero} est en retard depuis le {date} : les versements de cet organisme sont suspendus."
    ).format(numero=retard.convention.projet.numero, date=date_longue(retard.du_le))


def encore_etudiee(demande: DemandePrecision, _instant: datetime) -> str | None:
    """R22 : le contenu se précise avant la recommandation; ensuite, ce que le comité a lu ne change plus."""
    if demande.projet.etat in PRECISABLES:
        return None
    return _("L’examen de la demande est avancé : son contenu ne change plus. Écrivez à la coordination.")


def dans_le_delai(demande: DemandePrecision, instant: datetime) -> str | None:
    """R22 : les champs rouverts se referment à la limite, exclue."""
    if not demande.en_retard(instant):
        return None
    return _(
        "Le délai pour répondre a pris fin le {date} : votre réponse reste enregistrée, mais ne part plus. Écrivez à la"
        " coordination, qui peut le prolonger."
    ).format(date=instant_long(demande.limite, demande.projet.appel.fuseau))


PRECISABLES = (E.DEPOSE, E.ADMISSIBLE, E.NON_ADMISSIBLE, E.EN_EVALUATION)
PROJET = Machine(
    "projet",
    (
        Transition("deposer", L("Déposer"), (E.BROUILLON,), E.DEPOSE, "projets.deposer_projet", (appel_ouvert,)),
        # Le brouillon d'une modification s'efface devant la demande qu'il remplace.
        Transition(
            "remplacer",
            L("Déposer la modification"),
            (E.BROUILLON,),
            E.RETIRE,
            "projets.deposer_projet",
            (appel_ouvert,),
        ),
        Transition(
            "retirer",
            L("Retirer la demande"),
            (E.DEPOSE, E.ADMISSIBLE, E.EN_EVALUATION, E.RECOMMANDE, E.NON_RECOMMANDE, E.LISTE_ATTENTE),
            E.RETIRE,
            "projets.retirer_projet",
        ),
        Transition(
            "admettre",
            L("Déclarer admissible"),
            (E.DEPOSE,),
            E.ADMISSIBLE,
            "projets.juger_admissibilite",
        ),
        Transition(
            "ecarter",
            L("Déclarer non admissible"),
            (E.DEPOSE,),
            E.NON_ADMISSIBLE,
            "projets.juger_admissibilite",
        ),
        Transition(
            "defaire_examen",
            L("Défaire l’examen d’admissibilité"),
            (E.ADMISSIBLE, E.NON_ADMISSIBLE),
            E.DEPOSE,
            "projets.juger_admissibilite",
        ),
        Transition(
            "confier",
            L("Confier au comité"),
            (E.ADMISSIBLE, E.EN_EVALUATION),
            E.EN_EVALUATION,
            "projets.assigner_evaluation",
        ),
        Transition(
            "recommander",
            L("Recommander"),
            (E.EN_EVALUATION,),
            E.RECOMMANDE,
            "projets.recommander",
            (evaluations_closes,),
        ),
        Transition(
            "ne_pas_recommander",
            L("Ne pas recommander"),
            (E.EN_EVALUATION,),
            E.NON_RECOMMANDE,
            "projets.recommander",
            (evaluations_closes,),
        ),
        Transition(
            "accepter",
            L("Consigner l’octroi"),
            (E.RECOMMANDE, E.NON_RECOMMANDE, E.LISTE_ATTENTE),
            E.ACCEPTE,
            "projets.decider",
        ),
        Transition(
            "mettre_en_attente",
            L("Consigner la liste d’attente"),
            (E.RECOMMANDE, E.NON_RECOMMANDE),
            E.LISTE_ATTENTE,
            "projets.decider",
        ),
        Transition(
            "refuser",
            L("Consigner le refus"),
            (E.RECOMMANDE, E.NON_RECOMMANDE, E.LISTE_ATTENTE),
            E.REFUSE,
            "projets.decider",
        ),
        # Une autre résolution révise la décision; l'ancienne se garde.
        Transition("reviser_accepter", L("Réviser : octroi"), DECIDES, E.ACCEPTE, "projets.decider"),
        Transition(
            "reviser_mettre_en_attente", L("Réviser : liste d’attente"), DECIDES, E.LISTE_ATTENTE, "projets.decider"
        ),
        Transition("reviser_refuser", L("Réviser : refus"), DECIDES, E.REFUSE, "projets.decider"),
    ),
)

BUDGET_REVISE = Machine(
    "budget révisé",
    (
        Transition("ecrire", L("Écrire"), (B.ATTENDU,), B.ATTENDU, "projets.ecrire_budget_revise"),
        Transition("reprendre", L("Corriger"), (B.A_CORRIGER,), B.A_CORRIGER, "projets.ecrire_budget_revise"),
        Transition("soumettre", L("Remettre"), (B.ATTENDU, B.A_CORRIGER), B.SOUMIS, "projets.remettre_budget_revise"),
        Transition("renvoyer", L("Demander une correction"), (B.SOUMIS,), B.A_CORRIGER, "projets.juger_budget_revise"),
        Transition("accepter", L("Accepter"), (B.SOUMIS,), B.ACCEPTE, "projets.juger_budget_revise"),
    ),
)

EVALUATION = Machine(
    "evaluation",
    (
        Transition(
            "commencer",
            L("Commencer"),
            (V.ASSIGNEE, V.EN_COURS),
            V.EN_COURS,
            "projets.evaluer",
            (notation_ouverte,),
        ),
        Transition("hesiter", L("En parler à la coordination"), (V.ASSIGNEE,), V.ASSIGNEE, "projets.evaluer"),
        Transition(
            "se_retirer",
            L("Se retirer"),
            (V.ASSIGNEE, V.EN_COURS, V.SOUMISE),
            V.RETIREE,
            "projets.evaluer",
            (recommandation_a_venir,),
        ),
        Transition("soumettre", L("Soumettre"), (V.EN_COURS,), V.SOUMISE, "projets.evaluer", (notation_ouverte,)),
        # La coordination ne note jamais à son nom : elle recopie un papier, rouvre, remplace.
        Transition(
            "recopier",
            L("Saisir des notes papier"),
            (V.ASSIGNEE, V.EN_COURS),
            V.EN_COURS,
            "projets.saisir_notes_papier",
            (notation_ouverte,),
        ),
        Transition(
            "soumettre_papier",
            L("Soumettre des notes papier"),
            (V.EN_COURS,),
            V.SOUMISE,
            "projets.saisir_notes_papier",
            (notation_ouverte,),
        ),
        Transition(
            "retirer",
            L("Inscrire un retrait"),
            (V.ASSIGNEE, V.EN_COURS, V.SOUMISE),
            V.RETIREE,
            "projets.conduire_evaluation",
            (recommandation_a_venir,),
        ),
        Transition(
            "rouvrir",
            L("Rouvrir l’évaluation"),
            (V.SOUMISE,),
            V.EN_COURS,
            "projets.conduire_evaluation",
            (notation_ouverte,),
        ),
        Transition(
            "remplacer",
            L("Remplacer la personne"),
            (V.ASSIGNEE, V.EN_COURS),
            V.REMPLACEE,
            "projets.conduire_evaluation",
        ),
        Transition("reconfier", L("Confier de nouveau"), (V.REMPLACEE,), V.ASSIGNEE, "projets.conduire_evaluation"),
    ),
)

CONVENTION = Machine(
    "convention",
    (
        Transition(
            "signer",
            L("Signer pour l’organisme"),
            (EtatConvention.GENEREE,),
            EtatConvention.SIGNEE_PROMOTEUR,
            "projets.signer_convention",
        ),
        Transition(
            "contresigner",
            L("Signer pour le mandataire"),
            (EtatConvention.SIGNEE_PROMOTEUR,),
            EtatConvention.ACTIVE,
            "projets.contresigner_convention",
            (convention_signee_promoteur,),
        ),
        Transition(
            "completer", L("Compléter"), (EtatConvention.ACTIVE,), EtatConvention.COMPLETEE, "projets.juger_rapport"
        ),
    ),
)

VERSEMENT = Machine(
    "versement",
    (
        Transition(
            "approuver",
            L("Approuver"),
            (EtatVersement.PREVU,),
            EtatVersement.APPROUVE,
            "projets.approuver_versement",
            (exigible, rapports_a_jour),
        ),
        Transition(
            "payer",
            L("Inscrire le paiement"),
            (EtatVersement.APPROUVE,),
            EtatVersement.PAYE,
            "projets.payer_versement",
            (exigible, rapports_a_jour),
        ),
        Transition("annuler", L("Annuler"), (EtatVersement.PREVU,), EtatVersement.ANNULE, "projets.juger_rapport"),
    ),
)

RAPPORT = Machine(
    "rapport",
    (
        Transition(
            "soumettre",
            L("Soumettre le rapport"),
            (EtatRapport.BROUILLON, EtatRapport.A_CORRIGER),
            EtatRapport.SOUMIS,
            "projets.soumettre_rapport",
        ),
        Transition(
            "renvoyer",
            L("Demander une correction"),
            (EtatRapport.SOUMIS,),
            EtatRapport.A_CORRIGER,
            "projets.juger_rapport",
        ),
        Transition(
            "accepter", L("Accepter le rapport"), (EtatRapport.SOUMIS,), EtatRapport.ACCEPTE, "projets.juger_rapport"
        ),
    ),
)

PRECISION = Machine(
    "precision",
    (
        Transition(
            "repondre",
            L("Envoyer la réponse"),
            (EtatPrecision.OUVERTE,),
            EtatPrecision.REPONDUE,
            "projets.envoyer_precisions",
            (dans_le_delai, encore_etudiee),
        ),
        Transition(
            "prolonger",
            L("Prolonger le délai"),
            (EtatPrecision.OUVERTE,),
            EtatPrecision.OUVERTE,
            "projets.demander_precisions",
        ),
        Transition(
            "annuler",
            L("Annuler la demande de précision"),
            (EtatPrecision.OUVERTE,),
            EtatPrecision.ANNULEE,
            "projets.demander_precisions",
        ),
    ),
)
