"""La page d'une entente de 5 000 projets : requêtes, CPU, rangées; à côté de la même page à 100 projets.

Limite : les mouvements groupés par enveloppe et exercice, lus par une requête SQL nue.
"""

import json
import os

import django
import psycopg
from django.db import connection

from bancs.outils import base_neuve, cpu_ms, gerer

TAILLES = (100, 5_000)
BUDGET_SQL, BUDGET_CPU_MS = 20, 60
ENTENTE = "02-2024"
ENGAGER = """
WITH e AS (SELECT id, entente_id FROM alliances_enveloppe WHERE code = '02-2024/CH'),
g AS (INSERT INTO alliances_engagement (entente_id, enveloppe_id, reference, montant, verse, ouvert_le)
      SELECT entente_id, id, 'BANC-' || n, 0, 0, now() FROM e, generate_series(%s::int, %s::int) n RETURNING id, entente_id, enveloppe_id)
INSERT INTO alliances_mouvement (entente_id, sequence, operation_id, type, enveloppe_id, engagement_id, montant, exercice,
    reference, motif, instant, cle, empreinte)
SELECT entente_id, 0, gen_random_uuid(), 'engagement', enveloppe_id, id, 100, '2026-2027', 'BANC', '', now(), 'banc-' || id, ''
FROM g"""
VERSER = """
INSERT INTO alliances_mouvement (entente_id, sequence, operation_id, type, enveloppe_id, engagement_id, montant, exercice,
    reference, motif, instant, cle, empreinte)
SELECT entente_id, 0, gen_random_uuid(), 'versement', enveloppe_id, id, 50, '2026-2027', 'BANC', '', now(), 'vers-' || id, ''
FROM alliances_engagement WHERE reference LIKE 'BANC-%%' AND verse = 0"""
NUE = "SELECT enveloppe_id, exercice, sum(montant) FROM alliances_mouvement WHERE entente_id = %s GROUP BY 1, 2"


def remplir(adresse: str, debut: int, fin: int) -> None:
    with psycopg.connect(adresse) as base:
        base.execute(ENGAGER, [debut, fin])
        base.execute(VERSER)


def main() -> None:
    resultats, deja = {}, 0
    with base_neuve() as adresse:
        os.environ["DATABASE_URL"] = adresse
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.essais"
        django.setup()
        from alliances.models import Entente  # noqa: PLC0415 — après django.setup()
        from bancs.pages import mesurer  # noqa: PLC0415

        pk = Entente.objects.get(code=ENTENTE).pk
        for taille in TAILLES:
            remplir(adresse, deja, taille - 1)
            deja = taille
            gerer(adresse, "charger_volume", "--projets", str(taille))
            with connection.cursor() as curseur:
                curseur.execute("ANALYZE")
            resultats[taille] = [
                mesurer("entente (admin)", "coordination", f"/admin/alliances/entente/{pk}/change/"),
                mesurer("entente (ministère)", "ministere", f"/ministere/ententes/{ENTENTE}/"),
            ]
        limite = cpu_ms(lambda: _nue(pk))
        connection.close()
    for petite, grande in zip(*resultats.values(), strict=True):
        grande |= {
            "croissance": round(grande["cpu_ms"] / petite["cpu_ms"], 2),
            "budget_sql": BUDGET_SQL,
            "budget_cpu_ms": BUDGET_CPU_MS,
        }
        print(
            f"{grande['page']:<20} {grande['sql']:>3} SQL (≤ {BUDGET_SQL})  {petite['cpu_ms']} → {grande['cpu_ms']} ms (≤ {BUDGET_CPU_MS}; × {grande['croissance']})  {grande['gzip']} o gzip"
        )
    print(json.dumps({"tailles": TAILLES, "pages": resultats, "nue_ms": round(limite, 2)}, ensure_ascii=False))


def _nue(pk: int) -> list:
    with connection.cursor() as curseur:
        curseur.execute(NUE, [pk])
        return curseur.fetchall()


if __name__ == "__main__":
    main()
