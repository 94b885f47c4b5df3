"""L'organisme : NEQ (R44), formats (R45), membres; celui d'un autre n'existe pas."""

from uuid import uuid4

import pytest
from django.urls import reverse

from comptes.models import Organisme
from comptes.services.organismes import creer_organisme, modifier_organisme
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
    assert client("promoteur").post(ADRESSE, fiche()).status_code == 302
    cree = Organisme.objects.get(neq="1190000777")
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
        ({"forme": "inconnue"}, "inconnue"),
        ({"nom": ""}, "obligatoire"),
    ],
)
def test_r44_r45_un_refus_garde_tout_ce_qui_est_tape(options: dict[str, str], message: str) -> None:
    champs = ("nom", "forme", "neq", "motif_sans_neq", "region")
    saisie = {nom: valeur for nom, valeur in fiche(**options).items() if nom in champs}
    avant = Organisme.objects.count()
    reponse = client("promoteur").post(ADRESSE, saisie)
    page = reponse.content.decode()
    assert (reponse.status_code, "Il y a un problème" in page, message in page) == (200, True, True)
    formulaire = reponse.context["formulaire"]
    assert {nom: formulaire[nom].value() for nom in saisie} == {nom: str(v) for nom, v in saisie.items()} | {
        "region": formulaire["region"].value()
    }
    assert Organisme.objects.count() == avant


@pytest.mark.parametrize(
    ("options", "message"),
    [({"code_postal": "D7H 1A1"}, "n’est pas un code postal"), ({"telephone": "555-01"}, "téléphone")],
)
def test_r45_la_fiche_se_complete_et_refuse_ce_qui_est_illisible(options: dict[str, str], message: str) -> None:
    c = client("promoteur")
    assert message in c.post(adresse(mien()), fiche(**options)).content.decode()
    assert c.post(adresse(mien()), fiche(telephone="(418) 555-0100 poste 12")).status_code == 302
    assert (mien().code_postal, mien().telephone) == ("G7H1A1", "418555010012")


def test_inscrire_son_organisme_ramene_a_l_appel_choisi() -> None:
    c = client("finances")
    debut = c.get("/projets/nouveau/02-2024-1/?forme=obnl")
    assert debut.status_code == 302
    retour = c.post(debut["Location"], fiche())
    assert retour["Location"] == "/projets/nouveau/02-2024-1/?forme=obnl"
    assert c.get(retour["Location"]).status_code == 200
    ailleurs = c.post(f"{ADRESSE}?suite=https://ailleurs.example/", fiche(neq="1190000778"))
    assert ailleurs["Location"] == "/mon-espace/"


def test_r44_un_neq_absent_se_motive() -> None:
    reponse = client("promoteur").post(ADRESSE, fiche(neq="", motif_sans_neq="Conseil de bande"))
    assert reponse.status_code == 302
    assert Organisme.objects.get(nom="Cuisine du quartier").neq is None


def test_r44_un_neq_deja_inscrit_dit_comment_rejoindre_l_organisme() -> None:
    pris = autre().neq
    reponse = client("promoteur").post(ADRESSE, fiche(neq=pris))
    page = reponse.content.decode()
    assert f"Un organisme est déjà inscrit avec le NEQ {pris}. Demandez à l’un de ses membres" in page
    assert f"/organismes/rejoindre/?neq={pris}" in page
    assert autre().nom not in page, "on ne dit pas lequel"
    with pytest.raises(Refus, match="Vérifiez-le au Registre"):
        modifier_organisme(organisme=mien(), auteur=personne("promoteur"), neq=pris)


def test_l_organisme_d_un_autre_n_existe_pas() -> None:
    c = client("promoteur")
    for cible in (adresse(autre()), reverse("comptes:organisme", args=[uuid4()])):
        assert c.get(cible).status_code == 404
        assert c.post(cible, fiche()).status_code == 404
    assert c.get(adresse(mien())).status_code == 200


@pytest.mark.parametrize("nom", [nom for nom in ROLES if nom not in {"anonyme", "promoteur"}])
def test_personne_d_autre_ne_lit_ni_ne_modifie_la_fiche(nom: str) -> None:
    avant = mien().nom
    c = client(nom)
    assert (c.get(adresse(mien())).status_code, c.post(adresse(mien()), fiche()).status_code) == (404, 404)
    assert mien().nom == avant


def test_le_service_refuse_un_neq_pris_meme_sans_le_formulaire() -> None:
    champs = {"nom": "X", "forme": "obnl", "neq": autre().neq, "region": Region.objects.get(code="02")}
    with pytest.raises(Refus) as refus:
        creer_organisme(utilisateur=personne("promoteur"), instant=maintenant(), **champs)
    assert (refus.value.code, refus.value.champ) == ("neq_pris", "neq")
