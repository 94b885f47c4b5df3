"""« Mon projet est-il admissible? » : les nombres de la règle, sans compte, et leur suite au brouillon (R1, R3, R7 à R9, R19)."""

import re
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from alliances.parametres import ParametresAide
from appels.models import Appel
from projets.models import Projet
from projets.regles import Demande, Depense, Financement, evaluer, maximum_demandable
from tests.outils.personnes import client

D = Decimal
ADRESSE = "/appels/02-2024-1/admissible/"
R9 = {"forme": "obnl", "depenses": "100 000", "municipal": "15 000", "federal": "20 000"}


def page(**valeurs: str) -> str:
    lue = Client().get(f"{ADRESSE}?{urlencode(valeurs)}").content.decode()
    return re.sub(r"[\u00a0\u202f]|&nbsp;", " ", lue)


@pytest.mark.django_db
def test_r9_au_plus_55_000_00_et_5_000_00_de_trop() -> None:
    """L'essai de la règle : 100 000 admissibles, 35 000 d'autres fonds publics, 90 % → au plus 55 000,00."""
    assert "Au plus 55 000,00 $" in page(**R9)
    trop = page(**R9, montant="60 000")
    assert "5 000,00 $ de trop" in trop
    assert "95,00 %" in trop
    assert "respectée" in trop


@pytest.mark.django_db
def test_r1_une_entreprise_privee_l_apprend_avant_d_ecrire() -> None:
    lue = page(**{**R9, "forme": "entreprise"})
    assert "forme admissible" in lue
    assert "Commencer la demande" not in lue
    assert "Commencer la demande avec ces réponses" in page(**R9)


@pytest.mark.django_db
def test_une_saisie_illisible_se_dit_et_rien_n_est_calcule() -> None:
    lue = page(forme="obnl", depenses="1.234,50")
    assert "Il y a un problème" in lue
    assert "Au plus" not in lue
    assert "C’est plus que toutes les dépenses" in page(**R9, exclues="100 001")


@pytest.mark.django_db
def test_rien_n_est_enregistre_sans_compte() -> None:
    avant = Projet.objects.count()
    reponse = Client().get(f"{ADRESSE}?{urlencode(R9)}")
    assert not reponse.cookies, "aucun témoin"
    assert Projet.objects.count() == avant


@pytest.mark.django_db
def test_les_reponses_suivent_au_brouillon() -> None:
    appel, c = Appel.objects.get(code="02-2024-1"), client("promoteur")
    chicoutimi = appel.offres.get(enveloppe__code="02-2024/CH").enveloppe
    question = urlencode(
        {
            **R9,
            "exclues": "5 000",
            "autres": "10 000",
            "montant": "50 000",
            "enveloppe": chicoutimi.pk,
            "debut": "2027-01-15",
        }
    )
    assert f"?{question}".replace("&", "&amp;") in c.get(f"{ADRESSE}?{question}").content.decode()
    commencer = f"/projets/nouveau/02-2024-1/?{question}"
    organisme = c.get(commencer).context["formulaire"].fields["organisme"].queryset.first()
    c.post(commencer, {"organisme": organisme.pk, "titre": "Suite de la vérification"})
    projet = Projet.objects.get(titre="Suite de la vérification")
    assert (projet.enveloppe, projet.debut.isoformat()) == (chicoutimi, "2027-01-15")
    assert projet.montant_demande == D(50000)
    assert sorted((d.categorie, d.montant) for d in projet.depenses.all()) == [
        ("autre", D(95000)),
        ("mission_globale", D(5000)),
    ]
    assert sum(f.montant for f in projet.financements.all()) == D(45000)
    assert projet.sections_vues == ["budget", "projet"]


@pytest.mark.django_db
def test_sans_reponses_le_brouillon_commence_vide() -> None:
    c = client("promoteur")
    organisme = c.get("/projets/nouveau/02-2024-1/").context["formulaire"].fields["organisme"].queryset.first()
    c.post("/projets/nouveau/02-2024-1/?depenses=x", {"organisme": organisme.pk, "titre": "Sans vérification"})
    projet = Projet.objects.get(titre="Sans vérification")
    assert (projet.montant_demande, projet.depenses.count(), projet.sections_vues) == (None, 0, [])


montants = st.decimals(min_value="0.01", max_value="900000", places=2)


@given(montants, montants, st.sampled_from([None, D("0.5"), D("0.875")]), st.sampled_from([None, D(40000)]))
def test_le_maximum_respecte_les_regles_et_un_cent_de_plus_en_viole_une(depenses, publics, taux, plafond) -> None:
    aide = ParametresAide(taux_max=taux, plafond=plafond)

    def essai(montant: Decimal) -> list[str]:
        demande = Demande(montant, [Depense("autre", depenses)], [Financement("federal", publics)])
        return [c.regle for c in evaluer(demande, aide) if not c.conforme and c.regle != "R13"]

    maximum = maximum_demandable(Demande(None, [Depense("autre", depenses)], [Financement("federal", publics)]), aide)
    assert maximum is not None
    assert maximum >= 0
    if maximum > 0:
        assert essai(maximum) == []
    assert essai(maximum + D("0.01"))
