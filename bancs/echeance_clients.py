"""Les clients du soir de l'échéance : ce qu'un navigateur fait de sa session, de ses jetons et de ses rejeux."""

import http.client
import os
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from queue import Empty, SimpleQueue
from urllib.parse import urlencode
from uuid import uuid4

import pikepdf

from bancs.outils import cpu_s

PAUSE = 0.3
Reponse = tuple[int, str, str]
NUMERO = re.compile(r"02-2024-1-[A-Z]{2}-\d{4}")
POIDS = 150_000  # octets d'une lettre numérisée


def lettre() -> bytes:
    """Un vrai PDF d'une page, du poids d'une lettre numérisée."""
    tampon = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.Root.Banc = document.make_stream(os.urandom(POIDS))
        document.save(tampon)
    return tampon.getvalue()


PDF = lettre()


class Formulaires(HTMLParser):
    """Les formulaires POST d'une page : leurs champs, cases cochées comme le ferait la personne qui atteste."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.trouves: list[dict[str, str]] = []
        self._ouvert = False
        self.feed(page)

    def handle_starttag(self, balise: str, attributs: list[tuple[str, str | None]]) -> None:
        a = dict(attributs)
        if balise == "form":
            self._ouvert = (a.get("method") or "").lower() == "post"
            if self._ouvert:
                self.trouves.append({})
        elif balise == "input" and self._ouvert and a.get("name") and a.get("type") != "file":
            self.trouves[-1][str(a["name"])] = a.get("value") or ("on" if a.get("type") == "checkbox" else "")

    def handle_endtag(self, balise: str) -> None:
        if balise == "form":
            self._ouvert = False

    def avec(self, nom: str) -> dict[str, str]:
        """Le premier formulaire qui a ce champ."""
        return next(champs for champs in self.trouves if nom in champs)


@dataclass
class Mesures:
    """Ce que les clients ont vu; les listes se partagent entre fils."""

    depots: list[float] = field(default_factory=list)  # dernier envoi réussi, en secondes
    parcours: list[float] = field(default_factory=list)  # pièce, relecture, envoi et accusé
    requetes: list[float] = field(default_factory=list)
    rejeux: list[str] = field(default_factory=list)
    accuses: dict[str, str] = field(default_factory=dict)
    fautes: list[str] = field(default_factory=list)
    duree: float = 0.0  # secondes
    cpu: dict[str, float] = field(default_factory=dict)  # secondes de CPU par processus, clients compris


class Navigateur:
    """Une session : une connexion gardée, le témoin de session, le jeton; rejoue ce que le réseau a perdu."""

    def __init__(self, port: int, temoin: str, session: str, mesures: Mesures) -> None:
        self.port, self.mesures = port, mesures
        self.temoins = {temoin: session}
        self.connexion: http.client.HTTPConnection | None = None

    def tenter(self, methode: str, chemin: str, corps: bytes | None = None, genre: str = "") -> Reponse | None:
        """(code, adresse de renvoi, page) d'une requête; rien si le réseau ou le serveur l'a perdue."""
        depart = time.monotonic()
        try:
            reponse = self._une(methode, chemin, corps, genre)
        except (OSError, http.client.HTTPException) as erreur:
            self.fermer()
            self.mesures.rejeux.append(type(erreur).__name__)
            return None
        if reponse[0] >= 500:
            self.mesures.rejeux.append(str(reponse[0]))
            return None
        self.mesures.requetes.append(time.monotonic() - depart)
        return reponse

    def demander(self, methode: str, chemin: str, corps: bytes | None = None, genre: str = "") -> Reponse:
        """La même requête, rejouée jusqu'à sa réponse."""
        while (reponse := self.tenter(methode, chemin, corps, genre)) is None:
            time.sleep(PAUSE)
        return reponse

    def _une(self, methode: str, chemin: str, corps: bytes | None, genre: str) -> Reponse:
        if self.connexion is None:
            self.connexion = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        entetes = {"Cookie": "; ".join(f"{nom}={valeur}" for nom, valeur in self.temoins.items())}
        if genre:
            entetes["Content-Type"] = genre
        self.connexion.request(methode, chemin, corps, entetes)
        reponse = self.connexion.getresponse()
        page = reponse.read().decode(errors="replace")
        for pose in reponse.headers.get_all("Set-Cookie", []):
            nom, _egal, reste = pose.partition("=")
            self.temoins[nom] = reste.partition(";")[0]
        return reponse.status, reponse.headers.get("Location", ""), page

    def fermer(self) -> None:
        if self.connexion is not None:
            self.connexion.close()
            self.connexion = None


def multipart(champs: dict[str, str], nom: str) -> tuple[bytes, str]:
    """Le corps d'un envoi de fichier, comme un navigateur l'écrit."""
    borne = uuid4().hex
    parties = [
        f'--{borne}\r\nContent-Disposition: form-data; name="{cle}"\r\n\r\n{valeur}\r\n'.encode()
        for cle, valeur in champs.items()
    ]
    entete = f'--{borne}\r\nContent-Disposition: form-data; name="fichier"; filename="{nom}"\r\nContent-Type: application/pdf\r\n\r\n'
    return b"".join(
        [*parties, entete.encode(), PDF, f"\r\n--{borne}--\r\n".encode()]
    ), f"multipart/form-data; boundary={borne}"


