"""Le catalogue gettext suit le code, et le pluriel français commence à deux (décision 22)."""

import pytest
from babel.messages.pofile import read_po
from django.utils.translation import ngettext

from outillage.catalogues import SOURCE, messages


def catalogue() -> dict[object, object]:
    with SOURCE.open("rb") as lu:
        return {m.id: m for m in read_po(lu) if m.id}


def test_le_catalogue_suit_le_code() -> None:
    """En cas d'échec : `python -m outillage.catalogues`, puis relire et valider."""
    attendus = {message for _fichier, message in messages()}
    assert len(attendus) > 1000
    assert attendus - set(catalogue()) == set()
    assert set(catalogue()) - attendus == set()


PLURIELS = [message for message in catalogue() if isinstance(message, tuple)]


@pytest.mark.parametrize("message", PLURIELS, ids=lambda m: m[0][:30])
def test_zero_est_singulier(message: tuple[str, str]) -> None:
    assert ngettext(*message, 0) == ngettext(*message, 1) == message[0]
    assert ngettext(*message, 2) == message[1]
