"""Les faits publiés tombent juste : référentiel, mandataires, tableau de 2017 et ses écarts (R46, décision 4)."""

from decimal import Decimal

import pytest
from django.db.models import Count, Sum

from alliances.enums import Origine
from alliances.models import Cycle, Entente, Enveloppe, Mandataire, MontantPublie
from alliances.services.publications import charger_publications
from socle.formats import nom_fuseau
from socle.horloge import maintenant
from socle.models import JourFerie, Mrc, Region

pytestmark = pytest.mark.django_db
D = Decimal


def montants(**filtres: object) -> Decimal:
    return MontantPublie.objects.filter(**filtres).aggregate(s=Sum("montant"))["s"]


def ligne(libelle: str) -> Decimal:
    return MontantPublie.objects.get(libelle=libelle).montant


def test_dix_sept_regions_et_cent_quatre_mrc() -> None:
    assert list(Region.objects.order_by("code").values_list("code", flat=True)) == [f"{n:02d}" for n in range(1, 18)]
    assert Mrc.objects.count() == 104
    assert Mrc.objects.values("code").distinct().count() == 104
    assert not Region.objects.annotate(n=Count("mrc")).filter(n=0).exists()


def test_chaque_mrc_a_un_centroide_au_quebec_et_une_population() -> None:
    hors = [
        m.nom
        for m in Mrc.objects.all()
        if not (D("44.9") < (m.latitude or 0) < D("62.7") and D("-79.8") < (m.longitude or 0) < D("-57"))
    ]
    assert hors == []
    assert not Mrc.objects.filter(population__isnull=True).exists()
    total = Mrc.objects.aggregate(s=Sum("population"))["s"]
    assert 8_400_000 < total < 8_600_000, "le Québec de 2021 : 8 501 833 personnes"


def test_r20_deux_territoires_ne_sont_pas_a_l_heure_de_l_est() -> None:
    """Les Îles suivent Halifax; la Basse-Côte-Nord garde l'heure normale de l'Atlantique toute l'année."""
    autres = Mrc.objects.exclude(fuseau="America/Toronto").order_by("nom").values_list("nom", "fuseau")
    assert list(autres) == [
        ("Le Golfe-du-Saint-Laurent", "America/Blanc-Sablon"),
        ("Les Îles-de-la-Madeleine", "America/Halifax"),
    ]
    for _nom, fuseau in autres:
        assert nom_fuseau(fuseau) == "heure de l’Atlantique"
    assert Mandataire.objects.get(code="11B").fuseau == "America/Halifax"


def test_vingt_et_un_mandataires_une_entente_chacun_en_2017() -> None:
    assert Mandataire.objects.count() == 21
    assert Entente.objects.filter(cycle__code="2017-2023").count() == 21
    par_region = dict(Mandataire.objects.values_list("region__code").annotate(n=Count("pk")))
    assert {code: n for code, n in par_region.items() if n != 1} == {"10": 3, "11": 2}
    assert par_region[None] == 1, "les Premières Nations n'ont pas de région"


def test_seize_lignes_et_l_ecart_d_un_dollar_garde_tel_quel() -> None:
    seize = MontantPublie.objects.filter(nature="ligne").exclude(region_code__in=["", "06", "PN"])
    assert (seize.count(), seize.aggregate(s=Sum("montant"))["s"]) == (16, D("84653955.00"))
    assert ligne("Sous-total (imprimé dans la source)") == D("84653956.00")
    assert ligne("Sous-total (recalculé)") == montants(nature="ligne", pk__in=seize)


def test_dix_huit_lignes_et_l_ecart_du_total() -> None:
    assert MontantPublie.objects.filter(nature="ligne").count() == 18
    assert montants(nature="ligne") == ligne("Total (recalculé)") == D("138818510.00")
    assert ligne("Total (imprimé dans la source)") == D("138818511.00")


def test_l_ecart_national_n_est_jamais_deduit() -> None:
    """160,1 M$ annoncés, 138 818 511 distribués : l'écart se montre, personne ne l'explique."""
    annonce = Cycle.objects.get(code="2017-2023").montant_annonce
    assert annonce - ligne("Total (imprimé dans la source)") == D("21281489.00")


def test_un_montant_que_personne_n_a_publie_est_nul() -> None:
    inconnues = Entente.objects.filter(montant__isnull=True)
    assert set(inconnues.filter(cycle__code="2017-2023").values_list("mandataire__code", flat=True)) == {
        "10A",
        "10B",
        "10C",
        "11A",
        "11B",
    }
    assert set(inconnues.values_list("origine", flat=True)) == {Origine.INCONNU}
    assert Cycle.objects.get(code="2024-2029").montant_annonce is None


@pytest.mark.parametrize(
    ("code", "entente", "territoires", "autres"),
    [("02-2017", "5472634", "4812272", {"AD": "660362"}), ("14-2017", "6063249", "3896784.86", {})],
)
def test_les_enveloppes_de_la_demonstration(code: str, entente: str, territoires: str, autres: dict[str, str]) -> None:
    """R15 : Σ enveloppes ≤ entente; l'administration déduite le dit."""
    enveloppes = Enveloppe.objects.filter(entente__code=code)
    assert Entente.objects.get(code=code).montant == D(entente)
    assert sum(e.dotation for e in enveloppes if e.lettres not in autres) == D(territoires)
    assert {e.lettres: str(int(e.dotation)) for e in enveloppes if e.lettres in autres} == autres
    assert all(e.origine == Origine.DEDUIT for e in enveloppes if e.lettres in autres)
    assert sum(e.dotation for e in enveloppes) <= D(entente)


def test_recharger_les_publications_ne_change_rien() -> None:
    def etat() -> list:
        return [list(m.objects.order_by("pk").values()) for m in (Cycle, Mandataire, Entente, MontantPublie)]

    avant = etat()
    charger_publications(maintenant())
    assert etat() == avant


def test_les_jours_feries_du_quebec() -> None:
    feries = dict(JourFerie.objects.values_list("jour", "nom"))
    assert len(feries) == len(set(feries))
    for jour in ("2020-06-24", "2020-07-01", "2026-12-25"):
        assert any(str(f) == jour for f in feries), jour
