"""Examens et notes : jamais d'une entente à l'autre (décision 2); une note ne change ni ne s'efface."""

from django.db import migrations

from socle.migration_sql import meme_entente

AJOUT_SEUL = """
CREATE TRIGGER noteinterne_ajout_seul BEFORE UPDATE OR DELETE ON projets_noteinterne
    FOR EACH ROW EXECUTE FUNCTION socle_ajout_seul();
"""


class Migration(migrations.Migration):
    dependencies = [("projets", "0014_responsable_et_examens"), ("socle", "0002_cache_et_journal")]

    operations = [
        meme_entente("projets_examenadmissibilite", "projet_id", "projets_projet"),
        meme_entente("projets_noteinterne", "projet_id", "projets_projet"),
        migrations.RunSQL(AJOUT_SEUL, "DROP TRIGGER noteinterne_ajout_seul ON projets_noteinterne"),
    ]
