"""Courses par HTTP : deux octrois qui ne tiennent pas ensemble, au cent (R14); deux battements et une personne annoncent à la fois (R28)."""

import subprocess
import sys
from contextlib import closing
from datetime import date
from decimal import Decimal
from functools import partial
from urllib.request import OpenerDirector

import psycopg
import pytest

from outillage.chemins import RACINE
from tests.outils.http import ensemble, envoyer, jeton_csrf, lire_base, ouvrir_session, sans_suite
from tests.outils.serveur import Serveur

pytestmark = [pytest.mark.xdist_group("au_cent_ensemble")]
TOURS, ANNONCES, PAR_ANNONCE = 10, 3, 3
MOITIE, MOITIE_ET_UN = "63 248,50", "63 248,51"  # Maria-Chapdelaine a 126 497,00 disponibles
VERROU = 20_260
# Chaque battement attend le même verrou, puis part avec l'autre.
BATTRE = (
    "from django.db import connection as c; from portail.tasks import battre_appels; k = c.cursor();"
    f" print('pret', flush=True); k.execute('SELECT pg_advisory_lock_shared({VERROU})'); battre_appels()"
)


def _demandes(serveur: Serveur, nombre: int) -> list[int]:
    """Autant de demandes recommandées, neuves, de l'appel de mesure (dépôt clos)."""
    [(deja,)] = lire_base(
        serveur,
        "SELECT count(*) FROM projets_projet p JOIN appels_appel a ON a.id = p.appel_id WHERE a.code = '02-2024-9'",
    )
    assert serveur.gerer("charger_volume", "--projets", str(deja + nombre)).returncode == 0
    rangees = lire_base(
        serveur,
        "UPDATE projets_projet SET etat = 'recommande' WHERE id IN (SELECT p.id FROM projets_projet p"
        " JOIN appels_appel a ON a.id = p.appel_id WHERE a.code = '02-2024-9' ORDER BY p.id DESC LIMIT %s) RETURNING id",
        nombre,
    )
    return sorted(cle for (cle,) in rangees)


class Secretariat:
    """Une session du secrétariat; ses actes répondent 302 s'ils passent, 200 s'ils sont refusés."""

    def __init__(self, serveur: Serveur) -> None:
        self.serveur = serveur
        ouverte = ouvrir_session(serveur, "secretariat")
        page = f"{serveur.adresse}/admin/projets/projet/resolution/"
        self.jeton = jeton_csrf(ouverte.open(page).read().decode())
        self.session: OpenerDirector = sans_suite(ouverte)
        [(self.exercice,)] = lire_base(
            serveur, "SELECT exercice FROM alliances_mouvement WHERE cle = 'dotation:02-2024/CH#0'"
        )

    def acte(self, projet: int, acte: str, resolution: str, enveloppe: int, montant: str = "") -> partial:
        """Un octroi; sans montant, un refus."""
        donnees = {
            "sens": "accepter" if montant else "refuser",
            "resolution": resolution,
            "adoptee_le": date.today().isoformat(),
            "motif_public": "" if montant else "Course.",
            "csrfmiddlewaretoken": self.jeton,
        }
        if montant:
            donnees |= {"enveloppe_1": enveloppe, "exercice_1": self.exercice, "montant_1": montant}
        return partial(envoyer, self.session, f"{self.serveur.adresse}/admin/projets/projet/{projet}/{acte}/", donnees)


def _disponible(serveur: Serveur, enveloppe: int) -> Decimal:
    return lire_base(serveur, "SELECT dotation - engage FROM alliances_enveloppe WHERE id = %s", enveloppe)[0][0]


def test_r14_deux_octrois_qui_depassent_ensemble_d_un_cent(serveur: Serveur) -> None:
    """Dix fois : un seul passe, l'autre lit « Il manque 0,01 $ »; l'octroi se révise en refus, l'argent revient, on recommence.

    Le témoin : deux moitiés exactes passent toutes deux, et l'enveloppe finit à 0,00.
    """
    personnes = [Secretariat(serveur) for _n in range(2)]
    [(maria,)] = lire_base(serveur, "SELECT id FROM alliances_enveloppe WHERE code = '02-2024/MC'")
    depart = _disponible(serveur, maria)
    assert depart == Decimal("126497.00")
    projets = _demandes(serveur, 2 * TOURS + 2)
    for tour in range(TOURS):
        paire = projets[2 * tour : 2 * tour + 2]
        montants = (MOITIE, MOITIE_ET_UN) if tour % 2 else (MOITIE_ET_UN, MOITIE)
        gestes = [
            personne.acte(cle, "decider", f"CA-C{tour}-{cle}", maria, montant)
            for personne, cle, montant in zip(personnes, paire, montants, strict=True)
        ]
        reponses = ensemble(gestes)
        assert sorted(code for code, _adresse, _page in reponses) == [200, 302]
        [refus] = [page for code, _adresse, page in reponses if code == 200]
        assert "Il manque 0,01\xa0$" in refus
        [gagnant] = [cle for cle, (code, _a, _p) in zip(paire, reponses, strict=True) if code == 302]
        octrois = lire_base(serveur, "SELECT projet_id, montant FROM projets_decision WHERE projet_id = ANY(%s)", paire)
        assert [cle for cle, _montant in octrois] == [gagnant]
        assert _disponible(serveur, maria) == depart - octrois[0][1]
        code, _adresse, page = personnes[0].acte(gagnant, "reviser-decision", f"CA-R{tour}", maria)()
        assert code == 302, page[-2000:]
        assert _disponible(serveur, maria) == depart
    justes = [
        personne.acte(cle, "decider", f"CA-J-{cle}", maria, MOITIE)
        for personne, cle in zip(personnes, projets[-2:], strict=True)
    ]
    assert [code for code, _adresse, _page in ensemble(justes)] == [302, 302]
    assert _disponible(serveur, maria) == 0
    assert serveur.gerer("verifier_integrite").returncode == 0


