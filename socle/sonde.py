"""Le portail répond-il? Une vraie requête, faite du dehors par un travailleur."""

from urllib.error import URLError
from urllib.request import Request, urlopen

from django.conf import settings

DELAI = 5  # secondes


def sonder() -> bool:
    """Vrai si le portail répond « vivant » à `ADRESSE_SONDE`, en moins de cinq secondes."""
    demande = Request(f"{settings.ADRESSE_SONDE}/sante", headers={"User-Agent": "sonde"})  # noqa: S310 — adresse de nos réglages
    try:
        with urlopen(demande, timeout=DELAI) as reponse:  # noqa: S310 — adresse de nos réglages
            return bool(reponse.status == 200)  # noqa: PLR2004
    except (URLError, OSError):
        return False
