"""Créer son compte, confirmer son courriel, retrouver son mot de passe : par les vraies pages."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from comptes.models import Utilisateur
from socle.models import Courriel, Envoi
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db
PHRASE = "une phrase bien assez longue"
ANGLAIS = re.compile(r"\b(Sign [Ii]n|Sign [Uu]p|Forgot|Password|Hello|Thank|Please|You)\b")
NOUVELLE = "Nouvelle.Personne@organisme.example"


def inscrire(c: Client, **options: str) -> object:
    donnees = {"nom": "Nouvelle Personne", "email": NOUVELLE, "password1": PHRASE, "password2": PHRASE, **options}
    return c.post("/compte/signup/", donnees)


def courriels_a(adresse: str) -> list[Courriel]:
    return list(Courriel.objects.filter(destinataire__iexact=adresse).order_by("pk"))


def lien(courriel: Courriel) -> str:
    """Le chemin du lien écrit dans le courriel."""
    return re.search(r"https?://[^/\s]+(/compte/\S+)", courriel.texte)[1]


def sans_jeton(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)


def test_s_inscrire_ouvre_une_session_et_met_un_seul_courriel_en_boite() -> None:
    c = Client()
    reponse = inscrire(c)
    assert reponse.status_code == 302
    nouvelle = Utilisateur.objects.get(email=NOUVELLE.lower())
    assert (nouvelle.nom, nouvelle.interne, nouvelle.portees.roles, nouvelle.portees.organismes) == (
        "Nouvelle Personne",
        False,
        [],
        [],
    )
    [courriel] = courriels_a(NOUVELLE)
    assert Envoi.objects.filter(cle=f"courriel:{courriel.pk}").count() == 1
    assert c.get("/projets/").status_code == 200


def test_le_lien_de_confirmation_confirme_une_fois() -> None:
    inscrire(Client())
    chemin = lien(courriels_a(NOUVELLE)[0])
    assert not EmailAddress.objects.get(email__iexact=NOUVELLE).verified
    c = Client()
    assert c.get(chemin).status_code == 200
    assert not EmailAddress.objects.get(email__iexact=NOUVELLE).verified, (
        "lire le lien ne confirme rien : un antivirus le lit"
    )
    assert c.post(chemin).status_code == 302
    assert EmailAddress.objects.get(email__iexact=NOUVELLE).verified


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"password1": "court", "password2": "court"}, "15 caractères"),
        (
            {"password1": "Nouvelle.Personne@organisme", "password2": "Nouvelle.Personne@organisme"},
            "trop semblable au champ «\xa0courriel\xa0»",
        ),
        ({"password2": "une autre phrase bien longue"}, "mot de passe"),
        ({"email": "pas-un-courriel"}, "courriel"),
        ({"nom": ""}, "obligatoire"),
    ],
)
def test_ce_qui_manque_se_dit_et_garde_ce_qui_est_tape(options: dict[str, str], message: str) -> None:
    reponse = inscrire(Client(), **options)
    page = reponse.content.decode()
    assert (reponse.status_code, message in page) == (200, True)
    assert options.get("email", NOUVELLE) in page
    assert not Utilisateur.objects.filter(email=NOUVELLE.lower()).exists()


def test_le_courriel_est_unique_sans_egard_a_la_casse() -> None:
    avant = Utilisateur.objects.count()
    inscrire(Client(), email="Promoteur@Demo.Example")
    assert Utilisateur.objects.count() == avant


def test_mot_de_passe_oublie_repond_pareil_a_un_courriel_inconnu() -> None:
    pages = []
    for adresse in ("promoteur@demo.example", "inconnu@demo.example"):
        reponse = Client().post("/compte/password/reset/", {"email": adresse}, follow=True)
        assert reponse.status_code == 200
        pages.append((reponse.redirect_chain, sans_jeton(reponse.content.decode()).replace(adresse, "")))
    assert pages[0] == pages[1]


def test_le_lien_de_reinitialisation_sert_une_fois() -> None:
    Client().post("/compte/password/reset/", {"email": "promoteur@demo.example"})
    chemin = lien(courriels_a("promoteur@demo.example")[-1])
    c = Client()
    formulaire = c.get(chemin, follow=True)
    assert formulaire.status_code == 200
    c.post(formulaire.redirect_chain[-1][0], {"password1": PHRASE, "password2": PHRASE})
    promoteur = personne("promoteur")
    assert promoteur.check_password(PHRASE)
    autre = "une troisième phrase, encore longue"
    encore = Client()
    suite = encore.get(chemin, follow=True)
    encore.post((suite.redirect_chain or [(chemin, 302)])[-1][0], {"password1": autre, "password2": autre})
    promoteur.refresh_from_db()
    assert promoteur.check_password(PHRASE), "le lien a déjà servi"


def test_changer_de_mot_de_passe_ferme_les_autres_sessions() -> None:
    ici, ailleurs = client("promoteur"), client("promoteur")
    assert ailleurs.get("/projets/").status_code == 200
    ici.post(
        "/compte/password/change/",
        {"oldpassword": "solidarite-demo-02", "password1": PHRASE, "password2": PHRASE},
    )
    assert personne("promoteur").check_password(PHRASE)
    assert ailleurs.get("/projets/").status_code == 302


def se_connecter(c: Client, mot_de_passe: str, adresse: str = "promoteur@demo.example") -> int:
    return c.post("/compte/login/", {"login": adresse, "password": mot_de_passe}).status_code


def test_se_connecter_sans_egard_a_la_casse_et_tourner_la_session() -> None:
    c = Client()
    c.get("/compte/login/")
    assert se_connecter(c, "solidarite-demo-02", "PROMOTEUR@demo.example") == 302
    assert c.get("/projets/").status_code == 200


def test_une_personne_inactive_n_entre_pas() -> None:
    Utilisateur.objects.filter(email="promoteur@demo.example").update(is_active=False)
    c = Client()
    se_connecter(c, "solidarite-demo-02")
    assert c.get("/projets/").status_code == 302


def test_les_essais_de_connexion_sont_limites() -> None:
    """Le bon mot de passe ne passe plus après trop d'échecs : la limite vaut pour le compte, en base."""
    c = Client()
    for _essai in range(6):
        assert se_connecter(c, "mauvais mot de passe") in {200, 429}
    se_connecter(c, "solidarite-demo-02")
    assert c.get("/projets/").status_code == 302


