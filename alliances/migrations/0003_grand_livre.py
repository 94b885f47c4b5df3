"""Grand livre : séquence et empreinte chaînée, soldes sous contrôle, ajout seul, vue des soldes (décisions 2, 11 à 14)."""

from django.db import migrations

from socle.migration_sql import meme_entente, unique_avec_entente

# La séquence et l'empreinte se prennent sous le verrou de l'entente : la séquence suit l'ordre des validations.
AVANT = """
CREATE FUNCTION alliances_mouvement_avant() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    tete alliances_tetegrandlivre%ROWTYPE;
BEGIN
    -- La file d'attente : un verrou consultatif se passe de main en main sans réveiller les autres, ce que le verrou de
    -- rangée ne fait pas; il vient avant tout verrou de rangée (voir grand_livre.prendre_la_file).
    PERFORM pg_advisory_xact_lock(20170402, NEW.entente_id::int);
    INSERT INTO alliances_tetegrandlivre (entente_id, sequence, empreinte)
        VALUES (NEW.entente_id, 0, repeat('0', 64)) ON CONFLICT (entente_id) DO NOTHING;
    SELECT * INTO tete FROM alliances_tetegrandlivre WHERE entente_id = NEW.entente_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT 1 FROM alliances_exerciceferme
               WHERE entente_id = NEW.entente_id AND exercice = NEW.exercice AND rouvert_le IS NULL) THEN
        RAISE EXCEPTION 'exercice fermé' USING ERRCODE = 'check_violation', CONSTRAINT = 'grand_livre_exercice',
            DETAIL = json_build_object('exercice', NEW.exercice)::text;
    END IF;
    NEW.sequence := tete.sequence + 1;
    NEW.empreinte := encode(sha256(convert_to(json_build_array(
        tete.empreinte, NEW.entente_id::text, NEW.sequence::text, NEW.operation_id::text, NEW.type,
        NEW.enveloppe_id::text, coalesce(NEW.engagement_id::text, ''), NEW.montant::text, NEW.exercice, NEW.reference,
        NEW.motif, coalesce(NEW.auteur_id::text, ''),
        to_char(NEW.instant AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), NEW.cle)::text, 'UTF8')), 'hex');
    UPDATE alliances_tetegrandlivre SET sequence = NEW.sequence, empreinte = NEW.empreinte
        WHERE entente_id = NEW.entente_id;
    RETURN NEW;
END $$;
CREATE TRIGGER mouvement_avant BEFORE INSERT ON alliances_mouvement
    FOR EACH ROW EXECUTE FUNCTION alliances_mouvement_avant();
"""

# Après insertion, donc après la clé d'idempotence : le rejeu d'un succès ne dépend pas du disponible.
APRES = """
CREATE FUNCTION alliances_refuser(nom text, details json) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', nom USING ERRCODE = 'check_violation', CONSTRAINT = nom, DETAIL = details::text;
END $$;

CREATE FUNCTION alliances_mouvement_apres() RETURNS trigger LANGUAGE plpgsql AS $$
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
        IF NEW.montant > 0 THEN
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
            WHERE id = NEW.engagement_id AND enveloppe_id = NEW.enveloppe_id AND clos_le IS NULL
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
CREATE TRIGGER mouvement_apres AFTER INSERT ON alliances_mouvement
    FOR EACH ROW EXECUTE FUNCTION alliances_mouvement_apres();
"""

AJOUT_SEUL = """
CREATE TRIGGER mouvement_ajout_seul BEFORE UPDATE OR DELETE ON alliances_mouvement
    FOR EACH ROW EXECUTE FUNCTION socle_ajout_seul();
CREATE TRIGGER mouvement_sans_vidage BEFORE TRUNCATE ON alliances_mouvement
    FOR EACH STATEMENT EXECUTE FUNCTION socle_ajout_seul();
"""

# Un solde ne s'écrit que depuis le déclencheur des mouvements : un `save()` périmé ne peut pas l'écraser.
SOLDES = """
CREATE FUNCTION alliances_solde_protege() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'Un solde ne change que par un mouvement du grand livre.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'solde_protege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER enveloppe_solde_protege BEFORE UPDATE ON alliances_enveloppe FOR EACH ROW
    WHEN (OLD.dotation <> NEW.dotation OR OLD.engage <> NEW.engage OR OLD.verse <> NEW.verse)
    EXECUTE FUNCTION alliances_solde_protege();
CREATE TRIGGER engagement_solde_protege BEFORE UPDATE ON alliances_engagement FOR EACH ROW
    WHEN (OLD.montant <> NEW.montant OR OLD.verse <> NEW.verse)
    EXECUTE FUNCTION alliances_solde_protege();
"""

VUE = """
CREATE VIEW v_enveloppe_solde AS
SELECT t.code AS entente_code, e.code AS enveloppe_code, e.libelle, e.dotation, e.engage, e.verse,
       e.dotation - e.engage AS disponible
FROM alliances_enveloppe e JOIN alliances_entente t ON t.id = e.entente_id
"""


class Migration(migrations.Migration):
    dependencies = [("alliances", "0002_initial"), ("socle", "0002_cache_et_journal")]

    operations = [
        unique_avec_entente("alliances_territoire"),
        unique_avec_entente("alliances_priorite"),
        unique_avec_entente("alliances_enveloppe"),
        unique_avec_entente("alliances_engagement"),
        meme_entente("alliances_enveloppe", "territoire_id", "alliances_territoire"),
        meme_entente("alliances_engagement", "enveloppe_id", "alliances_enveloppe"),
        meme_entente("alliances_mouvement", "enveloppe_id", "alliances_enveloppe"),
        meme_entente("alliances_mouvement", "engagement_id", "alliances_engagement"),
        migrations.RunSQL(AVANT, "DROP FUNCTION alliances_mouvement_avant() CASCADE"),
        migrations.RunSQL(
            APRES, "DROP FUNCTION alliances_mouvement_apres() CASCADE; DROP FUNCTION alliances_refuser(text, json)"
        ),
        migrations.RunSQL(
            AJOUT_SEUL,
            "DROP TRIGGER mouvement_ajout_seul ON alliances_mouvement;"
            " DROP TRIGGER mouvement_sans_vidage ON alliances_mouvement",
        ),
        migrations.RunSQL(SOLDES, "DROP FUNCTION alliances_solde_protege() CASCADE"),
        migrations.RunSQL(VUE, "DROP VIEW v_enveloppe_solde"),
    ]
