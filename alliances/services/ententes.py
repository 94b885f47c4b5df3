"""Le contrat : créer une entente, la signer, l'amender, en recevoir les tranches, la clore.

Le ministère agit; le mandataire inscrit ce qu'il reçoit.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from alliances.enums import EtatEntente, NatureEnveloppe, Origine
from alliances.etats.entente import ENTENTE, EXIGENT_MOTIF
from alliances.models import (
    Avenant,
    Cycle,
    Entente,
    InstanceDecisionnelle,
    Mandataire,
    Priorite,
    SignataireEntente,
    TrancheMinistere,
)
from alliances.parametres import ParametresAide
from alliances.services import grand_livre
from socle.argent import ZERO
from socle.erreurs import Refus
from socle.etats import noter_transition, verifier_droit
from socle.formats import argent_cents
from socle.horloge import EST

GERER, RECEVOIR = "alliances.gerer_entente", "alliances.recouvrer"


@transaction.atomic
def creer_entente(
    *,
    mandataire: Mandataire,
    cycle: Cycle,
    debut: date,
    fin: date,
    montant: Decimal | None,
    numero_ministere: str,
    administration_max: Decimal | None,
    auteur: Any,
    instant: datetime,
) -> Entente:
    """Crée l'entente en brouillon, avec son instance par défaut et les priorités du cycle précédent.

    Refuse une deuxième entente du même mandataire pour le même cycle, des dates inversées, un plafond d'administration
    plus grand que l'entente (R12).
    """
    verifier_droit(auteur, GERER, mandataire, _("Créer une entente"))
    if fin <= debut:
        raise Refus(_("La fin vient après le début."), code="dates", champ="fin")
    if montant is not None and administration_max is not None and administration_max > montant:
        raise Refus(
            _("Le plafond d’administration dépasse le montant de l’entente (R12)."),
            code="administration",
            champ="administration_max",
        )
    precedente = mandataire.ententes.order_by("-debut").first()
    try:
        with transaction.atomic():
            entente = Entente.objects.create(
                code=f"{mandataire.code}-{cycle.debut.year}",
                mandataire=mandataire,
                cycle=cycle,
                debut=debut,
                fin=fin,
                montant=montant,
                origine=Origine.PUBLIE if montant is not None else Origine.INCONNU,
                numero_ministere=numero_ministere.strip(),
                administration_max=administration_max,
                etat=EtatEntente.BROUILLON,
            )
    except IntegrityError as erreur:
        raise Refus(
            _("{mandataire} a déjà une entente pour le cycle {cycle}.").format(mandataire=mandataire, cycle=cycle),
            code="doublon",
            champ="cycle",
        ) from erreur
    InstanceDecisionnelle.objects.create(entente=entente, nom=_("conseil d’administration"), depuis=debut)
    if precedente is not None:
        Priorite.objects.bulk_create(
            Priorite(entente=entente, code=p.code, libelle=p.libelle, niveau=p.niveau, ordre=p.ordre)
            for p in precedente.priorites.filter(territoire__isnull=True)
        )
    _noter(entente, "creer", auteur, instant, "", vers=EtatEntente.BROUILLON)
    return entente


@transaction.atomic
def inscrire_signature(
    *, entente: Entente, partie: str, fonction: str, signe_le: date | None, auteur: Any, instant: datetime
) -> SignataireEntente:
    """Inscrit ou corrige une des trois signatures. Refuse une date à venir, ou une entente close."""
    verifier_droit(auteur, GERER, entente, _("Inscrire une signature"))
    _exiger_ouverte(entente)
    if signe_le is not None and signe_le > instant.astimezone(EST).date():
        raise Refus(_("Une signature ne se date pas de l’avenir."), code="date", champ="signe_le")
    signataire, _neuf = SignataireEntente.objects.update_or_create(
        entente=entente, partie=partie, defaults={"fonction": fonction.strip(), "signe_le": signe_le}
    )
    dates = [s.signe_le for s in entente.signataires.all()]
    entente.signee_le = max(dates) if len(dates) == 3 and all(dates) else None  # noqa: PLR2004
    entente.save(update_fields=["signee_le"])
    _noter(entente, "signer", auteur, instant, str(signataire))
    return signataire


def _exiger_ouverte(entente: Entente) -> None:
    if entente.etat == EtatEntente.CLOSE:
        raise Refus(_("L’entente est close : elle ne change plus."), code="close")


@transaction.atomic
def fixer_montant(*, entente: Entente, montant: Decimal, motif: str, auteur: Any, instant: datetime) -> Entente:
    """Inscrit le montant d'une entente qui n'en avait pas de connu. Refuse s'il est déjà connu : il change par avenant."""
    verifier_droit(auteur, GERER, entente, _("Inscrire le montant"))
    entente = Entente.objects.select_for_update(of=("self",), no_key=True).get(pk=entente.pk)
    _exiger_ouverte(entente)
    if entente.montant is not None:
        raise Refus(_("Le montant est déjà inscrit : il change par un avenant."), code="montant", champ="montant")
    if montant <= 0:
        raise Refus(_("Le montant est plus grand que zéro."), code="montant", champ="montant")
    entente.montant, entente.origine = montant, Origine.PUBLIE
    entente.save(update_fields=["montant", "origine"])
    _noter(entente, "fixer_montant", auteur, instant, motif)
    return entente


