"""Antivirus : le protocole de clamd sur une vraie prise, l'état de chaque fichier, rien d'infecté n'est servi."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from projets.models import Projet
from socle import antivirus
from socle.boite import ServiceInjoignable
from socle.documents.fichiers import copier, recevoir
from socle.horloge import maintenant
from socle.models import Courriel, Envoi, Fichier
from socle.tasks import analyser_fichier
from tests.outils.fichiers import telecharger
from tests.outils.personnes import client, personne
from tests.socle.test_fichiers import pdf

pytestmark = pytest.mark.django_db
MARQUE = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


class _Clamd(socketserver.BaseRequestHandler):
    """Ce que clamd dit sur sa prise : PING, et INSTREAM par morceaux préfixés de leur longueur."""

    def handle(self) -> None:
        commande = b""
        while not commande.endswith(b"\0"):
            commande += self.request.recv(1)
        if commande == b"zPING\0":
            self.request.sendall(b"PONG\0")
            return
        recu = b""
        while longueur := struct.unpack("!I", self._lire(4))[0]:
            recu += self._lire(longueur)
        self.request.sendall(b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if MARQUE in recu else b"stream: OK\0")

    def _lire(self, nombre: int) -> bytes:
        lu = b""
        while len(lu) < nombre:
            lu += self.request.recv(nombre - len(lu))
        return lu


@pytest.fixture
def clamd(settings: Any) -> Iterator[None]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Clamd) as serveur:
        threading.Thread(target=serveur.serve_forever, daemon=True).start()
        settings.CLAMAV_ADRESSE = f"tcp://127.0.0.1:{serveur.server_address[1]}"
        yield
        serveur.shutdown()


def joindre(contenu: bytes) -> Fichier:
    projet = Projet.objects.get(entente__code="02-2024", etat="brouillon")
    return recevoir(
        SimpleUploadedFile("a.pdf", contenu),
        acces="projet",
        objet_id=projet.pk,
        depose_par=personne("organismes"),
        instant=maintenant(),
    )


def infecte() -> bytes:
    return pdf() + b"\n%" + MARQUE


def analyser(fichier: Fichier) -> Fichier:
    envoi = Envoi.objects.get(cle=f"analyse:{fichier.pk}")
    Envoi.objects.filter(pk=envoi.pk).update(etat="pousse", essais=1)  # le relais l'a remise au travailleur
    analyser_fichier(envoi.pk)
    fichier.refresh_from_db()
    return fichier


def test_un_fichier_sain_le_dit(clamd: None) -> None:
    fichier = joindre(pdf())
    assert fichier.analyse == "non_analyse"
    assert analyser(fichier).analyse == "sain"
    assert telecharger(client("organismes"), fichier).startswith(b"%PDF")


def test_un_fichier_infecte_n_est_jamais_servi_ses_copies_non_plus(clamd: None) -> None:
    fichier = joindre(infecte())
    copie = copier(fichier, acces="projet", objet_id=fichier.objet_id, depose_par=None, instant=maintenant())
    assert analyser(fichier).analyse == "refuse"
    assert fichier.metadonnees["virus"] == "Win.Test.EICAR_HDB-1"
    for infectee in (fichier, copie):
        for nom in ("organismes", "coordination"):
            assert client(nom).get(f"/fichiers/{infectee.uuid}/").status_code == 404
    assert Courriel.objects.filter(genre="socle/infecte", destinataire="organismes@demo.example").count() == 1


def test_un_antivirus_muet_retarde_sans_perdre(settings: Any) -> None:
    settings.CLAMAV_ADRESSE = "tcp://127.0.0.1:9"
    fichier = joindre(pdf())
    envoi = Envoi.objects.get(cle=f"analyse:{fichier.pk}")
    assert analyser(fichier).analyse == "non_analyse"
    envoi.refresh_from_db()
    assert (envoi.etat, "Antivirus injoignable" in envoi.erreur) == ("en_attente", True)
    with pytest.raises(ServiceInjoignable):
        antivirus.examiner([b"x"])
    assert client("anonyme").get("/pret").json()["antivirus"] == "muet"
    assert "analysées à son retour" in client("anonyme").get("/etat/").content.decode()


def test_sans_antivirus_rien_n_est_promis() -> None:
    fichier = joindre(pdf())
    assert not Envoi.objects.filter(cle=f"analyse:{fichier.pk}").exists()
    assert client("anonyme").get("/pret").json()["antivirus"] == "absent"
    assert "ne sont pas analysées" in client("anonyme").get("/etat/").content.decode()


def test_l_antivirus_qui_repond_se_dit(clamd: None) -> None:
    assert client("anonyme").get("/pret").json()["antivirus"] == "repond"
