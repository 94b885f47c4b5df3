"""Admin des projets : file de travail, dossier en lecture, actes."""

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from projets import actes
from projets.actes import apercu, attente, communique, decisions, dossier, examen, lettres, rapport_appel
from projets.actes.lots import LOTS
from projets.admin import correspondance  # noqa: F401 — inscrit ses classes
from projets.admin.lecture import lire_dossier
from projets.admin.liste import ListeDesProjets
from projets.admin.suivi import SuitLaListe, place_dans_la_liste
from projets.enums import EtatBudgetRevise, EtatConvention, EtatLettre, EtatProjet, EtatRapport, EtatVersement
from projets.etats import PRECISABLES
from projets.models import Projet, Versement
from projets.requetes import precision_ouverte
from projets.services.dossiers import FINIS
from socle.admin.lots import AvecLots
from socle.admin.portee import Acte, AdminPortee, Creation
from socle.formats import argent_cents

A_DECIDER = (EtatProjet.RECOMMANDE, EtatProjet.NON_RECOMMANDE, EtatProjet.LISTE_ATTENTE)


def _dans(*etats: str):
    return lambda projet: projet.etat in etats


def _convention(*etats: str):
    return lambda projet: hasattr(projet, "convention") and projet.convention.etat in etats


def _convention_a_preparer(projet: Projet) -> bool:
    """R29 : après un octroi partiel, le budget révisé passe d'abord."""
    budget = getattr(projet, "budget_revise", None)
    pret = budget is None or budget.etat == EtatBudgetRevise.ACCEPTE
    return projet.etat == EtatProjet.ACCEPTE and not hasattr(projet, "convention") and pret


def _rapport_soumis(projet: Projet) -> bool:
    return hasattr(projet, "convention") and projet.convention.rapport.etat == EtatRapport.SOUMIS


def _lettre_a_envoyer(projet: Projet) -> bool:
    return hasattr(projet, "decision") and projet.decision.lettre.etat != EtatLettre.ENVOYEE


def _budget_soumis(projet: Projet) -> bool:
    return hasattr(projet, "budget_revise") and projet.budget_revise.etat == EtatBudgetRevise.SOUMIS


