"""Filtre de portée par mandataire, partagé par tous les QuerySet des ententes."""

from typing import Any

from django.db.models import Q


def dans_la_portee(utilisateur: Any, chemin: str, *roles: str) -> Q:
    """Condition : ce qui relève d'un mandataire où la personne a l'un des rôles; tout pour le ministère central.

    `chemin` mène au mandataire (« entente__mandataire », ou « » sur Mandataire même). Une direction régionale du
    ministère voit sa région.
    """
    cle, region = (f"{chemin}_id", f"{chemin}__region_id") if chemin else ("pk", "region_id")
    condition = Q(**{f"{cle}__in": utilisateur.portees.mandataires(*roles)})
    for porte in utilisateur.portees.roles:
        if porte.role == "ministere":
            if porte.region_id is None:
                return Q()
            condition |= Q(**{region: porte.region_id})
    return condition
