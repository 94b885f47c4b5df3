from typing import Any

from django.core.management.base import BaseCommand

from comptes.models import Utilisateur
from portail.demonstration.minuit import RESTE, charger_minuit
from socle.courriels import adresse_absolue
from socle.horloge import maintenant


class Command(BaseCommand):
    help = "Démonstration : l'appel éclair ferme dans neuf minutes, sa demande attend (après charger_demo)."

    def handle(self, *args: Any, **options: Any) -> None:
        personnes = {
            cle: Utilisateur.objects.get(email=f"{cle}@demo.example")
            for cle in ("promoteur", "organismes", "coordination")
        }
        projet = charger_minuit(personnes, maintenant())
        minutes = int(RESTE.total_seconds() // 60)
        self.stdout.write(f"L'appel ferme dans {minutes} minutes : {adresse_absolue(projet.get_absolute_url())}")
