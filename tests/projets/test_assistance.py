"""Écrire avec de l'aide : l'agent invité, la demande papier; tracé, jamais plus que ce qui est ouvert."""

from datetime import timedelta

import pytest
from django.urls import reverse

from appels.models import Appel
from comptes.models import Organisme
from projets.models import Projet
from projets.services.assistance import partager_brouillon, reprendre_partage, saisir_papier
from projets.services.brouillons import Ecriture, enregistrer_reponses
from projets.services.depots import deposer_projet
from socle.erreurs import Refus
from socle.etats import journal_lisible
from socle.horloge import maintenant
from socle.models import Courriel
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db


def acteur(nom: str = "organismes") -> dict:
    return {"auteur": personne(nom), "instant": maintenant()}


@pytest.fixture
def brouillon() -> Projet:
    """Le brouillon de la démonstration, dans le territoire de l'agent."""
    projet = Projet.objects.select_related("appel").get(etat="brouillon", entente__code="02-2024")
    territoire = personne("agent").affectations.get().territoire
    projet.enveloppe = projet.entente.enveloppes.get(territoire=territoire)
    projet.save(update_fields=["enveloppe"])
    return projet


def test_sans_invitation_l_agent_ne_voit_aucun_brouillon(brouillon: Projet) -> None:
    c = client("agent")
    assert c.get(brouillon.get_absolute_url()).status_code == 404
    with pytest.raises(Refus, match="rôle"):
        enregistrer_reponses(projet=brouillon, section="projet", ecritures=[Ecriture("besoin", "x")], **acteur("agent"))


def test_l_agent_invite_ecrit_a_son_nom_et_ne_depose_pas(brouillon: Projet) -> None:
    partager_brouillon(projet=brouillon, **acteur())
    c = client("agent")
    assert c.get(brouillon.get_absolute_url()).status_code == 200
    assert brouillon.titre in c.get("/projets/").content.decode()
    adresse = reverse("projets:champ", args=[brouillon.uuid])
    assert c.post(adresse, {"section": "projet", "champ": "besoin", "besoin": "Écrit ensemble."}).status_code == 200
    brouillon.refresh_from_db()
    assert (brouillon.besoin, brouillon.versions["besoin"]["par"]) == ("Écrit ensemble.", personne("agent").pk)
    assert (
        "un membre de l’organisme qui en a le mandat doit le faire"
        in c.get(reverse("projets:relire", args=[brouillon.uuid])).content.decode()
    )
    with pytest.raises(Refus, match="rôle"):
        deposer_projet(projet=brouillon, **acteur("agent"))
    assert c.post(reverse("projets:supprimer", args=[brouillon.uuid])).status_code == 403
    assert [m.destinataire for m in Courriel.objects.filter(genre="projets/partage")] == [personne("agent").email]


def test_arreter_le_partage_ferme_aussitot(brouillon: Projet) -> None:
    c = client("organismes")
    adresse = reverse("projets:partager", args=[brouillon.uuid])
    assert c.post(adresse).status_code == 302
    assert client("agent").get(brouillon.get_absolute_url()).status_code == 200
    c.post(adresse, {"arreter": "1"})
    assert client("agent").get(brouillon.get_absolute_url()).status_code == 404
    assert {"Brouillon partagé avec l’agent du territoire", "Partage arrêté"} <= {
        ligne.motif for ligne in journal_lisible(brouillon)
    }


def test_l_agent_d_un_autre_territoire_n_y_gagne_rien(brouillon: Projet) -> None:
    partager_brouillon(projet=brouillon, **acteur())
    autre = brouillon.entente.enveloppes.exclude(territoire=None).exclude(territoire=brouillon.enveloppe.territoire)
    Projet.objects.filter(pk=brouillon.pk).update(enveloppe=autre.first())
    assert client("agent").get(brouillon.get_absolute_url()).status_code == 404


def test_partager_demande_un_territoire_et_un_agent(brouillon: Projet) -> None:
    personne("agent").affectations.update(fin=maintenant().date() - timedelta(days=2))
    with pytest.raises(Refus, match="Aucun agent"):
        partager_brouillon(projet=brouillon, **acteur())
    Projet.objects.filter(pk=brouillon.pk).update(enveloppe=None)
    with pytest.raises(Refus, match="territoire du projet"):
        partager_brouillon(projet=brouillon, **acteur())
    with pytest.raises(Refus, match="rôle"):
        reprendre_partage(projet=brouillon, **acteur("agent"))


