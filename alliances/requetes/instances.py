"""Quelle instance décide, pour un territoire, à une date (R27)."""

from datetime import date

from django.utils.translation import gettext as _

from alliances.models import Entente, Territoire


def instance_competente(entente: Entente, territoire_id: int | None, jour: date) -> str:
    """Nom de l'instance du territoire, sinon de celui dont il fait partie, sinon de l'entente (deux requêtes)."""
    instances = {
        instance.territoire_id: instance.nom
        for instance in entente.instances.en_vigueur(jour).order_by("depuis")  # la plus récente l'emporte
    }
    parents = dict(Territoire.objects.filter(entente=entente).values_list("pk", "parent_id")) if territoire_id else {}
    while territoire_id is not None:
        if territoire_id in instances:
            return instances[territoire_id]
        territoire_id = parents.get(territoire_id)
    return instances.get(None) or _("instance décisionnelle du mandataire")
