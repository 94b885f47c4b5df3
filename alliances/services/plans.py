"""Le plan de travail, de version en version : créer, écrire, choisir, déposer; accepter ou retourner."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from alliances.enums import EtatPlan
from alliances.etats.plan import PLAN
from alliances.models import EngagementPartenaire, Entente, ObjectifPlan, PlanTravail, Priorite, Territoire, ZoneVisee
from alliances.requetes.plans import plan_de_la_ligne, territoires_delegues
from alliances.services.gestes import poser, prendre, tracer, verifier_meme_entente
from comptes.models import Utilisateur
from socle import courriels
from socle.erreurs import Refus
from socle.etats import verifier_droit
from socle.horloge import EST

TEXTES = ("orientations", "structure", "mecanique")


@transaction.atomic
def creer_plan(
    *, entente: Entente, territoire: Territoire | None, echeance: date | None, auteur: Utilisateur, instant: datetime
) -> PlanTravail:
    """Ouvre la version suivante : une copie de la précédente, ou une page blanche.

    Refuse une version déjà en préparation, et un territoire qui n'a pas délégation.
    """
    verifier_droit(auteur, "alliances.ecrire_plan", entente, _("Créer une version du plan"))
    jour = instant.astimezone(EST).date()
    if territoire is not None and not territoires_delegues(entente, jour).filter(pk=territoire.pk).exists():
        raise Refus(
            _("Ce territoire n’a pas de délégation en vigueur : son plan est celui de l’entente."),
            code="delegation",
            champ="territoire",
        )
    Entente.objects.select_for_update(no_key=True).get(pk=entente.pk)
    precedente = plan_de_la_ligne(entente, territoire).first()
    if precedente is not None and precedente.etat in {EtatPlan.BROUILLON, EtatPlan.DEPOSE}:
        raise Refus(
            _("La version {version} est déjà en préparation : terminez-la avant d’en créer une autre.").format(
                version=precedente.version
            ),
            code="version",
            champ="territoire",
        )
    plan = PlanTravail.objects.create(
        entente=entente,
        territoire=territoire,
        version=precedente.version + 1 if precedente else 1,
        echeance=echeance,
        cree_le=instant,
        **{nom: getattr(precedente, nom) if precedente else "" for nom in TEXTES},
    )
    if precedente is not None:
        _copier(precedente, plan)
    tracer(plan, _("Version créée"), auteur=auteur, instant=instant)
    return plan


@transaction.atomic
def preparer_version(
    *, plan: PlanTravail, echeance: date | None, auteur: Utilisateur, instant: datetime
) -> PlanTravail:
    """La version qui suit `plan`; mêmes refus que `creer_plan`."""
    return creer_plan(
        entente=plan.entente, territoire=plan.territoire, echeance=echeance, auteur=auteur, instant=instant
    )


def _copier(source: PlanTravail, plan: PlanTravail) -> None:
    """Priorités, zones en vigueur, objectifs et engagements de la version précédente."""
    plan.priorites.set(source.priorites.all())
    plan.zones.set(source.zones.filter(retiree_le__isnull=True))
    for modele in (ObjectifPlan, EngagementPartenaire):
        copies = list(modele._default_manager.filter(plan=source))
        for copie in copies:
            copie.pk, copie._state.adding, copie.plan = None, True, plan
        modele._default_manager.bulk_create(copies)


def brouillon(plan: PlanTravail, geste: Any, auteur: Utilisateur) -> PlanTravail:
    """Le plan verrouillé, à écrire; refuse un plan déposé, accepté ou remplacé, et qui n'est pas de la coordination."""
    rangee = prendre(plan, "alliances.ecrire_plan", geste, auteur)
    if not rangee.modifiable:
        raise Refus(_("Ce plan n’est plus un brouillon : il ne s’écrit plus. Créez la version suivante."), code="etat")
    return rangee


@transaction.atomic
def ecrire_textes(
    *,
    plan: PlanTravail,
    orientations: str,
    structure: str,
    mecanique: str,
    echeance: date | None,
    auteur: Utilisateur,
    instant: datetime,
) -> PlanTravail:
    """Enregistre les textes et l'échéance de dépôt d'un brouillon."""
    plan = brouillon(plan, _("Écrire les textes"), auteur)
    poser(plan, orientations=orientations, structure=structure, mecanique=mecanique, echeance=echeance)
    tracer(plan, _("Textes enregistrés"), auteur=auteur, instant=instant)
    return plan


