"""Deux personnes jugent le même dossier au même instant, par HTTP : un seul verdict, un seul examen, l'autre l'apprend."""

import re
import threading
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import OpenerDirector

import pytest

from projets.regles.admissibilite import POINTS
from tests.outils.serveur import Serveur
from tests.parcours.test_derniers_dollars import _jeton, _session, lire

pytestmark = [pytest.mark.xdist_group("chaine")]
TOURS = 40


def _poster(ouvreur: OpenerDirector, adresse: str, donnees: dict[str, str], issues: list[str]) -> None:
    try:
        reponse = ouvreur.open(adresse, urlencode(donnees).encode())
        page = reponse.read().decode()
        refusee = "Relisez la page" in page
        issues.append("refusé" if refusee else str(reponse.status))
    except HTTPError as erreur:
        issues.append(str(erreur.code))


def test_deux_verdicts_en_meme_temps(serveur: Serveur) -> None:
    """L'un admet, l'autre écarte, quarante fois : exactement un examen en vigueur, dont l'état est le verdict."""
    [(cle,)] = lire(
        serveur,
        "SELECT p.id FROM projets_projet p JOIN alliances_entente e ON e.id = p.entente_id"
        " WHERE p.etat = 'depose' AND e.code = '02-2024' ORDER BY p.id LIMIT 1",
    )
    base = f"{serveur.adresse}/admin/projets/projet/{cle}"
    sessions = [_session(serveur), _session(serveur)]
    verifies = {f"resultat_{point.code}": "verifie" for point in POINTS}
    saisies = [{**verifies, "motif": ""}, {**verifies, "resultat_mission": "non", "motif": "Mission globale."}]
    gagnants = set()
    for tour in range(TOURS):
        issues: list[str] = []
        jetons = [_jeton(session.open(f"{base}/admissibilite/").read().decode()) for session in sessions]
        depart = threading.Barrier(2)

        def juger(rang: int) -> None:
            donnees = {**saisies[rang], "csrfmiddlewaretoken": jetons[rang]}  # noqa: B023 — le fil finit dans ce tour
            depart.wait()  # noqa: B023
            _poster(sessions[rang], f"{base}/admissibilite/", donnees, issues)  # noqa: B023

        fils = [threading.Thread(target=juger, args=(rang,)) for rang in range(2)]
        for fil in fils:
            fil.start()
        for fil in fils:
            fil.join()
        assert sorted(issues) == ["200", "refusé"], issues
        [(etat, admissible, total)] = lire(
            serveur,
            "SELECT p.etat, bool_and(x.admissible), count(*) FROM projets_projet p"
            " JOIN projets_examenadmissibilite x ON x.projet_id = p.id AND x.defait_le IS NULL"
            " WHERE p.id = %s GROUP BY p.etat",
            cle,
        )
        assert (etat, total) == ("admissible" if admissible else "non_admissible", 1)
        gagnants.add(etat)
        page = sessions[0].open(f"{base}/defaire-examen/").read().decode()
        donnees = {"motif": f"Tour {tour}", "csrfmiddlewaretoken": _jeton(page)}
        sessions[0].open(f"{base}/defaire-examen/", urlencode(donnees).encode()).read()
    assert lire(serveur, "SELECT count(*) FROM projets_examenadmissibilite WHERE projet_id = %s", cle) == [(TOURS,)]
    assert gagnants, "chaque tour a eu son verdict"
    assert not re.search(r"Traceback", (serveur.dossier / "web.log").read_text(errors="replace"))
