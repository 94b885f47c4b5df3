"""Registre des contrôles d'intégrité (fiabilité : cinq invariants). `verifier_integrite` les exécute tous."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from socle.models.boite import Envoi, EtatEnvoi


@dataclass(frozen=True)
class Faute:
    """Une rangée en faute : où, et ce qui ne balance pas."""

    rangee: str
    constat: str


Controle = Callable[[], Iterator[Faute]]
CONTROLES: dict[str, Controle] = {}


def controle(nom: str) -> Callable[[Controle], Controle]:
    """Enregistre un contrôle sous un nom lisible."""

    def enregistrer(fonction: Controle) -> Controle:
        CONTROLES[nom] = fonction
        return fonction

    return enregistrer


@controle("boîte d’envoi sans échec")
def boite_sans_echec() -> Iterator[Faute]:
    for envoi in Envoi.objects.filter(etat=EtatEnvoi.ECHEC).order_by("id"):
        yield Faute(f"socle_envoi {envoi.pk}", f"{envoi.tache} en échec après {envoi.essais} essais : {envoi.erreur}")
