from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portail.demonstration.volume import charger_volume
from socle.horloge import maintenant


class Command(BaseCommand):
    help = "Ajoute un volume de demandes déposées, pour les bancs (après charger_demo)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--projets", type=int, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{charger_volume(options['projets'], maintenant())} demandes ajoutées.")
