"""Opérations de migration partagées : liens qui ne sortent pas d'une entente (décision 2)."""

from django.db.migrations import RunSQL


def unique_avec_entente(table: str) -> RunSQL:
    """`UNIQUE (id, entente_id)` : cible des clés étrangères composées."""
    nom = f"{table}_id_entente"
    return RunSQL(
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{nom}" UNIQUE (id, entente_id)',
        f'ALTER TABLE "{table}" DROP CONSTRAINT "{nom}"',
    )


def meme_entente(table: str, colonne: str, cible: str) -> RunSQL:
    """La base refuse que `table.colonne` pointe une rangée de `cible` d'une autre entente."""
    nom = f"{table}_{colonne}_meme_entente"
    return RunSQL(
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{nom}" FOREIGN KEY ("{colonne}", entente_id)'
        f' REFERENCES "{cible}" (id, entente_id) DEFERRABLE INITIALLY IMMEDIATE',
        f'ALTER TABLE "{table}" DROP CONSTRAINT "{nom}"',
    )
