"""Écrire et déposer : requêtes SQL et CPU de la liste de tâches, d'une section, d'un champ enregistré, du dernier envoi.

À 1 000 puis 10 000 demandes déposées. BEGIN et COMMIT ne se comptent pas. Limite : une requête Django nue, même
processus.
"""

import json
import os
from collections.abc import Callable
from itertools import count
from typing import Any

import django
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bancs.outils import base_neuve, cpu_ms, gerer

TAILLES, FOIS = (1_000, 10_000), 15
BUDGETS = {"liste de tâches": (12, None), "section": (None, None), "champ": (8, 15), "dépôt": (25, None)}


def brouillons() -> list[Any]:
    """Un brouillon prêt, recopié autant de fois que l'on dépose."""
    from comptes.models import Utilisateur  # noqa: PLC0415 — après django.setup()
    from projets.models import Projet  # noqa: PLC0415
    from projets.services.copies import copier_projet  # noqa: PLC0415
    from socle.horloge import maintenant  # noqa: PLC0415

    source = Projet.objects.select_related("appel", "organisme").filter(
        etat="brouillon", appel__code="02-2024-1", montant_demande__isnull=False, titre__startswith="Transport"
    )[0]
    auteur = Utilisateur.objects.get(email="organismes@demo.example")
    copies = [
        copier_projet(appel=source.appel, source=source, titre=f"Mesure {n}", auteur=auteur, instant=maintenant())
        for n in range(FOIS + 3)
    ]
    # Une copie laisse les dates et le montant à redire : la mesure reprend ceux de la source.
    repris = ("debut", "fin", "montant_demande", "enveloppe_id", "priorite_id")
    Projet.objects.filter(pk__in=[copie.pk for copie in copies]).update(**{n: getattr(source, n) for n in repris})
    return list(Projet.objects.filter(pk__in=[copie.pk for copie in copies]))


def gestes(client: Client) -> dict[str, Callable[[], Any]]:
    """Nom → le geste, qui rend la réponse."""
    from django.urls import reverse  # noqa: PLC0415 — après django.setup()

    from projets.champs import empreinte  # noqa: PLC0415

    prets = brouillons()
    texte, tours, lus = ["Un besoin, en quelques mots."] * 400, count(), prets.pop()
    etat = {"base": empreinte(lus.besoin or None)}

    def champ() -> Any:
        besoin = " ".join([*texte, str(next(tours))])
        donnees = {"section": "projet", "champ": "besoin", "besoin": besoin, "b_besoin": etat["base"]}
        reponse = client.post(reverse("projets:champ", args=[lus.uuid]), donnees)
        etat["base"] = reponse.json()["base"]
        return reponse

    def depot() -> Any:
        reponse = client.post(reverse("projets:relire", args=[prets.pop().uuid]), {"attestation": "on"})
        assert reponse.status_code == 302, reponse.content.decode()[:2000]
        return reponse

    return {
        "liste de tâches": lambda: client.get(lus.get_absolute_url()),
        "section": lambda: client.get(reverse("projets:section", args=[lus.uuid, "projet"])),
        "champ": champ,
        "dépôt": depot,
    }


def mesurer() -> dict[str, dict[str, float]]:
    from comptes.models import Utilisateur  # noqa: PLC0415 — après django.setup()

    client = Client()
    client.force_login(
        Utilisateur.objects.get(email="organismes@demo.example"), backend="comptes.connexion.ConnexionCourriel"
    )
    mesures = {}
    for nom, geste in gestes(client).items():
        geste()
        with CaptureQueriesContext(connection) as requetes:
            geste()
        sql = sum(requete["sql"] not in {"BEGIN", "COMMIT"} for requete in requetes)
        mesures[nom] = {"sql": sql, "cpu_ms": round(cpu_ms(geste, FOIS), 1)}
    return mesures


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
            tableaux[taille] = mesurer()
        from appels.models import Appel  # noqa: PLC0415

        nue = cpu_ms(lambda: list(Appel.objects.filter(code="02-2024-1")), 50)
        connection.close()
    petite, grande = (tableaux[taille] for taille in TAILLES)
    for nom, (sql, cpu) in BUDGETS.items():
        p, g = petite[nom], grande[nom]
        g["croissance"], g["rapport_requete_nue"] = round(g["cpu_ms"] / p["cpu_ms"], 2), round(g["cpu_ms"] / nue, 1)
        print(
            f"{nom:<18} {g['sql']:>3} SQL (≤ {sql})  {p['cpu_ms']:>6} → {g['cpu_ms']:>6} ms (≤ {cpu})  × {g['croissance']}"
        )
    print(json.dumps({"1000": petite, "10000": grande, "requete_nue_ms": round(nue, 2)}, ensure_ascii=False))


if __name__ == "__main__":
    main()
