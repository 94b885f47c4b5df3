"""La page des composants : montrée en démonstration, absente de la production."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("demonstration", "code"), [(True, 200), (False, 404)])
def test_hors_de_la_production_seulement(settings: object, demonstration: bool, code: int) -> None:
    settings.DEMONSTRATION = demonstration
    assert Client().get("/composants/").status_code == code
