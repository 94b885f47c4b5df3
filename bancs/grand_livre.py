"""Grand livre : 64 clients sur une enveloppe, quatre tués net, la base coupée et relancée; exactement plein, rien de perdu.

Limite : l'insertion nue d'une rangée de même largeur, sans contrôle ni chaîne, d'un seul client (et de 64, pour mémoire).
"""

import json
import multiprocessing
import os
import queue
import shutil
import signal
import time
from decimal import Decimal

import psycopg

from bancs.outils import gerer
from outillage.chemins import DONNEES
from outillage.services import Postgres, port_libre

CLIENTS, MONTANT = 64, Decimal("100.00")
ENVELOPPE = "02-2024/CH"
FILE = "SELECT pg_advisory_xact_lock(20170402, (SELECT entente_id::int FROM alliances_enveloppe WHERE code = %s))"
OUVRIR = """INSERT INTO alliances_engagement (entente_id, enveloppe_id, reference, montant, verse, ouvert_le)
SELECT entente_id, id, 'BANC', 0, 0, now() FROM alliances_enveloppe WHERE code = %s RETURNING id, entente_id, enveloppe_id"""
INSCRIRE = """INSERT INTO alliances_mouvement (entente_id, sequence, operation_id, type, enveloppe_id, engagement_id, montant, exercice,
reference, motif, instant, cle, empreinte) VALUES (%s, 0, gen_random_uuid(), 'engagement', %s, %s, %s, '2026-2027', 'BANC', '', now(), %s, '')"""
NUE = "INSERT INTO banc_nu (cle, montant, texte) VALUES (%s, %s, repeat('x', 200))"


def octroyer(adresse: str, rang: int, confirmes: "multiprocessing.Queue[str]") -> None:
    """Octroie jusqu'au refus; une connexion perdue se reprend avec la même clé : un octroi confirmé ne se refait pas."""
    faits = 0
    while True:
        try:
            with psycopg.connect(adresse, connect_timeout=2) as base:
                while True:
                    cle = f"banc-{rang}-{faits}"
                    if not _un_octroi(base, cle):
                        return
                    faits += 1
                    confirmes.put(cle)
        except psycopg.errors.CheckViolation:
            return
        except psycopg.OperationalError:
            time.sleep(0.05)


def _un_octroi(base: psycopg.Connection, cle: str) -> bool:
    """Faux quand l'enveloppe est pleine; vrai quand l'octroi est inscrit, maintenant ou avant la coupure."""
    try:
        base.execute(FILE, [ENVELOPPE])
        engagement, entente, enveloppe = base.execute(OUVRIR, [ENVELOPPE]).fetchone()
        base.execute(INSCRIRE, [entente, enveloppe, engagement, MONTANT, cle])
        base.commit()
    except psycopg.errors.UniqueViolation:
        base.rollback()
    except psycopg.errors.CheckViolation:
        base.rollback()
        return False
    return True


def inserer_nu(adresse: str, rang: int, duree: float, confirmes: "multiprocessing.Queue[int]") -> None:
    limite, faits = time.monotonic() + duree, 0
    with psycopg.connect(adresse) as base:
        while time.monotonic() < limite:
            base.execute(NUE, [f"{rang}-{faits}", MONTANT])
            base.commit()
            faits += 1
    confirmes.put(faits)


def courir(grappe: Postgres, adresse: str) -> dict[str, object]:
    """Les clients remplissent l'enveloppe; quatre sont tués net, la base est coupée sans point de reprise puis relancée."""
    confirmes: multiprocessing.Queue = multiprocessing.Queue()
    clients = [multiprocessing.Process(target=octroyer, args=(adresse, rang, confirmes)) for rang in range(CLIENTS)]
    depart = time.monotonic()
    for client in clients:
        client.start()
    recus: list[str] = []
    coupures = {1.0: lambda: _tuer(clients[:2]), 2.0: lambda: _relancer(grappe), 3.5: lambda: _tuer(clients[2:4])}
    while any(client.is_alive() for client in clients) or not confirmes.empty():
        for instant in [i for i in coupures if time.monotonic() - depart >= i]:
            coupures.pop(instant)()
        try:
            recus.append(confirmes.get(timeout=0.1))
        except queue.Empty:
            continue
    duree = time.monotonic() - depart
    return {"duree_s": round(duree, 1), "coupures_faites": not coupures, **_verifier(adresse, recus, duree)}


