"""Admin du comité : l'avancement par appel, les évaluations, les déclarations, les séances, les feuilles de codes."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from appels.enums import EtatAppel
from comite.actes import appel as actes_appel
from comite.actes import codes as actes_codes
from comite.actes import evaluation as actes_evaluation
from comite.actes import seance as actes_seance
from comite.actes import tableau as actes_tableau
from comite.actes import tenue as actes_tenue
from comite.enums import EtatSeance
from comite.models import ComiteAppel, FeuilleCodes, Seance
from comite.requetes.avancement import appels_du_comite, avancement
from comite.requetes.ordre_du_jour import lignes_pour, points_de
from comite.requetes.tenue import quorums, tenue_de
from projets.conflits import conflits_detectes
from projets.enums import EVALUATIONS_OUVERTES, EtatEvaluation
from projets.models import DeclarationInteret, Evaluation
from projets.visibilite import vue_de
from socle.admin.portee import Acte, AdminPortee, Creation
from socle.formats import fin_exclusive, instant_court, nombre
from socle.horloge import maintenant

CONDUIRE, SEANCE, CODES = "projets.conduire_evaluation", "comite.preparer_seance", "comite.imprimer_codes"
EN_COMITE = (EtatAppel.PUBLIE, EtatAppel.ANALYSE)


TENIR, SCENARIO = "comite.tenir_seance", "comite.ecrire_scenario"
AVANT_LEVEE, APRES_OUVERTURE = (EtatSeance.PREPAREE, EtatSeance.OUVERTE), (EtatSeance.OUVERTE, EtatSeance.LEVEE)


def _seance_dans(*etats: str):
    return lambda seance: seance.etat in etats


def _dans(*etats: str):
    return lambda evaluation: evaluation.etat in etats


@admin.register(ComiteAppel)
class ComiteAppelAdmin(AdminPortee):
    """Un appel par rangée : où en est son comité."""

    permission_lecture = "comite.conduire"
    gabarit_lecture = "admin/comite/comiteappel/lecture.html"
    list_display = ("code", "titre", "phase_lue", "confiees_lues", "remises_lues")
    list_filter = ("etat", "entente")
    search_fields = ("code", "titre")
    list_select_related = ("entente__mandataire",)
    ordering = ("-fermeture",)
    actes = (
        Acte(
            "partager",
            "comite.conduire",
            actes_appel.partager,
            _("Partager les demandes"),
            lambda appel: appel.etat in EN_COMITE,
        ),
        Acte(
            "relancer",
            "comite.conduire",
            actes_appel.relancer_retards,
            _("Relancer les retards"),
            lambda appel: appel.etat in EN_COMITE,
        ),
        Acte(
            "seance",
            SEANCE,
            actes_appel.creer_seance,
            _("Préparer une séance"),
            lambda appel: appel.etat in EN_COMITE,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        siens = super().get_queryset(request).exclude(etat=EtatAppel.BROUILLON)
        return appels_du_comite(siens).prefetch_related("phases_comite")

    def contexte_lecture(self, request: HttpRequest, objet: ComiteAppel) -> dict[str, Any]:
        return {
            "avance": avancement(objet, request.user, request.arrivee),
            "phases": objet.phases_comite.all(),
            "phase": objet.phase_comite_a(request.arrivee),
            "seances": objet.seances.select_related("territoire"),
        }

    @admin.display(description=_("phase"))
    def phase_lue(self, objet: ComiteAppel) -> str:
        return str(objet.phase_comite_a(maintenant()).label)

    @admin.display(description=_("confiées"), ordering="confiees")
    def confiees_lues(self, objet: ComiteAppel) -> str:
        return str(objet.confiees)

    @admin.display(description=_("remises"), ordering="remises")
    def remises_lues(self, objet: ComiteAppel) -> str:
        return str(objet.remises)


class RetardFilter(admin.SimpleListFilter):
    """Ce qui reste à remettre, en retard ou non."""

    title = _("remise")
    parameter_name = "remise"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("retard", _("En retard")), ("attendue", _("Attendue")), ("doute", _("Lien à discuter"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        ouvertes = queryset.filter(etat__in=EVALUATIONS_OUVERTES)
        return {
            "retard": lambda: ouvertes.filter(limite__lte=maintenant()),
            "attendue": lambda: ouvertes,
            "doute": lambda: ouvertes.filter(lien="doute"),
        }.get(self.value() or "", lambda: queryset)()


@admin.register(Evaluation)
class EvaluationAdmin(AdminPortee):
    """Les évaluations confiées : jamais de note dans la liste."""

    permission_lecture = "projets.conduire_evaluation"
    gabarit_lecture = "admin/comite/evaluation/lecture.html"
    list_display = ("numero", "organisme", "evaluateur", "etat", "limite_lue", "soumise_lue")
    list_filter = ("etat", RetardFilter, "projet__appel")
    search_fields = ("projet__numero", "projet__organisme__nom", "evaluateur__nom")
    list_select_related = ("projet__organisme", "projet__appel", "evaluateur", "entente__mandataire")
    ordering = ("-assignee_le", "-id")
    actes = (
        Acte(
            "remplacer",
            CONDUIRE,
            actes_evaluation.remplacer,
            _("Remplacer la personne"),
            _dans(*EVALUATIONS_OUVERTES, EtatEvaluation.RETIREE),
        ),
        Acte("relancer", CONDUIRE, actes_evaluation.relancer, _("Relancer"), _dans(*EVALUATIONS_OUVERTES)),
        Acte("limite", CONDUIRE, actes_evaluation.limite, _("Changer la date limite"), _dans(*EVALUATIONS_OUVERTES)),
        Acte(
            "papier",
            "projets.saisir_notes_papier",
            actes_evaluation.papier,
            _("Saisir des notes papier"),
            _dans(*EVALUATIONS_OUVERTES),
        ),
        Acte("rouvrir", CONDUIRE, actes_evaluation.rouvrir, _("Rouvrir l’évaluation"), _dans(EtatEvaluation.SOUMISE)),
        Acte(
            "retirer",
            CONDUIRE,
            actes_evaluation.retirer,
            _("Inscrire un retrait"),
            _dans(*EVALUATIONS_OUVERTES, EtatEvaluation.SOUMISE),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Celles de son mandataire; la sienne propre se lit dans l'espace du comité."""
        return (
            super()
            .get_queryset(request)
            .filter(entente__mandataire__in=request.user.portees.mandataires("coordination"))
            .select_related(
                "projet__appel",
                "projet__organisme",
                "projet__enveloppe",
                "projet__entente__mandataire",
                "evaluateur",
                "entente__mandataire",
            )
        )

    def contexte_lecture(self, request: HttpRequest, objet: Evaluation) -> dict[str, Any]:
        vue = vue_de(request.user, objet.projet, objet.projet.evaluations.all(), request.arrivee)
        detectes = conflits_detectes([objet.projet], [objet.evaluateur], request.arrivee)
        return {
            "vue": vue,
            "notes": [(n, n.critere.en_mots(n.valeur), n.critere.sous_le_seuil(n.valeur)) for n in _notes(objet, vue)],
            "conflits": detectes.get((objet.projet_id, objet.evaluateur_id), []),
            "relances": objet.relances.select_related("auteur"),
            "papiers": objet.saisies_papier.select_related("saisie_par", "numerisation"),
            "declarations": objet.projet.declarations.filter(utilisateur=objet.evaluateur).select_related(
                "inscrite_par"
            ),
            "retard": objet.en_retard(request.arrivee),
        }

    @admin.display(description=_("demande"), ordering="projet__numero")
    def numero(self, objet: Evaluation) -> str:
        return str(objet.projet.numero)

    @admin.display(description=_("organisme"))
    def organisme(self, objet: Evaluation) -> str:
        return str(objet.projet.organisme)

    @admin.display(description=_("à remettre le"), ordering="limite")
    def limite_lue(self, objet: Evaluation) -> str:
        return fin_exclusive(objet.limite, objet.projet.appel.fuseau) if objet.limite else "–"

    @admin.display(description=_("remise le"), ordering="soumise_le")
    def soumise_lue(self, objet: Evaluation) -> str:
        return instant_court(objet.soumise_le, objet.projet.appel.fuseau) if objet.soumise_le else "–"


