"""Le ministère responsable du Fonds, sous son nom en vigueur à une date (R29)."""

from datetime import date

FONDS = "Fonds québécois d’initiatives sociales"
# Le nom de chacun, du plus récent au plus ancien, depuis sa date; les ententes du portail commencent en 2017.
NOMS = (
    (date(2022, 10, 20), "ministère de l’Emploi et de la Solidarité sociale", "MESS"),
    (date.min, "ministère du Travail, de l’Emploi et de la Solidarité sociale", "MTESS"),
)


def _en_vigueur(jour: date) -> tuple[date, str, str]:
    return next(rangee for rangee in NOMS if jour >= rangee[0])


def nom_du_ministere(jour: date) -> str:
    """« ministère du Travail, de l’Emploi et de la Solidarité sociale » avant le 20 octobre 2022."""
    return _en_vigueur(jour)[1]


def sigle_du_ministere(jour: date) -> str:
    """« MTESS » avant le 20 octobre 2022, « MESS » depuis."""
    return _en_vigueur(jour)[2]