def _tuer(clients: list[multiprocessing.Process]) -> None:
    for client in clients:
        os.kill(client.pid, signal.SIGKILL)


def _relancer(grappe: Postgres) -> None:
    """Arrêt immédiat : la base repart de son journal, comme après une panne de courant."""
    grappe.processus.send_signal(signal.SIGQUIT)
    grappe.processus.wait(20)
    grappe.demarrer()


def _verifier(adresse: str, recus: list[str], duree: float) -> dict[str, object]:
    with psycopg.connect(adresse) as base:
        [(engage, dotation)] = base.execute(
            "SELECT engage, dotation FROM alliances_enveloppe WHERE code = %s", [ENVELOPPE]
        ).fetchall()
        ecrits = {cle for (cle,) in base.execute("SELECT cle FROM alliances_mouvement WHERE reference = 'BANC'")}
        [(trous,)] = base.execute(
            "SELECT max(sequence) - count(*) FROM alliances_mouvement WHERE entente_id = (SELECT entente_id FROM alliances_enveloppe WHERE code = %s)",
            [ENVELOPPE],
        ).fetchall()
        [(somme,)] = base.execute("SELECT sum(montant) FROM alliances_mouvement WHERE reference = 'BANC'").fetchall()
    return {
        "octrois": len(ecrits),
        "par_seconde": round(len(ecrits) / duree, 1),
        "depassement": str(max(engage - dotation, Decimal(0))),
        "plein": engage == dotation,
        "solde_est_la_somme": somme == engage,
        "trous": trous,
        "confirmes_perdus": len(set(recus) - ecrits),
        "doubles": len(recus) - len(set(recus)),
    }


def nu(adresse: str, nombre: int, duree: float = 3.0) -> float:
    """Insertions nues par seconde, `nombre` clients : 64 partagent leurs écritures sur disque, un seul les attend une à une."""
    with psycopg.connect(adresse, autocommit=True) as base:
        base.execute(
            "CREATE TABLE IF NOT EXISTS banc_nu (id bigserial PRIMARY KEY, cle text UNIQUE, montant numeric(14,2), texte text)"
        )
        base.execute("TRUNCATE banc_nu")
    confirmes: multiprocessing.Queue = multiprocessing.Queue()
    clients = [
        multiprocessing.Process(target=inserer_nu, args=(adresse, rang, duree, confirmes)) for rang in range(nombre)
    ]
    for client in clients:
        client.start()
    total = sum(confirmes.get() for _ in clients)
    for client in clients:
        client.join()
    return total / duree


def main() -> None:
    multiprocessing.set_start_method("fork")
    dossier = DONNEES / "banc"
    shutil.rmtree(dossier, ignore_errors=True)
    grappe = Postgres(dossier, port_libre())
    adresse = grappe.demarrer()
    try:
        gerer(adresse, "migrate", "--verbosity=0")
        gerer(adresse, "charger_demo")
        resultat = courir(grappe, adresse)
        gerer(adresse, "verifier_integrite")  # échoue si la chaîne ou un solde ne tient pas
        limite, seul = nu(adresse, CLIENTS), nu(adresse, 1)
    finally:
        grappe.arreter()
        shutil.rmtree(grappe.dossier, ignore_errors=True)
    resultat |= {
        "limite": "insertion nue d'un seul client : comme le grand livre, il attend chaque écriture",
        "limite_par_seconde": round(seul, 1),
        "rapport": round(resultat["par_seconde"] / seul, 3),
        "nue_64_clients_par_seconde": round(limite, 1),
        "budget_par_seconde": 100,
    }
    print(
        f"{resultat['octrois']} octrois, {resultat['par_seconde']} par seconde; insertion nue {resultat['limite_par_seconde']} par seconde (64 clients : {resultat['nue_64_clients_par_seconde']})."
    )
    print(json.dumps(resultat, ensure_ascii=False))


if __name__ == "__main__":
    main()
