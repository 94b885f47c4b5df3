"""La période de dépôt d'un appel : la prolonger."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from appels.enums import EtatAppel
from appels.models import Appel, ProlongationDepot
from appels.signaux import depot_prolonge
from socle.erreurs import Refus
from socle.etats import noter_transition, verifier_droit


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
    appel = Appel.objects.select_for_update(of=("self",), no_key=True).get(pk=appel.pk)
    if appel.etat != EtatAppel.PUBLIE:
        raise Refus(_("L’appel n’est plus en dépôt : sa période ne se prolonge plus."), code="etat")
    if nouvelle <= max(appel.fermeture, instant):
        raise Refus(
            _("La période se prolonge, elle ne se raccourcit pas : choisissez un moment après le {echeance}.").format(
                echeance=appel.echeance_en_mots
            ),
            code="date",
            champ="dernier_jour",
        )
    prolongation = ProlongationDepot.objects.create(
        entente_id=appel.entente_id,
        appel=appel,
        ancienne=appel.fermeture,
        nouvelle=nouvelle,
        motif=motif.strip(),
        auteur=auteur,
        instant=instant,
    )
    appel.fermeture = nouvelle
    appel.save(update_fields=["fermeture"])
    noter_transition(
        appel, action="prolonger", de=appel.etat, vers=appel.etat, auteur=auteur, instant=instant, motif=motif.strip()
    )
    depot_prolonge.send(sender=ProlongationDepot, prolongation=prolongation, instant=instant)
    return prolongation
