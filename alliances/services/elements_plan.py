"""Ce que contient un plan : priorités, zones, objectifs, engagements des partenaires, consultations.

On écrit un brouillon; on suit un plan jusqu'à ce qu'il soit remplacé. Ce qui est fait ou reçu sous le plan en vigueur
l'est aussi dans la version qui se prépare.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from alliances.enums import EtatPlan, NiveauPriorite
from alliances.models import (
    Consultation,
    EngagementPartenaire,
    Entente,
    ObjectifPlan,
    Partenaire,
    PlanTravail,
    Priorite,
    Territoire,
    ZoneVisee,
)
from alliances.services.gestes import (
    exiger_textes,
    poser,
    prendre,
    ranger,
    tracer,
    verifier_meme_entente,
    verifier_territoire,
)
from alliances.services.plans import brouillon
from alliances.services.territoires import ecrire_zone
from comptes.models import Utilisateur
from socle.argent import ZERO, arrondir
from socle.erreurs import Refus
from socle.etats import verifier_droit
from socle.formats import argent_cents, date_longue
from socle.horloge import EST


@transaction.atomic
def ajouter_priorite(
    *,
    plan: PlanTravail,
    libelle: str,
    niveau: str,
    territoire: Territoire | None,
    auteur: Utilisateur,
    instant: datetime,
) -> Priorite:
    """Inscrit une priorité de l'entente et la met au plan. Refuse un libellé déjà pris, une locale sans territoire."""
    plan = brouillon(plan, _("Ajouter une priorité"), auteur)
    exiger_textes(libelle=(libelle, _("Nommez la priorité.")))
    verifier_territoire(plan.entente, territoire)
    if (niveau == NiveauPriorite.LOCALE) is (territoire is None):
        raise Refus(
            _("Une priorité locale nomme son territoire; une autre n’en a pas."), code="niveau", champ="territoire"
        )
    code = slugify(libelle)[:30].strip("-")
    if Priorite.objects.filter(entente=plan.entente, code=code).exists():
        raise Refus(
            _("Cette priorité existe déjà dans l’entente : choisissez-la dans la liste."),
            code="double",
            champ="libelle",
        )
    priorite = Priorite.objects.create(
        entente=plan.entente,
        territoire=territoire,
        code=code,
        libelle=libelle.strip(),
        niveau=niveau,
        ordre=plan.entente.priorites.count(),
    )
    plan.priorites.add(priorite)
    tracer(plan, _("Priorité ajoutée"), auteur=auteur, instant=instant, detail=priorite.libelle)
    return priorite


@transaction.atomic
def ajouter_zone(
    *,
    plan: PlanTravail,
    nom: str,
    motif: str,
    territoire: Territoire | None,
    auteur: Utilisateur,
    instant: datetime,
) -> ZoneVisee:
    """Inscrit une zone où se concentre la pauvreté et la met au plan (R55). Refuse un nom déjà pris."""
    plan = brouillon(plan, _("Ajouter une zone"), auteur)
    verifier_territoire(plan.entente, territoire)
    zone = ecrire_zone(
        ZoneVisee(entente=plan.entente, territoire=territoire, ordre=plan.entente.zones.count()), nom=nom, motif=motif
    )
    plan.zones.add(zone)
    tracer(plan, _("Zone ajoutée"), auteur=auteur, instant=instant, detail=zone.nom)
    return zone


