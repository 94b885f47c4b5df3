"""Accueil et menu de l'admin : des files de travail selon le rôle, puis les enveloppes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from alliances.models import Enveloppe
from comptes.enums import Role
from portail.blocages import ce_qui_bloque
from portail.echeances import echeances
from portail.files_appels import files_des_appels
from portail.files_argent import files_de_l_argent
from portail.files_cadre import files_du_cadre
from portail.files_comite import files_du_comite
from portail.files_decisions import files_des_decisions
from portail.files_dossiers import files_des_dossiers
from portail.files_echanges import files_des_echanges
from portail.semaine import cette_semaine
from projets.enums import EtatConvention, EtatEvaluation, EtatLettre, EtatProjet, EtatRapport, EtatVersement
from projets.models import Projet, Versement
from projets.requetes import octrois_en_zone
from reddition.enums import EtatReddition
from reddition.models import Reddition
from socle.admin.actes import adresse_lecture
from socle.argent import ZERO
from socle.formats import argent_cents
from socle.graphiques import barre_enveloppe
from socle.horloge import aujourd_hui

MONTRES = 6
LISTE_D_ATTENTE = "admin:projets_projet_liste_attente"
A_PART = frozenset({LISTE_D_ATTENTE})  # une page d'un objet qui a déjà sa place au menu


@dataclass(frozen=True)
class Dossier:
    titre: str
    url: str
    detail: str


@dataclass(frozen=True)
class File:
    """Une file de travail : combien, les plus anciens, où voir le reste; `bouton` : le geste qui vaut pour toute la file."""

    titre: str
    geste: str
    total: int
    dossiers: list[Dossier]
    url: str
    bouton: tuple[str, str] | None = None


Lien = tuple[str, str, str]  # titre, nom d'adresse, permission


def _groupes() -> tuple[tuple[str, tuple[Lien, ...]], ...]:
    """Le menu, par ce qu'on vient faire : les projets, l'argent, le cadre de l'Alliance, les suites."""
    return (
        (
            _("Projets"),
            (
                (_("Demandes"), "admin:projets_projet_changelist", "projets.lire_projet"),
                (_("Appels"), "admin:appels_appel_changelist", "appels.lire_appel"),
                (_("Comité"), "admin:comite_comiteappel_changelist", "comite.conduire"),
                (_("Évaluations"), "admin:projets_evaluation_changelist", "projets.conduire_evaluation"),
                (_("Séances"), "admin:comite_seance_changelist", "comite.preparer_seance"),
                (
                    _("Déclarations d’intérêt"),
                    "admin:projets_declarationinteret_changelist",
                    "projets.lire_declarations",
                ),
                (_("Codes imprimés"), "admin:comite_feuillecodes_changelist", "comite.imprimer_codes"),
                (_("Décisions préparées"), "admin:projets_decisionpreparee_changelist", "projets.lire_lettres"),
                (_("Liste d’attente"), LISTE_D_ATTENTE, "projets.lire_lettres"),
                (_("Lettres"), "admin:projets_lettre_changelist", "projets.lire_lettres"),
                (_("Modèles de lettres"), "admin:projets_modelelettre_changelist", "projets.lire_lettres"),
                (_("Versements"), "admin:projets_versement_changelist", "alliances.lire_grand_livre"),
            ),
        ),
        (
            _("Argent"),
            (
                (_("Ententes"), "admin:alliances_entente_changelist", "alliances.lire_entente"),
                (_("Enveloppes"), "admin:alliances_enveloppe_changelist", "alliances.lire_grand_livre"),
                (_("Engagements"), "admin:alliances_engagement_changelist", "alliances.lire_grand_livre"),
                (_("Grand livre"), "admin:alliances_mouvement_changelist", "alliances.lire_grand_livre"),
            ),
        ),
        (
            _("Alliance"),
            (
                (_("Plans de travail"), "admin:alliances_plantravail_changelist", "alliances.lire_plan"),
                (_("Consultations"), "admin:alliances_consultation_changelist", "alliances.lire_plan"),
                (_("Comités"), "admin:alliances_comite_changelist", "alliances.lire_gouvernance"),
                (_("Avis"), "admin:alliances_avissectoriel_changelist", "alliances.lire_gouvernance"),
                (_("Territoires"), "admin:alliances_territoire_changelist", "alliances.lire_entente"),
                (_("Délégations"), "admin:alliances_delegation_changelist", "alliances.lire_grand_livre"),
                (_("Fiche publique"), "admin:alliances_mandataire_changelist", "alliances.modifier_image"),
                (_("Accès"), "admin:alliances_affectation_acces", "alliances.lire_acces"),
            ),
        ),
        (
            _("Suivi"),
            (
                (_("Redditions"), "admin:reddition_reddition_changelist", "reddition.lire_reddition"),
                (_("Courriels"), "admin:socle_courriel_changelist", "alliances.lire_courriels"),
                (_("Rappels"), "admin:socle_rappel_changelist", "alliances.lire_courriels"),
            ),
        ),
    )


