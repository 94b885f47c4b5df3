from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reddition.enums import EtatReddition, GenreProduction
from reddition.models import Reddition
from reddition.services.redditions import demander_production
from socle import travaux
from socle.horloge import maintenant
from socle.models import Envoi
from socle.models.boite import EtatEnvoi


class Command(BaseCommand):
    help = "Écrit reddition.pdf et reddition.xlsx de la version déposée : les mêmes fichiers que l’écran."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--entente", required=True)
        parser.add_argument("--exercice", required=True)
        parser.add_argument("--sortie", required=True, type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        reddition = (
            Reddition.objects.filter(
                entente__code=options["entente"],
                exercice=options["exercice"],
                etat__in=[EtatReddition.DEPOSEE, EtatReddition.ACCEPTEE],
            )
            .select_related("entente__mandataire")
            .order_by("-version")
            .first()
        )
        if reddition is None:
            raise CommandError(f"Aucune reddition déposée pour {options['entente']}, exercice {options['exercice']}.")
        options["sortie"].mkdir(parents=True, exist_ok=True)
        for genre in GenreProduction.values:
            production = demander_production(reddition=reddition, genre=genre, auteur=None, instant=maintenant())
            if production.fichier is None:
                travaux.executer(production.travail_id)
                Envoi.objects.filter(cle=f"travail:{production.travail_id}").update(etat=EtatEnvoi.FAIT)
                production.refresh_from_db()
            cible = options["sortie"] / f"reddition.{genre}"
            with production.fichier.contenu.open("rb") as source:
                cible.write_bytes(source.read())
            self.stdout.write(str(cible))
