"""Le fil d'un dossier : organisme et coordination, lus et non lus, courriel sans le texte, rien ne s'efface."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from projets.models import Message, Projet
from projets.requetes import non_lus, projets_au_courrier
from projets.services.messages import ecrire_message
from socle.erreurs import Refus
from socle.horloge import maintenant
from socle.models import Courriel
from tests.outils.personnes import ROLES, client, personne

pytestmark = pytest.mark.django_db
PERMIS = {"organismes", "coordination"}


@pytest.fixture
def projet() -> Projet:
    return (
        Projet.objects.filter(entente__code="02-2024", etat="depose", messages__isnull=True)
        .select_related("entente__mandataire", "appel", "organisme")
        .first()
    )


def ecrire(projet: Projet, nom: str, texte: str = "Bonjour") -> Message:
    return ecrire_message(projet=projet, texte=texte, auteur=personne(nom), instant=maintenant())


def test_un_message_previent_l_autre_cote_sans_dire_le_texte(projet: Projet) -> None:
    ecrire(projet, "organismes", "Un secret de polichinelle")
    [courriel] = Courriel.objects.filter(genre="projets/message", objet_id=projet.pk)
    assert courriel.destinataire == "coordination@demo.example"
    assert "polichinelle" not in courriel.texte
    assert reverse("admin:projets_projet_messages", args=[projet.pk]) in courriel.texte
    ecrire(projet, "coordination", "Réponse")
    dernier = Courriel.objects.filter(genre="projets/message", objet_id=projet.pk).first()
    assert dernier.destinataire == "organismes@demo.example"
    assert reverse("projets:messages", args=[projet.uuid]) in dernier.texte


def test_lus_et_non_lus_par_personne(projet: Projet) -> None:
    coordination, organisme = personne("coordination"), personne("organismes")
    ecrire(projet, "organismes", "Un")
    ecrire(projet, "organismes", "Deux")
    assert (non_lus(projet, coordination), non_lus(projet, organisme)) == (2, 0)
    assert projet in projets_au_courrier(coordination)
    assert "Messages non lus" in client("coordination").get("/admin/").content.decode()
    client("coordination").get(reverse("admin:projets_projet_messages", args=[projet.pk]))
    assert non_lus(projet, coordination) == 0
    assert projet not in projets_au_courrier(coordination)
    ecrire(projet, "coordination", "Trois")
    assert "1 non lu" in client("organismes").get(projet.get_absolute_url()).content.decode()
    client("organismes").get(reverse("projets:messages", args=[projet.uuid]))
    assert non_lus(projet, organisme) == 0


@pytest.mark.parametrize("nom", [nom for nom in ROLES if nom != "anonyme"])
def test_qui_ecrit(projet: Projet, nom: str) -> None:
    if nom in PERMIS:
        assert ecrire(projet, nom).de_l_organisme is (nom == "organismes")
        return
    with pytest.raises(Refus, match="Votre rôle"):
        ecrire(projet, nom)
    c = client(nom)
    assert c.post(reverse("projets:messages", args=[projet.uuid]), {"texte": "x"}).status_code == 404
    assert c.post(reverse("admin:projets_projet_messages", args=[projet.pk]), {"texte": "x"}).status_code in {
        302,
        403,
        404,
    }
    assert not projet.messages.exists()


def test_un_brouillon_n_a_pas_de_fil() -> None:
    brouillon = Projet.objects.get(etat="brouillon", entente__code="02-2024")
    for nom in ("messages", "precisions"):
        assert client("organismes").get(reverse(f"projets:{nom}", args=[brouillon.uuid])).status_code == 404
    with pytest.raises(Refus):
        ecrire(brouillon, "organismes")


@pytest.mark.parametrize(
    ("texte", "message"), [("  \n ", "Écrivez votre message"), ("x" * 5001, "le maximum est 5000")]
)
def test_un_message_vide_ou_trop_long_est_refuse(projet: Projet, texte: str, message: str) -> None:
    with pytest.raises(Refus, match=message):
        ecrire(projet, "organismes", texte)


def test_le_double_clic_n_ecrit_qu_une_fois_et_le_html_s_affiche_tel_quel(projet: Projet) -> None:
    c, adresse = client("organismes"), reverse("projets:messages", args=[projet.uuid])
    for _ in range(2):
        assert c.post(adresse, {"texte": "<script>alert(1)</script>"}).status_code == 302
    assert projet.messages.count() == 1
    assert "&lt;script&gt;" in c.get(adresse).content.decode()


def test_rien_ne_se_change_ni_ne_s_efface(projet: Projet) -> None:
    message = ecrire(projet, "organismes")
    for geste in (
        lambda: Message.objects.filter(pk=message.pk).update(texte="autre"),
        lambda: Message.objects.filter(pk=message.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            geste()
