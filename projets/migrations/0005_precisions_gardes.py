"""Précisions et messages : jamais d'une entente à l'autre (décision 2); un message ne change ni ne s'efface."""

from django.db import migrations

from socle.migration_sql import meme_entente

AJOUT_SEUL = """
CREATE TRIGGER message_ajout_seul BEFORE UPDATE OR DELETE ON projets_message
    FOR EACH ROW EXECUTE FUNCTION socle_ajout_seul();
"""


class Migration(migrations.Migration):
    dependencies = [("projets", "0004_precisions"), ("socle", "0002_cache_et_journal")]

    operations = [
        meme_entente("projets_demandeprecision", "projet_id", "projets_projet"),
        meme_entente("projets_message", "projet_id", "projets_projet"),
        migrations.RunSQL(AJOUT_SEUL, "DROP TRIGGER message_ajout_seul ON projets_message"),
    ]
