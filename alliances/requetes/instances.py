"""Quelle instance décide, pour un territoire, à une date (R27)."""

from datetime import date

from django.utils.translation import gettext as _

from alliances.models import Entente, InstanceDecisionnelle, Territoire


def instance_competente(entente: Entente, territoire_id: int | None, jour: date) -> str:
    """Nom de l'instance qui décide; à défaut, celle du mandataire, sans nom."""
    instance = instance_de(entente, territoire_id, jour)
    return instance.nom if instance else _("instance décisionnelle du mandataire")


def instance_de(entente: Entente, territoire_id: int | None, jour: date) -> InstanceDecisionnelle | None:
    """L'instance du territoire, sinon de celui dont il fait partie, sinon de l'entente (deux requêtes)."""
    instances: dict[int | None, InstanceDecisionnelle] = {
        instance.territoire_id: instance
        for instance in entente.instances.en_vigueur(jour).order_by("depuis")  # la plus récente l'emporte
    }
    parents = dict(Territoire.objects.filter(entente=entente).values_list("pk", "parent_id")) if territoire_id else {}
    while territoire_id is not None:
        if territoire_id in instances:
            return instances[territoire_id]
        territoire_id = parents.get(territoire_id)
    return instances.get(None)
