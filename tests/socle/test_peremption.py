"""Les exports et les archives s'effacent passé leur délai; aucun PDF officiel, jamais."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.storage import default_storage

from socle.documents import fichiers
from socle.documents.fichiers import genres_perissables, ranger
from socle.horloge import maintenant
from socle.models import Fichier, Travail
from socle.peremption import effacer_perimes
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db
PASSE = timedelta(days=settings.EXPORTS_JOURS)


def export(age: timedelta, acces: str = "travail") -> Travail:
    fichier = ranger(
        b"PK",
        nom="dossiers.zip",
        type_mime="application/zip",
        acces=acces,
        instant=maintenant() - age,
        depose_par=personne("coordination"),
    )
    return Travail.objects.create(
        genre="projets.archive",
        libelle="Archive",
        etat="termine",
        fichier=fichier,
        demande_par=personne("coordination"),
        demande_le=maintenant() - age,
    )


def test_seuls_les_exports_perissent() -> None:
    """Chaque genre d'accès du portail est ici : un genre neuf oblige à choisir."""
    assert genres_perissables() == {"travail"}
    assert set(fichiers._predicats) - genres_perissables() == {
        *("cahier_seance", "organisme", "formulaire_appel", "guide_appel", "logo", "notes_papier", "proces_verbal"),
        *("projet", "reddition"),
    }


def test_un_export_perime_s_efface_et_le_travail_le_dit(django_capture_on_commit_callbacks) -> None:
    vieux, recent = export(PASSE + timedelta(minutes=1)), export(PASSE - timedelta(minutes=1))
    nom = vieux.fichier.contenu.name
    adresse = f"/fichiers/{vieux.fichier.uuid}/"
    c = client("coordination")
    assert f"Ce fichier se garde {settings.EXPORTS_JOURS} jours." in c.get(vieux.get_absolute_url()).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert effacer_perimes(maintenant()) == 1
    assert not default_storage.exists(nom)
    assert default_storage.exists(recent.fichier.contenu.name)
    vieux.refresh_from_db()
    assert vieux.fichier is None
    assert "Fichier effacé le" in c.get(vieux.get_absolute_url()).content.decode()
    assert c.get(adresse).status_code == 404
    assert effacer_perimes(maintenant()) == 0


@pytest.mark.parametrize(
    "acces",
    [
        "cahier_seance",
        "organisme",
        "formulaire_appel",
        "guide_appel",
        "logo",
        "notes_papier",
        "proces_verbal",
        "projet",
        "reddition",
    ],
)
def test_un_document_officiel_ne_s_efface_jamais(acces: str, django_capture_on_commit_callbacks) -> None:
    travail = export(timedelta(days=36_500), acces)
    with django_capture_on_commit_callbacks(execute=True):
        effacer_perimes(maintenant())
    assert Fichier.objects.filter(pk=travail.fichier_id).exists()
    assert default_storage.exists(travail.fichier.contenu.name)


def test_une_transaction_defaite_garde_les_octets() -> None:
    """La rangée et les octets partent ensemble : les octets seulement une fois la rangée partie pour de bon."""
    travail = export(PASSE * 2)
    effacer_perimes(maintenant())  # la transaction de l'essai n'est jamais validée
    assert default_storage.exists(travail.fichier.contenu.name)
