"""Grand livre : 64 clients sur une enveloppe, un tué net au milieu; exactement plein, rien de perdu.

Limite : l'insertion nue d'une rangée de même largeur, sans contrôle ni chaîne, d'un seul client (et de 64, pour mémoire).
"""

import json
import multiprocessing
import os
import signal
import time
from decimal import Decimal

import psycopg

from bancs.outils import base_neuve

CLIENTS, MONTANT = 64, Decimal("100.00")
ENVELOPPE = "02-2024/CH"
FILE = "SELECT pg_advisory_xact_lock(20170402, (SELECT entente_id::int FROM alliances_enveloppe WHERE code = %s))"
OUVRIR = """INSERT INTO alliances_engagement (entente_id, enveloppe_id, reference, montant, verse, ouvert_le)
SELECT entente_id, id, 'BANC', 0, 0, now() FROM alliances_enveloppe WHERE code = %s RETURNING id, entente_id, enveloppe_id"""
INSCRIRE = """INSERT INTO alliances_mouvement (entente_id, sequence, operation_id, type, enveloppe_id, engagement_id, montant, exercice,
reference, motif, instant, cle, empreinte) VALUES (%s, 0, gen_random_uuid(), 'engagement', %s, %s, %s, '2026-2027', 'BANC', '', now(), %s, '')"""
NUE = "INSERT INTO banc_nu (cle, montant, texte) VALUES (%s, %s, repeat('x', 200))"


def octroyer(adresse: str, rang: int, confirmes: "multiprocessing.Queue[int]") -> None:
    faits = 0
    with psycopg.connect(adresse) as base:
        while True:
            try:
                base.execute(FILE, [ENVELOPPE])
                engagement, entente, enveloppe = base.execute(OUVRIR, [ENVELOPPE]).fetchone()
                base.execute(INSCRIRE, [entente, enveloppe, engagement, MONTANT, f"banc-{rang}-{faits}"])
                base.commit()
            except psycopg.errors.CheckViolation:
                base.rollback()
                return
            faits += 1
            confirmes.put(rang)


def inserer_nu(adresse: str, rang: int, duree: float, confirmes: "multiprocessing.Queue[int]") -> None:
    limite, faits = time.monotonic() + duree, 0
    with psycopg.connect(adresse) as base:
        while time.monotonic() < limite:
            base.execute(NUE, [f"{rang}-{faits}", MONTANT])
            base.commit()
            faits += 1
    confirmes.put(faits)


def courir(adresse: str, plafond: Decimal) -> dict[str, object]:
    confirmes: multiprocessing.Queue = multiprocessing.Queue()
    clients = [multiprocessing.Process(target=octroyer, args=(adresse, rang, confirmes)) for rang in range(CLIENTS)]
    depart = time.monotonic()
    for client in clients:
        client.start()
    time.sleep(1.5)
    os.kill(clients[0].pid, signal.SIGKILL)
    recus = []
    while any(client.is_alive() for client in clients) or not confirmes.empty():
        try:
            recus.append(confirmes.get(timeout=0.2))
        except Exception:  # noqa: BLE001 — file vide : on relit
            continue
    duree = time.monotonic() - depart
    with psycopg.connect(adresse) as base:
        [(engage, dotation)] = base.execute(
            "SELECT engage, dotation FROM alliances_enveloppe WHERE code = %s", [ENVELOPPE]
        ).fetchall()
        [(ecrits,)] = base.execute("SELECT count(*) FROM alliances_mouvement WHERE reference = 'BANC'").fetchall()
        [(trous,)] = base.execute(
            "SELECT max(sequence) - count(*) FROM alliances_mouvement WHERE entente_id = (SELECT entente_id FROM alliances_enveloppe WHERE code = %s)",
            [ENVELOPPE],
        ).fetchall()
    return {
        "octrois": ecrits,
        "par_seconde": round(ecrits / duree, 1),
        "depassement": str(max(engage - dotation, Decimal(0))),
        "plein": engage == dotation,
        "trous": trous,
        "confirmes_perdus": max(0, len(recus) - ecrits),
        "plafond": str(plafond),
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
    with base_neuve() as adresse:
        with psycopg.connect(adresse) as base:
            plafond = base.execute(
                "SELECT dotation - engage FROM alliances_enveloppe WHERE code = %s", [ENVELOPPE]
            ).fetchone()[0]
        resultat = courir(adresse, plafond)
        limite, seul = nu(adresse, CLIENTS), nu(adresse, 1)
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