@transaction.atomic
def fixer_parametres(
    *, entente: Entente, administration_max: Decimal | None, auteur: Any, instant: datetime, **bornes: Any
) -> Entente:
    """Fixe les bornes de l'aide et le plafond d'administration; les appels déjà ouverts gardent les leurs (décision 8).

    Refuse un plancher au-dessus du plafond, un plafond d'administration sous ce qui est déjà doté (R12), une entente close.
    """
    verifier_droit(auteur, GERER, entente, _("Fixer les paramètres"))
    grand_livre.prendre_la_file(entente)
    entente = Entente.objects.select_for_update(of=("self",), no_key=True).get(pk=entente.pk)
    _exiger_ouverte(entente)
    plafond, plancher = bornes.get("plafond"), bornes.get("plancher")
    if plafond is not None and plancher is not None and plancher > plafond:
        raise Refus(_("L’aide minimale dépasse l’aide maximale."), code="bornes", champ="plancher")
    dote = entente.enveloppes.filter(nature=NatureEnveloppe.ADMINISTRATION).aggregate(
        total=Sum("dotation", default=ZERO)
    )["total"]
    if administration_max is not None and dote > administration_max:
        raise Refus(
            _("L’administration est déjà dotée de {dote} : le plafond ne peut pas être plus bas.").format(
                dote=argent_cents(dote)
            ),
            code="administration",
            champ="administration_max",
        )
    gravites = dict(entente.aide.gravites)
    entente.parametres = ParametresAide(**{**bornes, "tranches": tuple(bornes["tranches"])}).ecrire() | {
        "gravites": gravites
    }
    entente.administration_max = administration_max
    entente.save(update_fields=["parametres", "administration_max"])
    _noter(entente, "parametres", auteur, instant, "")
    return entente


@transaction.atomic
def inscrire_avenant(
    *,
    entente: Entente,
    ecart: Decimal | None,
    nouvelle_fin: date | None,
    motif: str,
    signe_le: date | None,
    origine: str = Origine.PUBLIE,
    auteur: Any,
    instant: datetime,
) -> Avenant:
    """Change le montant, la fin, ou les deux; l'entente porte aussitôt le résultat.

    Refuse : ni l'un ni l'autre, sans motif, un montant sous ce qui est réparti (la base l'interdit, en disant ce qui
    manque), une fin qui précède le début, une entente close.
    """
    verifier_droit(auteur, GERER, entente, _("Inscrire un avenant"))
    if not motif.strip():
        raise Refus(_("Écrivez ce que l’avenant change, et pourquoi."), code="motif", champ="motif")
    grand_livre.prendre_la_file(entente)
    entente = Entente.objects.select_for_update(of=("self",), no_key=True).get(pk=entente.pk)
    _exiger_ouverte(entente)
    if ecart is None and nouvelle_fin is None:
        raise Refus(_("Un avenant change le montant ou la fin : inscrivez l’un des deux."), code="vide", champ="ecart")
    if nouvelle_fin is not None and nouvelle_fin <= entente.debut:
        raise Refus(_("La nouvelle fin vient après le début de l’entente."), code="fin", champ="nouvelle_fin")
    avenant = Avenant.objects.create(
        entente=entente,
        numero=entente.avenants.count() + 1,
        ecart=ecart,
        nouvelle_fin=nouvelle_fin,
        motif=motif.strip(),
        signe_le=signe_le,
        origine=origine if ecart is not None else Origine.INCONNU,
        auteur=auteur,
        inscrit_le=instant,
    )
    _appliquer(entente, ecart, nouvelle_fin)
    _noter(entente, "avenant", auteur, instant, motif)
    return avenant


