"""Données : 17 régions, 104 MRC et territoires équivalents, jours fériés du Québec."""

from django.db import migrations

from socle.referentiel.chargement import charger


def ecrire(apps, schema_editor):
    charger(apps.get_model("socle", "Region"), apps.get_model("socle", "Mrc"), apps.get_model("socle", "JourFerie"))


def retirer(apps, schema_editor):
    for nom in ("JourFerie", "Mrc", "Region"):
        apps.get_model("socle", nom).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("socle", "0002_cache_et_journal")]

    operations = [migrations.RunPython(ecrire, retirer)]
