"""Verser : l'une approuve, une autre paie, le grand livre inscrit (R30, R31)."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from alliances.models import Engagement
from alliances.services import grand_livre
from comptes.models import Utilisateur
from projets.etats import VERSEMENT
from projets.models import Convention, Projet, Versement
from projets.services.conventions import completer_si_finie
from socle.erreurs import Refus
from socle.exercices import exercice_de
from socle.horloge import EST


@transaction.atomic
def approuver_versement(*, versement: Versement, auteur: Utilisateur, instant: datetime) -> Versement:
    """Approuve une tranche exigible. Refuse avant les signatures, avant le rapport exigé, ou si un rapport est en retard (R31)."""
    _verrouiller_convention(versement)
    return VERSEMENT.appliquer(
        versement, "approuver", auteur=auteur, instant=instant, approuve_le=instant, approuve_par=auteur
    )


@transaction.atomic
def payer_versement(*, versement: Versement, paiement: str, auteur: Utilisateur, instant: datetime) -> Versement:
    """Inscrit le paiement d'une tranche approuvée, dans l'exercice de `instant`, sur les engagements de l'octroi.

    Refuse la personne qui a approuvé (R31), un paiement sans référence, ou plus que l'engagé.
    """
    _verrouiller_convention(versement)
    versement = Versement.objects.select_for_update(of=("self",), no_key=True).get(pk=versement.pk)
    if versement.approuve_par_id == auteur.pk:
        raise Refus(
            _(
                "Vous avez approuvé ce versement : une autre personne doit inscrire le paiement. Demandez à la trésorerie."
            ),
            code="meme_personne",
        )
    if not paiement.strip():
        raise Refus(
            _("Inscrivez la référence du paiement (numéro de chèque ou de virement)."),
            code="paiement",
            champ="paiement",
        )
    exercice = exercice_de(instant.astimezone(EST).date())
    paye = VERSEMENT.appliquer(
        versement,
        "payer",
        auteur=auteur,
        instant=instant,
        paye_le=instant,
        paye_par=auteur,
        paiement=paiement.strip()[:60],
        exercice=exercice,
    )
    projet = paye.convention.projet
    for engagement, part in _etaler(projet, paye.montant):
        grand_livre.verser(
            engagement,
            part,
            exercice=exercice,
            auteur=auteur,
            instant=instant,
            motif=_("Versement {rang}").format(rang=paye.rang),
            cle=f"versement:{paye.pk}:{engagement.pk}",
        )
    completer_si_finie(paye.convention, instant)
    return paye


def _verrouiller_convention(versement: Versement) -> None:
    """La convention se verrouille avant ses versements, partout dans le même ordre : jamais d'interblocage."""
    Convention.objects.select_for_update(of=("self",), no_key=True).get(pk=versement.convention_id)


def engagements_de(projet: Projet) -> list[Engagement]:
    """Les engagements ouverts de l'octroi, dans l'ordre des comptes."""
    return list(
        Engagement.objects.filter(octroi__decision__projet=projet, clos_le__isnull=True).order_by("enveloppe_id", "id")
    )


def _etaler(projet: Projet, montant: Decimal) -> list[tuple[Engagement, Decimal]]:
    """Étale le paiement sur ce qui reste à verser; l'excédent va au dernier engagement, que la base refusera."""
    engagements, parts = engagements_de(projet), []
    for rang, engagement in enumerate(engagements, start=1):
        reste = engagement.montant - engagement.verse
        part = montant if rang == len(engagements) else min(montant, reste)
        if part > 0:
            parts.append((engagement, part))
            montant -= part
    return parts
