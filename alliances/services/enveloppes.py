"""Les actes d'argent de la coordination et des finances sur une enveloppe, hors projets (R15 à R17, R31, R33).

Chacun vérifie le droit et ce qui manque, puis inscrit une seule opération au grand livre. Rejouer la même clé répond
comme la première fois. Une erreur se corrige par une contrepassation, jamais par une modification.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from alliances.enums import NatureEnveloppe, TypeMouvement
from alliances.models import Avenant, Engagement, Entente, Enveloppe, Mouvement
from alliances.requetes.soldes import soldes_a_reporter
from alliances.services import grand_livre
from alliances.services.grand_livre import Ligne
from socle.argent import ZERO
from socle.erreurs import Refus
from socle.etats import verifier_droit
from socle.formats import argent_cents

REPARTIR, VERSER, RECOUVRER = "alliances.repartir", "alliances.verser_engagement", "alliances.recouvrer"


def _exiger_motif(motif: str) -> str:
    if not motif.strip():
        raise Refus(
            _("Écrivez le motif : il reste au grand livre, et la reddition le montre."), code="motif", champ="motif"
        )
    return motif.strip()


def _exiger_positif(montant: Decimal) -> Decimal:
    if montant <= 0:
        raise Refus(_("Le montant est plus grand que zéro."), code="montant", champ="montant")
    return montant


def _exiger_plafond_administration(entente: Entente) -> None:
    """R12 : après l'opération, les enveloppes d'administration tiennent dans leur plafond; sinon tout se défait."""
    plafond = Entente.objects.values_list("administration_max", flat=True).get(pk=entente.pk)
    if plafond is None:
        return
    dote = Enveloppe.objects.filter(entente=entente, nature=NatureEnveloppe.ADMINISTRATION).aggregate(
        total=Sum("dotation", default=ZERO)
    )["total"]
    if dote > plafond:
        raise Refus(
            _(
                "Le budget d’administration a un plafond de {plafond} (R12) : {manque} de trop. Rien n’a été inscrit."
            ).format(plafond=argent_cents(plafond), manque=argent_cents(dote - plafond)),
            code="administration",
            champ="montant",
        )


@transaction.atomic
def allouer_enveloppe(
    *, enveloppe: Enveloppe, montant: Decimal, exercice: str, motif: str, auteur: Any, instant: datetime, cle: str
) -> list[Mouvement]:
    """Dote l'enveloppe de `montant`. Refuse au-delà de l'entente, en disant ce qui manque (R15)."""
    verifier_droit(auteur, REPARTIR, enveloppe, _("Allouer"))
    motif = _exiger_motif(motif)
    mouvements = grand_livre.doter(
        enveloppe, _exiger_positif(montant), exercice=exercice, auteur=auteur, instant=instant, cle=cle, motif=motif
    )
    _exiger_plafond_administration(enveloppe.entente)
    return mouvements


@transaction.atomic
def virer_solde(
    *,
    enveloppe: Enveloppe,
    cible: Enveloppe,
    montant: Decimal,
    exercice: str,
    motif: str,
    mandat: str,
    auteur: Any,
    instant: datetime,
    cle: str,
) -> list[Mouvement]:
    """Vire `montant` vers `cible` (R16). Refuse : sans motif, sans mandat, au-delà du non-engagé."""
    verifier_droit(auteur, REPARTIR, enveloppe, _("Virer"))
    if not mandat.strip():
        raise Refus(
            _("Un virement demande un mandat : inscrivez la résolution qui l’autorise."), code="mandat", champ="mandat"
        )
    mouvements = grand_livre.virer(
        enveloppe,
        cible,
        _exiger_positif(montant),
        exercice=exercice,
        motif=_exiger_motif(motif),
        mandat=mandat.strip(),
        auteur=auteur,
        instant=instant,
        cle=cle,
    )
    _exiger_plafond_administration(enveloppe.entente)
    return mouvements


@transaction.atomic
def prolonger_enveloppe(
    *,
    enveloppe: Enveloppe,
    avenant: Avenant,
    montant: Decimal,
    exercice: str,
    motif: str,
    auteur: Any,
    instant: datetime,
    cle: str,
) -> list[Mouvement]:
    """Ajoute à l'enveloppe l'argent d'un avenant. Refuse un avenant sans montant, ou plus que ce qu'il en reste."""
    verifier_droit(auteur, REPARTIR, enveloppe, _("Prolonger"))
    if avenant.entente_id != enveloppe.entente_id or not avenant.ecart or avenant.ecart <= 0:
        raise Refus(
            _("Cet avenant n’apporte pas d’argent : choisissez-en un qui augmente l’entente."),
            code="avenant",
            champ="avenant",
        )
    reference = f"avenant {avenant.numero}"
    grand_livre.prendre_la_file(enveloppe.entente)
    if not grand_livre.operation_de(cle):
        deja = sum(
            Mouvement.objects.filter(
                entente=enveloppe.entente, type=TypeMouvement.PROLONGATION, reference=reference
            ).values_list("montant", flat=True),
            Decimal(0),
        )
        if deja + montant > avenant.ecart:
            raise Refus(
                _(
                    "Il reste {reste} à répartir de l’avenant {numero} : il manque {manque}. Rien n’a été inscrit."
                ).format(
                    reste=argent_cents(avenant.ecart - deja),
                    numero=avenant.numero,
                    manque=argent_cents(deja + montant - avenant.ecart),
                ),
                code="avenant",
                champ="montant",
            )
    mouvements = grand_livre.prolonger(
        enveloppe,
        _exiger_positif(montant),
        exercice=exercice,
        auteur=auteur,
        instant=instant,
        cle=cle,
        motif=_exiger_motif(motif),
        reference=reference,
    )
    _exiger_plafond_administration(enveloppe.entente)
    return mouvements


@transaction.atomic
def ajuster_dotation(
    *,
    enveloppe: Enveloppe,
    montant: Decimal,
    exercice: str,
    motif: str,
    mandat: str,
    auteur: Any,
    instant: datetime,
    cle: str,
) -> list[Mouvement]:
    """Corrige la dotation de `montant`, signé. Refuse zéro, sans motif, sous l'engagé, au-delà de l'entente."""
    verifier_droit(auteur, REPARTIR, enveloppe, _("Ajuster"))
    if montant == 0:
        raise Refus(_("Un ajustement de zéro ne change rien."), code="montant", champ="montant")
    mouvements = grand_livre.ajuster(
        enveloppe,
        montant,
        exercice=exercice,
        auteur=auteur,
        instant=instant,
        cle=cle,
        motif=_exiger_motif(motif),
        reference=mandat.strip()[:60],
    )
    _exiger_plafond_administration(enveloppe.entente)
    return mouvements


@transaction.atomic
def reporter_soldes(
    *, entente: Entente, de: str, vers: str, motif: str, auteur: Any, instant: datetime, cle: str
) -> list[Mouvement]:
    """Reporte, en une opération relue d'avance, tous les soldes non engagés de l'exercice `de` (R17).

    Les soldes se recalculent sous le verrou. Refuse quand il n'y a rien à reporter, ou un exercice qui n'est pas plus tard.
    """
    verifier_droit(auteur, REPARTIR, entente, _("Reporter les soldes"))
    if vers <= de:
        raise Refus(
            _("Le report va vers un exercice plus tardif que {exercice}.").format(exercice=de),
            code="exercice",
            champ="vers",
        )
    grand_livre.prendre_la_file(entente)
    deja = grand_livre.operation_de(cle)
    if deja:
        return deja
    soldes = [(rangee.enveloppe, rangee.solde) for rangee in soldes_a_reporter(entente, de) if rangee.solde > 0]
    if not soldes:
        raise Refus(
            _("Aucun solde à reporter : tout ce que {exercice} a reçu est engagé ou déjà reporté.").format(exercice=de),
            code="rien",
        )
    return grand_livre.reporter(
        entente, soldes, de=de, vers=vers, auteur=auteur, instant=instant, cle=cle, motif=_exiger_motif(motif)
    )


@transaction.atomic
def engager_hors_projet(
    *,
    enveloppe: Enveloppe,
    montant: Decimal,
    exercice: str,
    reference: str,
    motif: str,
    auteur: Any,
    instant: datetime,
    cle: str,
) -> Engagement:
    """Réserve `montant` pour une dépense qui n'est pas un projet (coordination, mobilisation). Refuse au-delà (R14)."""
    verifier_droit(auteur, REPARTIR, enveloppe, _("Engager"))
    return grand_livre.engager(
        enveloppe,
        _exiger_positif(montant),
        exercice=exercice,
        reference=reference.strip()[:60],
        auteur=auteur,
        instant=instant,
        cle=cle,
        motif=_exiger_motif(motif),
        libre=True,
    )


