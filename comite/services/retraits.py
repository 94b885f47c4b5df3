"""À l'ouverture, et à chaque changement en séance, les conflits certains deviennent des retraits inscrits (R25)."""

from datetime import datetime

from comite.enums import EtatSeance
from comite.models import RetraitSeance, Seance
from comite.requetes.ordre_du_jour import points_de
from comite.requetes.tenue import conflits_certains, tenue_de
from comptes.models import Utilisateur


def inscrire_conflits(seance: Seance, auteur: Utilisateur, instant: datetime) -> None:
    """Séance ouverte seulement; ce qui est déjà inscrit reste tel quel."""
    if seance.etat != EtatSeance.OUVERTE:
        return
    projets = [point.projet for point in points_de(seance) if point.projet is not None]
    RetraitSeance.objects.bulk_create(
        [
            RetraitSeance(
                entente_id=seance.entente_id,
                seance=seance,
                presence_id=presence,
                projet_id=projet,
                inscrit_par=auteur,
                inscrit_le=instant,
            )
            for projet, presence in sorted(conflits_certains(seance, tenue_de(seance), projets))
        ],
        ignore_conflicts=True,
    )
