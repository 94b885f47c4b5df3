"""La période de dépôt d'un appel : la prolonger, la fermer quand les fonds sont épuisés."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from alliances.services.gestes import poser
from appels.enums import EtatAppel, ModeDepot
from appels.models import Appel, PeriodeDepot, ProlongationDepot
from appels.services.gestes import noter_geste, verrouiller
from appels.services.guide import demander_documents
from appels.signaux import depot_ferme, depot_prolonge
from socle.argent import ZERO
from socle.erreurs import Refus
from socle.etats import verifier_droit
from socle.formats import argent, echeance_en_mots, instant_long


@transaction.atomic
def prolonger_depot(
    *, appel: Appel, nouvelle: datetime, motif: str, auteur: Any, instant: datetime
) -> ProlongationDepot:
    """Repousse la fermeture à `nouvelle`, instant exclusif (R20, R21), et le dit à tous les brouillons.

    Refuse : une date qui n'est pas plus tard, ou déjà passée; un appel qui n'est plus en dépôt; sans motif.
    """
    verifier_droit(auteur, "appels.modifier_appel", appel, _("Prolonger le dépôt"))
    if not motif.strip():
        raise Refus(_("Écrivez le motif : les organismes le liront."), code="motif", champ="motif")
    appel = verrouiller(appel)
    if appel.etat != EtatAppel.PUBLIE:
        raise Refus(_("L’appel n’est plus en dépôt : sa période ne se prolonge plus."), code="etat")
    periodes = list(appel.periodes.all())
    periode = next((p for p in periodes if p.fermeture > instant), periodes[-1] if periodes else None)
    ancienne = periode.fermeture if periode else appel.fermeture
    if nouvelle <= max(ancienne, instant):
        raise Refus(
            _("La période se prolonge, elle ne se raccourcit pas : choisissez un moment après le {echeance}.").format(
                echeance=echeance_en_mots(max(ancienne, instant), appel.fuseau)
            ),
            code="date",
            champ="dernier_jour",
        )
    if periode is not None:
        _prolonger_periode(periode, nouvelle, [p for p in periodes if p.rang > periode.rang], appel.fuseau)
    prolongation = ProlongationDepot.objects.create(
        entente_id=appel.entente_id,
        appel=appel,
        ancienne=ancienne,
        nouvelle=nouvelle,
        motif=motif.strip(),
        auteur=auteur,
        instant=instant,
    )
    poser(appel, fermeture=max(appel.fermeture, nouvelle), epuise_le=None)
    noter_geste(appel, "prolonger", _("Dépôt prolongé"), auteur=auteur, instant=instant, detail=motif.strip())
    demander_documents(appel, instant=instant)
    depot_prolonge.send(sender=ProlongationDepot, prolongation=prolongation, instant=instant)
    return prolongation


def _prolonger_periode(
    periode: PeriodeDepot, nouvelle: datetime, suivantes: Sequence[PeriodeDepot], fuseau: str
) -> None:
    """Repousse la période en cours (ou la prochaine); refuse d'empiéter sur celle d'après."""
    if suivantes and nouvelle > suivantes[0].ouverture:
        raise Refus(
            _("La période suivante ouvre le {date} : choisissez un moment qui vient avant.").format(
                date=instant_long(suivantes[0].ouverture, fuseau)
            ),
            code="chevauchement",
            champ="dernier_jour",
        )
    poser(periode, fermeture=nouvelle)


@transaction.atomic
def constater_epuisement(*, appel: Appel, auteur: Any, instant: datetime) -> Appel:
    """Ferme un appel en continu dont les fonds sont épuisés, et le dit aux brouillons.

    Refuse : un appel d'un autre mode ou déjà fermé, et tant qu'il reste un dollar, ou un montant à venir, dans ses enveloppes.
    """
    verifier_droit(auteur, "appels.modifier_appel", appel, _("Constater l’épuisement des fonds"))
    appel = verrouiller(appel)
    if not (appel.jusqua_epuisement and appel.mode == ModeDepot.CONTINU and appel.est_ouvert(instant)):
        raise Refus(_("L’appel ne reçoit pas de demandes jusqu’à épuisement des fonds en ce moment."), code="etat")
    offres = list(appel.offres.select_related("enveloppe"))
    reste = sum((offre.enveloppe.disponible for offre in offres), ZERO)
    if reste or any(offre.offert is None for offre in offres):
        raise Refus(
            _("Les fonds ne sont pas épuisés : il reste {reste} de disponible, ou un montant à venir.").format(
                reste=argent(reste)
            ),
            code="fonds",
        )
    poser(appel, epuise_le=instant)
    noter_geste(appel, "epuiser", _("Fonds épuisés, dépôt fermé"), auteur=auteur, instant=instant)
    depot_ferme.send(sender=Appel, appel=appel, instant=instant)
    return appel


def fermer_epuises(instant: datetime) -> int:
    """Ferme les appels en continu dont les enveloppes n'ont plus rien; rend combien le sont."""
    ouverts = (
        Appel.objects.ouverts(instant)
        .filter(mode=ModeDepot.CONTINU, jusqua_epuisement=True)
        .annotate(reste=Sum(F("offres__enveloppe__dotation") - F("offres__enveloppe__engage")))
        .exclude(offres__offert=None)
        .filter(reste=0)
        .order_by("id")
    )
    for appel in ouverts:
        constater_epuisement(appel=appel, auteur=None, instant=instant)
    return len(ouverts)
