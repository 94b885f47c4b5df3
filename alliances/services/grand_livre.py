"""Le grand livre : seules commandes qui déplacent de l'argent (décisions 11 à 14, R14 à R18).

Chaque commande écrit ses mouvements en dernier, dans la transaction de l'acte. Les contrôles de fonds vivent dans les
déclencheurs de la base, sous le verrou de l'entente; leur refus chiffré devient ici une phrase. Rejouer la même clé
répond comme la première fois, sans rien écrire.
"""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from alliances.enums import EtatEntente, TypeMouvement
from alliances.models import Engagement, Entente, Enveloppe, ExerciceFerme, Mouvement, TeteGrandLivre
from socle.erreurs import Refus
from socle.formats import argent_cents

CLASSE_VERROU = 20170402  # le même nombre que dans le déclencheur


@dataclass(frozen=True)
class Ligne:
    """Un mouvement à inscrire : type, compte, montant signé en dollars, exercice."""

    type: str
    enveloppe: Enveloppe
    montant: Decimal
    exercice: str
    engagement: Engagement | None = None
    motif: str = ""
    reference: str = ""


def inscrire(entente: Entente, lignes: Sequence[Ligne], *, auteur: Any, instant: datetime, cle: str) -> list[Mouvement]:
    """Inscrit une opération (tout ou rien) et rend ses mouvements, dans l'ordre.

    Refuse (`Refus`) : fonds manquants, plafond de l'entente, engagement clos, exercice fermé. Idempotent par `cle`.
    """
    deja = operation_de(cle)
    if deja:
        return _meme_operation(deja, lignes)
    operation = uuid.uuid4()
    mouvements = [
        Mouvement(
            entente=entente,
            operation_id=operation,
            type=ligne.type,
            enveloppe=ligne.enveloppe,
            engagement=ligne.engagement,
            montant=ligne.montant,
            exercice=ligne.exercice,
            motif=ligne.motif,
            reference=ligne.reference,
            auteur=auteur,
            instant=instant,
            cle=f"{cle}#{rang}",
        )
        for rang, ligne in enumerate(lignes)
    ]
    try:
        with transaction.atomic():
            Mouvement.objects.bulk_create(mouvements)
    except IntegrityError as erreur:
        deja = operation_de(cle)
        if deja:
            return _meme_operation(deja, lignes)
        raise traduire(erreur) from erreur
    return operation_de(cle)


def _meme_operation(deja: list[Mouvement], lignes: Sequence[Ligne]) -> list[Mouvement]:
    """Le rejeu répond comme la première fois; la même clé pour autre chose se refuse."""
    inscrites = [(m.type, m.enveloppe_id, m.montant, m.exercice) for m in deja]
    if inscrites != [(ligne.type, ligne.enveloppe.pk, ligne.montant, ligne.exercice) for ligne in lignes]:
        raise Refus(
            _(
                "Cette page a déjà servi à inscrire une autre opération (mouvement {sequence}). Rien n’a été inscrit de"
                " nouveau : rouvrez la page pour en inscrire une autre."
            ).format(sequence=deja[0].sequence),
            code="cle",
        )
    return deja


def prendre_la_file(entente: Entente) -> None:
    """Prend, pour la transaction, son tour au grand livre de l'entente : le même verrou que le déclencheur.

    Pris avant d'écrire ce qui pointe l'enveloppe, il évite que les verrous de clés étrangères s'accumulent sur sa rangée
    (64 clients sur une enveloppe : plusieurs fois plus d'octrois par seconde).
    """
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(%s, %s)", [CLASSE_VERROU, entente.pk])


def operation_de(cle: str) -> list[Mouvement]:
    """Les mouvements déjà inscrits sous cette clé."""
    return list(Mouvement.objects.filter(cle__startswith=f"{cle}#").order_by("sequence"))


def traduire(erreur: IntegrityError) -> Refus | IntegrityError:
    """Le refus d'un déclencheur, en français et au cent; toute autre erreur revient telle quelle."""
    diagnostic = getattr(erreur.__cause__, "diag", None)
    nom = getattr(diagnostic, "constraint_name", None) or ""
    if diagnostic is None or not nom.startswith("grand_livre_"):
        return erreur
    details = json.loads(diagnostic.message_detail or "{}")
    nombres = {cle: Decimal(str(valeur)) for cle, valeur in details.items() if cle in {"manque", "disponible", "verse"}}
    ecrits = {cle: argent_cents(valeur) for cle, valeur in nombres.items()}
    if "etat" in details:
        ecrits["etat"] = str(EtatEntente(details["etat"]).label)
    message = MESSAGES[nom]().format(**{**details, **ecrits})
    return Refus(message, code=nom, **{cle: str(valeur) for cle, valeur in nombres.items()})


