"""Gardes de l'entente : son état et son montant tiennent le grand livre; liens d'une même entente (décision 2)."""

from django.db import migrations

from socle.migration_sql import meme_entente, unique_avec_entente

ETAT = """
CREATE OR REPLACE FUNCTION alliances_mouvement_avant() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    tete alliances_tetegrandlivre%ROWTYPE;
    etat_entente text;
BEGIN
    -- La file d'attente : un verrou consultatif se passe de main en main sans réveiller les autres, ce que le verrou de
    -- rangée ne fait pas; il vient avant tout verrou de rangée (voir grand_livre.prendre_la_file).
    PERFORM pg_advisory_xact_lock(20170402, NEW.entente_id::int);
    INSERT INTO alliances_tetegrandlivre (entente_id, sequence, empreinte)
        VALUES (NEW.entente_id, 0, repeat('0', 64)) ON CONFLICT (entente_id) DO NOTHING;
    SELECT * INTO tete FROM alliances_tetegrandlivre WHERE entente_id = NEW.entente_id FOR NO KEY UPDATE;
    -- Lu sous le verrou de l'entente : une clôture et un octroi simultanés se voient l'un l'autre.
    SELECT etat INTO etat_entente FROM alliances_entente WHERE id = NEW.entente_id;
    IF etat_entente IN ('brouillon', 'close')
        OR etat_entente = 'suspendue' AND NEW.type NOT IN ('desengagement', 'recouvrement', 'ajustement')
        OR etat_entente = 'en_cloture' AND NEW.type NOT IN ('versement', 'desengagement', 'recouvrement', 'ajustement') THEN
        RAISE EXCEPTION 'entente %', etat_entente USING ERRCODE = 'check_violation', CONSTRAINT = 'grand_livre_etat_entente',
            DETAIL = json_build_object('etat', etat_entente)::text;
    END IF;
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
"""

# Le montant d'une entente ne descend pas sous ce qui est réparti : le parent couvre toujours ses enveloppes (R15).
MONTANT = """
CREATE FUNCTION alliances_entente_montant() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    reparti numeric;
BEGIN
    PERFORM pg_advisory_xact_lock(20170402, NEW.id::int);
    SELECT coalesce(sum(dotation), 0) INTO reparti FROM alliances_enveloppe WHERE entente_id = NEW.id;
    IF reparti > coalesce(NEW.montant, 0) THEN
        PERFORM alliances_refuser('grand_livre_montant_entente', json_build_object(
            'manque', (reparti - coalesce(NEW.montant, 0))::text, 'disponible', reparti::text));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER entente_montant AFTER UPDATE OF montant ON alliances_entente FOR EACH ROW
    WHEN (OLD.montant IS DISTINCT FROM NEW.montant) EXECUTE FUNCTION alliances_entente_montant();
"""

CIBLES = ("instancedecisionnelle", "comite", "plantravail", "objectifplan", "partenaire", "zonevisee")
LIENS = (
    ("territoire", "parent_id", "territoire"),
    ("contactterritoire", "territoire_id", "territoire"),
    ("zonevisee", "territoire_id", "territoire"),
    ("priorite", "territoire_id", "territoire"),
    ("instancedecisionnelle", "territoire_id", "territoire"),
    ("comite", "territoire_id", "territoire"),
    ("membrecomite", "comite_id", "comite"),
    ("membrecomite", "territoire_id", "territoire"),
    ("siegevecu", "comite_id", "comite"),
    ("delegation", "territoire_id", "territoire"),
    ("delegation", "enveloppe_id", "enveloppe"),
    ("delegation", "comite_id", "comite"),
    ("delegation", "instance_id", "instancedecisionnelle"),
    ("avissectoriel", "comite_id", "comite"),
    ("avissectoriel", "plan_id", "plantravail"),
    ("plantravail", "territoire_id", "territoire"),
    ("objectifplan", "plan_id", "plantravail"),
    ("objectifplan", "priorite_id", "priorite"),
    ("engagementpartenaire", "plan_id", "plantravail"),
    ("engagementpartenaire", "partenaire_id", "partenaire"),
    ("consultation", "territoire_id", "territoire"),
)


class Migration(migrations.Migration):
    dependencies = [("alliances", "0005_instances")]

    operations = [
        migrations.RemoveField(model_name="entente", name="instance"),
        *[unique_avec_entente(f"alliances_{table}") for table in CIBLES],
        *[meme_entente(f"alliances_{table}", colonne, f"alliances_{cible}") for table, colonne, cible in LIENS],
        migrations.RunSQL(ETAT, migrations.RunSQL.noop),
        migrations.RunSQL(MONTANT, "DROP FUNCTION alliances_entente_montant() CASCADE"),
    ]
