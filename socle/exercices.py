"""L'exercice financier : du 1er avril au 31 mars, désigné par ses deux années (« 2020-2021 »)."""

import re
from datetime import date

PREMIER_MOIS = 4


def exercice_de(jour: date) -> str:
    """Exercice qui contient `jour` : le 31 mars 2020 est de 2019-2020, le 1er avril de 2020-2021."""
    annee = jour.year if jour.month >= PREMIER_MOIS else jour.year - 1
    return f"{annee}-{annee + 1}"


def est_exercice(texte: str) -> bool:
    """Vrai si `texte` désigne deux années qui se suivent."""
    trouve = re.fullmatch(r"(\d{4})-(\d{4})", texte)
    return trouve is not None and int(trouve[2]) == int(trouve[1]) + 1


def bornes(exercice: str) -> tuple[date, date]:
    """Premier et dernier jour de l'exercice; refuse (`ValueError`) ce qui n'en est pas un."""
    if not est_exercice(exercice):
        raise ValueError(f"« {exercice} » n'est pas un exercice (attendu : 2019-2020).")
    annee = int(exercice[:4])
    return date(annee, PREMIER_MOIS, 1), date(annee + 1, 3, 31)


def exercices_entre(debut: date, fin: date) -> list[str]:
    """Les exercices touchés par la période, dans l'ordre."""
    premier, dernier = int(exercice_de(debut)[:4]), int(exercice_de(fin)[:4])
    return [f"{annee}-{annee + 1}" for annee in range(premier, dernier + 1)]