@transaction.atomic
def choisir_priorites(
    *, plan: PlanTravail, priorites: Sequence[Priorite], auteur: Utilisateur, instant: datetime
) -> PlanTravail:
    """Les priorités du plan. Refuse celles d'une autre entente, et d'en ôter une qu'un objectif sert."""
    plan = brouillon(plan, _("Choisir les priorités"), auteur)
    verifier_meme_entente(plan.entente, priorites, "priorites")
    gardees = {priorite.pk for priorite in priorites}
    orphelin = plan.objectifs.exclude(priorite=None).exclude(priorite__in=gardees).order_by("ordre", "id").first()
    if orphelin is not None:
        raise Refus(
            _("L’objectif {code} sert une priorité que vous retirez : changez d’abord cet objectif.").format(
                code=orphelin.code
            ),
            code="objectif",
            champ="priorites",
        )
    plan.priorites.set(priorites)
    tracer(plan, _("Priorités choisies"), auteur=auteur, instant=instant)
    return plan


@transaction.atomic
def choisir_zones(
    *, plan: PlanTravail, zones: Sequence[ZoneVisee], auteur: Utilisateur, instant: datetime
) -> PlanTravail:
    """Les zones à privilégier. Refuse celles d'une autre entente."""
    plan = brouillon(plan, _("Choisir les zones"), auteur)
    verifier_meme_entente(plan.entente, zones, "zones")
    plan.zones.set(zones)
    tracer(plan, _("Zones choisies"), auteur=auteur, instant=instant)
    return plan


@transaction.atomic
def deposer_plan(*, plan: PlanTravail, auteur: Utilisateur, instant: datetime) -> PlanTravail:
    """Dépose le plan au ministère. Refuse sans priorité, sans orientations ou sans structure de gouvernance."""
    return PLAN.appliquer(plan, "deposer", auteur=auteur, instant=instant, depose_le=instant, depose_par=auteur)


@transaction.atomic
def commenter_plan(*, plan: PlanTravail, commentaire: str, auteur: Utilisateur, instant: datetime) -> PlanTravail:
    """Le ministère retourne le plan à la coordination, qui le reprend en brouillon. Refuse sans commentaire."""
    if not commentaire.strip():
        raise Refus(_("Écrivez ce que la coordination doit revoir."), code="motif", champ="commentaire")
    rendu = PLAN.appliquer(
        plan,
        "commenter",
        auteur=auteur,
        instant=instant,
        motif=commentaire.strip(),
        commentaire=commentaire.strip(),
    )
    _prevenir(rendu, "commente", _("Plan de travail {entente} : commentaires du ministère"), instant)
    return rendu


@transaction.atomic
def accepter_plan(*, plan: PlanTravail, commentaire: str, auteur: Utilisateur, instant: datetime) -> PlanTravail:
    """Le ministère accepte : le plan est en vigueur, celui qui l'était devient « remplacé »."""
    ancien = PlanTravail.objects.en_vigueur().filter(entente=plan.entente_id, territoire=plan.territoire_id).first()
    if ancien is not None and ancien.pk != plan.pk:
        PLAN.appliquer(ancien, "remplacer", auteur=auteur, instant=instant)
    accepte = PLAN.appliquer(
        plan,
        "accepter",
        auteur=auteur,
        instant=instant,
        motif=commentaire.strip(),
        accepte_le=instant,
        commentaire=commentaire.strip(),
    )
    _prevenir(accepte, "accepte", _("Plan de travail {entente} : accepté"), instant)
    return accepte


def _prevenir(plan: PlanTravail, gabarit: str, objet: str, instant: datetime) -> None:
    """Un courriel à qui a déposé, une fois par dépôt."""
    if plan.depose_par is None or plan.depose_le is None:
        return
    courriels.ecrire(
        f"alliances/plan_{gabarit}",
        destinataire=plan.depose_par.email,
        instant=instant,
        cle=f"plan:{plan.pk}:{gabarit}:{plan.depose_le.isoformat()}",
        objet=objet.format(entente=plan.entente.code),
        objet_lie=plan,
        mandataire_code=plan.entente.mandataire.code,
        contexte={
            "plan": plan,
            "lien": courriels.adresse_absolue(reverse("admin:alliances_plantravail_change", args=[plan.pk])),
        },
    )