def _dossier_du_modele(adresse: str) -> str:
    """`/admin/alliances/affectation/acces/` → `/admin/alliances/affectation/` : toutes les pages d'un objet, sauf celles à part."""
    url = reverse(adresse)
    return url if adresse in A_PART else "/".join(url.split("/")[:4]) + "/"


def menu(request: HttpRequest) -> list[dict[str, Any]]:
    """Les groupes que la personne peut ouvrir, chacun avec ses pages; celui de la page présente est actif."""
    dossiers = {_dossier_du_modele(adresse) for _titre, liens in _groupes() for _nom, adresse, _permission in liens}
    ici = max((d for d in dossiers if request.path.startswith(d)), key=len, default="")
    groupes = []
    for titre, liens in _groupes():
        pages = [
            {"titre": nom, "url": reverse(adresse), "actif": _dossier_du_modele(adresse) == ici}
            for nom, adresse, permission in liens
            if request.user.has_perm(permission)
        ]
        if pages:
            actif = any(page["actif"] for page in pages)
            groupes.append({"titre": titre, "url": pages[0]["url"], "actif": actif, "pages": pages})
    return groupes


def contexte(request: HttpRequest) -> dict[str, Any]:
    """Files non vides, barres des enveloppes par entente, échéances."""
    files = [*_files_a_moi(request), *_files_projets(request)]
    files += [*_files_versements(request), *_files_redditions(request)]
    files += [
        _file(*file, lambda objet, lire=lire: Dossier(*lire(objet)))
        for *file, lire in (
            *files_des_echanges(request.user),
            *files_de_l_argent(request.user),
            *files_du_cadre(request.user),
            *files_des_appels(request.user),
            *files_du_comite(request.user),
        )
    ]
    return {
        "aujourdhui": aujourd_hui(),
        "files": [file for file in files if file.total],
        "blocage": ce_qui_bloque(request.user, request.arrivee),
        "semaine": cette_semaine(request.user, request.arrivee),
        "ententes": _ententes(request),
        "echeances": echeances(request.user, request.arrivee),
    }


def _ententes(request: HttpRequest) -> list[dict[str, Any]]:
    """Les enveloppes de chaque entente active, ses totaux, et une barre par enveloppe."""
    if not request.user.has_perm("alliances.lire_grand_livre"):
        return []  # l'agent territorial lit ses demandes, pas l'argent des autres territoires
    enveloppes = (
        Enveloppe.objects.visibles_pour(request.user)
        .filter(entente__etat="active")
        .select_related("entente")
        .order_by("-entente__code", "ordre")
    )
    groupes = []
    for entente, rangees in groupby(enveloppes, key=lambda e: e.entente):
        liste = list(rangees)
        total = {
            nom: sum((getattr(e, nom) for e in liste), ZERO) for nom in ("dotation", "verse", "a_verser", "disponible")
        }
        echelle = max(e.dotation for e in liste)
        barres = [
            (e, barre_enveloppe(dotation=e.dotation, engage=e.engage, verse=e.verse, echelle=echelle)) for e in liste
        ]
        groupes.append({"entente": entente, "rangees": barres, "total": total})
    en_zone = octrois_en_zone(groupe["entente"].pk for groupe in groupes)
    for groupe in groupes:
        groupe["en_zone"] = en_zone.get(groupe["entente"].pk)
    return groupes


def _file(titre: str, geste: str, objets: QuerySet | list, url: str, dossier: Any) -> File:
    """Une requête par file; le compte ne se demande à part que si la file déborde."""
    premiers = list(objets[: MONTRES + 1])
    total = len(premiers)
    if total > MONTRES:
        total = len(objets) if isinstance(objets, list) else objets.count()
    return File(titre, geste, total, [dossier(objet) for objet in premiers[:MONTRES]], url)


def _dossier(projet: Projet) -> Dossier:
    return Dossier(
        f"{projet.numero} {projet.titre}",
        adresse_lecture(projet),
        f"{projet.organisme} – {argent_cents(projet.montant_demande)}",
    )


def _files_a_moi(request: HttpRequest) -> Iterable[File]:
    """Les dossiers dont la personne répond, ceux qui ont passé leur date, ceux à qui il manque une pièce."""
    liste = reverse("admin:projets_projet_changelist")
    for titre, geste, objets, question in files_des_dossiers(request.user, request.arrivee):
        yield _file(titre, geste, objets, f"{liste}?{question}", _dossier)