@pytest.mark.parametrize("adresse", ["/compte/login/", "/compte/signup/", "/compte/password/reset/"])
def test_les_pages_de_compte_sont_en_francais(adresse: str) -> None:
    page = Client().get(adresse).content.decode()
    assert 'lang="fr' in page
    assert not ANGLAIS.search(page)


@pytest.mark.parametrize("suite", ["https://ailleurs.example/", "//ailleurs.example/", "javascript:alert(1)"])
def test_la_connexion_ne_mene_jamais_hors_du_portail(suite: str) -> None:
    donnees = {"login": "promoteur@demo.example", "password": "solidarite-demo-02", "next": suite}
    assert Client().post("/compte/login/", donnees)["Location"] == "/mon-espace/"


def test_les_courriels_de_compte_sont_en_francais_d_ici_et_nomment_le_portail() -> None:
    inscrire(Client())
    for adresse in (NOUVELLE, "promoteur@demo.example", "inconnu@demo.example"):
        Client().post("/compte/password/reset/", {"email": adresse})
    ecrits = list(Courriel.objects.filter(genre__startswith="compte:"))
    assert {c.genre for c in ecrits} == {
        "compte:email_confirmation_signup",
        "compte:password_reset_key",
        "compte:unknown_account",
    }
    for courriel in ecrits:
        lu = re.sub(r"http\S+", "", f"{courriel.objet} {courriel.texte}")
        assert courriel.texte.startswith("Bonjour,\n\n")
        assert "portail des Alliances pour la solidarité" in lu
        assert not re.search(r"e-mail|\bemail\b|  |\s[!?]|example\.com", lu), lu
