"""Prépare la soirée : un appel qui ferme dans quelques minutes, des organismes, leurs brouillons remplis et leurs sessions.

Appelé par `bancs/echeance.py`, dans un processus à part : `echeance_donnees.py <nombre> <minutes> <fichier.json>`.
"""

import json
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import transaction  # noqa: E402
from django.test import Client  # noqa: E402

from appels.models import Appel  # noqa: E402
from comptes.models import Utilisateur  # noqa: E402
from portail.demonstration.dossiers import Dossier, Equipe  # noqa: E402
from portail.demonstration.organismes import MODELES, charger_organisme  # noqa: E402
from socle.formats import jour_local  # noqa: E402
from socle.horloge import maintenant  # noqa: E402


@transaction.atomic
def preparer(nombre: int, minutes: int) -> list[dict[str, str]]:
    """Un organisme, une personne au mandat et un brouillon complet par dépôt à venir."""
    instant = maintenant()
    appel = Appel.objects.select_related("entente__mandataire__region").get(code="02-2024-1")
    Appel.objects.filter(pk=appel.pk).update(fermeture=instant + timedelta(minutes=minutes))
    enveloppes = [offre.enveloppe for offre in appel.offres.select_related("enveloppe")]
    coordination = Utilisateur.objects.get(email="coordination@demo.example")
    prets = []
    for rang in range(nombre):
        personne = Utilisateur.objects.create_user(f"banc{rang}@demo.example", nom=f"Organisme {rang} (banc)")
        organisme = charger_organisme(
            f"Organisme du banc {rang}",
            rang=5000 + rang,
            region=appel.entente.mandataire.region,
            membre=personne,
            instant=instant,
        )
        dossier = Dossier(
            equipe=Equipe(personne, coordination, (), coordination, coordination, coordination),
            appel=appel,
            organisme=organisme,
            enveloppe=enveloppes[rang % len(enveloppes)],
            modele=MODELES[rang % len(MODELES)],
            rang=rang,
            demande=Decimal(20_000 + rang),
            debut=jour_local(instant) + timedelta(days=30),
            fin=jour_local(instant) + timedelta(days=300),
        )
        dossier.brouillon(instant)
        client = Client()
        client.force_login(personne, backend="comptes.connexion.ConnexionCourriel")
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        prets.append({"projet": str(dossier.projet.uuid), "session": session})
    return prets


if __name__ == "__main__":
    prets = preparer(int(sys.argv[1]), int(sys.argv[2]))
    Path(sys.argv[3]).write_text(json.dumps({"temoin": settings.SESSION_COOKIE_NAME, "projets": prets}))
