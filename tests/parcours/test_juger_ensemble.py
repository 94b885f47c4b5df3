"""Deux personnes jugent le même dossier au même instant, par HTTP : un seul verdict, un seul examen, l'autre l'apprend."""

import re
from functools import partial

import pytest

from projets.regles.admissibilite import POINTS
from tests.outils.http import ensemble, envoyer, jeton_csrf, lire_base, ouvrir_session
from tests.outils.serveur import Serveur

pytestmark = [pytest.mark.xdist_group("chaine")]
TOURS = 40


def _issue(reponse: tuple[int, str, str]) -> str:
    code, _adresse, page = reponse
    return "refusé" if "Relisez la page" in page else str(code)


def test_deux_verdicts_en_meme_temps(serveur: Serveur) -> None:
    """L'un admet, l'autre écarte, quarante fois : exactement un examen en vigueur, dont l'état est le verdict."""
    [(cle,)] = lire_base(
        serveur,
        "SELECT p.id FROM projets_projet p JOIN alliances_entente e ON e.id = p.entente_id"
        " WHERE p.etat = 'depose' AND e.code = '02-2024' ORDER BY p.id LIMIT 1",
    )
    base = f"{serveur.adresse}/admin/projets/projet/{cle}"
    sessions = [ouvrir_session(serveur, "coordination") for _n in range(2)]
    verifies = {f"resultat_{point.code}": "verifie" for point in POINTS}
    saisies = [{**verifies, "motif": ""}, {**verifies, "resultat_mission": "non", "motif": "Mission globale."}]
    gagnants = set()
    for tour in range(TOURS):
        envois = [
            {**saisie, "csrfmiddlewaretoken": jeton_csrf(session.open(f"{base}/admissibilite/").read().decode())}
            for session, saisie in zip(sessions, saisies, strict=True)
        ]
        gestes = [
            partial(envoyer, session, f"{base}/admissibilite/", envoi)
            for session, envoi in zip(sessions, envois, strict=True)
        ]
        issues = [_issue(reponse) for reponse in ensemble(gestes)]
        assert sorted(issues) == ["200", "refusé"], issues
        [(etat, admissible, total)] = lire_base(
            serveur,
            "SELECT p.etat, bool_and(x.admissible), count(*) FROM projets_projet p"
            " JOIN projets_examenadmissibilite x ON x.projet_id = p.id AND x.defait_le IS NULL"
            " WHERE p.id = %s GROUP BY p.etat",
            cle,
        )
        assert (etat, total) == ("admissible" if admissible else "non_admissible", 1)
        gagnants.add(etat)
        page = sessions[0].open(f"{base}/defaire-examen/").read().decode()
        donnees = {"motif": f"Tour {tour}", "csrfmiddlewaretoken": jeton_csrf(page)}
        envoyer(sessions[0], f"{base}/defaire-examen/", donnees)
    assert lire_base(serveur, "SELECT count(*) FROM projets_examenadmissibilite WHERE projet_id = %s", cle) == [
        (TOURS,)
    ]
    assert gagnants, "chaque tour a eu son verdict"
    assert not re.search(r"Traceback", (serveur.dossier / "web.log").read_text(errors="replace"))
