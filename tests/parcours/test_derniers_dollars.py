"""Deux navigateurs sur les derniers dollars d'une enveloppe; seize clients qui virent en tous sens entre quatre enveloppes."""

import re
import threading
from decimal import Decimal
from functools import partial

import psycopg
import pytest
from playwright.sync_api import Browser

from tests.outils.http import MOT_DE_PASSE, ensemble, envoyer, jeton_csrf, lire_base, ouvrir_session
from tests.outils.navigateur import connecter, ouvrir_page
from tests.outils.serveur import Serveur

pytestmark = [pytest.mark.xdist_group("chaine")]
CLIENTS, TOURS = 16, 4
LETTRES = ("BS", "CH", "JQ", "LE")


def cles(serveur: Serveur) -> dict[str, int]:
    return dict(lire_base(serveur, "SELECT right(code, 2), id FROM alliances_enveloppe WHERE code LIKE '02-2024/%%'"))


@pytest.mark.navigateur
def test_deux_navigateurs_sur_les_derniers_dollars(chromium: Browser, serveur: Serveur) -> None:
    """Chacun a vu 126 497,00 disponibles; le premier en prend 100 000,00, l'autre apprend ce qui manque, au cent."""
    maria = cles(serveur)["MC"]
    pages = [
        connecter(ouvrir_page(chromium, serveur.adresse), "coordination@demo.example", MOT_DE_PASSE) for _n in range(2)
    ]
    for rang, page in enumerate(pages):
        page.goto(f"/admin/alliances/enveloppe/{maria}/engager/")
        page.fill("#id_reference", f"Dernier dollar {rang}")
        page.fill("#id_montant", "100 000,00")
        page.fill("#id_motif", "Essai")
        page.click("button.bouton")
        assert "26\xa0497,00\xa0$" in page.inner_text("table"), "l'aperçu des deux montre le même après"
    for page in pages:
        page.click("button[name=inscrire]")
    textes = [page.inner_text("#content") for page in pages]
    assert "La dépense est engagée" in pages[0].inner_text("body")
    assert "Il manque 73\xa0503,00\xa0$" in textes[1]
    assert "elle a 26\xa0497,00\xa0$ de disponible" in textes[1]
    assert lire_base(
        serveur, "SELECT count(*), sum(montant) FROM alliances_engagement WHERE reference LIKE 'Dernier dollar%%'"
    ) == [(1, Decimal("100000.00"))]


def test_seize_clients_virent_en_tous_sens(serveur: Serveur) -> None:
    """Conservation, aucun interblocage, aucune erreur 500; chaque refus dit ce qui manque."""
    enveloppes = cles(serveur)
    avant = _dotations(serveur)
    sessions = [ouvrir_session(serveur, "coordination") for _n in range(CLIENTS)]

    def virer(rang: int) -> list[tuple[int, str, str]]:
        reponses = []
        for tour in range(TOURS):
            source, cible = LETTRES[(rang + tour) % 4], LETTRES[(rang + tour + 1 + rang % 3) % 4]
            adresse = f"{serveur.adresse}/admin/alliances/enveloppe/{enveloppes[source]}/virer/"
            donnees = {
                "cle": f"croise-{rang}-{tour}",
                "cible": enveloppes[cible],
                "montant": f"{(rang + 1) * 3001},{tour}7",
                "exercice": "2026-2027",
                "mandat": "CA-CROISE",
                "motif": "Essai croisé",
                "inscrire": "1",
                "csrfmiddlewaretoken": jeton_csrf(sessions[rang].open(adresse).read().decode()),
            }
            reponses.append(envoyer(sessions[rang], adresse, donnees))
        return reponses

    rendus = [reponse for client in ensemble([partial(virer, rang) for rang in range(CLIENTS)]) for reponse in client]
    codes = [code for code, _adresse, _page in rendus]
    refus = [trouve for _code, _adresse, page in rendus for trouve in re.findall(r"Il manque [^.]*", page)[:1]]
    apres = _dotations(serveur)
    assert codes == [200] * (CLIENTS * TOURS)
    assert sum(apres.values()) == sum(avant.values())
    [(paires, total)] = lire_base(
        serveur,
        "SELECT count(DISTINCT operation_id), sum(montant) FROM alliances_mouvement WHERE cle LIKE 'croise-%%'",
    )
    assert total == 0
    assert paires + len(refus) == CLIENTS * TOURS
    assert paires > CLIENTS
    assert serveur.gerer("verifier_integrite").returncode == 0


def _dotations(serveur: Serveur) -> dict[str, Decimal]:
    return dict(lire_base(serveur, "SELECT code, dotation FROM alliances_enveloppe WHERE code LIKE '02-2024/%%'"))


def test_le_temoin_sans_ordre_ni_file_s_interbloque(serveur: Serveur) -> None:
    """Le témoin : deux virements croisés qui verrouillent chacun sa source d'abord se bloquent l'un l'autre."""
    enveloppes = cles(serveur)
    pret, erreurs = threading.Barrier(2), []

    def croiser(source: str, cible: str) -> None:
        with psycopg.connect(serveur.base) as base:
            try:
                base.execute("SELECT 1 FROM alliances_enveloppe WHERE id = %s FOR UPDATE", [enveloppes[source]])
                pret.wait()
                base.execute("SELECT 1 FROM alliances_enveloppe WHERE id = %s FOR UPDATE", [enveloppes[cible]])
            except psycopg.errors.DeadlockDetected as erreur:
                erreurs.append(erreur)
            base.rollback()

    fils = [threading.Thread(target=croiser, args=paire) for paire in (("BS", "CH"), ("CH", "BS"))]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert len(erreurs) == 1