def _exiger_libre(engagement: Engagement) -> None:
    if not engagement.libre:
        raise Refus(
            _(
                "Cet octroi est celui du projet {numero} : il change par son dossier (convention, versements, rapport),"
                " pas ici."
            ).format(numero=engagement.reference),
            code="projet",
        )


@transaction.atomic
def degager_engagement(
    *,
    engagement: Engagement,
    montant: Decimal,
    exercice: str,
    motif: str,
    auteur: Any,
    instant: datetime,
    cle: str,
) -> list[Mouvement]:
    """Rend `montant` à l'enveloppe. Refuse sous le versé, ou l'octroi d'un projet."""
    verifier_droit(auteur, REPARTIR, engagement, _("Désengager"))
    _exiger_libre(engagement)
    mouvements = grand_livre.degager(
        engagement,
        _exiger_positif(montant),
        exercice=exercice,
        auteur=auteur,
        instant=instant,
        cle=cle,
        motif=_exiger_motif(motif),
    )
    _clore_si_soldee(engagement, instant)
    return mouvements


@transaction.atomic
def verser_engagement(
    *,
    engagement: Engagement,
    montant: Decimal,
    exercice: str,
    paiement: str,
    auteur: Any,
    instant: datetime,
    cle: str,
) -> list[Mouvement]:
    """Inscrit un paiement hors projet. Refuse : qui a engagé ne paie pas (R31), sans référence, au-delà de l'engagé."""
    verifier_droit(auteur, VERSER, engagement, _("Verser"))
    _exiger_libre(engagement)
    if not paiement.strip():
        raise Refus(_("Inscrivez la référence du paiement."), code="paiement", champ="paiement")
    engageur = engagement.mouvements.filter(type=TypeMouvement.ENGAGEMENT).order_by("sequence").first()
    if auteur is not None and engageur is not None and engageur.auteur_id == auteur.pk:
        raise Refus(
            _("Vous avez engagé cette dépense : une autre personne doit inscrire le paiement (R31)."),
            code="separation",
        )
    mouvements = grand_livre.verser(
        engagement,
        _exiger_positif(montant),
        exercice=exercice,
        auteur=auteur,
        instant=instant,
        cle=cle,
        motif=paiement.strip()[:300],
    )
    _clore_si_soldee(engagement, instant)
    return mouvements


