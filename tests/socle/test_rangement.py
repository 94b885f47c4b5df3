"""Rangement : la limite pendant la lecture, aucun orphelin, et un vrai serveur S3 local."""

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from moto.server import ThreadedMotoServer

from projets.models import Projet
from socle.documents.fichiers import effacer, ranger
from socle.horloge import maintenant
from socle.models import Fichier
from socle.nettoyage import nettoyer
from tests.outils.fichiers import octets, telecharger
from tests.outils.personnes import client
from tests.socle.test_fichiers import pdf

pytestmark = pytest.mark.django_db


def brouillon() -> Projet:
    return Projet.objects.get(entente__code="02-2024", etat="brouillon")


def test_passe_la_limite_rien_de_plus_n_est_garde_et_la_taille_se_dit(settings: Any) -> None:
    """27 Mo : sous la limite de la requête, au-dessus de celle d'un fichier; le disque n'en garde pas 25."""
    settings.FILE_UPLOAD_TEMP_DIR = settings.MEDIA_ROOT / uuid4().hex
    settings.FILE_UPLOAD_TEMP_DIR.mkdir(parents=True)
    gros = BytesIO(b"%PDF-" + b"0" * 27_000_000)
    gros.name = "gros.pdf"
    page = client("organismes").post(reverse("projets:pieces", args=[brouillon().uuid]), {"fichier": gros})
    assert page.status_code == 200
    assert "pèse 27,0\u00a0Mo; le maximum est 25,0\u00a0Mo" in page.content.decode()
    assert not list(settings.FILE_UPLOAD_TEMP_DIR.iterdir())


def test_les_octets_d_un_envoi_abandonne_s_effacent_apres_un_jour() -> None:
    garde = ranger(pdf(), nom="a.pdf", type_mime="application/pdf", acces="projet", instant=maintenant())
    orphelins = [default_storage.save(f"ab/{uuid4()}", ContentFile(b"x")) for _ in range(2)]
    autre = default_storage.save("ab/pas-a-nous.txt", ContentFile(b"x"))
    hier = time.time() - 90_000
    for nom in (garde.contenu.name, orphelins[0], autre):
        os.utime(default_storage.path(nom), (hier, hier))
    assert nettoyer(maintenant()) >= 1
    assert default_storage.exists(garde.contenu.name)
    assert not default_storage.exists(orphelins[0])
    assert default_storage.exists(orphelins[1]), "un envoi en cours n'est pas un orphelin"
    assert default_storage.exists(autre), "ce que le portail n'a pas rangé reste"


def test_les_morceaux_temporaires_s_effacent(settings: Any, tmp_path: Path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    vieux, neuf = tmp_path / "tmpa.upload.pdf", tmp_path / "tmpb.upload.pdf"
    for morceau in (vieux, neuf):
        morceau.write_bytes(b"x")
    os.utime(vieux, (time.time() - 90_000,) * 2)
    nettoyer(maintenant())
    assert (vieux.exists(), neuf.exists()) == (False, True)


@pytest.fixture
def s3(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Un vrai serveur S3 sur une prise locale, et le rangement qui s'y branche."""
    serveur = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    serveur.start()
    adresse = "http://{}:{}".format(*serveur.get_host_and_port())
    cles = {"aws_access_key_id": "essai", "aws_secret_access_key": "essai", "region_name": "ca-central-1"}
    service = boto3.client("s3", endpoint_url=adresse, **cles)
    service.create_bucket(Bucket="pieces", CreateBucketConfiguration={"LocationConstraint": "ca-central-1"})
    options = {
        "bucket_name": "pieces",
        "endpoint_url": adresse,
        "region_name": "ca-central-1",
        "access_key": "essai",
        "secret_key": "essai",
        "addressing_style": "path",
        "file_overwrite": False,
    }
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options},
    }
    monkeypatch.setattr(Fichier._meta.get_field("contenu"), "storage", storages["default"])
    yield adresse
    serveur.stop()


def test_s3_ranger_servir_effacer_et_nettoyer(s3: str, django_capture_on_commit_callbacks) -> None:
    projet, c = brouillon(), client("organismes")
    contenu = pdf()
    reponse = c.post(reverse("projets:pieces", args=[projet.uuid]), {"fichier": SimpleUploadedFile("b.pdf", contenu)})
    assert reponse.status_code == 302
    fichier = projet.pieces.get().fichier
    assert fichier.contenu.storage.bucket_name == "pieces"
    assert (octets(fichier), telecharger(c, fichier)) == (contenu, contenu)
    assert client("promoteur").get(f"/fichiers/{fichier.uuid}/").status_code == 404
    orphelin = fichier.contenu.storage.save(f"cd/{uuid4()}", ContentFile(b"x"))
    assert nettoyer(maintenant()) == 0, "trop récent pour être un orphelin"
    assert nettoyer(maintenant() + timedelta(days=2)) == 1
    assert not fichier.contenu.storage.exists(orphelin)
    assert fichier.contenu.storage.exists(fichier.contenu.name)
    projet.pieces.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        effacer(fichier)
    assert not fichier.contenu.storage.exists(fichier.contenu.name)
