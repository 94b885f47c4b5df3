"""Le refus d'une commande : une raison en français, que les vues montrent telle quelle."""

from typing import Any


class Refus(Exception):
    """Une commande refusée : rien n'a été écrit. `str(refus)` dit ce qui s'est passé et quoi faire.

    `code` nomme la cause pour le code appelant; `champ` lie le message à un champ de saisie; `details` porte les
    nombres (montants en chaînes).
    """

    def __init__(self, message: str, *, code: str = "refus", champ: str | None = None, **details: Any) -> None:
        super().__init__(message)
        self.code = code
        self.champ = champ
        self.details = details