def joindre_et_relire(navigateur: Navigateur, projet: str, rang: int) -> bytes | None:
    """Joindre une lettre et relire; rend le corps de l'envoi, ou rien si une page a refusé."""
    mesures, base = navigateur.mesures, f"/projets/{projet}/"
    nom = f"lettre-{rang}.pdf"
    _code, _vers, page = navigateur.demander("GET", f"{base}pieces/")
    while nom not in page:  # une réponse perdue : la personne relit la page, et ne joint que ce qui manque
        corps, genre = multipart(Formulaires(page).avec("exigence"), nom)
        reponse = navigateur.tenter("POST", f"{base}pieces/", corps, genre)
        if reponse is not None and reponse[0] != 302:
            mesures.fautes.append(f"pièce {rang} : {reponse[0]}")
            return None
        if reponse is None:
            time.sleep(PAUSE)
        _code, _vers, page = navigateur.demander("GET", f"{base}pieces/")
    _code, _vers, page = navigateur.demander("GET", f"{base}relire/")
    return urlencode(Formulaires(page).avec("attestation")).encode()


def envoyer(navigateur: Navigateur, projet: str, rang: int, corps: bytes) -> str | None:
    """Le dernier envoi, mesuré; rend l'adresse de l'accusé."""
    depart = time.monotonic()
    code, vers, page = navigateur.demander(
        "POST", f"/projets/{projet}/relire/", corps, "application/x-www-form-urlencoded"
    )
    if code != 302:
        navigateur.mesures.fautes.append(f"dépôt {rang} : {code} {re.sub('<[^>]+>', ' ', page)[:300]}")
        return None
    navigateur.mesures.depots.append(time.monotonic() - depart)
    return vers


def lire_accuse(navigateur: Navigateur, projet: str, rang: int, vers: str) -> None:
    """L'accusé que le portail montre, et le numéro que la personne y lit."""
    _code, _vers, page = navigateur.demander("GET", vers)
    if (trouve := NUMERO.search(page)) is None:
        navigateur.mesures.fautes.append(f"accusé {rang} sans numéro")
    else:
        navigateur.mesures.accuses[projet] = trouve[0]


def deposer(navigateur: Navigateur, projet: str, rang: int) -> None:
    """Joindre une lettre, relire, attester, déposer, lire l'accusé."""
    depart = time.monotonic()
    corps = joindre_et_relire(navigateur, projet, rang)
    if corps is not None and (vers := envoyer(navigateur, projet, rang, corps)) is not None:
        lire_accuse(navigateur, projet, rang, vers)
        navigateur.mesures.parcours.append(time.monotonic() - depart)


Geste = Callable[[Navigateur, str, int], None]
Suivi = Callable[[float], None]


@dataclass(frozen=True)
class Terrain:
    """Où l'on court : le port servi, le nom du témoin de session, les dossiers prêts, et les processus dont le CPU se compte."""

    port: int
    temoin: str
    projets: list[dict[str, str]]
    racines: dict[str, int]

    def courir(self, geste: Geste, clients: int, suivre: Suivi = lambda _part: None) -> Mesures:
        """Des fils se partagent les dossiers; `suivre` reçoit la part des accusés reçus."""
        mesures, file = Mesures(), SimpleQueue()
        for rang, pret in enumerate(self.projets):
            file.put((rang, pret))

        def travailler() -> None:
            while True:
                try:
                    rang, pret = file.get_nowait()
                except Empty:
                    return
                navigateur = Navigateur(self.port, self.temoin, pret["session"], mesures)
                try:
                    geste(navigateur, pret["projet"], rang)
                except Exception as erreur:  # noqa: BLE001 — une faute du client se compte, la course continue
                    mesures.fautes.append(f"client {rang} : {erreur!r}")
                finally:
                    navigateur.fermer()

        fils = [threading.Thread(target=travailler, daemon=True) for _ in range(clients)]
        avant, depart = cpu_s(self.racines), time.monotonic()
        for fil in fils:
            fil.start()
        while any(fil.is_alive() for fil in fils):
            suivre(len(mesures.accuses) / len(self.projets))
            time.sleep(0.1)
        mesures.duree = time.monotonic() - depart
        apres = cpu_s(self.racines)  # un processus relancé pendant la course ne se compte pas
        mesures.cpu = {nom: round(total - avant[nom], 1) for nom, total in apres.items() if total >= avant[nom]}
        suivre(1)
        return mesures

    def courir_le_dernier_envoi(self, clients: int, suivre: Suivi = lambda _part: None) -> Mesures:
        """L'envoi seul se mesure : tout est joint et relu avant, l'accusé se lit après."""
        corps: dict[str, bytes] = {}
        temoins: dict[str, dict[str, str]] = {}
        vers: dict[str, str] = {}

        def relire(navigateur: Navigateur, projet: str, rang: int) -> None:
            corps[projet] = joindre_et_relire(navigateur, projet, rang) or b""
            temoins[projet] = navigateur.temoins

        def partir(navigateur: Navigateur, projet: str, rang: int) -> None:
            navigateur.temoins = temoins[projet]
            vers[projet] = envoyer(navigateur, projet, rang, corps[projet]) or ""

        def lire(navigateur: Navigateur, projet: str, rang: int) -> None:
            lire_accuse(navigateur, projet, rang, vers[projet])

        self.courir(relire, clients)
        mesures = self.courir(partir, clients, suivre)
        mesures.accuses = self.courir(lire, clients).accuses
        return mesures
