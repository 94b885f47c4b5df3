from typing import Any

from django.core.management.base import BaseCommand

from portail.demonstration.chargement import charger_demonstration
from socle.horloge import maintenant


class Command(BaseCommand):
    help = "Charge la démonstration (idempotent)."

    def handle(self, *args: Any, **options: Any) -> None:
        charger_demonstration(maintenant())
        self.stdout.write("Démonstration chargée.")