@admin.register(Projet)
class ProjetAdmin(SuitLaListe, ListeDesProjets, AvecLots, AdminPortee):
    """Les demandes déposées : la liste est une file, la page un dossier."""

    permission_lecture = "projets.lire_projet"
    gabarit_lecture = "admin/projets/projet/lecture.html"
    lots = LOTS
    ordering = ("-depose_le",)
    creations = (
        Creation("papier", "projets.saisir_papier", actes.saisir_papier, _("Saisir une demande papier")),
        Creation("rapport-appel", "projets.exporter_projets", rapport_appel.rapport, _("Rapport d’un appel")),
        Creation("communique", "projets.lire_lettres", communique.communique, _("Communiqué")),
        Creation("resolution", "projets.decider", decisions.adopter, _("Consigner une résolution")),
        Creation("liste-attente", "projets.lire_lettres", attente.attente, _("Liste d’attente")),
    )
    actes = (
        # D'abord ce que l'état du dossier attend : le premier bouton offert est le geste principal.
        Acte(
            "admissibilite",
            "projets.juger_admissibilite",
            examen.examiner,
            _("Examiner l’admissibilité"),
            _dans(EtatProjet.DEPOSE),
        ),
        Acte(
            "assigner",
            "projets.assigner_evaluation",
            actes.assigner,
            _("Confier au comité"),
            _dans(EtatProjet.ADMISSIBLE, EtatProjet.EN_EVALUATION),
        ),
        Acte(
            "recommander",
            "projets.recommander",
            actes.recommander,
            _("Consigner la recommandation"),
            _dans(EtatProjet.EN_EVALUATION),
        ),
        Acte(
            "preparer-decision",
            "projets.preparer_decision",
            decisions.preparer,
            _("Préparer la décision"),
            _dans(*A_DECIDER),
        ),
        Acte(
            "retirer-preparation",
            "projets.preparer_decision",
            decisions.retirer,
            _("Retirer la décision préparée"),
            lambda projet: hasattr(projet, "preparation"),
        ),
        Acte("decider", "projets.decider", decisions.decider, _("Consigner la décision"), _dans(*A_DECIDER)),
        Acte(
            "lettre", "projets.envoyer_lettre", lettres.du_projet, _("Relire et envoyer la lettre"), _lettre_a_envoyer
        ),
        Acte(
            "accepter-budget",
            "projets.juger_budget_revise",
            decisions.accepter_budget,
            _("Accepter le budget révisé"),
            _budget_soumis,
        ),
        Acte(
            "renvoyer-budget",
            "projets.juger_budget_revise",
            decisions.renvoyer_budget,
            _("Demander une correction au budget révisé"),
            _budget_soumis,
        ),
        Acte(
            "convention",
            "projets.preparer_convention",
            actes.convention,
            _("Préparer la convention"),
            _convention_a_preparer,
        ),
        Acte(
            "contresigner",
            "projets.contresigner_convention",
            actes.contresigner,
            _("Signer pour le mandataire"),
            _convention(EtatConvention.SIGNEE_PROMOTEUR),
        ),
        Acte(
            "accepter-rapport",
            "projets.juger_rapport",
            actes.accepter_rapport,
            _("Accepter le rapport final"),
            _rapport_soumis,
        ),
        Acte(
            "renvoyer-rapport",
            "projets.juger_rapport",
            actes.renvoyer_rapport,
            _("Demander une correction au rapport"),
            _rapport_soumis,
        ),
        Acte(
            "reviser-decision",
            "projets.decider",
            decisions.reviser,
            _("Réviser la décision"),
            lambda projet: hasattr(projet, "decision") and not hasattr(projet, "convention"),
        ),
        Acte(
            "precisions",
            "projets.demander_precisions",
            actes.demander_precisions,
            _("Demander des précisions"),
            lambda projet: projet.etat in PRECISABLES and precision_ouverte(projet) is None,
        ),
        Acte(
            "prolonger-precisions",
            "projets.demander_precisions",
            actes.prolonger_precisions,
            _("Prolonger le délai des précisions"),
            lambda projet: precision_ouverte(projet) is not None,
        ),
        Acte(
            "annuler-precisions",
            "projets.demander_precisions",
            actes.annuler_precisions,
            _("Annuler la demande de précision"),
            lambda projet: precision_ouverte(projet) is not None,
        ),
        Acte(
            "relancer",
            "projets.relancer_pieces",
            dossier.relancer,
            _("Relancer les pièces manquantes"),
            dossier.a_relancer,
        ),
        Acte("apercu", "projets.lire_projet", apercu.montrer),
        Acte("messages", "projets.ecrire_message", actes.messages_du_dossier, _("Messages avec l’organisme")),
        Acte("note", "projets.ecrire_note", dossier.noter, _("Noter un appel")),
        Acte("prendre", "projets.confier_dossier", dossier.prendre),
        Acte("responsable", "projets.confier_dossier", dossier.confier, _("Confier le dossier")),
        Acte(
            "deplacer",
            "projets.deplacer_projet",
            dossier.deplacer,
            _("Changer d’enveloppe ou de territoire"),
            lambda projet: projet.etat not in FINIS,
        ),
        Acte(
            "defaire-examen",
            "projets.juger_admissibilite",
            examen.defaire,
            _("Défaire l’examen d’admissibilité"),
            _dans(EtatProjet.ADMISSIBLE, EtatProjet.NON_ADMISSIBLE),
        ),
        Acte(
            "corriger-organisme",
            "projets.proposer_correction",
            actes.corriger_organisme,
            _("Proposer une correction à la fiche de l’organisme"),
        ),
    )

    def contexte_lecture(self, request: HttpRequest, objet: Projet) -> dict[str, Any]:
        return {**lire_dossier(request, objet), "place": place_dans_la_liste(request, self, objet)}

    @method_decorator(csp_update({"frame-src": [SELF]}))
    def change_view(self, request: HttpRequest, *arguments: Any, **nommes: Any) -> HttpResponse:
        """Le dossier; lui seul peut montrer un document du portail dans un cadre."""
        return super().change_view(request, *arguments, **nommes)


@admin.register(Versement)
class VersementAdmin(AdminPortee):
    """Les versements : qui a approuvé, qui a payé."""

    permission_lecture = "alliances.lire_grand_livre"
    gabarit_lecture = "admin/projets/versement/lecture.html"
    list_display = ("numero", "organisme", "rang", "montant_lu", "condition", "etat", "approuve_par", "paye_par")
    list_filter = ("etat", "condition")
    search_fields = ("convention__projet__numero", "convention__projet__organisme__nom", "paiement")
    list_select_related = ("convention__projet__organisme", "approuve_par", "paye_par", "entente")
    ordering = ("-id",)
    actes = (
        Acte(
            "approuver",
            "projets.approuver_versement",
            actes.approuver,
            _("Approuver"),
            lambda v: v.etat == EtatVersement.PREVU,
        ),
        Acte(
            "payer",
            "projets.payer_versement",
            actes.payer,
            _("Inscrire le paiement"),
            lambda v: v.etat == EtatVersement.APPROUVE,
        ),
    )

    @admin.display(description=_("projet"), ordering="convention__projet__numero")
    def numero(self, objet: Versement) -> str:
        return objet.convention.projet.numero

    @admin.display(description=_("organisme"))
    def organisme(self, objet: Versement) -> str:
        return str(objet.convention.projet.organisme)

    @admin.display(description=_("montant"), ordering="montant")
    def montant_lu(self, objet: Versement) -> str:
        return argent_cents(objet.montant)
