"""Le travail du comité, réglé par l'appel : phases, commentaires exigés, quorum des retraits."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alliances.services.gestes import poser
from appels.enums import Famille, PhaseComite
from appels.models import Appel, PhaseEvaluation
from appels.regles.phases import hors_ordre
from appels.services.gestes import noter, ouvrir
from socle.erreurs import Refus
from socle.formats import instant_long


@transaction.atomic
def ecrire_comite(
    *,
    appel: Appel,
    debuts: Mapping[str, datetime],
    commentaires_exiges: bool,
    retrait_hors_quorum: bool,
    auteur: Any,
    instant: datetime,
) -> Appel:
    """Remplace les phases (genre → début) et ce que l'appel exige. Permis après la publication, jusqu'à l'annonce.

    Refuse : une phase qui commence avant celle qui la précède; d'exiger des commentaires ou d'y renoncer une fois l'appel publié
    (les évaluations se jugent toutes de la même façon).
    """
    rangee = ouvrir(appel, Famille.COMITE, auteur)
    if fautive := hors_ordre(debuts):
        raise Refus(
            _("« {phase} » commencerait avant la phase qui la précède : vérifiez les dates.").format(
                phase=fautive.label
            ),
            code="dates",
            champ=f"jour_{fautive}",
        )
    if rangee.parametres_figes is not None and commentaires_exiges != rangee.commentaires_exiges:
        raise Refus(
            _("L’appel est publié : l’exigence d’un commentaire ne change plus."),
            code="gele",
            champ="commentaires_exiges",
        )
    poser(rangee, commentaires_exiges=commentaires_exiges, retrait_hors_quorum=retrait_hors_quorum)
    rangee.phases_comite.all().delete()
    PhaseEvaluation.objects.bulk_create(
        [
            PhaseEvaluation(entente_id=rangee.entente_id, appel=rangee, genre=genre, debut=debut)
            for genre, debut in debuts.items()
        ]
    )
    detail = "; ".join(f"{PhaseComite(g).label} : {instant_long(d, rangee.fuseau)}" for g, d in debuts.items())
    noter(rangee, Famille.COMITE, auteur=auteur, instant=instant, detail=detail)
    return rangee
