"""Des adresses et des valeurs hostiles : une page ou un refus, jamais une panne ni un montant inventé."""

from contextlib import suppress
from decimal import Decimal

import pytest
from django.contrib import admin
from django.forms import ValidationError
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st

from socle import formats
from socle.formulaires import DateField
from tests.acces.test_matrice import MATRICE
from tests.outils.personnes import client

HOSTILES = ("\x00", "'\"><img src=x>", "%", "é" * 300, "9" * 400, "-1", "../../etc/passwd", "\u202e\ud7ff")
PARAMETRES = ("q", "exercice", "enveloppe", "priorite", "nouveaux", "retour", "next", "page")
LISTES = sorted(f"{m._meta.app_label}_{m._meta.model_name}" for m in admin.site._registry)
FILTRES = ("q", "o", "p", "all", "etat__exact", "entente__id__exact", "id", "_facets", "e")


@pytest.mark.django_db
@pytest.mark.parametrize("motif", MATRICE)
def test_aucun_parametre_ne_fait_tomber_une_page(motif: str) -> None:
    adresse = MATRICE[motif][0]()
    for nom in ("ministere", "organismes", "anonyme"):
        c = client(nom)
        for valeur in HOSTILES:
            reponse = c.get(adresse, dict.fromkeys(PARAMETRES, valeur))
            if reponse.streaming:
                b"".join(reponse.streaming_content)
            assert reponse.status_code < 500, (nom, valeur[:20])


@pytest.mark.django_db
@pytest.mark.parametrize("liste", LISTES)
def test_aucun_filtre_ne_fait_tomber_une_liste_de_l_admin(liste: str) -> None:
    c, adresse = client("coordination"), reverse(f"admin:{liste}_changelist")
    for filtre in FILTRES:
        for valeur in HOSTILES:
            assert c.get(adresse, {filtre: valeur}).status_code < 500, (filtre, valeur[:20])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "adresse",
    [
        "/ministere/dossiers/%00/",
        "/ministere/02-2017/%00/2/",
        "/ministere/02-2017/2019-2020/99999999999999999999/",
        "/ministere/02-2017/2019-2020/2/produire/exe/",
        "/ministere/plans/99999999999999999999/",
        "/admin/alliances/plantravail/99999999999999999999/objectif/",
        "/admin/alliances/comite/creer/?entente=%00",
        "/appels/%E2%80%AE/",
        "/comite/99999999999999999999/",
        "/admin/projets/projet/99999999999999999999/change/",
        "/admin/projets/projet/%00/change/",
        "/admin/alliances/enveloppe/abc/change/",
    ],
)
def test_une_adresse_inventee_est_introuvable(adresse: str) -> None:
    for nom in ("ministere", "coordination", "evaluation1"):
        assert client(nom).get(adresse).status_code in {302, 400, 403, 404, 405}, nom


def test_un_octet_nul_recoit_une_page_400_en_francais() -> None:
    reponse = client("anonyme").get("/appels/", {"q": "a\x00b"})
    assert reponse.status_code == 400
    assert 'lang="fr' in reponse.content.decode()


CENTS = st.decimals(min_value=0, max_value=Decimal("999999999.99"), places=2)


@given(CENTS)
def test_r46_un_montant_ecrit_se_relit_au_cent(montant: Decimal) -> None:
    for ecrit in (formats.argent(montant), formats.argent_cents(montant), formats.saisie_montant(montant)):
        assert formats.lire_montant(ecrit) == montant


@given(st.text(max_size=30))
@example("1.234,50")
@example("1e309")
@example("NaN")
@example("١٢٣")
@example("1\u00a0000\u202f000")
@example("½")
@example("²")
def test_r46_un_texte_quelconque_se_lit_au_cent_ou_se_refuse(texte: str) -> None:
    for lecteur in (formats.lire_montant, formats.lire_neq, formats.lire_code_postal, formats.lire_telephone):
        with suppress(formats.SaisieIllisible):
            lu = lecteur(texte)
            assert not isinstance(lu, Decimal) or (lu.is_finite() and lu >= 0 and lu == round(lu, 2))


@given(st.text(max_size=20))
@example("31 février 2026")
@example("1er mars 2019")
@example("99999-01-01")
@example("0 mai 2026")
def test_une_date_quelconque_se_lit_ou_se_refuse(texte: str) -> None:
    with suppress(ValidationError):
        lue = DateField(required=False).clean(texte)
        assert (lue is None) is (not texte.strip())
