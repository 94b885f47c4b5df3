"""Le catalogue gettext suit le code, et le pluriel français commence à deux (décision 22)."""

import pytest
from babel.messages.pofile import read_po
from django.utils.translation import gettext, ngettext

from outillage.catalogues import SOURCE, messages, typographier


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
    assert ngettext(*message, 0) == ngettext(*message, 1) == typographier(message[0])
    assert ngettext(*message, 2) == typographier(message[1])


@pytest.mark.parametrize(
    ("ecrit", "rendu"),
    [
        ("« Ici » : non", "«\u00a0Ici\u00a0»\u00a0: non"),
        ("90 % de 5 $.", "90\u00a0% de 5\u00a0$."),
        ("%(n)s sur %(total)s", "%(n)s sur %(total)s"),
        ("à 9:30", "à 9:30"),
    ],
)
def test_r46_les_insecables_se_posent_a_la_compilation(ecrit: str, rendu: str) -> None:
    assert typographier(ecrit) == rendu


def test_r46_un_message_servi_porte_ses_insecables() -> None:
    assert "«\u00a0{valeur}\u00a0»" in gettext("« {valeur} » n’est pas un code postal. Écrivez-le comme G1R 4S9.")
