"""Liens d'un appel : jamais d'une entente à l'autre (décision 2)."""

from django.db import migrations

from socle.migration_sql import meme_entente, unique_avec_entente

PARTIES = ("appelenveloppe", "piecerequise", "critere", "etapecalendrier")


class Migration(migrations.Migration):
    dependencies = [("appels", "0001_initial"), ("alliances", "0003_grand_livre")]

    operations = [
        unique_avec_entente("appels_appel"),
        *(meme_entente(f"appels_{partie}", "appel_id", "appels_appel") for partie in PARTIES),
        meme_entente("appels_appelenveloppe", "enveloppe_id", "alliances_enveloppe"),
    ]
