"""La coordination de Lanaudière n'atteint rien de l'Alliance 02 : adresses, listes, filtres, actes, valeurs postées."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import FieldError
from django.urls import reverse

from alliances.models import Entente, Enveloppe, Mouvement
from portail.rappels import battre
from projets.models import Decision, Projet, Versement
from reddition.models import Reddition
from socle.admin.portee import AdminPortee
from socle.horloge import maintenant
from tests.outils.personnes import client

pytestmark = pytest.mark.django_db
FUITE = re.compile(
    r"02-2017|02-2024|Chicoutimi|Maria-Chapdelaine|démonstration (BS|CH|JQ|LE|DR|MC|RG)-\d|coordination@demo\.example|Alliance régionale"
)


def classes() -> list[AdminPortee]:
    return list(admin.site._registry.values())


def adresses(classe: AdminPortee) -> list[str]:
    """Lecture, historique, suppression et chaque acte, sur un objet de l'Alliance 02."""
    modele, base = classe.model, f"admin:{classe.opts.app_label}_{classe.opts.model_name}"
    objet = objet_02(modele)
    noms = ["change", "history", "delete", *[acte.adresse.replace("-", "_") for acte in classe.actes]]
    return [reverse(f"{base}_{nom}", args=[objet.pk]) for nom in noms]


def objet_02(modele):
    """Le premier objet du modèle qui relève de l'Alliance 02."""
    for chemin in ("entente__mandataire__code", "mandataire__code", "mandataire_code", "code"):
        try:
            return modele.objects.filter(**{chemin: "02"}).order_by("pk").first()
        except FieldError:
            continue
    raise AssertionError(f"aucun objet de l'Alliance 02 pour {modele}")


def test_tout_modele_de_l_admin_est_scope() -> None:
    assert len(classes()) >= 9
    assert all(isinstance(classe, AdminPortee) for classe in admin.site._registry.values())


@pytest.mark.parametrize("etiquette", sorted(classe.opts.label_lower for classe in admin.site._registry.values()))
def test_listes_et_objets(etiquette: str) -> None:
    classe, c = admin.site._registry[apps.get_model(etiquette)], client("coordination.lanaudiere")
    battre(maintenant())  # un rappel de l'Alliance 02, s'il n'y en avait pas
    liste = reverse(f"admin:{classe.opts.app_label}_{classe.opts.model_name}_changelist")
    reponse = c.get(liste)
    assert reponse.status_code == 200
    assert not FUITE.search(reponse.content.decode())
    cherche = c.get(liste, {"q": "02-"})
    assert not FUITE.search(cherche.content.decode().replace('value="02-"', ""))
    for adresse in adresses(classe):
        reponse = c.get(adresse)
        assert reponse.status_code in {302, 403, 404}, adresse
        if reponse.status_code == 302:
            assert reponse["Location"] == "/admin/"
            assert not FUITE.search(c.get("/admin/").content.decode())


@pytest.mark.parametrize("etiquette", sorted(classe.opts.label_lower for classe in admin.site._registry.values()))
def test_la_coordination_lit_ce_qui_est_a_elle(etiquette: str) -> None:
    """Le témoin : les mêmes pages s'ouvrent pour la coordination de l'Alliance 02."""
    classe, c = admin.site._registry[apps.get_model(etiquette)], client("coordination")
    battre(maintenant())
    adresse = reverse(
        f"admin:{classe.opts.app_label}_{classe.opts.model_name}_change", args=[objet_02(classe.model).pk]
    )
    assert c.get(adresse).status_code == 200


@pytest.mark.parametrize(
    "filtre",
    ["entente__id__exact", "enveloppe__id__exact", "appel__id__exact", "entente__code", "entente__mandataire__code"],
)
def test_un_filtre_force_ne_montre_rien(filtre: str) -> None:
    c = client("coordination.lanaudiere")
    valeurs = {
        "entente__id__exact": Entente.objects.get(code="02-2017").pk,
        "enveloppe__id__exact": Enveloppe.objects.get(code="02-2017/CH").pk,
    }
    for liste in ("projets_projet", "alliances_mouvement", "alliances_enveloppe", "appels_appel"):
        reponse = c.get(reverse(f"admin:{liste}_changelist"), {filtre: valeurs.get(filtre, "02")}, follow=True)
        assert reponse.status_code in {200, 400}
        assert not FUITE.search(reponse.content.decode())


def test_autocompletion_et_ajouts_fermes() -> None:
    c = client("coordination.lanaudiere")
    reponse = c.get(
        "/admin/autocomplete/", {"app_label": "projets", "model_name": "projet", "field_name": "organisme", "term": "a"}
    )
    assert reponse.status_code in {403, 404}
    for classe in classes():
        adresse = reverse(f"admin:{classe.opts.app_label}_{classe.opts.model_name}_add")
        assert c.get(adresse, {"entente": Entente.objects.get(code="02-2017").pk}).status_code == 403


def test_identifiants_postes_ne_changent_rien() -> None:
    c = client("coordination.lanaudiere")
    avant = (Mouvement.objects.count(), Decision.objects.count(), Reddition.objects.count())
    reponse = c.post(
        "/admin/reddition/reddition/preparer/",
        {"entente": Entente.objects.get(code="02-2024").pk, "exercice": "2024-2025"},
    )
    assert reponse.status_code == 200
    assert "Il y a un problème" in reponse.content.decode()
    projet = Projet.objects.filter(entente__code="02-2024", etat="depose").first()
    assert (
        c.post(reverse("admin:projets_projet_admissibilite", args=[projet.pk]), {"admissible": "oui"}).status_code
        == 404
    )
    versement = Versement.objects.filter(entente__code="02-2024", etat="prevu").first()
    assert c.post(reverse("admin:projets_versement_approuver", args=[versement.pk]), {}).status_code == 404
    assert (Mouvement.objects.count(), Decision.objects.count(), Reddition.objects.count()) == avant
    projet.refresh_from_db()
    assert projet.etat == "depose"


def test_une_enveloppe_d_ailleurs_n_est_pas_un_choix_de_decision() -> None:
    """Le secrétariat de Lanaudière poste une enveloppe de l'Alliance 02 : rien ne s'inscrit."""
    projet = Projet.objects.filter(entente__code="14-2017").first()
    Projet.objects.filter(pk=projet.pk).update(etat="recommande")
    avant = Mouvement.objects.count()
    reponse = client("secretariat.lanaudiere").post(
        reverse("admin:projets_projet_decider", args=[projet.pk]),
        {
            "sens": "accepter",
            "resolution": "X",
            "adoptee_le": "2026-01-01",
            "enveloppe_1": Enveloppe.objects.get(code="02-2017/CH").pk,
            "exercice_1": "2023-2024",
            "montant_1": "10,00",
        },
    )
    assert reponse.status_code == 200
    assert not FUITE.search(reponse.content.decode())
    assert Mouvement.objects.count() == avant