def _notes(evaluation: Evaluation, vue: Any) -> QuerySet:
    """Les notes remises, si elles se voient; un brouillon n'est qu'à sa personne."""
    if not vue.notes or evaluation.etat != EtatEvaluation.SOUMISE:
        return evaluation.notes.none()
    return evaluation.notes.select_related("critere").order_by("critere__ordre")


@admin.register(DeclarationInteret)
class DeclarationAdmin(AdminPortee):
    """Le registre des déclarations d'intérêt, en lecture."""

    permission_lecture = "projets.lire_declarations"
    gabarit_lecture = "admin/comite/declaration/lecture.html"
    list_display = ("numero", "utilisateur", "lien", "nature", "origine", "declaree")
    list_filter = ("lien", "origine", "projet__appel")
    search_fields = ("projet__numero", "utilisateur__nom")
    list_select_related = ("projet__appel", "utilisateur", "entente__mandataire")
    ordering = ("-declaree_le", "-id")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        siennes = request.user.portees.mandataires("coordination")
        return (
            super()
            .get_queryset(request)
            .filter(entente__mandataire__in=siennes)
            .select_related("projet__organisme", "projet__appel", "utilisateur", "inscrite_par", "entente__mandataire")
        )

    @admin.display(description=_("demande"), ordering="projet__numero")
    def numero(self, objet: DeclarationInteret) -> str:
        return str(objet.projet.numero)

    @admin.display(description=_("déclarée le"), ordering="declaree_le")
    def declaree(self, objet: DeclarationInteret) -> str:
        return instant_court(objet.declaree_le, objet.projet.appel.fuseau)


