"""Antivirus, quand il y en a un : ClamAV par son protocole INSTREAM, sur la prise `CLAMAV_ADRESSE`.

Sans adresse, rien n'est analysé, et c'est dit (/pret, état du service, état de chaque fichier). Un fichier infecté n'est
jamais servi (`fichiers.peut_lire`).
"""

import socket
import struct
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from socle import courriels
from socle.boite import Demande, ServiceInjoignable, mettre_en_file
from socle.horloge import maintenant
from socle.models.fichier import EtatAnalyse, Fichier

DELAI = 30.0
MORCEAU = 256 * 1024


def present() -> bool:
    """Un antivirus est réglé."""
    return bool(settings.CLAMAV_ADRESSE)


def _ouvrir(delai: float) -> socket.socket:
    adresse = urlsplit(settings.CLAMAV_ADRESSE)
    if adresse.scheme == "unix":
        prise = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        prise.settimeout(delai)
        prise.connect(adresse.path)
        return prise
    return socket.create_connection((adresse.hostname or "127.0.0.1", adresse.port or 3310), timeout=delai)


def repond(delai: float = 0.5) -> bool:
    """L'antivirus répond « PONG »."""
    try:
        with _ouvrir(delai) as prise:
            prise.sendall(b"zPING\0")
            return prise.recv(16).startswith(b"PONG")
    except OSError:
        return False


def examiner(morceaux: Iterable[bytes]) -> str | None:
    """Le nom du virus trouvé, ou `None`. Lève `ServiceInjoignable` si l'antivirus ne répond pas clairement."""
    try:
        with _ouvrir(DELAI) as prise:
            prise.sendall(b"zINSTREAM\0")
            for morceau in morceaux:
                prise.sendall(struct.pack("!I", len(morceau)) + morceau)
            prise.sendall(struct.pack("!I", 0))
            reponse = b""
            while not reponse.endswith(b"\0") and (lu := prise.recv(4096)):
                reponse += lu
    except OSError as erreur:
        raise ServiceInjoignable(f"Antivirus injoignable : {erreur}") from erreur
    texte = reponse.rstrip(b"\0").decode(errors="replace")
    if texte.endswith("OK"):
        return None
    if texte.endswith("FOUND"):
        return texte.removeprefix("stream: ").removesuffix(" FOUND")
    raise ServiceInjoignable(f"Réponse inattendue de l'antivirus : {texte[:200]}")


def demander(fichier: Fichier) -> None:
    """Met l'analyse en file, s'il y a un antivirus."""
    if present():
        demande = Demande("socle.analyser_fichier", {"fichier_id": fichier.pk}, cle=f"analyse:{fichier.pk}")
        mettre_en_file(demande, instant=fichier.cree_le)


def analyser(fichier_id: int) -> None:
    """Analyse le fichier et range le résultat; un fichier effacé entre-temps n'est rien."""
    fichier = Fichier.objects.filter(pk=fichier_id).select_related("depose_par").first()
    if fichier is None:
        return
    with fichier.contenu.open("rb") as source:
        virus = examiner(iter(lambda: source.read(MORCEAU), b""))
    _conclure(fichier, virus)


@transaction.atomic
def _conclure(fichier: Fichier, virus: str | None) -> None:
    etat = EtatAnalyse.REFUSE if virus else EtatAnalyse.SAIN
    suite: dict[str, Any] = {"analyse_le": maintenant().isoformat(), **({"virus": virus} if virus else {})}
    Fichier.objects.filter(pk=fichier.pk).update(analyse=etat, metadonnees={**fichier.metadonnees, **suite})
    # une copie (dossier permanent, autre demande) a le même contenu, donc le même verdict
    copies = Fichier.objects.filter(empreinte=fichier.empreinte)
    (copies if virus else copies.filter(analyse=EtatAnalyse.NON_ANALYSE)).update(analyse=etat)
    if virus and fichier.depose_par is not None:
        courriels.ecrire(
            "socle/infecte",
            destinataire=fichier.depose_par.email,
            objet=_("Un fichier joint est infecté"),
            instant=maintenant(),
            cle=f"infecte:{fichier.pk}",
            contexte={"fichier": fichier},
        )
