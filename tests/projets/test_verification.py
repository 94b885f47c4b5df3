"""Vérifier un accusé : authentique, autre, inconnu; jamais le titre, l'organisme ni le montant (R28, R56)."""

import pytest
from django.test import Client
from django.urls import reverse

from projets.exports import contexte_accuse
from projets.models import Depot, Projet

pytestmark = pytest.mark.django_db
NUMERO = "02-2024-1-JQ-0003"


def page(**valeurs: str) -> str:
    return Client().get(reverse("projets:verifier"), valeurs).content.decode()


def test_un_numero_connu_est_authentique_et_ne_dit_rien_d_autre() -> None:
    depot = Depot.objects.select_related("projet__organisme").get(projet__numero=NUMERO)
    lue = page(numero=f" {NUMERO.lower()} ")
    assert "Authentique" in lue
    assert depot.empreinte in lue
    for secret in (depot.projet.titre, depot.projet.organisme.nom, "36\u00a0000"):
        assert secret not in lue


def test_l_empreinte_se_compare() -> None:
    depot = Depot.objects.get(projet__numero=NUMERO)
    assert "Authentique" in page(numero=NUMERO, empreinte=f"{depot.empreinte[:8]} {depot.empreinte[8:20]}".upper())
    faux = page(numero=NUMERO, empreinte="0" * 64)
    assert "ne correspond pas" in faux
    assert "Authentique" not in faux
    assert depot.empreinte not in faux


@pytest.mark.parametrize("numero", ["99-2024-1-ZZ-0001", "<script>", "%", "é" * 40])
def test_un_numero_inconnu_le_dit(numero: str) -> None:
    assert "Aucun dépôt sous ce numéro" in page(numero=numero)


def test_une_empreinte_illisible_est_une_erreur_de_saisie() -> None:
    assert "Il y a un problème" in page(numero=NUMERO, empreinte="zz")
    assert "Aucun dépôt" not in page()


def test_un_brouillon_ne_se_verifie_pas() -> None:
    assert Projet.objects.filter(numero__isnull=True).exists()
    assert "Aucun dépôt sous ce numéro" in page(numero="None")


def test_le_code_de_l_accuse_mene_a_la_verification() -> None:
    depot = Depot.objects.select_related("projet__appel", "projet__entente__mandataire").get(projet__numero=NUMERO)
    lien = contexte_accuse(depot, depot.projet)["lien"]
    assert lien.endswith(f"/verifier/?numero={NUMERO}&empreinte={depot.empreinte[:16]}")
    assert "Authentique" in Client().get(lien[lien.index("/verifier") :]).content.decode()