def _lettres_relues(serveur: Serveur, tour: int) -> list[int]:
    """Des refus consignés, leurs lettres relues, l'annonce de l'appel prévue à l'instant."""
    projets, secretariat = _demandes(serveur, PAR_ANNONCE), Secretariat(serveur)
    for cle in projets:
        assert secretariat.acte(cle, "decider", f"CA-A{tour}-{cle}", 0)()[0] == 302
    lire_base(
        serveur,
        "UPDATE projets_lettre SET etat = 'relue', relue_le = now(), relue_par_id = (SELECT id FROM comptes_utilisateur"
        " WHERE email = 'coordination@demo.example') WHERE decision_id IN (SELECT id FROM projets_decision"
        " WHERE projet_id = ANY(%s)) RETURNING 1",
        projets,
    )
    lire_base(
        serveur,
        "UPDATE appels_appel SET etat = 'analyse', annonce_le = NULL, annonce_prevue = now() WHERE code = '02-2024-9'"
        " RETURNING 1",
    )
    return projets


def _annonces(serveur: Serveur) -> int:
    return lire_base(
        serveur,
        "SELECT count(*) FROM socle_transitionetat t JOIN appels_appel a ON a.id = t.objet_id"
        " WHERE t.objet_type = 'appels.appel' AND t.action = 'annoncer' AND a.code = '02-2024-9'",
    )[0][0]


def test_r28_deux_battements_et_une_personne_une_annonce_un_courriel_par_dossier(serveur: Serveur) -> None:
    """Trois fois : deux battements, retenus au même verrou puis lâchés, pendant qu'une coordination annonce par HTTP."""
    coordination = ouvrir_session(serveur, "coordination")
    for tour in range(ANNONCES):
        projets, avant = _lettres_relues(serveur, tour), _annonces(serveur)
        [(appel,)] = lire_base(serveur, "SELECT id FROM appels_appel WHERE code = '02-2024-9'")
        adresse = f"{serveur.adresse}/admin/appels/appel/{appel}/annoncer/"
        jeton = jeton_csrf(coordination.open(adresse).read().decode())
        with closing(psycopg.connect(serveur.base, autocommit=True)) as depart:
            depart.execute("SELECT pg_advisory_lock(%s)", [VERROU])
            battements = [
                subprocess.Popen(
                    [sys.executable, "manage.py", "shell", "-c", BATTRE],
                    cwd=RACINE,
                    env=serveur.environnement,
                    stdout=subprocess.PIPE,
                    text=True,
                )
                for _n in range(2)
            ]
            for battement in battements:
                while "pret" not in battement.stdout.readline():
                    assert battement.poll() is None
            gestes = [partial(envoyer, sans_suite(coordination), adresse, {"csrfmiddlewaretoken": jeton})]
            gestes.append(partial(depart.execute, "SELECT pg_advisory_unlock(%s)", [VERROU]))
            (code, _adresse, page), _lache = ensemble(gestes)
            assert [battement.wait(60) for battement in battements] == [0, 0]
            for battement in battements:
                battement.stdout.close()
        assert code in {200, 302}, page[-2000:]
        assert _annonces(serveur) == avant + 1
        courriels = lire_base(
            serveur,
            "SELECT c.objet_id, c.destinataire, count(*) FROM socle_courriel c WHERE c.genre = 'projets/decision'"
            " AND c.objet_type = 'projets.projet' AND c.objet_id = ANY(%s) GROUP BY 1, 2",
            projets,
        )
        assert {cle for cle, _qui, _n in courriels} == set(projets)
        assert {n for _cle, _qui, n in courriels} == {1}
        assert lire_base(
            serveur,
            "SELECT DISTINCT l.etat FROM projets_lettre l JOIN projets_decision d ON d.id = l.decision_id"
            " WHERE d.projet_id = ANY(%s)",
            projets,
        ) == [("envoyee",)]
    assert "Traceback" not in (serveur.dossier / "web.log").read_text(errors="replace")
