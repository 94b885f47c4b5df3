"""Les files de l'argent à l'accueil : ce qui reste à répartir, à reporter, à recevoir, à payer."""

from datetime import timedelta
from decimal import Decimal

import pytest

from alliances.models import Enveloppe, TrancheMinistere
from alliances.services.enveloppes import ajuster_dotation
from portail.files_argent import files_de_l_argent
from socle.exercices import exercice_de
from socle.horloge import aujourd_hui, maintenant
from tests.outils.personnes import personne

pytestmark = pytest.mark.django_db


def files(qui: str) -> dict[str, list[tuple[str, str, str]]]:
    return {titre: [lire(o) for o in objets] for titre, _g, objets, _u, lire in files_de_l_argent(personne(qui))}


def test_chaque_file_selon_le_role() -> None:
    assert set(files("coordination")) == {"Argent à répartir", "Soldes à reporter", "Tranches attendues du ministère"}
    assert set(files("tresorerie")) == {"Tranches attendues du ministère", "Dépenses hors projet à payer"}
    assert files("secretariat") == {}


def test_ce_qu_une_baisse_libere_est_a_repartir_au_cent() -> None:
    assert files("coordination")["Argent à répartir"] == []
    ajuster_dotation(
        enveloppe=Enveloppe.objects.select_related("entente__mandataire").get(code="02-2024/CH"),
        montant=Decimal("-10.01"),
        exercice=exercice_de(aujourd_hui()),
        motif="Essai",
        mandat="",
        auteur=personne("coordination"),
        instant=maintenant(),
        cle="baisse",
    )
    [(code, _adresse, reste)] = files("coordination")["Argent à répartir"]
    assert (code, reste) == ("02-2024", "10,01\xa0$")
    assert files("coordination.lanaudiere")["Argent à répartir"] == []


def test_une_tranche_dont_la_date_est_passee_est_attendue() -> None:
    tranche = TrancheMinistere.objects.filter(entente__code="02-2024", recue__isnull=True).first()
    TrancheMinistere.objects.filter(pk=tranche.pk).update(prevue_le=aujourd_hui() - timedelta(days=1))
    assert len(files("tresorerie")["Tranches attendues du ministère"]) == 1
    assert files("coordination.lanaudiere")["Tranches attendues du ministère"] == []


def test_un_exercice_fini_au_solde_non_engage_est_a_reporter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portail.files_argent.aujourd_hui", lambda: aujourd_hui() + timedelta(days=366))
    [(code, _adresse, _montant)] = files("coordination")["Soldes à reporter"]
    assert code == "02-2024"


def test_la_depense_engagee_attend_son_paiement() -> None:
    [(reference, _adresse, detail)] = files("tresorerie")["Dépenses hors projet à payer"]
    assert reference == "Poste de coordination"
    assert "72\xa0000,00\xa0$" in detail
