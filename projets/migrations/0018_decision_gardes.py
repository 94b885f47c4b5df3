"""Décisions préparées, antérieures, budgets révisés et parts : jamais d'une entente à l'autre (décision 2); une décision d'avant ne change plus."""

from django.db import migrations

from socle.migration_sql import meme_entente, unique_avec_entente

AJOUT_SEUL = """
CREATE TRIGGER decisionanterieure_ajout_seul BEFORE UPDATE OR DELETE ON projets_decisionanterieure
    FOR EACH ROW EXECUTE FUNCTION socle_ajout_seul();
"""


class Migration(migrations.Migration):
    dependencies = [("projets", "0017_decision_preparee_et_revisee"), ("socle", "0002_cache_et_journal")]

    operations = [
        unique_avec_entente("projets_decisionpreparee"),
        meme_entente("projets_decisionpreparee", "projet_id", "projets_projet"),
        meme_entente("projets_partpreparee", "preparee_id", "projets_decisionpreparee"),
        meme_entente("projets_partpreparee", "enveloppe_id", "alliances_enveloppe"),
        meme_entente("projets_decisionanterieure", "decision_id", "projets_decision"),
        meme_entente("projets_budgetrevise", "projet_id", "projets_projet"),
        migrations.RunSQL(AJOUT_SEUL, "DROP TRIGGER decisionanterieure_ajout_seul ON projets_decisionanterieure"),
    ]