# Papier -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def appel() -> Appel:
    return Appel.objects.select_related("entente__mandataire").get(code="02-2024-1")


@pytest.fixture
def organisme() -> Organisme:
    return Organisme.objects.filter(neq__isnull=False, adhesions__utilisateur=personne("organismes")).first()


def test_une_demande_papier_se_saisit_et_se_depose_a_l_heure_du_papier(appel: Appel, organisme: Organisme) -> None:
    c, recu_le = client("coordination"), maintenant() - timedelta(hours=30)
    jour = recu_le.astimezone().date()
    reponse = c.post(
        "/admin/projets/projet/papier/",
        {"appel": appel.pk, "neq": organisme.neq, "titre": "Reçu par la poste", "jour": str(jour), "heure": "9 h 05"},
    )
    assert reponse.status_code == 302, reponse.content.decode()
    papier = Projet.objects.get(titre="Reçu par la poste")
    assert reponse["Location"] == papier.get_absolute_url()
    modele = Projet.objects.get(etat="brouillon", entente__code="02-2024", origine="en_ligne")
    colonnes = ("enveloppe", "priorite", "resume_public", "besoin", "debut", "fin", "montant_demande")
    enregistrer_reponses(
        projet=papier,
        section="projet",
        ecritures=[Ecriture(nom, getattr(modele, nom)) for nom in colonnes],
        **acteur("coordination"),
    )
    relire = reverse("projets:relire", args=[papier.uuid])
    assert c.post(relire, {"attestation": "on"}).status_code == 302
    papier.refresh_from_db()
    assert (papier.etat, papier.depose_le) == ("depose", papier.recu_le)
    assert papier.depots.get().instant == papier.recu_le
    accuse = c.get(reverse("projets:accuse", args=[papier.uuid])).content.decode()
    assert "Sur le formulaire papier" in accuse
    assert not Courriel.objects.filter(genre="projets/signature").exists()
    ecrits = Courriel.objects.filter(genre="projets/accuse", objet_id=str(papier.pk))
    assert {e.destinataire for e in ecrits} == {personne("coordination").email, personne("organismes").email}


@pytest.mark.parametrize("ecart", [timedelta(0), timedelta(seconds=1)])
def test_un_papier_arrive_a_l_echeance_ou_apres_est_refuse(
    appel: Appel, organisme: Organisme, ecart: timedelta
) -> None:
    recu_le = appel.fermeture + ecart
    commun = {"appel": appel, "organisme": organisme, "titre": "Tard", "auteur": personne("coordination")}
    with pytest.raises(Refus, match="pendant la période de dépôt"):
        saisir_papier(**commun, recu_le=recu_le, instant=recu_le + timedelta(days=1))
    with pytest.raises(Refus, match="pendant la période de dépôt"):
        saisir_papier(**commun, recu_le=maintenant() + timedelta(hours=1), instant=maintenant())
    juste = appel.fermeture - timedelta(microseconds=1)
    assert saisir_papier(**commun, recu_le=juste, instant=recu_le + timedelta(days=1)).recu_le == juste


@pytest.mark.parametrize("nom", ["organismes", "agent", "ministere", "coordination.lanaudiere", "finances"])
def test_seule_la_coordination_de_l_appel_saisit_un_papier(appel: Appel, organisme: Organisme, nom: str) -> None:
    recu_le = maintenant() - timedelta(hours=2)
    with pytest.raises(Refus, match="rôle"):
        saisir_papier(appel=appel, organisme=organisme, titre="Non", recu_le=recu_le, **acteur(nom))


def test_un_neq_inconnu_ou_un_appel_d_ailleurs_se_disent(appel: Appel) -> None:
    c = client("coordination.lanaudiere")
    texte = c.post(
        "/admin/projets/projet/papier/",
        {"appel": appel.pk, "neq": "1170000999", "titre": "X", "jour": "2026-11-20", "heure": "25 h"},
    ).content.decode()
    assert "Aucun organisme n’est inscrit au portail avec ce NEQ" in texte
    assert "Écrivez l’heure ainsi" in texte
    assert "Sélectionnez un choix valide" in texte or "choix" in texte


def test_la_page_a_imprimer_dit_que_le_brouillon_n_est_pas_depose(brouillon: Projet) -> None:
    texte = client("organismes").get(reverse("projets:imprimer", args=[brouillon.uuid])).content.decode()
    assert "cette demande n’est pas déposée" in texte
    assert brouillon.besoin in texte
