"""Ce qui tourne déjà dans ce dossier de données : noté dans etat.json, vérifié avant d'y croire."""

import json
import os
import socket
from dataclasses import asdict, dataclass

from outillage.chemins import ETAT


@dataclass
class Etat:
    """Le processus maître, les ports gardés d'une fois à l'autre, les adresses des services."""

    maitre: int = 0
    port_pg: int = 0
    port_redis: int = 0
    base: str = ""
    redis: str = ""
    portail: str = ""

    @classmethod
    def lire(cls) -> "Etat":
        try:
            return cls(**json.loads(ETAT.read_text()))
        except (OSError, ValueError, TypeError):
            return cls()

    def ecrire(self) -> None:
        ETAT.touch(mode=0o600)
        ETAT.write_text(json.dumps(asdict(self)))

    @property
    def vivant(self) -> bool:
        """Le maître vit et la base écoute."""
        if not self.maitre or not os.path.exists(f"/proc/{self.maitre}"):
            return False
        return repond(self.port_pg) if self.port_pg else True


def repond(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
