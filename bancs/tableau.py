"""Tableau du comité : requêtes SQL, CPU, octets, à 25 puis 250 demandes et un scénario complet; budget ≤ 15 SQL, ≤ 200 ms."""

import gzip
import json
import os
import sys

import django
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bancs.outils import base_neuve, cpu_ms, gerer

TAILLES = (25, 250)
SQL, CPU = 15, 200


def preparer(nombre: int) -> str:
    """Une séance ouverte sur l'appel de mesure, un scénario qui accepte tout; rend l'adresse du tableau."""
    # ruff: noqa: PLC0415 — après django.setup()
    from appels.models import Appel
    from comite.enums import EtatPresence
    from comite.requetes.tenue import appeles
    from comite.services.scenarios import enregistrer_scenario
    from comite.services.seances import Point, ecrire_ordre_du_jour, ecrire_seance
    from comite.services.tenue import ecrire_presences, ouvrir_seance
    from comptes.models import Utilisateur
    from projets.models import Projet
    from socle.horloge import maintenant

    appel = Appel.objects.select_related("entente__mandataire").get(code="02-2024-9")
    acteur = {"auteur": Utilisateur.objects.get(email="coordination@demo.example"), "instant": maintenant()}
    projets = list(Projet.objects.filter(appel=appel, montant_demande__gt=0).order_by("id")[:nombre])
    seance = ecrire_seance(
        appel=appel, seance=None, debut=maintenant(), lieu=f"Banc {nombre}", territoire=None, **acteur
    )
    ecrire_ordre_du_jour(seance=seance, points=[Point("projet", 1, projet) for projet in projets], **acteur)
    ecrire_presences(seance=seance, etats={a.cle: EtatPresence.PRESENT for a in appeles(seance)}, **acteur)
    ouvrir_seance(seance=seance, **acteur)
    choix = {projet.pk: ("accepter", projet.montant_demande) for projet in projets}
    enregistrer_scenario(seance=seance, scenario=None, nom="Tout", version=0, choix=choix, **acteur)
    return f"/admin/comite/seance/{seance.pk}/tableau/"


def mesurer(nombre: int) -> dict[str, object]:
    from comptes.models import Utilisateur

    adresse, client = preparer(nombre), Client()
    client.force_login(
        Utilisateur.objects.get(email="coordination@demo.example"), backend="comptes.connexion.ConnexionCourriel"
    )
    client.get(adresse)
    with CaptureQueriesContext(connection) as requetes:
        reponse = client.get(adresse)
    assert reponse.status_code == 200, reponse.status_code
    assert reponse.content.count(b'value="accepter" checked') == nombre
    return {
        "demandes": nombre,
        "sql": len(requetes),
        "cpu_ms": round(cpu_ms(lambda: client.get(adresse)), 1),
        "octets": len(reponse.content),
        "gzip": len(gzip.compress(reponse.content)),
    }


def main() -> None:
    with base_neuve() as adresse:
        os.environ["DATABASE_URL"] = adresse
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.essais"
        django.setup()
        gerer(adresse, "charger_volume", "--projets", "400")
        mesures = [mesurer(taille) for taille in TAILLES]
        connection.close()
    for m in mesures:
        print(
            f"{m['demandes']:>4} demandes  {m['sql']:>3} SQL (≤ {SQL})  {m['cpu_ms']:>6} ms (≤ {CPU})  {m['gzip']:>6} o gzip",
            file=sys.stdout,
        )
    print(json.dumps({"budget_sql": SQL, "budget_cpu_ms": CPU, "mesures": mesures}, ensure_ascii=False))


if __name__ == "__main__":
    main()