MESSAGES = {
    "grand_livre_fonds": lambda: _(
        "Il manque {manque} dans l’enveloppe « {enveloppe} » : elle a {disponible} de disponible. Rien n’a été inscrit."
        " Réduisez le montant, répartissez-le sur une autre enveloppe, ou demandez un virement."
    ),
    "grand_livre_dotation": lambda: _(
        "Il manque {manque} dans l’enveloppe « {enveloppe} » : {disponible} seulement n’y est pas engagé. Rien n’a été inscrit."
    ),
    "grand_livre_entente": lambda: _(
        "Le total des enveloppes dépasserait l’entente de {manque} : il reste {disponible} à répartir. Rien n’a été inscrit."
    ),
    "grand_livre_entente_inconnue": lambda: _(
        "Le montant de l’entente {entente} n’est pas connu : inscrivez-le avant de doter ses enveloppes."
    ),
    "grand_livre_verse": lambda: _(
        "Ce versement dépasse de {manque} ce qui reste à verser sur cet octroi ({disponible}). Rien n’a été inscrit."
    ),
    "grand_livre_engagement": lambda: _(
        "Cet octroi ne peut pas descendre sous ce qui est déjà versé ({verse}), ou il est clos. Rien n’a été inscrit."
    ),
    "grand_livre_paire": lambda: _("L’opération ne s’équilibre pas. Rien n’a été inscrit."),
    "grand_livre_etat_entente": lambda: _(
        "L’entente est dans l’état « {etat} » : ce mouvement n’y est pas permis. Rien n’a été inscrit. Le ministère peut"
        " changer l’état de l’entente."
    ),
    "grand_livre_montant_entente": lambda: _(
        "Le montant de l’entente descendrait de {manque} sous ce qui est réparti dans ses enveloppes ({disponible})."
        " Réduisez d’abord les enveloppes. Rien n’a été inscrit."
    ),
    "grand_livre_exercice": lambda: _(
        "L’exercice {exercice} est fermé : sa reddition est déposée. Inscrivez ce mouvement dans un autre exercice, ou"
        " demandez au ministère de retourner la reddition."
    ),
}


def doter(
    enveloppe: Enveloppe, montant: Decimal, *, exercice: str, auteur: Any, instant: datetime, cle: str, motif: str = ""
) -> list[Mouvement]:
    """Alloue `montant` à l'enveloppe. Refuse au-delà de l'entente (R15)."""
    ligne = Ligne(TypeMouvement.DOTATION, enveloppe, montant, exercice, motif=motif)
    return inscrire(enveloppe.entente, [ligne], auteur=auteur, instant=instant, cle=cle)


def prolonger(
    enveloppe: Enveloppe,
    montant: Decimal,
    *,
    exercice: str,
    auteur: Any,
    instant: datetime,
    cle: str,
    motif: str,
    reference: str,
) -> list[Mouvement]:
    """Ajoute à l'enveloppe l'argent d'un avenant (`reference`). Refuse au-delà de l'entente (R15)."""
    ligne = Ligne(TypeMouvement.PROLONGATION, enveloppe, montant, exercice, motif=motif, reference=reference)
    return inscrire(enveloppe.entente, [ligne], auteur=auteur, instant=instant, cle=cle)


def ajuster(
    enveloppe: Enveloppe,
    montant: Decimal,
    *,
    exercice: str,
    auteur: Any,
    instant: datetime,
    cle: str,
    motif: str,
    reference: str = "",
) -> list[Mouvement]:
    """Corrige la dotation de `montant`, signé. Refuse sous l'engagé, ou au-delà de l'entente."""
    ligne = Ligne(TypeMouvement.AJUSTEMENT, enveloppe, montant, exercice, motif=motif, reference=reference)
    return inscrire(enveloppe.entente, [ligne], auteur=auteur, instant=instant, cle=cle)


def reporter(
    entente: Entente,
    soldes: Sequence[tuple[Enveloppe, Decimal]],
    *,
    de: str,
    vers: str,
    auteur: Any,
    instant: datetime,
    cle: str,
    motif: str,
) -> list[Mouvement]:
    """Passe les soldes non engagés de l'exercice `de` à `vers`, en une opération de paires équilibrées (R17)."""
    lignes = []
    for enveloppe, solde in soldes:  # l'entrée d'abord : des octrois de `vers` peuvent déjà s'y appuyer
        lignes += [
            Ligne(TypeMouvement.REPORT_DE_SOLDE, enveloppe, solde, vers, motif=motif, reference=de),
            Ligne(TypeMouvement.REPORT_DE_SOLDE, enveloppe, -solde, de, motif=motif, reference=vers),
        ]
    return inscrire(entente, lignes, auteur=auteur, instant=instant, cle=cle)


def virer(
    source: Enveloppe,
    cible: Enveloppe,
    montant: Decimal,
    *,
    exercice: str,
    motif: str,
    auteur: Any,
    instant: datetime,
    cle: str,
    mandat: str = "",
) -> list[Mouvement]:
    """Vire `montant` d'une enveloppe à l'autre de la même entente : paire équilibrée, aucun solde négatif (R16).

    `mandat` : la résolution qui l'autorise; elle suit le code de l'autre enveloppe dans la référence.
    """
    if source.entente_id != cible.entente_id or source.pk == cible.pk:
        raise Refus(_("Un virement se fait entre deux enveloppes de la même entente."), code="virement")
    if not motif.strip():
        raise Refus(
            _("Un virement demande un motif : écrivez pourquoi l’argent change d’enveloppe."),
            code="motif",
            champ="motif",
        )
    lignes = [
        Ligne(TypeMouvement.VIREMENT, source, -montant, exercice, motif=motif, reference=_reference(cible, mandat)),
        Ligne(TypeMouvement.VIREMENT, cible, montant, exercice, motif=motif, reference=_reference(source, mandat)),
    ]
    return inscrire(source.entente, lignes, auteur=auteur, instant=instant, cle=cle)