def _appliquer(entente: Entente, ecart: Decimal | None, nouvelle_fin: date | None) -> None:
    if (
        ecart is not None and entente.montant is not None
    ):  # un montant inconnu le reste : rien ne s'additionne à l'inconnu
        montant = entente.montant + ecart
        if montant <= 0:
            raise Refus(_("Le montant de l’entente resterait nul ou négatif."), code="montant", champ="ecart")
        entente.montant = montant
        entente.origine = Origine.CALCULE if entente.origine != Origine.DEMONSTRATION else entente.origine
    entente.fin = nouvelle_fin or entente.fin
    try:
        with transaction.atomic():
            entente.save(update_fields=["montant", "origine", "fin"])
    except IntegrityError as erreur:
        refus = grand_livre.traduire(erreur)
        if isinstance(refus, Refus):
            refus.champ = "ecart"
        raise refus from erreur


@transaction.atomic
def prevoir_tranche(
    *, entente: Entente, exercice: str, prevue: Decimal, prevue_le: date, auteur: Any, instant: datetime
) -> TrancheMinistere:
    """Prévoit une tranche du ministère. Refuse quand les tranches dépasseraient l'entente."""
    verifier_droit(auteur, GERER, entente, _("Prévoir une tranche"))
    _exiger_ouverte(entente)
    deja = sum(entente.tranches.values_list("prevue", flat=True), Decimal(0))
    if deja + prevue > (entente.montant or Decimal(0)):
        raise Refus(_("Les tranches prévues dépasseraient le montant de l’entente."), code="tranches", champ="prevue")
    tranche = TrancheMinistere.objects.create(
        entente=entente, exercice=exercice, prevue=prevue, prevue_le=prevue_le, origine=Origine.PUBLIE
    )
    _noter(entente, "prevoir_tranche", auteur, instant, str(tranche))
    return tranche


@transaction.atomic
def recevoir_tranche(
    *, tranche: TrancheMinistere, recue: Decimal, recue_le: date, reference: str, auteur: Any, instant: datetime
) -> TrancheMinistere:
    """Inscrit ce que le mandataire a reçu. Refuse une tranche déjà reçue, zéro, ou une date à venir."""
    verifier_droit(auteur, RECEVOIR, tranche, _("Inscrire une tranche reçue"))
    tranche = TrancheMinistere.objects.select_for_update(of=("self",), no_key=True).get(pk=tranche.pk)
    if tranche.recue is not None:
        raise Refus(_("Cette tranche est déjà reçue."), code="recue")
    if recue <= 0:
        raise Refus(_("Le montant est plus grand que zéro."), code="montant", champ="recue")
    if recue_le > instant.astimezone(EST).date():
        raise Refus(_("Un dépôt ne se date pas de l’avenir."), code="date", champ="recue_le")
    tranche.recue, tranche.recue_le, tranche.reference = recue, recue_le, reference.strip()
    tranche.save(update_fields=["recue", "recue_le", "reference"])
    _noter(tranche.entente, "recevoir_tranche", auteur, instant, str(tranche))
    return tranche


@transaction.atomic
def changer_etat(*, entente: Entente, action: str, motif: str, auteur: Any, instant: datetime) -> Entente:
    """Fait passer l'entente par `action`, sous le verrou de son grand livre : un octroi simultané passe avant ou échoue.

    Refuse (R54, signatures, échéance, engagement ouvert) en disant ce qui manque; une suspension exige un motif.
    """
    grand_livre.prendre_la_file(entente)
    if action in EXIGENT_MOTIF and not motif.strip():
        raise Refus(_("Écrivez le motif : il reste à l’historique."), code="motif", champ="motif")
    return ENTENTE.appliquer(entente, action, auteur=auteur, instant=instant, motif=motif.strip())


def _noter(objet: Any, action: str, auteur: Any, instant: datetime, motif: str, vers: str = "") -> None:
    etat = vers or getattr(objet, "etat", action)
    noter_transition(
        objet, action=action, de="" if vers else etat, vers=etat, auteur=auteur, instant=instant, motif=motif
    )
