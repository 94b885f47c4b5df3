"""Courriels : un vrai serveur SMTP; au plus une fois par essai, rien de renvoyé en silence (décision 17)."""

import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django import Settings

from outillage.services import port_libre
from socle import boite, courriels
from socle.boite import ESSAIS_MAX
from socle.horloge import maintenant
from socle.journaux import FormateurJson
from socle.models import Courriel, Envoi
from tests.outils.smtp import Facteur, serveur_smtp

pytestmark = pytest.mark.django_db


@pytest.fixture
def port(settings: Settings) -> int:
    """Les réglages pointent ce port; personne n'y écoute encore."""
    port = port_libre()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 2
    return port


@pytest.fixture
def facteur(port: int) -> Iterator[Facteur]:
    with serveur_smtp(port) as facteur:
        yield facteur


@pytest.fixture
def courriel() -> Courriel:
    return courriels.mettre_en_boite(
        genre="essai",
        destinataire="personne@demo.example",
        objet="Été : « cœur »",
        texte="Bonjour,\n",
        html="<p>Bonjour,</p>",
        instant=maintenant(),
    )


def livrer(courriel: Courriel) -> Courriel:
    """Une livraison de la tâche, comme le travailleur : réclamer compte l'essai."""
    envoi = Envoi.objects.get(cle=f"courriel:{courriel.pk}")
    Envoi.objects.filter(pk=envoi.pk).update(essais=envoi.essais + 1, etat="pousse")
    boite.traiter(envoi.pk, courriels.envoyer)
    return Courriel.objects.get(pk=courriel.pk)


def envoi(courriel: Courriel) -> Envoi:
    return Envoi.objects.get(cle=f"courriel:{courriel.pk}")


def test_envoye_une_fois_avec_son_message_id(facteur: Facteur, courriel: Courriel) -> None:
    envoye = livrer(courriel)
    assert (envoye.etat, envoye.essais, envoi(courriel).etat) == ("envoye", 1, "fait")
    assert envoye.envoye_le is not None
    livrer(courriel)
    courriels.envoyer(courriel.pk)
    [message] = facteur.recus
    assert message["Message-ID"] == courriel.message_id
    assert message["To"] == "personne@demo.example"
    assert {partie.get_content_type() for partie in message.walk()} >= {"text/plain", "text/html"}


@pytest.mark.parametrize("etape", ["rcpt", "data"])
def test_un_refus_passager_se_reprend_avec_le_meme_message_id(facteur: Facteur, courriel: Courriel, etape: str) -> None:
    setattr(facteur, etape, "451 Revenez plus tard")
    attend = livrer(courriel)
    assert (attend.etat, "451" in attend.erreur, envoi(courriel).etat) == ("a_envoyer", True, "en_attente")
    setattr(facteur, etape, "250 OK")
    assert livrer(courriel).etat == "envoye"
    assert [m["Message-ID"] for m in facteur.recus] == [courriel.message_id]


def test_le_journal_ne_nomme_personne(facteur: Facteur, courriel: Courriel, caplog: pytest.LogCaptureFixture) -> None:
    """La cause complète est dans le courriel, que la coordination lit; les journaux n'ont que le code."""
    facteur.rcpt = "451 Revenez plus tard"
    assert "personne@demo.example" in livrer(courriel).erreur
    notes = [FormateurJson().format(r) for r in caplog.records if r.name.startswith("socle")]
    assert len(notes) == 1
    assert "451" in notes[0]
    assert "personne@demo.example" not in notes[0]


@pytest.mark.parametrize(("etape", "reponse"), [("rcpt", "550 Adresse inconnue"), ("data", "554 Contenu refusé")])
def test_un_refus_definitif_est_un_echec_montre(facteur: Facteur, courriel: Courriel, etape: str, reponse: str) -> None:
    setattr(facteur, etape, reponse.encode("ascii", "ignore").decode())
    echec = livrer(courriel)
    assert (echec.etat, reponse[:3] in echec.erreur) == ("echec", True)
    assert envoi(courriel).etat == "fait", "la boîte n'insiste pas"
    setattr(facteur, etape, "250 OK")
    assert livrer(courriel).etat == "echec"
    assert facteur.recus == []


def test_un_refus_passager_sans_fin_devient_un_echec_montre(facteur: Facteur, courriel: Courriel) -> None:
    facteur.rcpt = "452 Boite pleine"
    for _essai in range(ESSAIS_MAX):
        dernier = livrer(courriel)
    assert (dernier.etat, dernier.essais) == ("echec", ESSAIS_MAX), "et non « à envoyer » pour toujours"


def test_une_coupure_apres_data_est_incertaine_et_jamais_renvoyee(facteur: Facteur, courriel: Courriel) -> None:
    """Le serveur a lu le message, puis se tait : personne ne sait s'il est parti."""
    facteur.coupe = True
    incertain = livrer(courriel)
    assert (incertain.etat, len(facteur.recus)) == ("ambigu", 1)
    facteur.coupe = False
    for _livraison in range(2):
        Envoi.objects.filter(cle=f"courriel:{courriel.pk}").update(etat="en_attente")
        assert livrer(courriel).etat == "ambigu"
    assert len(facteur.recus) == 1


def test_un_travailleur_tue_pendant_l_envoi_laisse_un_envoi_incertain(facteur: Facteur, courriel: Courriel) -> None:
    Courriel.objects.filter(pk=courriel.pk).update(etat="en_cours")
    repris = livrer(courriel)
    assert (repris.etat, "s’est interrompu" in repris.erreur, facteur.recus) == ("ambigu", True, [])


def test_un_serveur_injoignable_ne_consomme_pas_les_essais(port: int, courriel: Courriel) -> None:
    """Une panne d'une heure ne perd aucun courriel : rien n'a été tenté, la boîte attend le serveur."""
    for _essai in range(ESSAIS_MAX + 2):
        attend = livrer(courriel)
    assert (attend.etat, attend.essais, envoi(courriel).etat, envoi(courriel).essais) == (
        "a_envoyer",
        0,
        "en_attente",
        0,
    )
    assert "Serveur de courriel injoignable" in envoi(courriel).erreur
    assert envoi(courriel).pas_avant <= maintenant() + timedelta(minutes=2)
    with serveur_smtp(port) as facteur:
        assert livrer(courriel).etat == "envoye"
        assert len(facteur.recus) == 1


def test_un_serveur_muet_est_borne_par_le_delai(port: int, courriel: Courriel, settings: Settings) -> None:
    """Il accepte la connexion et ne dit rien : le délai (ici court) rend la main."""
    settings.EMAIL_TIMEOUT = 0.3
    with socket.create_server(("127.0.0.1", port)):
        assert livrer(courriel).etat == "a_envoyer"


def test_une_cle_deja_servie_n_ecrit_rien() -> None:
    options = {
        "destinataire": "a@demo.example",
        "objet": "Retour à la\nligne",
        "contexte": {"reddition": None},
        "instant": maintenant(),
        "cle": "essai:1",
    }
    premier = courriels.ecrire("reddition/renvoi", **options)
    assert premier.objet == "Retour à la ligne", "un retour à la ligne n'ajoute pas d'en-tête"
    assert courriels.ecrire("reddition/renvoi", **options) is None
    assert Courriel.objects.filter(cle="essai:1").count() == 1
