"""Charger la démonstration deux fois ne change rien; ses invariants tiennent; ses comptes ont leur rôle."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command

from alliances.models import TeteGrandLivre
from appels.models import Appel
from comptes.models import Utilisateur
from portail.demonstration.chargement import charger_demonstration
from portail.demonstration.comptes import AUXILIAIRES, COMPTES
from projets.models import Projet
from reddition.models import Reddition
from socle.horloge import maintenant
from socle.models import Courriel, Envoi, Travail
from tests.outils.personnes import client

pytestmark = pytest.mark.django_db


def comptes() -> dict[str, int]:
    return {m._meta.label: m._default_manager.count() for m in apps.get_models() if m._meta.managed}


def tetes() -> list[tuple]:
    return list(TeteGrandLivre.objects.order_by("pk").values_list("entente__code", "sequence", "empreinte"))


def test_charger_deux_fois_ne_change_rien() -> None:
    avant = (comptes(), tetes(), list(Projet.objects.order_by("pk").values("numero", "etat", "titre")))
    charger_demonstration(maintenant())
    assert (comptes(), tetes(), list(Projet.objects.order_by("pk").values("numero", "etat", "titre"))) == avant


def test_recharger_garde_ce_qu_une_personne_a_fait() -> None:
    Projet.objects.filter(etat="brouillon").update(titre="Mon titre à moi")
    Utilisateur.objects.filter(email="promoteur@demo.example").update(nom="Marie")
    charger_demonstration(maintenant())
    assert Projet.objects.get(entente__code="02-2024", etat="brouillon").titre == "Mon titre à moi"
    assert Utilisateur.objects.get(email="promoteur@demo.example").nom == "Marie"


def test_r21_un_appel_ferme_se_prolonge_vers_l_avant() -> None:
    """Le lendemain de l'échéance, recharger rouvre l'appel du jour, et rien d'autre."""
    appel = Appel.objects.get(code="02-2024-1")
    autres = list(Appel.objects.exclude(pk=appel.pk).values())
    apres = appel.fermeture + (appel.fermeture - appel.ouverture)
    charger_demonstration(apres)
    prolonge = Appel.objects.get(pk=appel.pk)
    assert prolonge.fermeture > apres
    assert prolonge.ouverture == appel.ouverture
    assert list(Appel.objects.exclude(pk=appel.pk).values()) == autres


def test_tous_les_invariants_tiennent() -> None:
    sortie = StringIO()
    call_command("verifier_integrite", stdout=sortie)
    lignes = sortie.getvalue().splitlines()
    assert len(lignes) >= 8
    assert not [ligne for ligne in lignes if ligne.startswith("FAUTE")]


def test_rien_du_passe_ne_part_aujourd_hui() -> None:
    """Aucun courriel de 2019 n'attend; aucun PDF de 2019 ne se prépare tout seul."""
    vieux = maintenant().replace(year=maintenant().year - 2)
    assert not Envoi.objects.filter(cree_le__lt=vieux, etat="en_attente", tache="socle.envoyer_courriel").exists()
    assert not Courriel.objects.filter(cree_le__lt=vieux, etat="a_envoyer").exists()
    assert not Travail.objects.filter(demande_le__lt=vieux, fichier__isnull=True, genre__startswith="projets.").exists()


def test_les_redditions_de_l_alliance_02() -> None:
    etats = list(
        Reddition.objects.filter(entente__code="02-2017")
        .order_by("exercice", "version")
        .values_list("exercice", "etat")
    )
    assert etats == [
        (f"{annee}-{annee + 1}", etat)
        for annee in range(2017, 2024)
        for etat in (("remplacee", "acceptee") if annee == 2019 else ("acceptee",))
    ]


@pytest.mark.parametrize("compte", [*COMPTES, *AUXILIAIRES], ids=lambda compte: compte.local)
def test_chaque_compte_se_connecte_et_arrive_ou_il_travaille(compte) -> None:
    personne = Utilisateur.objects.get(email=compte.email)
    assert personne.check_password("solidarite-demo-02")
    assert {r.role for r in personne.portees.roles} == ({compte.role} if compte.role else set())
    arrivee = client(compte.local).get("/mon-espace/", follow=True)
    assert arrivee.status_code == 200
    attendu = {"ministere": "/ministere/", "evaluation": "/comite/", None: "/projets/"}.get(compte.role, "/admin/")
    assert arrivee.redirect_chain[-1][0] == attendu


def test_la_commande_des_comptes_les_nomme_tous() -> None:
    sortie = StringIO()
    call_command("comptes_demo", stdout=sortie)
    assert all(compte.email in sortie.getvalue() for compte in COMPTES)


def test_recharger_apres_la_demonstration_de_minuit() -> None:
    """Redémarrer `bin/demo` : la personne « promoteur » a alors un second organisme."""
    call_command("depot_de_minuit", stdout=StringIO())
    charger_demonstration(maintenant())
    call_command("depot_de_minuit", stdout=StringIO())
