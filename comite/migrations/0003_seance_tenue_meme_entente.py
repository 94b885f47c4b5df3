"""Présences, retraits, scénarios : jamais d'une entente à l'autre (décision 2)."""

from django.db import migrations

from socle.migration_sql import meme_entente, unique_avec_entente


class Migration(migrations.Migration):
    dependencies = [("comite", "0002_seance_tenue_et_scenarios")]

    operations = [
        unique_avec_entente("comite_presence"),
        unique_avec_entente("comite_scenario"),
        meme_entente("comite_presence", "seance_id", "comite_seance"),
        meme_entente("comite_retraitseance", "seance_id", "comite_seance"),
        meme_entente("comite_retraitseance", "presence_id", "comite_presence"),
        meme_entente("comite_retraitseance", "projet_id", "projets_projet"),
        meme_entente("comite_scenario", "seance_id", "comite_seance"),
        meme_entente("comite_lignescenario", "scenario_id", "comite_scenario"),
        meme_entente("comite_lignescenario", "projet_id", "projets_projet"),
    ]
