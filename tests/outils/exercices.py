"""L'exercice où la démonstration dote l'entente 02-2024 (il suit le jour), et le suivant."""

from alliances.models import Mouvement


def exercice_dote() -> str:
    return Mouvement.objects.get(cle="dotation:02-2024/CH#0").exercice


def exercice_suivant() -> str:
    annee = int(exercice_dote()[5:])
    return f"{annee}-{annee + 1}"
