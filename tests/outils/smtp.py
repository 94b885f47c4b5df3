"""Un vrai serveur SMTP d'essai, dans un fil : il garde ce qu'il reçoit et répond ce qu'on lui dit."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


class Facteur:
    """`rcpt` et `data` : la réponse du serveur à chaque étape; `coupe` : il ferme après avoir lu le message."""

    def __init__(self) -> None:
        self.recus: list[Message] = []
        self.rcpt, self.data, self.coupe = "250 OK", "250 OK", False

    async def handle_RCPT(self, _serveur: SMTP, _session: Any, enveloppe: Any, adresse: str, _options: Any) -> str:  # noqa: N802
        if self.rcpt.startswith("250"):
            enveloppe.rcpt_tos.append(adresse)
        return self.rcpt

    async def handle_DATA(self, serveur: SMTP, _session: Any, enveloppe: Any) -> str:  # noqa: N802
        if self.data.startswith("250"):
            self.recus.append(message_from_bytes(enveloppe.content))
        if self.coupe:
            serveur.transport.abort()
        return self.data


@contextmanager
def serveur_smtp(port: int) -> Iterator[Facteur]:
    facteur = Facteur()
    controleur = Controller(facteur, hostname="127.0.0.1", port=port)
    controleur.start()
    try:
        yield facteur
    finally:
        controleur.stop()
