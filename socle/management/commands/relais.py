"""Le relais : de la boîte d'envoi au courtier, après validation."""

import logging
import signal
import time
from datetime import timedelta
from typing import Any

from celery import current_app
from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, close_old_connections, connection
from kombu.exceptions import OperationalError as CourtierInjoignable

from socle import battements, boite

journal = logging.getLogger(__name__)
ATTENTE = 5.0
DELAI_COURTIER = timedelta(seconds=10)


class Command(BaseCommand):
    help = "Écoute la boîte d’envoi et remet chaque tâche due au courtier."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--une-fois", action="store_true", help="vide la boîte puis s’arrête")

    def handle(self, *args: Any, **options: Any) -> None:
        self.continuer = True
        signal.signal(signal.SIGTERM, self.arreter)
        if options["une_fois"]:
            self.vider()
            return
        while self.continuer:
            try:
                self.ecouter()
            except OperationalError:
                journal.warning("Base injoignable : nouvel essai dans 2 s")
                close_old_connections()
                time.sleep(2)

    def arreter(self, *_: Any) -> None:
        self.continuer = False

    def ecouter(self) -> None:
        """Vide la boîte, puis attend un avis de PostgreSQL (ou `ATTENTE` secondes)."""
        with connection.cursor() as curseur:
            curseur.execute(f"LISTEN {boite.CANAL}")
        while self.continuer:
            battements.noter("relais")
            self.vider()
            for _avis in connection.connection.notifies(timeout=ATTENTE, stop_after=1):
                break

    def vider(self) -> None:
        """Pousse tout ce qui est dû; un courtier muet diffère la rangée, sans la perdre."""
        muet = (OSError, CourtierInjoignable, *current_app.connection_for_write().connection_errors)
        while dus := boite.reclamer():
            for envoi_id, tache in dus:
                try:
                    current_app.send_task(tache, args=[envoi_id], retry=False)
                except muet as erreur:
                    boite.differer(envoi_id, f"Courtier injoignable : {erreur}", DELAI_COURTIER)