def _clore_si_soldee(engagement: Engagement, instant: datetime) -> None:
    """Un engagement hors projet entièrement versé (ou désengagé) est clos : il ne retient plus la clôture."""
    Engagement.objects.filter(pk=engagement.pk, libre=True, clos_le__isnull=True, montant=F("verse")).update(
        clos_le=instant
    )


@transaction.atomic
def recouvrer_versement(
    *,
    engagement: Engagement,
    montant: Decimal,
    exercice: str,
    motif: str,
    auteur: Any,
    instant: datetime,
    cle: str,
) -> list[Mouvement]:
    """Inscrit l'argent rendu (R33) : le versé et l'engagé baissent, le disponible monte. Refuse plus que le versé."""
    verifier_droit(auteur, RECOUVRER, engagement, _("Recouvrer"))
    if montant > engagement.verse and not grand_livre.operation_de(cle):
        raise Refus(
            _("Il n’a été versé que {verse} : {manque} de trop. Rien n’a été inscrit.").format(
                verse=argent_cents(engagement.verse), manque=argent_cents(montant - engagement.verse)
            ),
            code="recouvrement",
            champ="montant",
        )
    return grand_livre.recouvrer(
        engagement,
        _exiger_positif(montant),
        exercice=exercice,
        auteur=auteur,
        instant=instant,
        cle=cle,
        motif=_exiger_motif(motif),
    )


