"""Lectures de la décision : ce qui est préparé, ce que chaque enveloppe en garde, les lettres."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet, Sum

from alliances.models import Enveloppe
from appels.models import Appel
from projets.enums import A_L_ETUDE, EtatLettre, EtatProjet, SensDecision
from projets.models import DecisionPreparee, Lettre, PartPreparee, Projet
from socle.argent import ZERO


@dataclass(frozen=True)
class Solde:
    """Une enveloppe, ce qu'on y propose, ce qui resterait."""

    enveloppe: Enveloppe
    propose: Decimal

    @property
    def reste(self) -> Decimal:
        return self.enveloppe.disponible - self.propose

    @property
    def manque(self) -> Decimal:
        return max(-self.reste, ZERO)


def soldes_proposes(parts: QuerySet[PartPreparee]) -> list[Solde]:
    """Par enveloppe, la somme des parts proposées (deux requêtes)."""
    sommes = {
        ligne["enveloppe"]: ligne["total"]
        for ligne in parts.order_by().values("enveloppe").annotate(total=Sum("montant"))
    }
    return [
        Solde(enveloppe, sommes[enveloppe.pk])
        for enveloppe in Enveloppe.objects.filter(pk__in=sommes).order_by("entente_id", "ordre")
    ]


def propose_ailleurs(projet: Projet, enveloppe: Enveloppe) -> Decimal:
    """Ce que d'autres décisions préparées proposent sur la même enveloppe."""
    parts = PartPreparee.objects.filter(enveloppe=enveloppe).exclude(preparee__projet=projet)
    return parts.aggregate(total=Sum("montant"))["total"] or ZERO


def decision_preparee(projet: Projet) -> DecisionPreparee | None:
    """Ce qui est proposé à l'instance pour cette demande, avec son total; nul si rien ne l'est."""
    return (
        DecisionPreparee.objects.filter(projet=projet)
        .select_related("preparee_par")
        .annotate(total=Sum("parts__montant", default=ZERO))
        .first()
    )


def preparees_a_adopter(preparees: QuerySet[DecisionPreparee]) -> QuerySet[DecisionPreparee]:
    """Avec ce que la page montre, dans l'ordre des numéros."""
    return (
        preparees.select_related("projet__organisme", "projet__enveloppe", "projet__appel", "instance", "preparee_par")
        .prefetch_related("parts__enveloppe")
        .annotate(total=Sum("parts__montant", default=ZERO))
        .order_by("projet__appel_id", "projet__numero")
    )


def octrois(projets: QuerySet[Projet]) -> QuerySet[Projet]:
    """Les projets acceptés, par territoire."""
    return (
        projets.filter(etat=EtatProjet.ACCEPTE, decision__sens=SensDecision.ACCEPTER)
        .select_related("organisme", "enveloppe", "decision", "priorite")
        .order_by("enveloppe__ordre", "-decision__montant", "numero")
    )


@dataclass(frozen=True)
class AvantAnnonce:
    """Ce que l'annonce enverrait, ce qu'elle laisserait, ce qui n'est pas décidé."""

    partiront: list[Lettre]
    a_relire: list[Lettre]
    envoyees: int
    sans_decision: list[Projet]


def avant_l_annonce(appel: Appel) -> AvantAnnonce:
    """Les lettres de l'appel selon leur état, et les demandes encore à l'étude (deux requêtes)."""
    lettres = list(
        Lettre.objects.filter(decision__projet__appel=appel)
        .select_related("decision__projet__organisme")
        .order_by("decision__projet__numero")
    )
    return AvantAnnonce(
        [lettre for lettre in lettres if lettre.etat == EtatLettre.RELUE],
        [lettre for lettre in lettres if lettre.etat == EtatLettre.REDIGEE],
        sum(lettre.etat == EtatLettre.ENVOYEE for lettre in lettres),
        list(Projet.objects.filter(appel=appel, etat__in=A_L_ETUDE).select_related("organisme").order_by("numero")),
    )
