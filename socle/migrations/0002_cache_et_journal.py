"""Cache en base (limites d'essais), et journal des transitions en ajout seul."""

from django.db import migrations

CACHE = """
CREATE TABLE socle_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX socle_cache_expires ON socle_cache (expires);
"""

AJOUT_SEUL = """
CREATE FUNCTION socle_ajout_seul() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'La table % est en ajout seul : % refusé.', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ajout_seul';
END $$;
CREATE TRIGGER transition_ajout_seul BEFORE UPDATE OR DELETE ON socle_transitionetat
    FOR EACH ROW EXECUTE FUNCTION socle_ajout_seul();
CREATE TRIGGER transition_sans_vidage BEFORE TRUNCATE ON socle_transitionetat
    FOR EACH STATEMENT EXECUTE FUNCTION socle_ajout_seul();
"""


class Migration(migrations.Migration):
    dependencies = [("socle", "0001_initial")]

    operations = [
        migrations.RunSQL(CACHE, "DROP TABLE socle_cache"),
        migrations.RunSQL(AJOUT_SEUL, "DROP FUNCTION socle_ajout_seul() CASCADE"),
    ]
