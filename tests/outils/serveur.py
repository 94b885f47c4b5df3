"""Le portail servi par de vrais processus : web, et à la demande travailleur, relais, battement."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from outillage.chemins import DONNEES, RACINE
from outillage.services import Redis, port_libre
from outillage.superviseur import processus_du_portail


class Serveur:
    """Gestionnaire de contexte : `adresse` du web, `courriels` (dossier), `lancer(nom)`, `tuer(nom)`."""

    def __init__(self, base: str, redis: Redis) -> None:
        self.base, self.redis = base, redis
        self.port = port_libre()
        self.adresse = f"http://127.0.0.1:{self.port}"
        self.dossier = Path(tempfile.mkdtemp(prefix="serveur-", dir=DONNEES / "essais"))
        self.courriels = self.dossier / "courriels"
        self.vifs: dict[str, subprocess.Popen] = {}
        self.environnement = {
            **os.environ,
            "DATABASE_URL": base,
            "REDIS_URL": redis.adresse,
            "EMAIL_URL": f"filemail://{self.courriels}",
            "FICHIERS": str(self.dossier / "fichiers"),
            "ADRESSE_PUBLIQUE": self.adresse,
            "CLE_SECRETE": "cle-des-essais",
            "DJANGO_SETTINGS_MODULE": "config.settings.essais_servis",
            "DONNEES_BATTEMENT": str(self.dossier),
        }

    def __enter__(self) -> "Serveur":
        self.lancer("web")
        limite = time.monotonic() + 40
        while time.monotonic() < limite:
            try:
                with urlopen(f"{self.adresse}/sante", timeout=2):
                    return self
            except (URLError, OSError):
                time.sleep(0.1)
        raise RuntimeError(f"Le serveur n'a pas répondu : {self.dossier / 'web.log'}")

    def lancer(self, nom: str) -> None:
        with (self.dossier / f"{nom}.log").open("ab") as journal:
            self.vifs[nom] = subprocess.Popen(
                processus_du_portail(self.port)[nom],
                cwd=RACINE,
                env=self.environnement,
                stdout=journal,
                stderr=journal,
                start_new_session=True,
            )

    def tuer(self, nom: str) -> None:
        self.vifs[nom].kill()
        self.vifs.pop(nom).wait(10)

    def gerer(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """manage.py sur la base servie."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=RACINE,
            env=self.environnement,
            capture_output=True,
            text=True,
            check=False,
        )

    def __exit__(self, *_: object) -> None:
        for processus in self.vifs.values():
            processus.terminate()
        for processus in self.vifs.values():
            try:
                processus.wait(20)
            except subprocess.TimeoutExpired:
                processus.kill()
