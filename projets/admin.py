"""Admin des projets : file de travail, dossier en lecture, actes."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet, Sum
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from projets import actes
from projets.enums import EtatConvention, EtatLettre, EtatPrecision, EtatProjet, EtatRapport, EtatVersement
from projets.etats import PRECISABLES
from projets.models import DemandePrecision, Projet, Versement
from projets.requetes import (
    antecedents,
    dossier_complet,
    file_de_travail,
    non_lus,
    precision_ouverte,
    precisions_lues,
)
from projets.sections import adoucir, constats_chiffres, demande_de, forme_admissible, pieces_manquantes
from projets.services.evaluations import note_moyenne
from projets.visibilite import vue_de
from socle.admin.portee import Acte, AdminPortee, Creation
from socle.formats import argent, argent_cents, instant_court, nombre
from socle.graphiques import barre_enveloppe
from socle.horloge import maintenant

A_DECIDER = (EtatProjet.RECOMMANDE, EtatProjet.NON_RECOMMANDE, EtatProjet.LISTE_ATTENTE)


def _dans(*etats: str):
    return lambda projet: projet.etat in etats


def _convention(*etats: str):
    return lambda projet: hasattr(projet, "convention") and projet.convention.etat in etats


def _rapport_soumis(projet: Projet) -> bool:
    return hasattr(projet, "convention") and projet.convention.rapport.etat == EtatRapport.SOUMIS


def _lettre_a_envoyer(projet: Projet) -> bool:
    return hasattr(projet, "decision") and projet.decision.lettre.etat == EtatLettre.REDIGEE


class PrecisionFilter(admin.SimpleListFilter):
    """Où en est la dernière demande de précision."""

    title = _("précisions")
    parameter_name = "precisions"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("attendues", _("Réponse attendue")), ("retard", _("En retard")), ("recues", _("Reçues"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        demandes = DemandePrecision.objects.all()
        choisies = {
            "attendues": demandes.filter(etat=EtatPrecision.OUVERTE),
            "retard": demandes.filter(etat=EtatPrecision.OUVERTE, limite__lte=maintenant()),
            "recues": demandes.filter(etat=EtatPrecision.REPONDUE),
        }.get(self.value() or "")
        return queryset if choisies is None else queryset.filter(pk__in=choisies.values("projet"))


@admin.register(Projet)
class ProjetAdmin(AdminPortee):
    """Les demandes déposées : la liste est une file, la page un dossier."""

    permission_lecture = "projets.lire_projet"
    gabarit_lecture = "admin/projets/projet/lecture.html"
    list_display = (
        "numero",
        "titre",
        "organisme",
        "enveloppe",
        "etat",
        "demande",
        "evaluations_lues",
        "note",
        "depose",
    )
    list_filter = ("etat", PrecisionFilter, "appel", "enveloppe")
    search_fields = ("numero", "titre", "organisme__nom")
    ordering = ("-depose_le",)
    creations = (Creation("papier", "projets.saisir_papier", actes.saisir_papier, _("Saisir une demande papier")),)
    actes = (
        Acte(
            "admissibilite",
            "projets.juger_admissibilite",
            actes.admissibilite,
            _("Examiner l’admissibilité"),
            _dans(EtatProjet.DEPOSE),
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
            "corriger-organisme",
            "projets.proposer_correction",
            actes.corriger_organisme,
            _("Proposer une correction à la fiche de l’organisme"),
        ),
        Acte("messages", "projets.ecrire_message", actes.messages_du_dossier, _("Messages avec l’organisme")),
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
        Acte("decider", "projets.decider", actes.decider, _("Consigner la décision"), _dans(*A_DECIDER)),
        Acte("lettre", "projets.envoyer_lettre", actes.lettre, _("Relire et envoyer la lettre"), _lettre_a_envoyer),
        Acte(
            "convention",
            "projets.preparer_convention",
            actes.convention,
            _("Préparer la convention"),
            lambda projet: projet.etat == EtatProjet.ACCEPTE and not hasattr(projet, "convention"),
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
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Projet]:
        """Les demandes déposées; un brouillon n'est qu'à son organisme."""
        return file_de_travail(super().get_queryset(request).deposes())

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Projet | None:
        dossiers = dossier_complet(self.get_queryset(request)).prefetch_related("precisions__champs")
        return dossiers.filter(pk=object_id).first() if object_id.isdigit() else None

    def totaux(self, request: HttpRequest, filtree: QuerySet) -> list[tuple[Any, str]]:
        sommes = filtree.aggregate(demande=Sum("montant_demande"), accorde=Sum("decision__montant"))
        return [(_("Demandé"), argent(sommes["demande"] or 0)), (_("Accordé"), argent(sommes["accorde"] or 0))]

    def contexte_lecture(self, request: HttpRequest, objet: Projet) -> dict[str, Any]:
        enveloppe = objet.enveloppe
        vue = vue_de(request.user, objet, objet.evaluations.all(), request.arrivee)
        constats = sorted(
            adoucir(
                [forme_admissible(objet), *constats_chiffres(objet), *pieces_manquantes(objet, objet.pieces.all())]
            ),
            key=lambda c: c.conforme,
        )
        return {
            "ecarts": sum(not c.conforme for c in constats),
            "conformes": sum(c.conforme for c in constats),
            "reste_si_accorde": enveloppe.disponible - objet.montant_demande,
            "demande": demande_de(objet, objet.depenses.all(), objet.financements.all()),
            "moyenne": note_moyenne(objet.evaluations.all()) if vue.notes else None,
            "vue": vue,
            "constats": constats,
            "antecedents": antecedents(objet, request.user),
            "depot": objet.depots.all()[0],
            "precisions": precisions_lues(objet, request.arrivee),
            "non_lus": non_lus(objet, request.user) if request.user.has_perm("projets.ecrire_message", objet) else None,
            "voit_evaluations": request.user.has_perm("projets.recommander", objet),
            "barre": barre_enveloppe(
                dotation=enveloppe.dotation,
                engage=enveloppe.engage,
                verse=enveloppe.verse,
                propose=objet.montant_demande if not objet.decide_le else 0,
            ),
        }

    @admin.display(description=_("demandé"), ordering="montant_demande")
    def demande(self, objet: Projet) -> str:
        return argent(objet.montant_demande)

    @admin.display(description=_("évaluations"))
    def evaluations_lues(self, objet: Projet) -> str:
        return f"{objet.evaluations_faites} / {objet.evaluations_total}" if objet.evaluations_total else "–"

    @admin.display(description=_("note"), ordering="note_moyenne")
    def note(self, objet: Projet) -> str:
        return nombre(objet.note_moyenne, 2) if objet.note_moyenne is not None else "–"

    @admin.display(description=_("déposé le"), ordering="depose_le")
    def depose(self, objet: Projet) -> str:
        return instant_court(objet.depose_le, objet.appel.fuseau)


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
