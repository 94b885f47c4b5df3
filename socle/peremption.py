"""Un export ou une archive ne se garde pas : passé `EXPORTS_JOURS`, ses octets s'effacent, et le travail le dit.

Seuls s'effacent les genres qu'une app déclare périssables (`acces_fichier(…, perissable=True)`); tout autre fichier reste :
accusés, lettres, conventions, redditions, procès-verbaux, pièces.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from socle.documents.fichiers import effacer, genres_perissables
from socle.formats import date_longue, jour_local
from socle.models import Fichier, Travail

BLOC = 500  # fichiers par passage : le suivant, six heures plus tard, prend la suite


def effacer_perimes(instant: datetime) -> int:
    """Efface les exports et les archives plus vieux que le délai; rend combien. Rejouable : ce qui est effacé n'y est plus."""
    limite = instant - timedelta(days=settings.EXPORTS_JOURS)
    perimes = Fichier.objects.filter(acces__in=genres_perissables(), cree_le__lt=limite).order_by("pk")[:BLOC]
    return sum(_effacer(cle, instant) for cle in perimes.values_list("pk", flat=True))


@transaction.atomic
def _effacer(cle: int, instant: datetime) -> int:
    """Un fichier : le travail d'abord, pour que sa page dise ce qu'il est devenu; les octets à la fin de la transaction."""
    fichier = Fichier.objects.select_for_update(skip_locked=True).filter(pk=cle).first()
    if fichier is None:
        return 0
    note = _("Fichier effacé le {date}, {jours} jours après. Demandez-le de nouveau si vous en avez besoin.").format(
        date=date_longue(jour_local(instant)), jours=settings.EXPORTS_JOURS
    )
    Travail.objects.filter(fichier=fichier).update(fichier=None, etape=note)
    effacer(fichier)
    return 1
