"""Mesures de /pret : ce qui empêche de servir, ce qui dégrade."""

import shutil
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

import redis
from django.conf import settings
from django.db.models import Min

from socle import antivirus
from socle.horloge import maintenant
from socle.models import Battement, Envoi
from socle.models.boite import EtatEnvoi

DELAI_REDIS = 0.5
RETARD_BOITE = timedelta(minutes=15)
SILENCE = timedelta(minutes=5)
DISQUE_MIN = 200 * 1024 * 1024


@dataclass(frozen=True)
class EtatService:
    """Base répondante (toujours vrai ici), Redis, âges en secondes, disque libre en octets."""

    redis: bool
    boite_age: int | None
    relais_age: int | None
    battement_age: int | None
    disque_libre: int
    antivirus: str = "absent"  # « absent », « repond » ou « muet »

    @property
    def pret(self) -> bool:
        return self.disque_libre > DISQUE_MIN

    @property
    def degrade(self) -> bool:
        trop_vieux = [
            age
            for age, limite in (
                (self.boite_age, RETARD_BOITE),
                (self.relais_age, SILENCE),
                (self.battement_age, SILENCE),
            )
            if age is not None and age > limite.total_seconds()
        ]
        return (
            bool(trop_vieux)
            or self.antivirus == "muet"
            or not self.redis
            or self.relais_age is None
            or self.battement_age is None
        )

    def en_json(self) -> dict[str, Any]:
        etat = "arrete" if not self.pret else "degrade" if self.degrade else "pret"
        return {"etat": etat, "base": True, **asdict(self)}


def etat_du_service() -> EtatService:
    """Lit tout, sans jamais attendre Redis plus d'une demi-seconde."""
    instant = maintenant()

    def age(date: Any) -> int | None:
        return None if date is None else max(0, int((instant - date).total_seconds()))

    battements = dict(Battement.objects.values_list("processus", "instant"))
    plus_vieux = Envoi.objects.filter(
        etat__in=[EtatEnvoi.EN_ATTENTE, EtatEnvoi.POUSSE], pas_avant__lte=instant
    ).aggregate(m=Min("pas_avant"))["m"]
    return EtatService(
        redis=_redis_repond(),
        boite_age=age(plus_vieux),
        relais_age=age(battements.get("relais")),
        battement_age=age(battements.get("battement")),
        disque_libre=_disque(),
        antivirus=_antivirus(),
    )


def _antivirus() -> str:
    if not antivirus.present():
        return "absent"
    return "repond" if antivirus.repond() else "muet"


def _disque() -> int:
    dossier = settings.MEDIA_ROOT if settings.MEDIA_ROOT.exists() else settings.RACINE
    return shutil.disk_usage(dossier).free


def _redis_repond() -> bool:
    try:
        client = redis.Redis.from_url(
            settings.CELERY_BROKER_URL, socket_timeout=DELAI_REDIS, socket_connect_timeout=DELAI_REDIS
        )
        try:
            return bool(client.ping())
        finally:
            client.close()
    except redis.RedisError:
        return False
