"""Lire un fichier rangé, ou le télécharger par la vue, sans le laisser ouvert."""

from django.test import Client

from socle.models import Fichier


def octets(fichier: Fichier) -> bytes:
    with fichier.contenu.open("rb") as source:
        return source.read()


def telecharger(client: Client, fichier: Fichier) -> bytes:
    reponse = client.get(f"/fichiers/{fichier.uuid}/")
    assert reponse.status_code == 200
    return b"".join(reponse.streaming_content)
