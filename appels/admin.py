"""Admin des appels : préparer, publier, conduire, annoncer."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from appels.actes import cycle, preparation, questions
from appels.actes import formulaire as actes_formulaire
from appels.enums import EtatAppel, EtatQuestion, ModeDepot
from appels.etats import ANNONCABLES
from appels.models import Appel
from appels.requetes.offres import tableau_offres
from appels.requetes.pannes import prolongation_proposee
from appels.requetes.preparation import gravites_lues
from socle.admin.portee import Acte, AdminPortee, Creation

PREPARER, MODIFIER, PUBLIER = "appels.preparer_appel", "appels.modifier_appel", "appels.publier_appel"


def _brouillon(appel: Appel) -> bool:
    return appel.etat == EtatAppel.BROUILLON


def _en_vie(appel: Appel) -> bool:
    return appel.etat not in {EtatAppel.ANNULE, EtatAppel.ANNONCE}


def _annoncable(appel: Appel) -> bool:
    return appel.etat in ANNONCABLES


def _publie(appel: Appel) -> bool:
    return appel.etat == EtatAppel.PUBLIE


@admin.register(Appel)
class AppelAdmin(AdminPortee):
    """Les appels du mandataire."""

    permission_lecture = "appels.lire_appel"
    gabarit_lecture = "admin/appels/appel/lecture.html"
    list_display = ("code", "titre", "etat", "phase_lue", "ouverture", "fermeture")
    list_filter = ("etat", "entente")
    search_fields = ("code", "titre")
    list_select_related = ("entente__mandataire", "plan__entente", "plan__territoire")
    creations = (Creation("creer", "appels.creer_appel", preparation.creer, _("Créer un appel")),)
    actes = (
        Acte("preparer", PREPARER, preparation.preparer, _("Préparation de l’appel"), _en_vie),
        Acte("publier", PUBLIER, cycle.publier, _("Publier"), _brouillon),
        Acte(
            "programmer",
            PUBLIER,
            cycle.programmer,
            _("Programmer la publication"),
            lambda appel: _brouillon(appel) and appel.publication_prevue is None,
        ),
        Acte(
            "deprogrammer",
            PUBLIER,
            cycle.deprogrammer,
            _("Retirer la publication programmée"),
            lambda appel: appel.publication_prevue is not None,
        ),
        Acte(
            "annoncer",
            MODIFIER,
            cycle.annoncer,
            _("Annoncer les décisions"),
            _annoncable,
        ),
        Acte("programmer-annonce", MODIFIER, cycle.programmer_annonce, _("Programmer l’annonce"), _annoncable),
        Acte(
            "deprogrammer-annonce",
            MODIFIER,
            cycle.deprogrammer_annonce,
            _("Retirer l’annonce programmée"),
            lambda appel: appel.annonce_prevue is not None,
        ),
        Acte("formulaire", "appels.modifier_appel", actes_formulaire.formulaire, _("Formulaire")),
        Acte("question", "appels.modifier_appel", actes_formulaire.question),
        Acte("section", "appels.modifier_appel", actes_formulaire.section),
        Acte("publier-formulaire", "appels.modifier_appel", actes_formulaire.publier),
        Acte("prolonger", MODIFIER, cycle.prolonger, _("Prolonger le dépôt"), _publie),
        Acte(
            "epuiser",
            MODIFIER,
            cycle.epuiser,
            _("Constater l’épuisement des fonds"),
            lambda appel: _publie(appel) and appel.mode == ModeDepot.CONTINU and appel.jusqua_epuisement,
        ),
        Acte(
            "preciser",
            MODIFIER,
            preparation.preciser,
            _("Préciser les montants à venir"),
            lambda appel: not _brouillon(appel) and _en_vie(appel) and appel.offres.filter(offert=None).exists(),
        ),
        Acte(
            "questions", MODIFIER, questions.questions, _("Questions et réponses"), lambda appel: not _brouillon(appel)
        ),
        Acte("repondre", MODIFIER, questions.repondre),
        Acte("ecarter", MODIFIER, questions.ecarter),
        Acte(
            "objectifs",
            MODIFIER,
            cycle.objectifs,
            _("Lier aux objectifs du plan"),
            lambda appel: appel.plan_id is not None,
        ),
        Acte("copier", "appels.creer_appel", preparation.copier, _("Copier l’appel")),
        Acte(
            "annuler",
            MODIFIER,
            cycle.annuler,
            _("Annuler l’appel"),
            lambda appel: appel.etat in {EtatAppel.BROUILLON, EtatAppel.PUBLIE},
        ),
        # Les étapes de la préparation, que sa page relie.
        Acte("renseignements", PREPARER, preparation.renseignements),
        Acte("depot", PREPARER, preparation.depot),
        Acte("montants", PREPARER, preparation.montants),
        Acte("parametres", PREPARER, preparation.parametres),
        Acte("calendrier", PREPARER, preparation.calendrier),
        Acte("pieces", PREPARER, preparation.pieces),
        Acte("piece", PREPARER, preparation.piece),
        Acte("retirer-piece", PREPARER, preparation.retirer_piece),
        Acte("grille", PREPARER, preparation.grille),
        Acte("comite", PREPARER, preparation.comite),
        Acte("contact", PREPARER, preparation.contact),
        Acte("guide", PREPARER, preparation.textes_du_guide),
    )

    @admin.display(description=_("phase"))
    def phase_lue(self, objet: Appel) -> str:
        return str(objet.phase.label) if objet.etat != EtatAppel.BROUILLON else "–"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("periodes")

    def contexte_lecture(self, request: HttpRequest, objet: Appel) -> dict[str, Any]:
        return {
            "tableau": tableau_offres(objet),
            "criteres": objet.criteres.all(),
            "pieces": objet.pieces_requises.all(),
            "gravites": gravites_lues(objet.aide),
            "objectifs": objet.objectifs.order_by("ordre", "id"),
            "prolongations": objet.prolongations.select_related("auteur"),
            "proposee": prolongation_proposee(objet, request.arrivee),
            "en_attente": objet.questions.filter(etat=EtatQuestion.RECUE).count(),
            "perms_rapport": request.user.has_perm("projets.exporter_projets"),
            "deposees": self._deposees(request, objet),
            "perms_communique": request.user.has_perm("projets.lire_lettres"),
            "lit_plan": objet.plan is not None and request.user.has_perm("alliances.lire_plan", objet.plan),
        }

    def _deposees(self, request: HttpRequest, objet: Appel) -> int:
        """Combien de demandes l'archive ZIP de l'appel réunirait; zéro sans le droit de la demander."""
        if not request.user.has_perm("projets.archiver_projets"):
            return 0
        return int(objet.projets.visibles_pour(request.user).deposes().count())
