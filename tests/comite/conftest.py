"""Ce que partagent les essais du comité."""

import pytest

from projets.models import DecisionPreparee


@pytest.fixture
def rien_de_prepare(db: None) -> None:
    """La démonstration a une décision préparée : ici, seules celles du scénario comptent."""
    DecisionPreparee.objects.all().delete()
