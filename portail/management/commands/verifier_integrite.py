import sys
from typing import Any

from django.core.management.base import BaseCommand

from socle.integrite import CONTROLES


class Command(BaseCommand):
    help = "Contrôle les invariants; sort à 0 s’ils tiennent, à 1 en nommant chaque rangée en faute."

    def handle(self, *args: Any, **options: Any) -> None:
        fautes = 0
        for nom, controle in CONTROLES.items():
            trouvees = list(controle())
            fautes += len(trouvees)
            self.stdout.write(f"{'FAUTE' if trouvees else 'tenu '}  {nom}")
            for faute in trouvees:
                self.stdout.write(f"       {faute.rangee} : {faute.constat}")
        if fautes:
            self.stderr.write(f"{fautes} faute(s).")
            sys.exit(1)
