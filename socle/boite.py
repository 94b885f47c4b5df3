"""Boîte d'envoi : la seule façon, pour une requête, de faire travailler Celery (décision 17).

`mettre_en_file` écrit une rangée dans la transaction d'affaires. Après validation, le relais la réclame et pousse le
nom de la tâche au courtier. Redis vidé, figé ou absent ne perd rien : une rangée remise mais jamais faite est reprise
après son bail.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F

from socle.horloge import maintenant
from socle.models.boite import Envoi, EtatEnvoi

journal = logging.getLogger(__name__)

CANAL = "boite_envoi"  # un déclencheur y notifie (migration 0007)
BAIL = timedelta(minutes=12)
ESSAIS_MAX = 8
LOT = 50
DELAI_SERVICE = timedelta(minutes=1)
CLASSE_VERROU = 20170401

ABANDONNER = """
UPDATE socle_envoi SET etat = 'echec', erreur = 'Remise ' || essais || ' fois, jamais finie.'
WHERE etat = 'pousse' AND reclame_le < now() - %s AND essais >= %s
"""
RECLAMER = """
UPDATE socle_envoi SET etat = 'pousse', reclame_le = now(), essais = essais + 1
WHERE id IN (
    SELECT id FROM socle_envoi
    WHERE (etat = 'en_attente' AND pas_avant <= now()) OR (etat = 'pousse' AND reclame_le < now() - %s)
    ORDER BY id FOR UPDATE SKIP LOCKED LIMIT %s
) RETURNING id, tache
"""


class ServiceInjoignable(Exception):
    """Un service dont la tâche dépend ne répond pas : rien n'a été tenté, la rangée attend sans compter d'essai."""


@dataclass(frozen=True)
class Demande:
    """Une tâche à faire : sa charge (JSON), sa clé de dédoublement, le moment avant lequel elle attend."""

    tache: str
    charge: dict[str, Any]
    cle: str | None = None
    pas_avant: datetime | None = None


def mettre_en_file(*demandes: Demande, instant: datetime) -> None:
    """Range les demandes, chacune une fois par clé, en une écriture; la base réveille le relais à la validation."""
    Envoi.objects.bulk_create(
        [
            Envoi(tache=d.tache, charge=d.charge, cle=d.cle, pas_avant=d.pas_avant or instant, cree_le=instant)
            for d in demandes
        ],
        ignore_conflicts=True,
    )


def reclamer() -> list[tuple[int, str]]:
    """Réclame jusqu'à `LOT` rangées dues, ou remises depuis plus d'un bail; rend (id, tâche).

    Une tâche qui tue chaque fois son travailleur ne se note jamais en faute : après `ESSAIS_MAX` baux, elle est en échec.
    """
    with connection.cursor() as curseur:
        curseur.execute(ABANDONNER, [BAIL, ESSAIS_MAX])  # type: ignore[list-item]  # psycopg sait écrire une durée
        curseur.execute(RECLAMER, [BAIL, LOT])  # type: ignore[list-item]
        return sorted(curseur.fetchall())


def remettre(envoi_id: int, erreur: str) -> None:
    """Rend la rangée à la file, avec un recul croissant; en échec, et montrée, après `ESSAIS_MAX` essais."""
    essais = Envoi.objects.values_list("essais", flat=True).get(pk=envoi_id)
    etat = EtatEnvoi.ECHEC if essais >= ESSAIS_MAX else EtatEnvoi.EN_ATTENTE
    recul = timedelta(seconds=min(600, 5 * 2**essais))
    Envoi.objects.filter(pk=envoi_id).update(etat=etat, erreur=erreur[:2000], pas_avant=maintenant() + recul)


def differer(envoi_id: int, erreur: str, delai: timedelta) -> None:
    """Courtier ou service injoignable : la rangée attend sans compter un essai, car rien n'a été tenté."""
    Envoi.objects.filter(pk=envoi_id).update(
        etat=EtatEnvoi.EN_ATTENTE, erreur=erreur[:2000], pas_avant=maintenant() + delai, essais=F("essais") - 1
    )


@contextmanager
def verrou_consultatif(identifiant: int) -> Iterator[bool]:
    """Verrou de session PostgreSQL : deux livraisons de la même tâche ne tournent jamais ensemble.

    Un travailleur tué perd sa connexion, donc son verrou.
    """
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_try_advisory_lock(%s, %s)", [CLASSE_VERROU, identifiant % 2**31])
        obtenu = curseur.fetchone()[0]
    try:
        yield obtenu
    finally:
        if obtenu:
            with connection.cursor() as curseur:
                curseur.execute("SELECT pg_advisory_unlock(%s, %s)", [CLASSE_VERROU, identifiant % 2**31])


def traiter(envoi_id: int, traitement: Callable[..., None]) -> None:
    """Exécute `traitement(**charge)` une fois; l'échec remet la rangée en file. Rejouer un envoi fait ne fait rien."""
    with verrou_consultatif(envoi_id) as obtenu:
        envoi = Envoi.objects.filter(pk=envoi_id).first()
        if not obtenu or envoi is None or envoi.etat in {EtatEnvoi.FAIT, EtatEnvoi.ECHEC}:
            return
        try:
            traitement(**envoi.charge)
        except ServiceInjoignable as erreur:
            journal.warning("Envoi %s différé : service injoignable", envoi_id)
            differer(envoi_id, str(erreur), DELAI_SERVICE)
        except Exception as erreur:  # noqa: BLE001 — une tâche empoisonnée se note et n'arrête pas les autres
            journal.exception("Envoi %s en échec", envoi_id)
            remettre(envoi_id, f"{type(erreur).__name__}: {erreur}")
        else:
            Envoi.objects.filter(pk=envoi_id).update(etat=EtatEnvoi.FAIT, fait_le=maintenant(), erreur="")
