"""Deux coordinations retiennent deux scénarios de la même séance à la fois, par HTTP : un seul l'est, en entier, l'autre l'apprend."""

import threading
from decimal import Decimal
from functools import partial
from html import unescape
from urllib.request import OpenerDirector

import psycopg
import pytest

from tests.outils.http import ensemble, envoyer, jeton_csrf, lire_base, ouvrir_session, sans_suite
from tests.outils.serveur import Serveur

pytestmark = [pytest.mark.xdist_group("retenir_ensemble")]
TOURS = 20
CHAMP = 'name="signature" value="'
RECOMMANDE = "SELECT projet_id, montant FROM projets_recommandation WHERE projet_id = ANY(%s) ORDER BY 1"
PREPARE = (
    "SELECT d.projet_id, sum(p.montant) FROM projets_decisionpreparee d JOIN projets_partpreparee p ON p.preparee_id = d.id"
    " WHERE d.projet_id = ANY(%s) GROUP BY 1 ORDER BY 1"
)
EXERCICE = "SELECT min(m.exercice) FROM alliances_mouvement m WHERE m.cle = 'dotation:02-2024/CH#0'"


def _seance(serveur: Serveur) -> tuple[int, dict[str, int]]:
    """La séance tenue de la démonstration et ses deux scénarios, par nom."""
    [(seance,)] = lire_base(serveur, "SELECT id FROM comite_seance WHERE etat = 'levee'")
    scenarios = dict(lire_base(serveur, "SELECT nom, id FROM comite_scenario WHERE seance_id = %s", seance))
    assert len(scenarios) == 2
    return seance, scenarios


def _devant(serveur: Serveur, seance: int) -> list[int]:
    """Les demandes dont toutes les évaluations sont remises : ce qu'un scénario peut retenir."""
    return [
        cle
        for (cle,) in lire_base(
            serveur,
            "SELECT p.projet_id FROM comite_pointordredujour p WHERE p.seance_id = %s AND p.projet_id IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM projets_evaluation e WHERE e.projet_id = p.projet_id"
            " AND e.etat IN ('assignee', 'en_cours')) ORDER BY 1",
            seance,
        )
    ]


def _remettre(serveur: Serveur, seance: int, projets: list[int]) -> None:
    """Devant le comité, rien de recommandé, rien de préparé, aucun scénario retenu."""
    with psycopg.connect(serveur.base) as base:
        for requete in (
            "DELETE FROM projets_partpreparee p USING projets_decisionpreparee d WHERE p.preparee_id = d.id AND d.projet_id = ANY(%s)",
            "DELETE FROM projets_decisionpreparee WHERE projet_id = ANY(%s)",
            "DELETE FROM projets_recommandation WHERE projet_id = ANY(%s)",
            "UPDATE projets_projet SET etat = 'en_evaluation' WHERE id = ANY(%s)",
        ):
            base.execute(requete, [projets])
        base.execute("UPDATE comite_scenario SET retenu_le = NULL, retenu_par_id = NULL WHERE seance_id = %s", [seance])


def _retenir(session: OpenerDirector, adresse: str, exercice: str) -> partial:
    """La page relue, sa signature recopiée, prête à poster."""
    page = session.open(adresse).read().decode()
    donnees = {
        "signature": page.split(CHAMP)[1].split('"')[0],
        "exercice": exercice,
        "csrfmiddlewaretoken": jeton_csrf(page),
    }
    return partial(envoyer, sans_suite(session), adresse, donnees)


def _lignes(serveur: Serveur, scenario: int, projets: list[int]) -> list[tuple[int, Decimal]]:
    """Ce que le scénario octroie à ces demandes."""
    return lire_base(
        serveur,
        "SELECT projet_id, montant FROM comite_lignescenario WHERE scenario_id = %s AND projet_id = ANY(%s) ORDER BY 1",
        scenario,
        projets,
    )


def test_vingt_fois_deux_scenarios_un_seul_retenu_en_entier(serveur: Serveur) -> None:
    seance, scenarios = _seance(serveur)
    projets = _devant(serveur, seance)
    [(exercice,)] = lire_base(serveur, EXERCICE)
    sessions = [ouvrir_session(serveur, "coordination") for _n in scenarios]
    base = f"{serveur.adresse}/admin/comite/seance/{seance}/retenir/?element="
    attendus = {nom: _lignes(serveur, cle, projets) for nom, cle in scenarios.items()}
    premier, second = attendus.values()
    assert len(projets) > 1
    assert premier != second, "deux scénarios qui ne disent pas la même chose"
    gagnants = set()
    for tour in range(TOURS):
        _remettre(serveur, seance, projets)
        noms = list(scenarios) if tour % 2 else list(reversed(scenarios))
        gestes = [
            _retenir(session, f"{base}{scenarios[nom]}", exercice) for session, nom in zip(sessions, noms, strict=True)
        ]
        reponses = ensemble(gestes)
        assert sorted(code for code, _adresse, _page in reponses) == [200, 302]
        [refus] = [page for code, _adresse, page in reponses if code == 200]
        [(gagnant,)] = lire_base(
            serveur, "SELECT nom FROM comite_scenario WHERE seance_id = %s AND retenu_le IS NOT NULL", seance
        )
        assert f"« {gagnant} » est déjà retenu pour cette séance" in unescape(refus).replace("\xa0", " ")
        assert lire_base(serveur, RECOMMANDE, projets) == attendus[gagnant], tour
        assert lire_base(serveur, PREPARE, projets) == attendus[gagnant], tour
        gagnants.add(gagnant)
    assert gagnants <= set(scenarios)
    assert "Traceback" not in (serveur.dossier / "web.log").read_text(errors="replace")


def test_le_temoin_sans_verrou_de_la_seance_deux_passent_la_lecture(serveur: Serveur) -> None:
    """Le témoin : lire « aucun n'est retenu » puis écrire, sans le verrou, en laisse passer deux; seule la base refuse alors."""
    seance, scenarios = _seance(serveur)
    _remettre(serveur, seance, _devant(serveur, seance))
    pret, lus, erreurs = threading.Barrier(2), [], []

    def retenir(scenario: int) -> None:
        with psycopg.connect(serveur.base) as base:
            try:
                [libre] = base.execute(
                    "SELECT count(*) = 0 FROM comite_scenario WHERE seance_id = %s AND retenu_le IS NOT NULL", [seance]
                ).fetchone()
                lus.append(libre)
                pret.wait()
                base.execute(
                    "UPDATE comite_scenario SET retenu_le = now(), retenu_par_id = cree_par_id WHERE id = %s",
                    [scenario],
                )
                base.commit()
            except psycopg.errors.UniqueViolation as erreur:
                erreurs.append(erreur)
                base.rollback()

    fils = [threading.Thread(target=retenir, args=[cle]) for cle in scenarios.values()]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert lus == [True, True]
    assert len(erreurs) == 1
