"""Le tableau national publié : dix-huit lignes, vingt et une ententes, et les écarts que les sources ne disent pas."""

from dataclasses import dataclass
from decimal import Decimal

from alliances.models import Cycle, MontantPublie
from alliances.regles.ententes import EcartPublie
from socle.argent import ZERO


@dataclass(frozen=True)
class TableauPublie:
    """Lignes d'un cycle, totaux imprimés et recalculés, écart entre l'annoncé et le distribué."""

    cycle: Cycle
    lignes: list[MontantPublie]
    ecarts: list[EcartPublie]
    distribue: Decimal

    @property
    def annonce_moins_distribue(self) -> Decimal | None:
        """21 281 489 $ pour 2017-2023 : montré, jamais déduit ni réparti."""
        annonce = self.cycle.montant_annonce
        return None if annonce is None else annonce - self.distribue


def tableau_publie(cycle: Cycle) -> TableauPublie | None:
    """Le tableau du cycle, ou rien si aucun n'est publié (une requête)."""
    lignes = list(cycle.montants_publies.order_by("rang"))
    if not lignes:
        return None
    imprimes = {m.libelle: m.montant for m in lignes if m.nature == "imprime"}
    regions = [m for m in lignes if m.nature == "ligne"]
    territoriales = sum((m.montant for m in regions if m.region_code.isdigit() and m.region_code != "06"), ZERO)
    tous = sum((m.montant for m in regions), ZERO)
    ecarts = [
        EcartPublie(libelle.partition(" (")[0], imprime, recalcule)
        for (libelle, imprime), recalcule in zip(imprimes.items(), (territoriales, tous), strict=False)
    ]
    return TableauPublie(cycle, regions, ecarts, distribue=max(imprimes.values(), default=tous))
