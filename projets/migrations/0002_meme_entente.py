"""Liens d'un projet : jamais d'une entente à l'autre (décision 2); contenu déposé immuable (décision 7)."""

from django.db import migrations

from socle.migration_sql import meme_entente, unique_avec_entente

IMMUABLE = """
CREATE TRIGGER depot_immuable BEFORE UPDATE ON projets_depot FOR EACH ROW
    WHEN (OLD.contenu IS DISTINCT FROM NEW.contenu OR OLD.empreinte <> NEW.empreinte OR OLD.instant <> NEW.instant
          OR OLD.projet_id <> NEW.projet_id OR OLD.rang <> NEW.rang OR OLD.deposant_id <> NEW.deposant_id)
    EXECUTE FUNCTION socle_ajout_seul();
CREATE TRIGGER depot_sans_retrait BEFORE DELETE ON projets_depot
    FOR EACH ROW EXECUTE FUNCTION socle_ajout_seul();
"""


class Migration(migrations.Migration):
    dependencies = [("projets", "0001_initial"), ("appels", "0002_meme_entente"), ("socle", "0002_cache_et_journal")]

    operations = [
        unique_avec_entente("projets_projet"),
        unique_avec_entente("projets_decision"),
        unique_avec_entente("projets_convention"),
        meme_entente("projets_projet", "appel_id", "appels_appel"),
        meme_entente("projets_projet", "enveloppe_id", "alliances_enveloppe"),
        meme_entente("projets_projet", "priorite_id", "alliances_priorite"),
        *(
            meme_entente(f"projets_{partie}", "projet_id", "projets_projet")
            for partie in ("evaluation", "recommandation", "decision", "convention")
        ),
        meme_entente("projets_decisionligne", "decision_id", "projets_decision"),
        meme_entente("projets_decisionligne", "enveloppe_id", "alliances_enveloppe"),
        meme_entente("projets_decisionligne", "engagement_id", "alliances_engagement"),
        meme_entente("projets_lettre", "decision_id", "projets_decision"),
        meme_entente("projets_versement", "convention_id", "projets_convention"),
        meme_entente("projets_rapportprojet", "convention_id", "projets_convention"),
        migrations.RunSQL(
            IMMUABLE, "DROP TRIGGER depot_immuable ON projets_depot; DROP TRIGGER depot_sans_retrait ON projets_depot"
        ),
    ]
