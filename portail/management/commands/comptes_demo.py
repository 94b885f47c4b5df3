from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portail.demonstration.comptes import COMPTES


class Command(BaseCommand):
    help = "Écrit les comptes de la démonstration."

    def handle(self, *args: Any, **options: Any) -> None:
        largeur = max(len(compte.email) for compte in COMPTES)
        for compte in COMPTES:
            self.stdout.write(f"  {compte.email:<{largeur}}  {compte.fait}")
        self.stdout.write(f"  Mot de passe de tous les comptes : {settings.MOT_DE_PASSE_DEMO}")
