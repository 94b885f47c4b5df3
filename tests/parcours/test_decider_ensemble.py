"""Deux personnes décident à la fois, par HTTP : le même dossier (une décision, un engagement), ou les derniers dollars (R14)."""

from decimal import Decimal
from functools import partial
from urllib.request import OpenerDirector

import pytest

from tests.outils.http import ensemble, envoyer, jeton_csrf, lire_base, ouvrir_session, sans_suite
from tests.outils.serveur import Serveur

pytestmark = [pytest.mark.xdist_group("decider_ensemble")]
FOIS = 200
MONTANT = "1,00"


def _sessions(serveur: Serveur) -> list[tuple[OpenerDirector, str]]:
    """Deux sessions et leur jeton, pris une fois; l'acte réussi répond 302, l'acte refusé 200."""
    ouvertes = [ouvrir_session(serveur, "secretariat") for _n in range(2)]
    page = f"{serveur.adresse}/admin/projets/projet/resolution/"
    return [(sans_suite(session), jeton_csrf(session.open(page).read().decode())) for session in ouvertes]


def _prepares(serveur: Serveur, nombre: int) -> list[tuple[int, int]]:
    """Des demandes recommandées, en nombre, et leur enveloppe."""
    assert serveur.gerer("charger_volume", "--projets", str(nombre)).returncode == 0
    lire_base(
        serveur,
        "UPDATE projets_projet SET etat = 'recommande' WHERE appel_id = (SELECT id FROM appels_appel WHERE code = '02-2024-9')"
        " RETURNING 1",
    )
    return lire_base(
        serveur,
        "SELECT p.id, p.enveloppe_id FROM projets_projet p JOIN appels_appel a ON a.id = p.appel_id"
        " WHERE a.code = '02-2024-9' ORDER BY p.id LIMIT %s",
        nombre,
    )


def _resolution(session: tuple[OpenerDirector, str], base: str, enveloppe: int, numero: str, montant: str) -> partial:
    donnees = {
        "sens": "accepter",
        "resolution": numero,
        "adoptee_le": "2026-11-02",
        "enveloppe_1": enveloppe,
        "exercice_1": "2026-2027",
        "montant_1": montant,
        "csrfmiddlewaretoken": session[1],
    }
    return partial(envoyer, session[0], f"{base}/decider/", donnees)


def test_deux_cents_fois_le_meme_dossier_une_decision_un_engagement(serveur: Serveur) -> None:
    """Chacun a sa résolution; un seul l'inscrit, l'autre apprend que l'état a changé."""
    sessions, prepares = _sessions(serveur), _prepares(serveur, FOIS)
    assert len(prepares) == FOIS
    for cle, enveloppe in prepares:
        base = f"{serveur.adresse}/admin/projets/projet/{cle}"
        gestes = [
            _resolution(session, base, enveloppe, f"CA-{rang}-{cle}", MONTANT) for rang, session in enumerate(sessions)
        ]
        reponses = ensemble(gestes)
        assert sorted(code for code, _adresse, _page in reponses) == [200, 302]
        [refus] = [page for code, _adresse, page in reponses if code == 200]
        assert "l’état a changé" in refus
    ids = [cle for cle, _enveloppe in prepares]
    decisions = "SELECT count(*), count(DISTINCT projet_id) FROM projets_decision WHERE projet_id = ANY(%s)"
    assert lire_base(serveur, decisions, ids) == [(FOIS, FOIS)]
    engagements = (
        "SELECT count(*), sum(g.montant) FROM alliances_engagement g JOIN projets_decisionligne l ON l.engagement_id = g.id"
        " JOIN projets_decision d ON d.id = l.decision_id WHERE d.projet_id = ANY(%s)"
    )
    assert lire_base(serveur, engagements, ids) == [(FOIS, Decimal(FOIS))]
    assert serveur.gerer("verifier_integrite").returncode == 0


def test_r14_deux_octrois_de_soixante_dix_mille_un_seul_passe(serveur: Serveur) -> None:
    """Maria-Chapdelaine a 126 497,00 disponibles; le second apprend, au cent, ce qui manque."""
    sessions, prepares = _sessions(serveur), _prepares(serveur, FOIS + 2)[-2:]
    [(maria,)] = lire_base(serveur, "SELECT id FROM alliances_enveloppe WHERE code = '02-2024/MC'")
    gestes = [
        _resolution(session, f"{serveur.adresse}/admin/projets/projet/{cle}", maria, f"CA-70-{cle}", "70 000,00")
        for session, (cle, _enveloppe) in zip(sessions, prepares, strict=True)
    ]
    reponses = ensemble(gestes)
    assert sorted(code for code, _adresse, _page in reponses) == [200, 302]
    [refus] = [page for code, _adresse, page in reponses if code == 200]
    assert "Il manque 13\xa0503,00\xa0$" in refus
    assert lire_base(serveur, "SELECT engage FROM alliances_enveloppe WHERE id = %s", maria) == [(Decimal("70000.00"),)]
