from socle.models.boite import Courriel, Envoi, Rappel
from socle.models.fichier import Fichier
from socle.models.journal import Battement, TransitionEtat
from socle.models.referentiel import JourFerie, Mrc, RattachementMrc, Region
from socle.models.travail import LigneTravail, Travail

__all__ = [
    "Battement",
    "Courriel",
    "Envoi",
    "Fichier",
    "JourFerie",
    "LigneTravail",
    "Mrc",
    "Rappel",
    "RattachementMrc",
    "Region",
    "TransitionEtat",
    "Travail",
]
