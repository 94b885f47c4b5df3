"""À qui écrire chez un mandataire."""

from collections.abc import Iterable
from datetime import datetime

from alliances.models import Affectation
from comptes.enums import Role
from socle.horloge import EST


def agents_du_territoire(territoire_id: int | None, instant: datetime) -> list[str]:
    """Les courriels des agents en poste dans le territoire."""
    return sorted(
        Affectation.objects.en_vigueur(instant.astimezone(EST).date())
        .filter(role=Role.AGENT, territoire=territoire_id, utilisateur__is_active=True)
        .values_list("utilisateur__email", flat=True)
    )


def coordinations(mandataire_ids: Iterable[int], instant: datetime) -> dict[int, tuple[str, ...]]:
    """Les courriels de la coordination de chaque mandataire, en une requête."""
    adresses: dict[int | None, list[str]] = {}
    affectations = Affectation.objects.en_vigueur(instant.astimezone(EST).date()).filter(
        role=Role.COORDINATION, mandataire__in=mandataire_ids
    )
    for affectation in affectations.select_related("utilisateur"):
        adresses.setdefault(affectation.mandataire_id, []).append(affectation.utilisateur.email)
    return {cle: tuple(sorted(liste)) for cle, liste in adresses.items() if cle is not None}
