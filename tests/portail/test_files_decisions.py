"""L'accueil mène à la décision : ce que la coordination prépare, la résolution du secrétariat, les lettres à relire."""

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from comptes.models import Utilisateur
from portail.files_decisions import files_des_decisions
from projets.enums import EtatLettre
from projets.models import DecisionPreparee, Lettre, Projet

pytestmark = pytest.mark.django_db
RESOLUTION = "Consigner une résolution"


def files(nom: str) -> dict[str, QuerySet]:
    personne = Utilisateur.objects.get(email=f"{nom}@demo.example")
    return {titre: objets for titre, _geste, objets, *_suite in files_des_decisions(personne)}


def test_une_demande_preparee_quitte_ce_qui_est_a_preparer() -> None:
    preparee = DecisionPreparee.objects.select_related("projet").get(entente__code="02-2024")
    a_preparer = files("coordination")["Décisions à préparer"]
    assert a_preparer.exists()
    assert preparee.projet not in a_preparer
    assert list(files("secretariat")["Décisions préparées"]) == [preparee]
    preparee.delete()
    assert Projet.objects.get(pk=preparee.projet_id) in a_preparer.all()
    assert not files("secretariat")["Décisions préparées"].exists()


def test_les_lettres_selon_leur_etat() -> None:
    lettre = Lettre.objects.filter(entente__code="02-2024").latest("pk")
    for titre, etat in (("Lettres à relire", EtatLettre.REDIGEE), ("Lettres relues, à envoyer", EtatLettre.RELUE)):
        Lettre.objects.filter(pk=lettre.pk).update(etat=etat)
        trouvees = files("coordination")
        assert lettre in trouvees[titre]
        assert sum(lettre in objets for nom, objets in trouvees.items() if nom.startswith("Lettres")) == 1


@pytest.mark.parametrize("nom", ["finances", "tresorerie", "agent", "evaluation1", "promoteur"])
def test_rien_pour_les_autres_roles(nom: str) -> None:
    assert files(nom) == {}


def test_l_accueil_du_secretariat_mene_a_la_resolution(client: Client) -> None:
    client.force_login(Utilisateur.objects.get(email="secretariat@demo.example"))
    adresse = reverse("admin:projets_projet_resolution")
    assert f'<a class="bouton" href="{adresse}">{RESOLUTION}</a>' in client.get("/admin/").content.decode()
    DecisionPreparee.objects.all().delete()
    assert f'href="{adresse}">{RESOLUTION}' not in client.get("/admin/").content.decode()


def test_le_dossier_dit_ce_qui_est_propose_a_l_equipe_seulement(client: Client) -> None:
    """L'agent du territoire lit la demande, pas ce qui sera proposé à l'instance."""
    projet = Projet.objects.deposes().filter(enveloppe__code="02-2024/MC", decision=None).first()
    DecisionPreparee.objects.filter(entente__code="02-2024").update(projet=projet)
    adresse = reverse("admin:projets_projet_change", args=[projet.pk])
    for nom, lue in (("finances", True), ("secretariat", True), ("agent", False)):
        client.force_login(Utilisateur.objects.get(email=f"{nom}@demo.example"))
        reponse = client.get(adresse)
        assert reponse.status_code == 200
        assert ("Décision préparée\u00a0:" in reponse.content.decode()) is lue, nom
