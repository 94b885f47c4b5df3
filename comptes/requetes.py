"""Lectures partagées des comptes : à qui écrire dans un organisme, quelle adresse est confirmée."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress

from comptes.models import Adhesion, Utilisateur


def courriels_des_membres(organisme_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Les courriels des membres de chaque organisme, en une requête."""
    membres: dict[int, list[str]] = {}
    for adhesion in Adhesion.objects.filter(
        organisme__in=organisme_ids, retiree_le__isnull=True, utilisateur__is_active=True
    ).select_related("utilisateur"):
        membres.setdefault(adhesion.organisme_id, []).append(adhesion.utilisateur.email)
    return {cle: tuple(sorted(adresses)) for cle, adresses in membres.items()}


def courriel_confirme(utilisateur: Utilisateur) -> bool:
    """L'adresse du compte est confirmée (une requête)."""
    return EmailAddress.objects.filter(user=utilisateur, email__iexact=utilisateur.email, verified=True).exists()
