"""Une rangée neuve dans la boîte d'envoi réveille le relais : la base le dit, aucune requête de plus pour qui écrit."""

from django.db import migrations

REVEIL = """
CREATE FUNCTION socle_envoi_reveil() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('boite_envoi', '');
    RETURN NULL;
END $$;
CREATE TRIGGER socle_envoi_reveil AFTER INSERT ON socle_envoi FOR EACH STATEMENT EXECUTE FUNCTION socle_envoi_reveil();
"""


class Migration(migrations.Migration):
    dependencies = [("socle", "0006_analyse")]
    operations = [migrations.RunSQL(REVEIL, "DROP FUNCTION socle_envoi_reveil() CASCADE")]
