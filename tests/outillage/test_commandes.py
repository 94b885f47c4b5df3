"""Ce que bin/ refuse avant de démarrer quoi que ce soit, en disant quoi faire."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from outillage import etat
from outillage.chemins import RACINE
from outillage.commandes import PORT, port_demande
from outillage.services import port_libre


@pytest.fixture
def port_pris() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        prise.listen()
        yield prise.getsockname()[1]


def test_un_port_pris_se_dit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, port_pris: int) -> None:
    monkeypatch.setenv("PORT", str(port_pris))
    with pytest.raises(SystemExit) as arret:
        port_demande()
    assert arret.value.code == 1
    assert f"Le port {port_pris} est déjà pris" in "".join(capsys.readouterr())


@pytest.mark.parametrize("valeur", ["abc", "0", "70000", "-1"])
def test_un_port_illisible_se_dit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, valeur: str) -> None:
    monkeypatch.setenv("PORT", valeur)
    with pytest.raises(SystemExit):
        port_demande()
    assert f"PORT vaut « {valeur} »" in "".join(capsys.readouterr())


def test_sans_demande_le_port_usuel_ou_un_libre(monkeypatch: pytest.MonkeyPatch, port_pris: int) -> None:
    monkeypatch.delenv("PORT", raising=False)
    assert port_demande() in {PORT, *range(1024, 65_536)}
    assert port_libre(port_pris) != port_pris


def test_un_etat_illisible_ou_mort_ne_se_croit_pas(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(etat, "ETAT", tmp_path / "etat.json")
    assert not etat.Etat.lire().vivant
    (tmp_path / "etat.json").write_text("{tronqué")
    assert not etat.Etat.lire().vivant
    (tmp_path / "etat.json").write_text(json.dumps({"maitre": 2**22 + 7, "port_pg": 1}))
    assert not etat.Etat.lire().vivant


@pytest.mark.parametrize("arguments", [["inconnue"], []])
def test_une_commande_inconnue_nomme_les_bonnes(arguments: list[str]) -> None:
    fait = subprocess.run(
        [sys.executable, "-m", "outillage", *arguments],
        cwd=RACINE,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert fait.returncode == 1
    assert "bin/demo, bin/test, bin/gerer ou bin/banc" in fait.stdout + fait.stderr
