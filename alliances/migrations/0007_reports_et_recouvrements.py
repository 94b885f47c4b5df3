"""Recouvrement et report : un engagement clos peut descendre (R33); un report est une paire qui s'annule (R17).

Le report inscrit d'abord l'entrée, puis la sortie : des octrois de l'exercice suivant peuvent déjà s'appuyer sur le solde.
L'entrée ne change pas le total de l'entente : elle ne se compare pas à son montant.
"""

from django.db import migrations

APRES = """
CREATE OR REPLACE FUNCTION alliances_mouvement_apres() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    e alliances_enveloppe%ROWTYPE;
    g alliances_engagement%ROWTYPE;
    plafond numeric;
    reparti numeric;
BEGIN
    IF NEW.type IN ('dotation', 'virement', 'report_de_solde', 'prolongation', 'ajustement') THEN
        UPDATE alliances_enveloppe SET dotation = dotation + NEW.montant
            WHERE id = NEW.enveloppe_id AND dotation + NEW.montant >= engage;
        IF NOT FOUND THEN
            SELECT * INTO e FROM alliances_enveloppe WHERE id = NEW.enveloppe_id;
            PERFORM alliances_refuser('grand_livre_dotation', json_build_object('enveloppe', e.libelle,
                'manque', (e.engage - e.dotation - NEW.montant)::text, 'disponible', (e.dotation - e.engage)::text));
        END IF;
        IF NEW.montant > 0 AND NEW.type <> 'report_de_solde' THEN
            SELECT montant INTO plafond FROM alliances_entente WHERE id = NEW.entente_id;
            SELECT sum(dotation) INTO reparti FROM alliances_enveloppe WHERE entente_id = NEW.entente_id;
            IF plafond IS NULL THEN
                PERFORM alliances_refuser('grand_livre_entente_inconnue',
                    json_build_object('entente', (SELECT code FROM alliances_entente WHERE id = NEW.entente_id)));
            ELSIF reparti > plafond THEN
                PERFORM alliances_refuser('grand_livre_entente', json_build_object(
                    'manque', (reparti - plafond)::text, 'disponible', (plafond - reparti + NEW.montant)::text));
            END IF;
        END IF;
    ELSIF NEW.type IN ('engagement', 'desengagement') THEN
        UPDATE alliances_engagement SET montant = montant + NEW.montant
            WHERE id = NEW.engagement_id AND enveloppe_id = NEW.enveloppe_id
              AND (clos_le IS NULL OR NEW.type = 'desengagement')
              AND montant + NEW.montant >= verse;
        IF NOT FOUND THEN
            SELECT * INTO g FROM alliances_engagement WHERE id = NEW.engagement_id;
            PERFORM alliances_refuser('grand_livre_engagement', json_build_object('verse', g.verse::text));
        END IF;
        UPDATE alliances_enveloppe SET engage = engage + NEW.montant
            WHERE id = NEW.enveloppe_id AND engage + NEW.montant <= dotation;
        IF NOT FOUND THEN
            SELECT * INTO e FROM alliances_enveloppe WHERE id = NEW.enveloppe_id;
            PERFORM alliances_refuser('grand_livre_fonds', json_build_object('enveloppe', e.libelle,
                'manque', (e.engage + NEW.montant - e.dotation)::text, 'disponible', (e.dotation - e.engage)::text));
        END IF;
    ELSE
        UPDATE alliances_engagement SET verse = verse + NEW.montant
            WHERE id = NEW.engagement_id AND enveloppe_id = NEW.enveloppe_id
              AND verse + NEW.montant <= montant AND verse + NEW.montant >= 0;
        IF NOT FOUND THEN
            SELECT * INTO g FROM alliances_engagement WHERE id = NEW.engagement_id;
            PERFORM alliances_refuser('grand_livre_verse', json_build_object(
                'manque', (g.verse + NEW.montant - g.montant)::text, 'disponible', (g.montant - g.verse)::text));
        END IF;
        UPDATE alliances_enveloppe SET verse = verse + NEW.montant WHERE id = NEW.enveloppe_id;
    END IF;
    RETURN NULL;
END $$;
"""

# En filet, à la validation : une paire qui ne s'annule pas ne s'écrit pas, d'où qu'elle vienne.
PAIRES = """
CREATE FUNCTION alliances_paire_equilibree() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(montant) FROM alliances_mouvement WHERE operation_id = NEW.operation_id AND type = NEW.type) <> 0 THEN
        PERFORM alliances_refuser('grand_livre_paire', json_build_object('operation', NEW.operation_id::text));
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER mouvement_paire AFTER INSERT ON alliances_mouvement DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.type IN ('virement', 'report_de_solde')) EXECUTE FUNCTION alliances_paire_equilibree();
"""


class Migration(migrations.Migration):
    dependencies = [("alliances", "0006_gardes")]

    operations = [
        migrations.RunSQL(APRES, migrations.RunSQL.noop),
        migrations.RunSQL(PAIRES, "DROP FUNCTION alliances_paire_equilibree() CASCADE"),
    ]
