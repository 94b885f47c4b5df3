from typing import Any
from urllib.parse import quote

from django.core.management.base import BaseCommand
from django.db import connection


class Command(BaseCommand):
    help = "Écrit l’adresse de la base (postgres://…)."

    def handle(self, *args: Any, **options: Any) -> None:
        r = connection.settings_dict
        secret = f":{quote(r['PASSWORD'])}" if r["PASSWORD"] else ""
        self.stdout.write(f"postgres://{quote(r['USER'])}{secret}@{r['HOST']}:{r['PORT'] or 5432}/{r['NAME']}")