@transaction.atomic
def ecrire_objectif(
    *,
    plan: PlanTravail,
    objectif: ObjectifPlan | None,
    code: str,
    libelle: str,
    priorite: Priorite | None,
    echeance: date | None,
    auteur: Utilisateur,
    instant: datetime,
) -> ObjectifPlan:
    """Ajoute un objectif au brouillon, ou le récrit. Refuse un code déjà pris et une priorité hors du plan."""
    plan = brouillon(plan, _("Écrire un objectif"), auteur)
    code = code.strip()
    exiger_textes(code=(code, _("Donnez un code à l’objectif.")), libelle=(libelle, _("Écrivez l’objectif.")))
    if priorite is not None and not plan.priorites.filter(pk=priorite.pk).exists():
        raise Refus(
            _("Cette priorité n’est pas au plan : choisissez-la d’abord dans les priorités."),
            code="priorite",
            champ="priorite",
        )
    autres = plan.objectifs.exclude(pk=objectif.pk) if objectif else plan.objectifs.all()
    if autres.filter(code=code).exists():
        raise Refus(
            _("L’objectif {code} existe déjà dans ce plan : donnez un autre code.").format(code=code),
            code="double",
            champ="code",
        )
    ecrit = ranger(
        ObjectifPlan,
        _du_plan(plan, objectif),
        entente=plan.entente,
        plan=plan,
        code=code,
        libelle=libelle.strip(),
        priorite=priorite,
        echeance=echeance,
        ordre=objectif.ordre if objectif else autres.count(),
    )
    geste = _("Objectif modifié") if objectif else _("Objectif ajouté")
    tracer(plan, geste, auteur=auteur, instant=instant, detail=f"{code} {ecrit.libelle}")
    return ecrit


def _du_plan(plan: PlanTravail, element: Any) -> Any:
    """L'élément, s'il est bien de ce plan; refuse celui d'un autre."""
    if element is not None and element.plan_id != plan.pk:
        raise Refus(_("Cet élément n’est pas de ce plan : relisez la page."), code="plan")
    return element


@transaction.atomic
def marquer_objectif(
    *, objectif: ObjectifPlan, fait_le: date | None, auteur: Utilisateur, instant: datetime
) -> ObjectifPlan:
    """Inscrit la date où l'objectif a été fait (vide : il redevient à faire). Refuse le futur et un plan remplacé."""
    plan = suivre(objectif.plan, _("Marquer un objectif"), auteur)
    jour = instant.astimezone(EST).date()
    if fait_le is not None and fait_le > jour:
        raise Refus(
            _("Le {date} n’est pas encore venu : inscrivez la date où l’objectif a été fait.").format(
                date=date_longue(fait_le)
            ),
            code="date",
            champ="fait_le",
        )
    for jumeau in ObjectifPlan.objects.filter(plan__in=_ligne_suivie(plan), code=objectif.code):
        poser(jumeau, fait_le=fait_le)
    objectif.fait_le = fait_le
    geste = _("Objectif fait") if fait_le else _("Objectif rouvert")
    tracer(plan, geste, auteur=auteur, instant=instant, detail=f"{objectif.code} {objectif.libelle}")
    return objectif


def suivre(plan: PlanTravail, geste: Any, auteur: Utilisateur) -> PlanTravail:
    """Le plan verrouillé, à suivre; refuse un plan remplacé."""
    rangee = prendre(plan, "alliances.ecrire_plan", geste, auteur)
    if not rangee.suivi:
        raise Refus(_("Ce plan est remplacé : le suivi se fait dans la version qui l’a remplacé."), code="etat")
    return rangee


def _ligne_suivie(plan: PlanTravail) -> list[int]:
    """Ce plan et, s'il est en vigueur, la version qui se prépare."""
    if plan.etat != EtatPlan.ACCEPTE:
        return [plan.pk]
    suivants = PlanTravail.objects.filter(
        entente=plan.entente_id, territoire=plan.territoire_id, etat__in=[EtatPlan.BROUILLON, EtatPlan.DEPOSE]
    )
    return [plan.pk, *suivants.order_by("id").values_list("pk", flat=True)]


@transaction.atomic
def ecrire_engagement(
    *,
    plan: PlanTravail,
    engagement: EngagementPartenaire | None,
    partenaire: Partenaire,
    nature: str,
    description: str,
    promis: Decimal,
    auteur: Utilisateur,
    instant: datetime,
) -> EngagementPartenaire:
    """Ce qu'un partenaire promet, en dollars; en argent, en biens ou en temps. Refuse zéro et un double."""
    plan = brouillon(plan, _("Écrire un engagement"), auteur)
    verifier_meme_entente(plan.entente, [partenaire], "partenaire")
    _verifier_montant(promis, "promis")
    if promis == ZERO:
        raise Refus(_("Inscrivez ce que le partenaire promet, en dollars."), code="montant", champ="promis")
    cle = {"partenaire": partenaire, "nature": nature, "description": description.strip()}
    autres = plan.engagements.exclude(pk=engagement.pk) if engagement else plan.engagements.all()
    if autres.filter(**cle).exists():
        raise Refus(
            _("Cet engagement est déjà au plan : modifiez-le, ou décrivez ce qui le distingue."),
            code="double",
            champ="description",
        )
    ecrit = ranger(
        EngagementPartenaire, _du_plan(plan, engagement), entente=plan.entente, plan=plan, promis=promis, **cle
    )
    geste = _("Engagement modifié") if engagement else _("Engagement ajouté")
    tracer(plan, geste, auteur=auteur, instant=instant, detail=partenaire.nom)
    return ecrit