def _files_projets(request: HttpRequest) -> Iterable[File]:
    portees = request.user.portees
    projets = (
        Projet.objects.visibles_pour(request.user).deposes().select_related("organisme").order_by("depose_le", "id")
    )
    if portees.a_role(Role.COORDINATION):
        yield from _files_examen(projets)
    for *file, lire, bouton in files_des_decisions(request.user):
        yield replace(_file(*file, lambda objet, lire=lire: Dossier(*lire(objet))), bouton=bouton)
    if portees.a_role(Role.COORDINATION):
        yield from _files_suite(projets.filter(etat=EtatProjet.ACCEPTE))


def _liste(etat: str = "") -> str:
    adresse = reverse("admin:projets_projet_changelist")
    return f"{adresse}?etat__exact={etat}" if etat else adresse


def _files_examen(projets: QuerySet[Projet]) -> Iterable[File]:
    """Du dépôt à la recommandation."""
    en_attente = Q(evaluations__etat__in=[EtatEvaluation.ASSIGNEE, EtatEvaluation.EN_COURS])
    chez = projets.filter(etat=EtatProjet.EN_EVALUATION).annotate(restantes=Count("evaluations", filter=en_attente))
    etapes = (
        (
            _("Demandes à examiner"),
            _("Dire si elles sont admissibles."),
            projets.filter(etat=EtatProjet.DEPOSE),
            "depose",
        ),
        (
            _("À confier au comité"),
            _("Choisir deux membres."),
            projets.filter(etat=EtatProjet.ADMISSIBLE),
            "admissible",
        ),
        (_("Chez le comité"), _("Évaluations en attente."), chez.filter(restantes__gt=0), "en_evaluation"),
        (
            _("Recommandations à consigner"),
            _("Toutes les évaluations sont soumises."),
            chez.filter(restantes=0),
            "en_evaluation",
        ),
    )
    for titre, geste, objets, etat in etapes:
        yield _file(titre, geste, objets, _liste(etat), _dossier)


def _files_suite(acceptes: QuerySet[Projet]) -> Iterable[File]:
    """De la convention au rapport."""
    etapes = (
        (
            _("Conventions à préparer"),
            _("La lettre est partie."),
            {"convention": None, "decision__lettre__etat": EtatLettre.ENVOYEE},
        ),
        (_("Conventions à signer"), _("L’organisme a signé."), {"convention__etat": EtatConvention.SIGNEE_PROMOTEUR}),
        (
            _("Rapports à examiner"),
            _("Accepter, ou demander une correction."),
            {"convention__rapport__etat": EtatRapport.SOUMIS},
        ),
    )
    for titre, geste, condition in etapes:
        yield _file(titre, geste, acceptes.filter(**condition), _liste("accepte"), _dossier)


def _files_versements(request: HttpRequest) -> Iterable[File]:
    portees = request.user.portees
    versements = (
        Versement.objects.visibles_pour(request.user).select_related("convention__projet__organisme").order_by("id")
    )
    liste = reverse("admin:projets_versement_changelist")
    exigible = Q(convention__etat=EtatConvention.ACTIVE) & (
        Q(condition="signature") | Q(convention__rapport__etat=EtatRapport.ACCEPTE)
    )
    if portees.a_role(Role.COORDINATION, Role.FINANCES):
        yield _file(
            _("Versements à approuver"),
            _("Leur condition est remplie."),
            versements.filter(exigible, etat=EtatVersement.PREVU),
            f"{liste}?etat__exact=prevu",
            _versement,
        )
    if portees.a_role(Role.TRESORERIE, Role.FINANCES):
        a_payer = versements.filter(etat=EtatVersement.APPROUVE).exclude(approuve_par=request.user)
        yield _file(
            _("Versements à payer"),
            _("Approuvés par une autre personne."),
            a_payer,
            f"{liste}?etat__exact=approuve",
            _versement,
        )


def _versement(versement: Versement) -> Dossier:
    projet = versement.convention.projet
    return Dossier(
        f"{projet.numero} – {versement.rang}",
        adresse_lecture(versement),
        f"{projet.organisme} – {argent_cents(versement.montant)}",
    )


def _files_redditions(request: HttpRequest) -> Iterable[File]:
    if request.user.portees.a_role(Role.COORDINATION):
        redditions = (
            Reddition.objects.visibles_pour(request.user)
            .filter(etat=EtatReddition.PREPARATION)
            .select_related("entente")
            .order_by("exercice")
        )
        yield _file(
            _("Redditions en préparation"),
            _("Relire, écrire, certifier."),
            redditions,
            reverse("admin:reddition_reddition_changelist"),
            lambda r: Dossier(f"{r.entente.code} {r.exercice} v{r.version}", adresse_lecture(r), ""),
        )
