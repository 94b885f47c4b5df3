"""Double clic, rejeu, deux onglets, deux personnes : un seul dépôt, une seule réponse."""

import re
from functools import partial

import pytest

from tests.outils.http import ensemble, envoyer, jeton_csrf, lire_base, ouvrir_session
from tests.outils.serveur import Serveur

pytestmark = [pytest.mark.xdist_group("un_seul_depot")]
ENVOIS = 12


def test_douze_envois_simultanes_donnent_un_depot_et_un_accuse(serveur: Serveur) -> None:
    """Chaque onglet lit la page, tous envoient au même instant; puis l'un rejoue le même envoi."""
    assert serveur.gerer("depot_de_minuit").returncode == 0
    [(uuid,)] = lire_base(serveur, "SELECT uuid FROM projets_projet WHERE titre LIKE 'Un toit%%'")
    adresse = f"{serveur.adresse}/projets/{uuid}/relire/"
    onglets = [ouvrir_session(serveur, "promoteur") for _n in range(ENVOIS)]
    donnees = [
        {"attestation": "on", "csrfmiddlewaretoken": jeton_csrf(onglet.open(adresse).read().decode())}
        for onglet in onglets
    ]
    [(avant,)] = lire_base(serveur, "SELECT sum(dernier_numero) FROM appels_appel")
    reponses = ensemble(
        [partial(envoyer, onglet, adresse, envoi) for onglet, envoi in zip(onglets, donnees, strict=True)]
    )
    reponses.append(envoyer(onglets[0], adresse, donnees[0]))
    assert {code for code, _url, _page in reponses} == {200}
    assert {url for _code, url, _page in reponses} == {f"{serveur.adresse}/projets/{uuid}/accuse/"}
    numeros = {re.search(r"02-2024-\d+-[A-Z]{2}-\d{4}", page)[0] for _code, _url, page in reponses}
    assert len(numeros) == 1
    depots = "SELECT count(*) FROM projets_depot d JOIN projets_projet p ON p.id = d.projet_id WHERE p.uuid = %s"
    assert lire_base(serveur, depots, uuid) == [(1,)]
    assert lire_base(serveur, "SELECT sum(dernier_numero) FROM appels_appel") == [(avant + 1,)]
    accuses = "SELECT count(*) FROM socle_courriel WHERE genre = 'projets/accuse' AND objet LIKE %s"
    assert lire_base(serveur, accuses, f"%{numeros.pop()}%") == [(1,)]
