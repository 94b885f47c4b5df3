"""Contrôles d'intégrité du grand livre (fiabilité, invariants 3 et 5). La chaîne se recalcule ici, hors de la base."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC

from django.db.models import F, Q, Sum

from alliances.enums import SUR_DOTATION, SUR_ENGAGE, SUR_VERSE
from alliances.models import Engagement, Entente, Enveloppe, Mouvement, TeteGrandLivre
from socle.argent import ZERO
from socle.formats import argent_cents
from socle.integrite import Faute, controle

ORIGINE_CHAINE = "0" * 64


def empreinte_de(mouvement: Mouvement, precedente: str) -> str:
    """SHA-256 de l'empreinte précédente et du contenu du mouvement, comme l'écrit le déclencheur."""
    contenu = [
        precedente,
        str(mouvement.entente_id),
        str(mouvement.sequence),
        str(mouvement.operation_id),
        mouvement.type,
        str(mouvement.enveloppe_id),
        str(mouvement.engagement_id or ""),
        f"{mouvement.montant:.2f}",
        mouvement.exercice,
        mouvement.reference,
        mouvement.motif,
        str(mouvement.auteur_id or ""),
        mouvement.instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        mouvement.cle,
    ]
    return hashlib.sha256(json.dumps(contenu, ensure_ascii=False).encode()).hexdigest()


@controle("chaîne d’empreintes du grand livre")
def chaine() -> Iterator[Faute]:
    tetes = {tete.entente_id: tete for tete in TeteGrandLivre.objects.all()}
    sequence, precedente = 0, ORIGINE_CHAINE
    entente_id: int | None = None
    fins: dict[int, tuple[int, str]] = {}
    for mouvement in Mouvement.objects.order_by("entente_id", "sequence").iterator(chunk_size=2000):
        if mouvement.entente_id != entente_id:
            sequence, precedente, entente_id = 0, ORIGINE_CHAINE, mouvement.entente_id
        sequence += 1
        nom = f"alliances_mouvement {mouvement.pk}"
        if mouvement.sequence != sequence:
            yield Faute(nom, f"séquence {mouvement.sequence}, attendue {sequence}")
            sequence = mouvement.sequence
        if mouvement.empreinte != empreinte_de(mouvement, precedente):
            yield Faute(nom, "l’empreinte ne correspond pas au contenu : la rangée a été changée, ou une autre retirée")
        precedente = mouvement.empreinte
        fins[mouvement.entente_id] = (sequence, precedente)
    for cle, tete in tetes.items():
        if fins.get(cle, (0, ORIGINE_CHAINE)) != (tete.sequence, tete.empreinte):
            yield Faute(
                f"alliances_tetegrandlivre {cle}",
                f"la tête annonce {tete.sequence} mouvements, la chaîne finit ailleurs",
            )


def _somme(types: tuple[str, ...]) -> Sum:
    return Sum("mouvements__montant", filter=Q(mouvements__type__in=types), default=ZERO)


@controle("soldes des enveloppes")
def soldes_enveloppes() -> Iterator[Faute]:
    annotees = Enveloppe.objects.annotate(
        somme_dotation=_somme(SUR_DOTATION), somme_engage=_somme(SUR_ENGAGE), somme_verse=_somme(SUR_VERSE)
    )
    for enveloppe in annotees.order_by("code"):
        for nom in ("dotation", "engage", "verse"):
            solde, somme = getattr(enveloppe, nom), getattr(enveloppe, f"somme_{nom}")
            if solde != somme:
                yield Faute(
                    f"alliances_enveloppe {enveloppe.pk} ({enveloppe.code})",
                    f"{nom} : {argent_cents(solde)}, les mouvements donnent {argent_cents(somme)}",
                )


@controle("soldes des engagements")
def soldes_engagements() -> Iterator[Faute]:
    annotes = Engagement.objects.annotate(somme_engage=_somme(SUR_ENGAGE), somme_verse=_somme(SUR_VERSE))
    for engagement in annotes.exclude(montant=F("somme_engage"), verse=F("somme_verse")).order_by("id"):
        yield Faute(
            f"alliances_engagement {engagement.pk} ({engagement.reference})",
            f"engagé {argent_cents(engagement.montant)} et versé {argent_cents(engagement.verse)}, les mouvements donnent"
            f" {argent_cents(engagement.somme_engage)} et {argent_cents(engagement.somme_verse)}",
        )


@controle("entente ≥ enveloppes ≥ octrois ≥ versements")
def emboitement() -> Iterator[Faute]:
    ententes = Entente.objects.annotate(reparti=Sum("enveloppes__dotation", default=ZERO)).order_by("code")
    for cle, code, montant, reparti in ententes.values_list("pk", "code", "montant", "reparti"):
        if reparti > (montant or ZERO):
            yield Faute(
                f"alliances_entente {cle} ({code})",
                f"enveloppes {argent_cents(reparti)}, entente {argent_cents(montant)}",
            )
    for enveloppe in Enveloppe.objects.exclude(verse__gte=0, engage__gte=F("verse"), dotation__gte=F("engage")):
        yield Faute(
            f"alliances_enveloppe {enveloppe.pk} ({enveloppe.code})", "versé ≤ engagé ≤ dotation n’est pas tenu"
        )


@controle("virements équilibrés")
def virements() -> Iterator[Faute]:
    paires = (
        Mouvement.objects.filter(type__in=["virement", "report_de_solde"])
        .values("operation_id")
        .annotate(total=Sum("montant"))
        .exclude(total=0)
        .order_by("operation_id")
    )
    for paire in paires:
        yield Faute(f"opération {paire['operation_id']}", f"la paire ne s’annule pas : {argent_cents(paire['total'])}")
