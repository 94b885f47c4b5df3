"""Liens d'une reddition : jamais d'une entente à l'autre (décision 2)."""

from django.db import migrations

from socle.migration_sql import meme_entente, unique_avec_entente


class Migration(migrations.Migration):
    dependencies = [("reddition", "0001_initial"), ("projets", "0002_meme_entente")]

    operations = [
        unique_avec_entente("reddition_reddition"),
        meme_entente("reddition_lignereddition", "reddition_id", "reddition_reddition"),
        meme_entente("reddition_lignereddition", "projet_id", "projets_projet"),
        meme_entente("reddition_lignereddition", "enveloppe_id", "alliances_enveloppe"),
    ]