@transaction.atomic
def inscrire_recu(
    *, engagement: EngagementPartenaire, recu: Decimal, auteur: Utilisateur, instant: datetime
) -> EngagementPartenaire:
    """Ce qui est reçu du partenaire à ce jour, au cumul, en dollars. Refuse un plan remplacé."""
    plan = suivre(engagement.plan, _("Inscrire un reçu"), auteur)
    _verifier_montant(recu, "recu")
    jumeaux = EngagementPartenaire.objects.filter(
        plan__in=_ligne_suivie(plan),
        partenaire=engagement.partenaire_id,
        nature=engagement.nature,
        description=engagement.description,
    )
    for jumeau in jumeaux:
        poser(jumeau, recu=recu)
    engagement.recu = recu
    tracer(
        plan, _("Reçu inscrit"), auteur=auteur, instant=instant, detail=f"{engagement.partenaire}, {argent_cents(recu)}"
    )
    return engagement


def _verifier_montant(montant: Decimal, champ: str) -> None:
    if montant < ZERO or montant != arrondir(montant):
        raise Refus(_("Écrivez un montant de zéro ou plus, au cent."), code="montant", champ=champ)


@transaction.atomic
def retirer_element(
    *, element: ObjectifPlan | EngagementPartenaire, auteur: Utilisateur, instant: datetime
) -> PlanTravail:
    """Retire du brouillon un objectif ou un engagement. Refuse un objectif que cite un appel."""
    plan = brouillon(element.plan, _("Retirer un élément"), auteur)
    if isinstance(element, ObjectifPlan) and element.appels.exists():
        raise Refus(_("Un appel de projets cite cet objectif : il reste au plan."), code="cite")
    element.delete()
    tracer(plan, _("Élément retiré"), auteur=auteur, instant=instant, detail=str(element))
    return plan


@transaction.atomic
def ecrire_consultation(
    *,
    entente: Entente,
    consultation: Consultation | None,
    territoire: Territoire | None,
    tenue_le: date,
    lieu: str,
    participants: int | None,
    constats: str,
    priorites: Sequence[Priorite],
    auteur: Utilisateur,
    instant: datetime,
) -> Consultation:
    """Inscrit une consultation tenue : où, quand, ce qui en est sorti, les priorités qui en viennent. Refuse le futur."""
    verifier_droit(auteur, "alliances.ecrire_plan", entente, _("Inscrire une consultation"))
    if consultation is not None:
        consultation = prendre(consultation, "alliances.ecrire_plan", _("Modifier la consultation"), auteur)
    exiger_textes(
        lieu=(lieu, _("Écrivez où la consultation a été tenue.")),
        constats=(constats, _("Écrivez ce qui en est sorti.")),
    )
    if tenue_le > instant.astimezone(EST).date():
        raise Refus(_("Une consultation s’inscrit une fois tenue : vérifiez la date."), code="date", champ="tenue_le")
    verifier_territoire(entente, territoire)
    verifier_meme_entente(entente, priorites, "priorites")
    ecrite = ranger(
        Consultation,
        consultation,
        entente=entente,
        territoire=territoire,
        tenue_le=tenue_le,
        lieu=lieu.strip(),
        participants=participants,
        constats=constats.strip(),
    )
    ecrite.priorites.set(priorites)
    geste = _("Consultation modifiée") if consultation else _("Consultation inscrite")
    tracer(ecrite, geste, auteur=auteur, instant=instant)
    return ecrite
