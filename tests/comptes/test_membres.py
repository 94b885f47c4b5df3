"""Entrer dans un organisme et en sortir : invitation à jeton, rôles, retrait immédiat, demande de rejoindre."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from comptes.models import Adhesion, DemandeAdhesion, Invitation, Organisme, Utilisateur
from comptes.services.membres import (
    DUREE_INVITATION,
    accepter_invitation,
    changer_roles,
    demander_a_rejoindre,
    inviter_membre,
    retirer_membre,
    trancher_adhesion,
)
from portail.rappels import battre
from socle.erreurs import Refus
from socle.horloge import maintenant
from socle.models import Courriel, Rappel
from tests.outils.personnes import ROLES, client, personne

pytestmark = pytest.mark.django_db


def mien() -> Organisme:
    return personne("promoteur").adhesions.get().organisme


def adresse(nom: str, *cles: object) -> str:
    return reverse(f"comptes:{nom}", args=[mien().uuid, *cles])


def inviter(email: str = "finances@demo.example", auteur: str = "promoteur", **roles: bool) -> Invitation:
    roles = {"mandat_de_deposer": False, "signataire": False, **roles}
    return inviter_membre(organisme=mien(), email=email, auteur=personne(auteur), instant=maintenant(), **roles)


def lien(email: str = "finances@demo.example") -> str:
    texte = Courriel.objects.filter(genre="comptes/invitation", destinataire=email).first().texte
    return re.search(r"https?://[^/\s]+(/organismes/invitation/\S+)", texte)[1]


def membre(nom: str = "finances", **roles: bool) -> Adhesion:
    inviter(f"{nom}@demo.example", **roles)
    accepter_invitation(invitation=Invitation.objects.first(), auteur=personne(nom), instant=maintenant())
    return mien().adhesions.get(utilisateur=personne(nom))


def test_une_invitation_se_lit_sans_engager_puis_s_accepte_une_fois() -> None:
    c = client("promoteur")
    donnees = {"email": "Finances@demo.example", "mandat_de_deposer": "on"}
    assert c.post(adresse("membres"), donnees).status_code == 302
    invitee, chemin = client("finances"), lien()
    assert mien().nom in invitee.get(chemin).content.decode()
    assert not mien().adhesions.filter(utilisateur=personne("finances")).exists(), "lire le lien n'engage à rien"
    assert invitee.post(chemin, {"x": "1"}).status_code == 302
    adhesion = mien().adhesions.get(utilisateur=personne("finances"))
    assert (adhesion.mandat_de_deposer, adhesion.signataire) == (True, False)
    assert invitee.get(adresse("organisme")).status_code == 200
    assert "ne sert plus" in invitee.get(chemin).content.decode()


def test_le_jeton_n_est_pas_garde_et_un_jeton_invente_est_introuvable() -> None:
    inviter()
    jeton = lien().rstrip("/").rpartition("/")[2]
    assert not Invitation.objects.filter(jeton=jeton).exists()
    assert client("finances").get(f"/organismes/invitation/{jeton}x/").status_code == 404
    assert client("anonyme").get(lien()).status_code == 302


def test_une_autre_personne_n_utilise_pas_le_lien() -> None:
    inviter()
    c = client("tresorerie")
    page = c.get(lien()).content.decode()
    assert "pour une autre adresse" in page
    assert "finances@" not in page
    assert mien().nom not in page
    c.post(lien(), {"x": "1"})
    assert not mien().adhesions.filter(utilisateur=personne("tresorerie")).exists()


@pytest.mark.parametrize("cas", ["expiree", "annulee", "remplacee"])
def test_un_lien_perime_ne_sert_plus(cas: str) -> None:
    invitation, chemin = inviter(), lien()
    instant = maintenant()
    if cas == "expiree":
        instant += DUREE_INVITATION
    elif cas == "annulee":
        assert client("promoteur").post(adresse("annuler_invitation", invitation.pk)).status_code == 302
    else:
        inviter()
    with pytest.raises(Refus, match="ne sert plus"):
        accepter_invitation(invitation=invitation, auteur=personne("finances"), instant=instant)
    if cas != "expiree":
        assert "ne sert plus" in client("finances").get(chemin).content.decode()


def test_accepter_confirme_l_adresse() -> None:
    nouvelle = Utilisateur.objects.create_user("neuve@demo.example", "une phrase bien assez longue")
    EmailAddress.objects.create(user=nouvelle, email=nouvelle.email, primary=True, verified=False)
    accepter_invitation(invitation=inviter("neuve@demo.example"), auteur=nouvelle, instant=maintenant())
    assert EmailAddress.objects.get(user=nouvelle).verified


def test_ce_qui_ne_s_invite_pas() -> None:
    with pytest.raises(Refus, match="déjà membre") as refus:
        inviter("promoteur@demo.example")
    assert refus.value.champ == "email"
    membre("finances", mandat_de_deposer=True)
    with pytest.raises(Refus, match="donner la signature"):
        inviter("tresorerie@demo.example", auteur="finances", signataire=True)
    assert inviter("tresorerie@demo.example", signataire=True).signataire, "qui signe peut donner la signature"


@pytest.mark.parametrize("nom", [nom for nom in ROLES if nom not in {"anonyme", "promoteur"}])
def test_qui_n_est_pas_membre_n_invite_ni_ne_retire(nom: str) -> None:
    with pytest.raises(Refus, match="Votre rôle"):
        inviter(auteur=nom)
    with pytest.raises(Refus, match="Votre rôle"):
        retirer_membre(adhesion=mien().adhesions.get(), auteur=personne(nom), instant=maintenant())
    assert client(nom).post(adresse("membres"), {"email": "x@demo.example"}).status_code == 404


def test_sans_mandat_on_n_invite_pas_ni_ne_change_les_roles() -> None:
    adhesion = membre()
    c = client("finances")
    assert c.get(adresse("membres")).status_code == 200
    assert c.post(adresse("membres"), {"email": "tresorerie@demo.example"}).status_code == 403
    assert c.get(adresse("membre", adhesion.pk)).status_code == 403
    autre = mien().adhesions.get(utilisateur=personne("promoteur"))
    assert c.post(adresse("retirer_membre", autre.pk), {"x": "1"}).status_code == 403
    assert c.post(adresse("retirer_membre", adhesion.pk), {"x": "1"}).status_code == 302, "on peut quitter"


def test_retirer_ferme_l_acces_a_la_requete_suivante_et_revenir_ne_rend_pas_la_signature() -> None:
    adhesion, c = membre(mandat_de_deposer=True, signataire=True), client("finances")
    assert c.get(adresse("organisme")).status_code == 200
    assert client("promoteur").post(adresse("retirer_membre", adhesion.pk), {"x": "1"}).status_code == 302
    assert c.get(adresse("organisme")).status_code == 404
    assert not personne("finances").portees.peut_deposer(mien().pk)
    revenue = membre()
    assert (revenue.retiree_le, revenue.mandat_de_deposer, revenue.signataire) == (None, False, False)


def test_la_derniere_personne_au_mandat_reste() -> None:
    derniere, acteur = mien().adhesions.get(), {"auteur": personne("promoteur"), "instant": maintenant()}
    for geste in (
        lambda: retirer_membre(adhesion=derniere, **acteur),
        lambda: changer_roles(adhesion=derniere, mandat_de_deposer=False, signataire=True, **acteur),
    ):
        with pytest.raises(Refus, match="dernière personne"):
            geste()
    assert (
        "dernière personne"
        in client("promoteur").post(adresse("retirer_membre", derniere.pk), {"x": "1"}).content.decode()
    )
    membre(mandat_de_deposer=True)
    assert retirer_membre(adhesion=derniere, **acteur).retiree_le


def test_rejoindre_ne_dit_pas_si_l_organisme_existe() -> None:
    c = client("finances")
    reponses = [
        c.post("/organismes/rejoindre/", {"neq": neq, "mot": "Je suis à la comptabilité."}, follow=True)
        for neq in (mien().neq, "1199999999")
    ]
    pages = [r.content.decode() for r in reponses]
    assert all("Si un organisme est inscrit avec ce NEQ" in page for page in pages)
    assert mien().nom not in pages[0]
    demande = DemandeAdhesion.objects.get(utilisateur=personne("finances"))
    assert Courriel.objects.filter(genre="comptes/rejoindre", destinataire="promoteur@demo.example").exists()
    page = client("promoteur").get(adresse("membres")).content.decode()
    assert "Je suis à la comptabilité." in page
    assert client("promoteur").post(adresse("trancher_adhesion", demande.pk), {"confirmer": "1"}).status_code == 302
    adhesion = mien().adhesions.get(utilisateur=personne("finances"))
    assert (adhesion.mandat_de_deposer, adhesion.signataire) == (False, False)


def test_une_demande_refusee_n_ouvre_rien_et_ne_se_tranche_qu_une_fois() -> None:
    demande = demander_a_rejoindre(neq=mien().neq, mot="", utilisateur=personne("finances"), instant=maintenant())
    acteur = {"auteur": personne("promoteur"), "instant": maintenant(), "mandat_de_deposer": True}
    trancher_adhesion(demande=demande, confirmer=False, **acteur)
    with pytest.raises(Refus, match="déjà tranchée"):
        trancher_adhesion(demande=demande, confirmer=True, **acteur)
    assert client("finances").get(adresse("organisme")).status_code == 404


def test_cinq_demandes_en_attente_au_plus() -> None:
    neqs = list(Organisme.objects.exclude(neq=None).exclude(pk=mien().pk).values_list("neq", flat=True)[:6])
    for neq in neqs[:5]:
        demander_a_rejoindre(neq=neq, mot="", utilisateur=personne("promoteur"), instant=maintenant())
    with pytest.raises(Refus, match="5 demandes en attente"):
        demander_a_rejoindre(neq=neqs[5], mot="", utilisateur=personne("promoteur"), instant=maintenant())


def test_un_courriel_non_confirme_laisse_ecrire_et_deposer_puis_se_rappelle() -> None:
    adresse_du_compte = EmailAddress.objects.get(user=personne("promoteur"))
    EmailAddress.objects.filter(pk=adresse_du_compte.pk).update(verified=False)
    Utilisateur.objects.filter(pk=personne("promoteur").pk).update(cree_le=maintenant() - timedelta(hours=21))
    c = client("promoteur")
    page = c.get("/projets/").content.decode()
    assert "Confirmez votre courriel promoteur@demo.example d’ici le" in page
    assert "Renvoyer le message" in page
    assert c.get("/projets/nouveau/02-2024-1/").status_code == 200
    assert inviter().email
    battre(maintenant())
    rappel = Rappel.objects.get(genre="courriel", destinataire="promoteur@demo.example")
    assert rappel.palier == "H+20"
    chemin = re.search(r"https?://[^/\s]+(/compte/\S+)", rappel.courriel.texte)[1]
    Utilisateur.objects.filter(pk=personne("promoteur").pk).update(cree_le=maintenant() - timedelta(hours=25))
    assert "inviter d’autres membres attend" in c.get("/projets/").content.decode()
    with pytest.raises(Refus, match="Confirmez d’abord votre courriel"):
        inviter("tresorerie@demo.example")
    assert c.post(chemin).status_code == 302
    assert "Renvoyer le message" not in c.get("/projets/").content.decode()