INVERSES = {
    TypeMouvement.DOTATION: TypeMouvement.AJUSTEMENT,
    TypeMouvement.PROLONGATION: TypeMouvement.AJUSTEMENT,
    TypeMouvement.AJUSTEMENT: TypeMouvement.AJUSTEMENT,
    TypeMouvement.VIREMENT: TypeMouvement.VIREMENT,
    TypeMouvement.REPORT_DE_SOLDE: TypeMouvement.REPORT_DE_SOLDE,
    TypeMouvement.ENGAGEMENT: TypeMouvement.DESENGAGEMENT,
    TypeMouvement.DESENGAGEMENT: TypeMouvement.ENGAGEMENT,
    TypeMouvement.VERSEMENT: TypeMouvement.RECOUVREMENT,
    TypeMouvement.RECOUVREMENT: TypeMouvement.VERSEMENT,
}


@transaction.atomic
def contrepasser(
    *, mouvement: Mouvement, exercice: str, motif: str, auteur: Any, instant: datetime, cle: str = ""
) -> list[Mouvement]:
    """Inscrit l'opération inverse de celle du mouvement, une seule fois; l'originale reste.

    `exercice` sert aux opérations d'un seul exercice; un report se défait dans les siens. Refuse : l'octroi ou le versement
    d'un projet (son recouvrement, lui, se défait), une contrepassation, ce que les soldes ne permettent plus.
    """
    verifier_droit(auteur, REPARTIR, mouvement, _("Contrepasser"))
    originaux = list(
        Mouvement.objects.filter(operation_id=mouvement.operation_id)
        .select_related("enveloppe", "engagement", "entente")
        .order_by("sequence")
    )
    _exiger_contrepassable(originaux)
    report = originaux[0].type == TypeMouvement.REPORT_DE_SOLDE
    motif = _exiger_motif(motif)
    lignes = [
        Ligne(
            INVERSES[TypeMouvement(m.type)],
            m.enveloppe,
            -m.montant,
            m.exercice if report else exercice,
            m.engagement,
            motif,
            f"contrepasse no {m.sequence}",
        )
        for m in reversed(originaux)  # ce qui est sorti rentre avant que ce qui est entré ressorte
    ]
    if report:
        lignes.sort(key=lambda ligne: ligne.montant < 0)
    engagements = {m.engagement_id: m.engagement for m in originaux if m.engagement is not None}
    clos = {cle_: e.clos_le for cle_, e in engagements.items() if e.clos_le}
    Engagement.objects.filter(pk__in=clos).update(clos_le=None)
    inscrits = grand_livre.inscrire(
        mouvement.entente, lignes, auteur=auteur, instant=instant, cle=f"contrepassation:{mouvement.operation_id}"
    )
    for engagement_id, clos_le in clos.items():
        Engagement.objects.filter(pk=engagement_id).update(clos_le=clos_le)
    for engagement in engagements.values():
        _clore_si_soldee(engagement, instant)
    return inscrits


def _exiger_contrepassable(originaux: list[Mouvement]) -> None:
    if any(m.cle.startswith("contrepassation:") for m in originaux):
        raise Refus(
            _("Une contrepassation ne se contrepasse pas : inscrivez l’opération voulue."), code="contrepassation"
        )
    if not any(m.type == TypeMouvement.RECOUVREMENT for m in originaux):
        for original in originaux:
            if original.engagement is not None:
                _exiger_libre(original.engagement)


def contrepassee(mouvement: Mouvement) -> bool:
    """Vrai si l'opération du mouvement a déjà été contrepassée."""
    return bool(grand_livre.operation_de(f"contrepassation:{mouvement.operation_id}"))
