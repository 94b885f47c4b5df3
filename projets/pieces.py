"""Jusqu'à quand une pièce se joint : pendant le brouillon, pendant le délai de suite, puis si une précision la demande."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from projets.enums import EtatPrecision, EtatProjet
from projets.models import Projet
from socle.formats import instant_long

EN_ATTENTE_DE_PIECES = (EtatProjet.DEPOSE, EtatProjet.ADMISSIBLE, EtatProjet.NON_ADMISSIBLE)


def limite_des_pieces(projet: Projet) -> datetime:
    """Dernier instant pour compléter : `suite_jours` après le dépôt."""
    return projet.depose_le + timedelta(days=projet.appel.suite_jours)


def pieces_rouvertes(projet: Projet, instant: datetime) -> bool:
    """R22 : une demande de précision ouverte rouvre les pièces, jusqu'à sa limite."""
    return projet.precisions.filter(etat=EtatPrecision.OUVERTE, limite__gt=instant, champs__cle="pieces").exists()


def pieces_recevables(projet: Projet, instant: datetime) -> str | None:
    """`None` si une pièce peut encore se joindre; sinon la raison."""
    if projet.etat == EtatProjet.BROUILLON:
        return None
    if pieces_rouvertes(projet, instant):
        return None
    if projet.etat not in EN_ATTENTE_DE_PIECES:
        return _("L’examen de la demande est avancé : une pièce ne se joint plus. Écrivez à la coordination.")
    limite = limite_des_pieces(projet)
    if instant >= limite:
        return _("Le délai pour compléter la demande a pris fin le {date}. Écrivez à la coordination.").format(
            date=instant_long(limite, projet.appel.fuseau)
        )
    return None
