"""Référentiel : régions, MRC et jours fériés, lus des faits rangés à côté de ce module."""

import csv
from pathlib import Path
from typing import Any

import holidays

DOSSIER = Path(__file__).parent / "donnees"
ANNEES_FERIEES = range(2017, 2031)


def lire_csv(chemin: Path) -> list[dict[str, str]]:
    """Les rangées d'un CSV UTF-8 à ligne d'en-tête."""
    with chemin.open(encoding="utf-8", newline="") as fichier:
        return list(csv.DictReader(fichier))


def charger(region_modele: Any, mrc_modele: Any, ferie_modele: Any) -> None:
    """Écrit le référentiel avec les modèles donnés (ceux d'une migration, ou les présents)."""
    region_modele.objects.bulk_create([region_modele(**rangee) for rangee in lire_csv(DOSSIER / "regions.csv")])
    regions = {region.code: region for region in region_modele.objects.all()}
    mrc_modele.objects.bulk_create(
        [
            mrc_modele(
                **{cle: valeur or None for cle, valeur in rangee.items() if cle != "region_code"},
                region=regions[rangee["region_code"]],
            )
            for rangee in lire_csv(DOSSIER / "mrc.csv")
        ]
    )
    feries = holidays.country_holidays("CA", subdiv="QC", years=ANNEES_FERIEES, language="fr")
    ferie_modele.objects.bulk_create([ferie_modele(jour=jour, nom=nom[:80]) for jour, nom in sorted(feries.items())])
