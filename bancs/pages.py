"""Pages : requêtes SQL, rangées lues, CPU, octets, à 1 000 puis 10 000 demandes; croissance entre les deux.

Limite : une vue Django nue qui fait une requête (`SELECT` d'un appel), même processus.
"""

import gzip
import json
import os
import sys

import django
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bancs.outils import base_neuve, cpu_ms, gerer

TAILLES = (1_000, 10_000)
BUDGETS = {
    "accueil": (6, 12),
    "liste des appels": (6, 12),
    "page d’un appel": (8, 12),
    "liste de travail": (12, 80),
    "liste filtrée": (12, 80),
    "liste cherchée": (12, 80),
    "accueil de l’admin": (60, 120),
    "dossier complet": (25, 40),
    "alliances": (8, 25),
    "page d’une Alliance": (14, 40),
    "redditions (ministère)": (12, None),
    "une reddition": (12, None),
}


def pages() -> dict[str, tuple[str | None, str]]:
    """Nom → (personne, adresse)."""
    from projets.models import Projet  # noqa: PLC0415 — après django.setup()

    dossier = Projet.objects.filter(appel__code="02-2024-9").order_by("id").first().pk
    return {
        "accueil": (None, "/"),
        "liste des appels": (None, "/appels/"),
        "page d’un appel": (None, "/appels/02-2024-1/"),
        "liste de travail": ("coordination", "/admin/projets/projet/"),
        "liste filtrée": (
            "coordination",
            "/admin/projets/projet/?etat__exact=en_evaluation&pieces=manquantes&montant=25",
        ),
        "liste cherchée": ("coordination", "/admin/projets/projet/?q=cuisines+collectives"),
        "accueil de l’admin": ("coordination", "/admin/"),
        "dossier complet": ("coordination", f"/admin/projets/projet/{dossier}/change/"),
        "alliances": (None, "/alliances/"),
        "page d’une Alliance": (None, "/alliances/02/"),
        "redditions (ministère)": ("ministere", "/ministere/?exercice=2019-2020"),
        "une reddition": ("ministere", "/ministere/02-2017/2019-2020/2/"),
    }


def mesurer(nom: str, personne: str | None, adresse: str) -> dict[str, object]:
    from comptes.models import Utilisateur  # noqa: PLC0415 — après django.setup()

    client = Client()
    if personne:
        client.force_login(
            Utilisateur.objects.get(email=f"{personne}@demo.example"), backend="comptes.connexion.ConnexionCourriel"
        )
    client.get(adresse)
    avant = _rangees()
    with CaptureQueriesContext(connection) as requetes:
        reponse = client.get(adresse)
    assert reponse.status_code == 200, (adresse, reponse.status_code)
    return {
        "page": nom,
        "sql": len(requetes),
        "rangees": _rangees() - avant,
        "cpu_ms": round(cpu_ms(lambda: client.get(adresse)), 1),
        "octets": len(reponse.content),
        "gzip": len(gzip.compress(reponse.content)),
    }


def _rangees() -> int:
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_stat_force_next_flush()")
        curseur.execute("SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_user_tables")
        return int(curseur.fetchone()[0])


def nue() -> float:
    from appels.models import Appel  # noqa: PLC0415 — après django.setup()

    return cpu_ms(lambda: list(Appel.objects.filter(code="02-2024-1")), 50)


def main() -> None:
    tableaux = {}
    with base_neuve() as adresse:
        os.environ["DATABASE_URL"] = adresse
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.essais"
        django.setup()
        for taille in TAILLES:
            gerer(adresse, "charger_volume", "--projets", str(taille))
            with connection.cursor() as curseur:
                curseur.execute("ANALYZE")
            tableaux[taille] = [mesurer(nom, *cible) for nom, cible in pages().items()]
        limite = nue()
        connection.close()
    petite, grande = (tableaux[taille] for taille in TAILLES)
    for p, g in zip(petite, grande, strict=True):
        sql, cpu = BUDGETS[p["page"]]
        g |= {
            "croissance": round(g["cpu_ms"] / p["cpu_ms"], 2),
            "budget_sql": sql,
            "budget_cpu_ms": cpu,
            "rapport_requete_nue": round(g["cpu_ms"] / limite, 1),
        }
        print(
            f"{g['page']:<24} {g['sql']:>3} SQL (≤ {sql})  {g['rangees']:>7} rangées  {p['cpu_ms']:>6} → {g['cpu_ms']:>6} ms (× {g['croissance']})  {g['gzip']:>6} o gzip",
            file=sys.stdout,
        )
    print(
        json.dumps(
            {"tailles": TAILLES, "1000": petite, "10000": grande, "requete_nue_ms": round(limite, 2)},
            ensure_ascii=False,
        )
    )


if __name__ == "__main__":
    main()
