"""Chaque liste coûte le même nombre de requêtes pour un objet et pour trois."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comptes.models import Adhesion, Utilisateur
from projets.models import Evaluation, Projet
from socle.horloge import maintenant
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db
LISTES = sorted(
    f"{m._meta.app_label}_{m._meta.model_name}" for m in admin.site._registry if m._meta.app_label != "account"
)
BUDGET_LISTE = 14


def compter(c, adresse: str) -> int:
    c.get(adresse)  # la première visite remplit les caches de l'adresse et du gabarit
    with CaptureQueriesContext(
        connection,
    ) as requetes:
        assert c.get(adresse).status_code == 200
    return len(requetes)


@pytest.mark.parametrize("liste", LISTES)
def test_listes_de_l_admin(liste: str, monkeypatch: pytest.MonkeyPatch) -> None:
    classe = next(
        classe
        for modele, classe in admin.site._registry.items()
        if f"{modele._meta.app_label}_{modele._meta.model_name}" == liste
    )
    c, comptes = client("coordination"), []
    for taille in (1, 3):
        monkeypatch.setattr(type(classe), "list_per_page", taille)
        monkeypatch.setattr(type(classe), "list_max_show_all", 0)
        comptes.append(compter(c, reverse(f"admin:{liste}_changelist")))
    assert comptes[0] == comptes[1]
    assert comptes[1] <= BUDGET_LISTE


def _nouveau(nombre: int, attribuer) -> str:
    utilisateur = Utilisateur.objects.create_user(f"liste{nombre}@demo.example", "mot de passe assez long")
    attribuer(utilisateur, nombre)
    return f"liste{nombre}"


def _organismes(utilisateur: Utilisateur, nombre: int) -> None:
    for projet in Projet.objects.filter(etat="accepte", entente__code="02-2017").order_by("id")[:nombre]:
        Adhesion.objects.create(utilisateur=utilisateur, organisme=projet.organisme, depuis=maintenant())


def _evaluations(utilisateur: Utilisateur, nombre: int) -> None:
    cles = (
        Evaluation.objects.filter(evaluateur=personne("evaluation1"))
        .order_by("id")
        .values_list("pk", flat=True)[:nombre]
    )
    Evaluation.objects.filter(pk__in=list(cles)).update(evaluateur=utilisateur)


@pytest.mark.parametrize(("adresse", "attribuer"), [("/projets/", _organismes), ("/comite/", _evaluations)])
def test_listes_du_portail(adresse: str, attribuer) -> None:
    comptes = [compter(client(_nouveau(nombre, attribuer)), adresse) for nombre in (1, 3)]
    assert comptes[0] == comptes[1]
    assert comptes[1] <= BUDGET_LISTE


def test_dossiers_d_un_chiffre() -> None:
    c, base = client("ministere"), "/ministere/02-2017/2019-2020/2/dossiers/"
    assert (
        compter(c, f"{base}?enveloppe=Domaine-du-Roy")
        == compter(c, f"{base}?enveloppe=Chicoutimi et les environs")
        <= BUDGET_LISTE
    )


@pytest.mark.parametrize(
    ("adresse", "budget"),
    [
        ("/", 6),
        ("/appels/", 6),
        ("/appels/02-2024-1/", 8),
        ("/appels/02-2024-2/", 8),
        ("/appels/02-2024-1/guide/", 9),
        ("/appels/02-2024-1/questions/", 2),
        ("/alliances/", 8),
        ("/alliances/02/", 14),
        ("/alliances/14/", 14),
        ("/alliances/PN/", 14),
        ("/ministere/", 12),
        ("/ministere/plans/", 8),
        ("/ministere/02-2017/2019-2020/2/", 14),
    ],
)
def test_budgets_de_requetes(adresse: str, budget: int) -> None:
    assert compter(client("ministere" if "ministere" in adresse else "anonyme"), adresse) <= budget


def test_budget_d_un_dossier_et_d_un_depot() -> None:
    projet = Projet.objects.filter(entente__code="02-2017", etat="accepte").first()
    assert compter(client("coordination"), reverse("admin:projets_projet_change", args=[projet.pk])) <= 40


@pytest.mark.parametrize("adresse", ["alliances/avissectoriel/?retard=oui", "projets/projet/?precisions=attendues"])
def test_un_filtre_a_nous_filtre(adresse: str) -> None:
    assert client("coordination").get(f"/admin/{adresse}").status_code == 200


@pytest.mark.parametrize(
    "filtres", ["", "?etat__exact=accepte", "?pieces=manquantes&drapeau=zone&montant=25", "?q=cuisines", "?o=5"]
)
def test_la_liste_des_demandes_tient_en_douze_requetes(filtres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Facettes, totaux et compte compris; autant pour une rangée que pour trois."""
    c, comptes = client("coordination"), []
    for taille in (1, 3):
        monkeypatch.setattr(type(admin.site._registry[Projet]), "list_per_page", taille)
        comptes.append(compter(c, f"{reverse('admin:projets_projet_changelist')}{filtres}"))
    assert comptes[0] == comptes[1] <= 12
