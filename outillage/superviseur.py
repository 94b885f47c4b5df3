"""Les processus de la démonstration : web, travailleur, relais, battement. Un processus tombé est relevé."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from outillage.chemins import JOURNAUX, RACINE
from outillage.messages import dire

REPOS = 1.0
RECUL_MAX = 30.0
FOND = 19  # la moindre priorité


def processus_du_portail(port: int) -> dict[str, list[str]]:
    """Nom → commande, avec le Python du projet."""
    python = sys.executable
    return {
        "web": [
            python,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "config.wsgi:application",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--workers",
            "2",
            "--blocking-threads",
            "4",
            "--backpressure",
            "64",
            "--respawn-failed-workers",
            "--no-ws",
        ],
        "travailleur": [
            python,
            "-m",
            "celery",
            "-A",
            "config.celery",
            "worker",
            "-c",
            "2",
            "--loglevel",
            "INFO",
            "--without-gossip",
            "--without-mingle",
        ],
        "relais": [python, "manage.py", "relais"],
        "battement": [python, "-m", "celery", "-A", "config.celery", "beat", "--loglevel", "INFO", "--pidfile="],
    }


def ceder_le_passage(pid: int) -> None:
    """Les tâches de fond passent après les pages. Sous Linux, la session a son propre groupe : la priorité se dit aux deux."""
    os.setpriority(os.PRIO_PROCESS, pid, FOND)
    with contextlib.suppress(OSError):  # noyau sans groupes automatiques : la priorité du processus suffit
        Path(f"/proc/{pid}/autogroup").write_text(str(FOND))


@dataclass
class Superviseur:
    """Démarre, relève, arrête en ordre inverse."""

    commandes: dict[str, list[str]]
    environnement: dict[str, str]
    vifs: dict[str, subprocess.Popen] = field(default_factory=dict)
    reculs: dict[str, float] = field(default_factory=dict)
    continuer: bool = True

    def demarrer(self) -> None:
        JOURNAUX.mkdir(parents=True, exist_ok=True)
        for nom in self.commandes:
            self._lancer(nom)

    def _lancer(self, nom: str) -> None:
        with (JOURNAUX / f"{nom}.log").open("ab") as journal:
            self.vifs[nom] = subprocess.Popen(
                self.commandes[nom],
                cwd=RACINE,
                env=self.environnement,
                stdout=journal,
                stderr=journal,
                start_new_session=True,
            )
        if nom == "travailleur":
            ceder_le_passage(self.vifs[nom].pid)

    def veiller(self) -> None:
        """Tourne jusqu'à Ctrl+C ou SIGTERM."""
        for signe in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signe, self._demander_arret)
        while self.continuer:
            time.sleep(REPOS)
            for nom, processus in list(self.vifs.items()):
                if processus.poll() is not None and self.continuer:
                    recul = self.reculs[nom] = min(RECUL_MAX, self.reculs.get(nom, 0.5) * 2)
                    dire(
                        f"« {nom} » s’est arrêté (code {processus.returncode}) : relevé dans {recul:.0f} s. Journal : {JOURNAUX / nom}.log"
                    )
                    time.sleep(recul)
                    self._lancer(nom)

    def _demander_arret(self, _signe: int, _cadre: FrameType | None) -> None:
        self.continuer = False

    def arreter(self) -> None:
        """Termine chaque processus et son groupe; force après vingt secondes."""
        for processus in reversed(list(self.vifs.values())):
            if processus.poll() is None:
                processus.terminate()
        limite = time.monotonic() + 20
        for processus in self.vifs.values():
            try:
                processus.wait(max(0.1, limite - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(processus.pid, signal.SIGKILL)
