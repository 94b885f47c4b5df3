"""`verifier_integrite` : 0 quand tout tient, 1 et la rangée nommée après une faute semée."""

import os
import subprocess
import sys

import psycopg
import pytest

from outillage.chemins import RACINE

FAUTES = {
    "mouvement changé": (
        "ALTER TABLE alliances_mouvement DISABLE TRIGGER ALL; UPDATE alliances_mouvement SET montant = montant + 1 WHERE sequence = 3;",
        "alliances_mouvement",
    ),
    "solde changé": (
        "ALTER TABLE alliances_enveloppe DISABLE TRIGGER ALL; UPDATE alliances_enveloppe SET dotation = dotation + 1 WHERE code = '02-2017/CH';",
        "02-2017/CH",
    ),
    "dépôt changé": (
        "ALTER TABLE projets_depot DISABLE TRIGGER ALL; UPDATE projets_depot SET contenu = '{}' WHERE id = (SELECT min(id) FROM projets_depot);",
        "projets_depot",
    ),
    "numéro sauté": (
        "UPDATE appels_appel SET dernier_numero = dernier_numero + 1 WHERE code = '02-2024-1';",
        "02-2024-1",
    ),
}


def verifier(adresse: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "verifier_integrite"],
        cwd=RACINE,
        env={**os.environ, "DATABASE_URL": adresse},
        capture_output=True,
        text=True,
        check=False,
    )


def test_la_demonstration_est_intacte(copie_demo: str) -> None:
    fait = verifier(copie_demo)
    assert fait.returncode == 0, fait.stdout


@pytest.mark.parametrize("faute", FAUTES)
def test_une_faute_semee_est_nommee(copie_demo: str, faute: str) -> None:
    requete, rangee = FAUTES[faute]
    with psycopg.connect(copie_demo) as base:
        base.execute(requete)
    fait = verifier(copie_demo)
    assert fait.returncode == 1
    assert rangee in fait.stdout
