"""L'organisme : NEQ (R44), formats (R45), membres; celui d'un autre n'existe pas."""

from uuid import uuid4

import pytest
from django.urls import reverse

from comptes.models import Adhesion, Organisme
from comptes.services import creer_organisme, inviter_membre, modifier_organisme
from socle.erreurs import Refus
from socle.horloge import maintenant
from socle.models import Region
from tests.outils.personnes import ROLES, client, personne

pytestmark = pytest.mark.django_db
ADRESSE = "/organismes/nouveau/"


def fiche(**options: object) -> dict[str, object]:
    return {
        "nom": "Cuisine du quartier",
        "forme": "obnl",
        "neq": "1190000777",
        "motif_sans_neq": "",
        "region": Region.objects.get(code="02").pk,
        "code_postal": "g7h 1a1",
        "telephone": "418\u00a0555-0100, poste\u00a012",  # comme le portail l'écrit
        "courriel": "cuisine@demo.example",
        **options,
    }


def mien() -> Organisme:
    return personne("promoteur").adhesions.get().organisme


def autre() -> Organisme:
    return Organisme.objects.exclude(adhesions__utilisateur=personne("promoteur")).first()


def adresse(organisme: Organisme) -> str:
    return reverse("comptes:organisme", args=[organisme.uuid])


def test_inscrire_son_organisme_donne_le_mandat_et_la_signature() -> None:
    saisie = fiche(telephone="(418) 555-0100 poste 12")
    assert client("promoteur").post(ADRESSE, saisie).status_code == 302
    cree = Organisme.objects.get(neq="1190000777")
    assert (cree.code_postal, cree.telephone) == ("G7H1A1", "418555010012")
    adhesion = cree.adhesions.get()
    assert (adhesion.utilisateur, adhesion.mandat_de_deposer, adhesion.signataire) == (
        personne("promoteur"),
        True,
        True,
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"neq": "1290000777"}, "n’est pas un NEQ"),
        ({"neq": "119000077"}, "n’est pas un NEQ"),
        ({"neq": "11900007777"}, "n’est pas un NEQ"),
        ({"neq": "١١٩٠٠٠٠٧٧٧"}, "n’est pas un NEQ"),
        ({"neq": ""}, "dites pourquoi"),
        ({"code_postal": "D7H 1A1"}, "n’est pas un code postal"),
        ({"telephone": "555-01"}, "téléphone"),
        ({"forme": "inconnue"}, "inconnue"),
        ({"nom": ""}, "obligatoire"),
    ],
)
def test_r44_r45_un_refus_garde_tout_ce_qui_est_tape(options: dict[str, str], message: str) -> None:
    saisie = fiche(**options)
    avant = Organisme.objects.count()
    reponse = client("promoteur").post(ADRESSE, saisie)
    page = reponse.content.decode()
    assert (reponse.status_code, "Il y a un problème" in page, message in page) == (200, True, True)
    formulaire = reponse.context["formulaire"]
    assert {nom: formulaire[nom].value() for nom in saisie} == {nom: str(v) for nom, v in saisie.items()} | {
        "region": formulaire["region"].value()
    }
    assert Organisme.objects.count() == avant


def test_r44_un_neq_absent_se_motive() -> None:
    reponse = client("promoteur").post(ADRESSE, fiche(neq="", motif_sans_neq="Conseil de bande"))
    assert reponse.status_code == 302
    assert Organisme.objects.get(nom="Cuisine du quartier").neq is None


def test_r44_un_neq_deja_inscrit_dit_comment_rejoindre_l_organisme() -> None:
    pris = autre().neq
    reponse = client("promoteur").post(ADRESSE, fiche(neq=pris))
    page = reponse.content.decode()
    assert f"Un organisme est déjà inscrit avec le NEQ {pris}. Demandez à l’un de ses membres" in page
    assert autre().nom not in page, "on ne dit pas lequel"
    with pytest.raises(Refus, match="Vérifiez-le au Registre"):
        modifier_organisme(organisme=mien(), neq=pris)


def test_l_organisme_d_un_autre_n_existe_pas() -> None:
    c = client("promoteur")
    for cible in (adresse(autre()), reverse("comptes:organisme", args=[uuid4()])):
        assert c.get(cible).status_code == 404
        assert c.post(cible, fiche()).status_code == 404
        assert c.post(cible, {"acte": "inviter", "email": "promoteur@demo.example"}).status_code == 404
    assert c.get(adresse(mien())).status_code == 200


@pytest.mark.parametrize("nom", [nom for nom in ROLES if nom not in {"anonyme", "promoteur"}])
def test_personne_d_autre_ne_lit_ni_ne_modifie_la_fiche(nom: str) -> None:
    avant = mien().nom
    c = client(nom)
    assert (c.get(adresse(mien())).status_code, c.post(adresse(mien()), fiche()).status_code) == (404, 404)
    assert mien().nom == avant


def inviter(email: str, mandat: bool = False) -> Adhesion:
    return inviter_membre(organisme=mien(), email=email, mandat_de_deposer=mandat, instant=maintenant())


def test_inviter_une_personne_qui_a_un_compte() -> None:
    c = client("promoteur")
    donnees = {"acte": "inviter", "email": "Finances@demo.example", "mandat_de_deposer": "on"}
    assert c.post(adresse(mien()), donnees).status_code == 302
    adhesion = mien().adhesions.get(utilisateur=personne("finances"))
    assert (adhesion.mandat_de_deposer, adhesion.signataire) == (True, False)
    assert client("finances").get(adresse(mien())).status_code == 200


@pytest.mark.parametrize(
    ("email", "message"),
    [("personne@demo.example", "Aucun compte n’utilise"), ("promoteur@demo.example", "est déjà membre")],
)
def test_une_invitation_impossible_dit_pourquoi(email: str, message: str) -> None:
    reponse = client("promoteur").post(adresse(mien()), {"acte": "inviter", "email": email})
    assert message in reponse.content.decode()
    with pytest.raises(Refus, match=message) as refus:
        inviter(email)
    assert refus.value.champ == "email"


def test_sans_mandat_on_n_invite_pas() -> None:
    inviter("finances@demo.example")
    reponse = client("finances").post(adresse(mien()), {"acte": "inviter", "email": "tresorerie@demo.example"})
    assert reponse.status_code == 403
    assert not mien().adhesions.filter(utilisateur=personne("tresorerie")).exists()


def test_une_personne_retiree_perd_tout_et_se_reinvite() -> None:
    inviter("finances@demo.example", mandat=True)
    mien().adhesions.filter(utilisateur=personne("finances")).update(retiree_le=maintenant(), signataire=True)
    assert client("finances").get(adresse(mien())).status_code == 404
    assert not personne("finances").portees.peut_deposer(mien().pk)
    revenue = inviter("finances@demo.example")
    assert (revenue.retiree_le, revenue.mandat_de_deposer) == (None, False)
    revenue.refresh_from_db()
    assert not revenue.signataire, "une ancienne signature ne revient pas avec la personne"


def test_le_service_refuse_un_neq_pris_meme_sans_le_formulaire() -> None:
    champs = {"nom": "X", "forme": "obnl", "neq": autre().neq, "region": Region.objects.get(code="02")}
    with pytest.raises(Refus) as refus:
        creer_organisme(utilisateur=personne("promoteur"), instant=maintenant(), **champs)
    assert (refus.value.code, refus.value.champ) == ("neq_pris", "neq")
