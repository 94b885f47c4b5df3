"""Ce que la personne qui préside le comité lit de plus : ses séances, et le scénario que leur tableau montre."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Q, QuerySet, When
from django.utils.translation import gettext as _

from comite.models import Scenario, Seance
from projets.visibilite import presidences

RECENTES = timedelta(days=60)  # une séance levée depuis plus longtemps ne s'offre plus; son adresse reste bonne


def preside(utilisateur: Any, seance: Seance, instant: datetime) -> bool:
    """Le comité de l'entente, ou celui du territoire de la séance (une requête)."""
    sienne = {(seance.entente_id, None), (seance.entente_id, seance.territoire_id)}
    return bool(sienne & presidences(utilisateur, instant))


def seances_presidees(utilisateur: Any, instant: datetime) -> QuerySet[Seance] | list[Seance]:
    """Les séances de ses comités, à venir d'abord, puis les récentes; vide pour qui ne préside rien (deux requêtes)."""
    presides = presidences(utilisateur, instant)
    if not presides:
        return []
    les_siennes = Q()
    for entente, territoire in presides:
        les_siennes |= Q(entente=entente) if territoire is None else Q(entente=entente, territoire=territoire)
    return (
        Seance.objects.du_comite(utilisateur)
        .filter(les_siennes, debut__gte=instant - RECENTES)
        .select_related("appel", "territoire")
        .order_by(Case(When(debut__gte=instant, then=0), default=1), "debut", "pk")
    )


def scenario_montre(scenarios: list[Scenario], voulu: str) -> Scenario | None:
    """Celui que nomme l'adresse; sinon le retenu; sinon le dernier changé. Nul sans scénario, ou si le nom n'existe pas."""
    if voulu:
        return next((scenario for scenario in scenarios if str(scenario.pk) == voulu), None)
    retenu = next((scenario for scenario in scenarios if scenario.retenu_le), None)
    return retenu or max(scenarios, key=lambda scenario: scenario.modifie_le, default=None)


def etat_du_scenario(scenario: Scenario | None) -> str:
    """Ce que le tableau montre, en une phrase."""
    if scenario is None:
        return _(
            "Aucun scénario n’est enregistré : le tableau montre les demandes et les enveloppes, sans proposition."
        )
    if scenario.retenu_le:
        return _("« {nom} » est retenu; l’instance décidera par résolution.").format(nom=scenario)
    return _("« {nom} » n’est qu’un scénario : il n’adopte rien.").format(nom=scenario)