def _reference(autre: Enveloppe, mandat: str) -> str:
    return f"{autre.code} · {mandat}"[:60] if mandat else autre.code


def engager(
    enveloppe: Enveloppe,
    montant: Decimal,
    *,
    exercice: str,
    reference: str,
    auteur: Any,
    instant: datetime,
    cle: str,
    motif: str = "",
    libre: bool = False,
) -> Engagement:
    """Réserve `montant` pour un octroi et rend son engagement. Refuse, en disant ce qui manque, au-delà du disponible (R14)."""
    deja = operation_de(cle)
    if deja:
        return _engagement_de(deja[0])
    with transaction.atomic():
        prendre_la_file(enveloppe.entente)
        engagement = Engagement.objects.create(
            entente=enveloppe.entente, enveloppe=enveloppe, reference=reference, ouvert_le=instant, libre=libre
        )
        ligne = Ligne(TypeMouvement.ENGAGEMENT, enveloppe, montant, exercice, engagement, motif, reference)
        mouvements = inscrire(enveloppe.entente, [ligne], auteur=auteur, instant=instant, cle=cle)
        if mouvements[0].engagement_id != engagement.pk:  # une requête jumelle a gagné : son engagement fait foi
            engagement.delete()
    return Engagement.objects.get(pk=_engagement_de(mouvements[0]).pk)


def augmenter(
    engagement: Engagement, montant: Decimal, *, exercice: str, auteur: Any, instant: datetime, cle: str, motif: str
) -> list[Mouvement]:
    """Réserve `montant` de plus sur l'engagement. Refuse au-delà du disponible de l'enveloppe (R14)."""
    ligne = Ligne(
        TypeMouvement.ENGAGEMENT, engagement.enveloppe, montant, exercice, engagement, motif, engagement.reference
    )
    return inscrire(engagement.entente, [ligne], auteur=auteur, instant=instant, cle=cle)


def _engagement_de(mouvement: Mouvement) -> Engagement:
    if mouvement.engagement is None:
        raise LookupError("Cette clé a déjà servi à un mouvement qui n'engage rien.")
    return mouvement.engagement


def degager(
    engagement: Engagement, montant: Decimal, *, exercice: str, auteur: Any, instant: datetime, cle: str, motif: str
) -> list[Mouvement]:
    """Rend `montant` de l'engagement à l'enveloppe. Refuse de descendre sous le versé."""
    ligne = Ligne(
        TypeMouvement.DESENGAGEMENT, engagement.enveloppe, -montant, exercice, engagement, motif, engagement.reference
    )
    return inscrire(engagement.entente, [ligne], auteur=auteur, instant=instant, cle=cle)


def verser(
    engagement: Engagement,
    montant: Decimal,
    *,
    exercice: str,
    auteur: Any,
    instant: datetime,
    cle: str,
    motif: str = "",
) -> list[Mouvement]:
    """Inscrit un paiement sur l'engagement. Refuse au-delà de ce qui est engagé."""
    ligne = Ligne(
        TypeMouvement.VERSEMENT, engagement.enveloppe, montant, exercice, engagement, motif, engagement.reference
    )
    return inscrire(engagement.entente, [ligne], auteur=auteur, instant=instant, cle=cle)


def recouvrer(
    engagement: Engagement, montant: Decimal, *, exercice: str, auteur: Any, instant: datetime, cle: str, motif: str
) -> list[Mouvement]:
    """Inscrit l'argent rendu et le remet au disponible de l'enveloppe (R33). Refuse plus que le versé."""
    lignes = [
        Ligne(type_, engagement.enveloppe, -montant, exercice, engagement, motif, engagement.reference)
        for type_ in (TypeMouvement.RECOUVREMENT, TypeMouvement.DESENGAGEMENT)
    ]
    return inscrire(engagement.entente, lignes, auteur=auteur, instant=instant, cle=cle)


@transaction.atomic
def fermer_exercice(entente: Entente, exercice: str, *, instant: datetime) -> int:
    """Fige l'exercice à la séquence présente, sous le verrou du grand livre; rend cette séquence (décision 14)."""
    tete = TeteGrandLivre.objects.select_for_update(no_key=True).filter(entente=entente).first()
    sequence = tete.sequence if tete else 0
    ExerciceFerme.objects.create(entente=entente, exercice=exercice, sequence=sequence, ferme_le=instant)
    return sequence


def rouvrir_exercice(entente: Entente, exercice: str, *, instant: datetime) -> None:
    """Rouvre un exercice dont la reddition est retournée."""
    ExerciceFerme.objects.filter(entente=entente, exercice=exercice, rouvert_le__isnull=True).update(rouvert_le=instant)
