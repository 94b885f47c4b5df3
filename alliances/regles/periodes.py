"""Périodes : bornes comprises, une fin nulle n'en est pas une."""

from datetime import date


def chevauchement(debut: date, fin: date | None, autre_debut: date, autre_fin: date | None) -> bool:
    """Vrai si les deux périodes ont un jour en commun."""
    return (autre_fin is None or autre_fin >= debut) and (fin is None or autre_debut <= fin)
