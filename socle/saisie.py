"""Un service appelé depuis un formulaire : son refus devient une erreur du bon champ."""

from collections.abc import Callable
from typing import Any

from django.forms import Form

from socle.erreurs import Refus


def essayer(formulaire: Form, commande: Callable[..., Any], **arguments: Any) -> Any | None:
    """Exécute `commande(**arguments)`; rend son résultat, ou `None` après avoir posé le refus sur le formulaire."""
    try:
        return commande(**arguments)
    except Refus as refus:
        formulaire.add_error(refus.champ if refus.champ in formulaire.fields else None, str(refus))
        return None
