from typing import Any

from django.core.management.base import BaseCommand

from portail.demonstration.capitale import charger_capitale
from socle.horloge import maintenant


class Command(BaseCommand):
    help = "Ajoute l’appel de 69 demandes de la Capitale-Nationale, en examen (après charger_demo)."

    def handle(self, *args: Any, **options: Any) -> None:
        appel = charger_capitale(maintenant())
        self.stdout.write(f"{appel.code} : 69 demandes." if appel else "L’appel est déjà là.")