@admin.register(Seance)
class SeanceAdmin(AdminPortee):
    """Les séances : ordre du jour, cahiers, présences, tableau, procès-verbal."""

    permission_lecture = SEANCE
    gabarit_lecture = "admin/comite/seance/lecture.html"
    list_display = ("appel", "quand", "lieu", "territoire", "etat", "points_lus")
    list_filter = ("etat", "appel")
    search_fields = ("appel__code", "lieu")
    list_select_related = ("appel", "territoire", "entente__mandataire")
    ordering = ("-debut",)
    actes = (
        Acte("tableau", SCENARIO, actes_tableau.tableau_du_comite, _("Tableau du comité")),
        Acte("presences", TENIR, actes_tenue.presences, _("Présences"), _seance_dans(*AVANT_LEVEE)),
        Acte("retrait", TENIR, actes_tenue.retrait, _("Inscrire un retrait"), _seance_dans(*AVANT_LEVEE)),
        Acte("ouvrir", TENIR, actes_tenue.ouvrir, _("Ouvrir la séance"), _seance_dans(EtatSeance.PREPAREE)),
        Acte("lever", TENIR, actes_tenue.lever, _("Lever la séance"), _seance_dans(EtatSeance.OUVERTE)),
        Acte("proces-verbal", TENIR, actes_tenue.proces_verbal, _("Procès-verbal"), _seance_dans(EtatSeance.LEVEE)),
        Acte("rouvrir", TENIR, actes_tenue.rouvrir, _("Rouvrir la séance"), _seance_dans(EtatSeance.LEVEE)),
        Acte("comparer", SCENARIO, actes_tableau.comparer_scenarios, _("Comparer les scénarios")),
        Acte("retenir", SCENARIO, actes_tableau.retenir, _("Retenir un scénario"), _seance_dans(*APRES_OUVERTURE)),
        Acte("ordre", SEANCE, actes_seance.ordre_du_jour, _("Ordre du jour"), _seance_dans(*AVANT_LEVEE)),
        Acte("cahiers", SEANCE, actes_seance.cahiers, _("Produire les cahiers"), _seance_dans(*AVANT_LEVEE)),
        Acte("modifier", SEANCE, actes_seance.modifier, _("Modifier la séance"), _seance_dans(*AVANT_LEVEE)),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return (
            super()
            .get_queryset(request)
            .select_related("appel", "territoire", "entente__mandataire")
            .annotate(nombre_points=Count("points"))
        )

    def contexte_lecture(self, request: HttpRequest, objet: Seance) -> dict[str, Any]:
        points, tenue = points_de(objet), tenue_de(objet)
        projets = [point.projet for point in points if point.projet is not None]
        par_projet = quorums(objet, tenue, projets)
        return {
            "lignes": lignes_pour(objet, points, set()),
            "tenue": tenue,
            "retraits": [(p, par_projet[p.pk]) for p in projets if par_projet[p.pk].retires],
            "scenarios": objet.scenarios.select_related("modifie_par"),
            "pv_a_refaire": objet.proces_verbal_id is not None and objet.pv_perime,
            "cahiers": objet.cahiers.select_related("membre", "fichier").order_by("membre__nom"),
        }

    @admin.display(description=_("quand"), ordering="debut")
    def quand(self, objet: Seance) -> str:
        return instant_court(objet.debut, objet.appel.fuseau)

    @admin.display(description=_("points"), ordering="nombre_points")
    def points_lus(self, objet: Seance) -> str:
        return nombre(objet.nombre_points)


@admin.register(FeuilleCodes)
class FeuilleCodesAdmin(AdminPortee):
    """Les feuilles de codes imprimées : à qui, combien ont servi, jusqu'à quand."""

    permission_lecture = CODES
    gabarit_lecture = "admin/comite/feuille/lecture.html"
    list_display = ("membre", "imprimee", "expire", "utilises", "etat_lu")
    search_fields = ("membre__nom",)
    list_select_related = ("membre", "mandataire")
    ordering = ("-imprimee_le", "-id")
    creations = (Creation("imprimer", CODES, actes_codes.imprimer, _("Imprimer une feuille de codes")),)
    actes = (
        Acte(
            "revoquer",
            CODES,
            actes_codes.revoquer,
            _("Révoquer la feuille"),
            lambda feuille: feuille.revoquee_le is None,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return (
            super()
            .get_queryset(request)
            .select_related("membre", "mandataire", "imprimee_par", "revoquee_par")
            .annotate(servis=Count("codes__utilise_le"), nombre=Count("codes"))
        )

    def contexte_lecture(self, request: HttpRequest, objet: FeuilleCodes) -> dict[str, Any]:
        return {"codes": objet.codes.all(), "valide": objet.valide(request.arrivee)}

    @admin.display(description=_("imprimée le"), ordering="imprimee_le")
    def imprimee(self, objet: FeuilleCodes) -> str:
        return instant_court(objet.imprimee_le)

    @admin.display(description=_("expire le"), ordering="expire_le")
    def expire(self, objet: FeuilleCodes) -> str:
        return instant_court(objet.expire_le)

    @admin.display(description=_("utilisés"))
    def utilises(self, objet: FeuilleCodes) -> str:
        return f"{objet.servis} / {objet.nombre}"

    @admin.display(description=_("état"))
    def etat_lu(self, objet: FeuilleCodes) -> str:
        if objet.revoquee_le is not None:
            return str(_("Révoquée"))
        return str(_("Valide")) if objet.valide(maintenant()) else str(_("Expirée"))
