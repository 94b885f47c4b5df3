"""Déposer : l'échéance à la microseconde (R20), le mandat, l'accusé, le double clic, les saisies hostiles."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from appels.models import Appel
from projets.contenu import canonique, empreinte_de
from projets.enums import EtatProjet
from projets.etats import PROJET
from projets.models import Projet
from projets.services.depots import deposer_projet
from projets.services.versements import payer_versement
from socle.erreurs import Refus
from socle.horloge import maintenant
from socle.models import Courriel
from tests.outils.personnes import ROLES, client, personne

pytestmark = pytest.mark.django_db


@pytest.fixture
def brouillon() -> Projet:
    return Projet.objects.get(etat=EtatProjet.BROUILLON, entente__code="02-2024")


@pytest.mark.parametrize(
    ("instant", "a_temps"),
    [(datetime(2020, 2, 8, 4, 59, 59, 700_000, UTC), True), (datetime(2020, 2, 8, 5, 0, 0, 0, UTC), False)],
)
def test_r20_echeance_exclusive(instant: datetime, a_temps: bool) -> None:
    appel = Appel.objects.get(code="02-2017-2")
    appel.etat = "publie"
    assert appel.fermeture == datetime(2020, 2, 8, 5, tzinfo=UTC)
    assert appel.est_ouvert(instant) is a_temps
    assert appel.echeance_en_mots == "7 février 2020 inclusivement, à 23\u00a0h\u00a059 (heure de l’Est)".replace(
        "7 f", "7\u00a0f"
    )


def test_le_depot_fige_le_contenu_et_donne_un_numero_sans_trou(brouillon: Projet) -> None:
    dernier = brouillon.appel.dernier_numero
    depot = deposer_projet(projet=brouillon, auteur=personne("organismes"), instant=maintenant())
    assert depot.projet.numero == f"02-2024-1-LE-{dernier + 1:04d}"
    assert depot.empreinte == empreinte_de(depot.contenu)
    assert json.loads(canonique(depot.contenu)) == depot.contenu
    assert Courriel.objects.filter(genre="projets/accuse", objet__contains=depot.projet.numero).count() == 1


def test_le_double_clic_repond_par_le_meme_accuse(brouillon: Projet) -> None:
    c, adresse = client("organismes"), reverse("projets:relire", args=[brouillon.uuid])
    for _ in range(2):
        assert c.post(adresse, {"attestation": "on"}, follow=True).redirect_chain[-1][0] == reverse(
            "projets:accuse", args=[brouillon.uuid]
        )
    assert brouillon.depots.count() == 1


def test_un_champ_essentiel_vide_bloque_et_le_dit(brouillon: Projet) -> None:
    Projet.objects.filter(pk=brouillon.pk).update(besoin="")
    with pytest.raises(Refus, match="Décrivez le besoin"):
        deposer_projet(projet=brouillon, auteur=personne("organismes"), instant=maintenant())


def test_apres_l_echeance_le_brouillon_reste(brouillon: Projet) -> None:
    with pytest.raises(Refus, match="L’appel a fermé"):
        deposer_projet(projet=brouillon, auteur=personne("organismes"), instant=brouillon.appel.fermeture)
    brouillon.refresh_from_db()
    assert brouillon.etat == EtatProjet.BROUILLON


def test_sans_le_mandat_on_ne_depose_pas(brouillon: Projet) -> None:
    personne("organismes").adhesions.filter(organisme=brouillon.organisme).update(mandat_de_deposer=False)
    with pytest.raises(Refus, match="rôle"):
        deposer_projet(projet=brouillon, auteur=personne("organismes"), instant=maintenant())


HOSTILES = ["NaN", "1e309", "-5", "0,001", "1.234,50", "Infinity", "١٢٣", "40 000,00 $ $", "=1+1", "9" * 40]


@pytest.mark.parametrize("montant", HOSTILES)
def test_un_montant_hostile_est_refuse_en_francais_et_reste_affiche(brouillon: Projet, montant: str) -> None:
    adresse = reverse("projets:section", args=[brouillon.uuid, "budget"])
    donnees = {"montant_demande": montant}
    for relation in ("depenses", "financements"):
        donnees |= {f"{relation}-TOTAL_FORMS": 0, f"{relation}-INITIAL_FORMS": 0}
    reponse = client("organismes").post(adresse, donnees)
    assert reponse.status_code == 200
    assert "Il y a un problème" in reponse.content.decode()
    assert reponse.context["formulaire"]["montant_demande"].value() == montant
    brouillon.refresh_from_db()
    assert brouillon.montant_demande == Decimal("27000.00")
    assert brouillon.illisibles == {"montant_demande": montant}, "gardé tel quel : rien ne se perd"


@pytest.mark.parametrize("ecrit", ["40\u202f000,50\u00a0$", "40 000,5", "40000.50"])
def test_un_montant_quebecois_se_lit(brouillon: Projet, ecrit: str) -> None:
    donnees = {"montant_demande": ecrit}
    for relation in ("depenses", "financements"):
        donnees |= {f"{relation}-TOTAL_FORMS": 0, f"{relation}-INITIAL_FORMS": 0}
    assert (
        client("organismes").post(reverse("projets:section", args=[brouillon.uuid, "budget"]), donnees).status_code
        == 302
    )
    brouillon.refresh_from_db()
    assert brouillon.montant_demande == Decimal("40000.50")


FICHIERS = {
    "type": (SimpleUploadedFile("virus.exe", b"MZ"), "n’est pas d’un type accepté"),
    "html": (SimpleUploadedFile("page.pdf", b"<html><script>alert(1)</script>"), "ne correspond pas à son extension"),
    "vide": (SimpleUploadedFile("vide.pdf", b""), "est vide"),
    "bombe": (SimpleUploadedFile("faux.docx", b"PK\x03\x04abc"), "ne correspond pas"),
}


@pytest.mark.parametrize("cas", FICHIERS)
def test_un_fichier_hostile_est_refuse_avec_sa_cause(brouillon: Projet, cas: str) -> None:
    fichier, message = FICHIERS[cas]
    fichier.seek(0)
    reponse = client("organismes").post(reverse("projets:pieces", args=[brouillon.uuid]), {"fichier": fichier})
    assert reponse.status_code == 200
    assert message in reponse.content.decode()
    assert not brouillon.pieces.exists()


def test_un_fichier_de_trente_megaoctets_est_refuse(brouillon: Projet) -> None:
    gros = BytesIO(b"%PDF-" + b"0" * 30_000_000)
    gros.name = "gros.pdf"
    reponse = client("organismes").post(reverse("projets:pieces", args=[brouillon.uuid]), {"fichier": gros})
    assert reponse.status_code in {200, 413}
    assert "25" in reponse.content.decode()
    assert not brouillon.pieces.exists()


def test_celle_qui_approuve_ne_paie_pas() -> None:
    versement = Projet.objects.get(entente__code="02-2024", convention__isnull=False).convention.versements.get(
        etat="paye"
    )
    versement.etat, versement.approuve_par = "approuve", personne("finances")
    with pytest.raises(Refus, match="une autre personne"):
        payer_versement(versement=versement, paiement="X", auteur=personne("finances"), instant=maintenant())


ATTENDU = {
    "deposer": set(),
    "remplacer": set(),
    "retirer": {"organismes"},
    "admettre": {"coordination"},
    "ecarter": {"coordination"},
    "defaire_examen": {"coordination"},
    "confier": {"coordination"},
    "recommander": {"coordination"},
    "ne_pas_recommander": {"coordination"},
    "accepter": {"secretariat"},
    "mettre_en_attente": {"secretariat"},
    "refuser": {"secretariat"},
    **{acte: {"secretariat"} for acte in ("reviser_accepter", "reviser_mettre_en_attente", "reviser_refuser")},
}


@pytest.mark.parametrize("etat", EtatProjet.values)
@pytest.mark.parametrize("nom", [nom for nom in ROLES if nom != "anonyme"])
def test_table_etat_par_role(etat: str, nom: str) -> None:
    """Dans chaque état, chaque rôle ne voit que ses actions; Lanaudière n'en voit aucune."""
    projet = Projet.objects.select_related("entente__mandataire").filter(entente__code="02-2024", etat="depose").first()
    projet.etat = etat
    offertes = {t.action for t in PROJET.actions_possibles(projet, personne(nom))}
    permises = {
        t.action
        for t in PROJET.transitions
        if etat in t.de
        and nom in (ATTENDU[t.action] | ({"organismes"} if t.action in {"deposer", "remplacer"} else set()))
    }
    assert offertes == permises


def test_deposer_coute_au_plus_vingt_cinq_requetes(django_assert_max_num_queries) -> None:
    """Accusé, PDF et courriel demandés compris; deux de plus ici : le SAVEPOINT de l'essai."""
    brouillon = Projet.objects.get(etat="brouillon", appel__code="02-2024-1")
    c, adresse = client("organismes"), reverse("projets:relire", args=[brouillon.uuid])
    c.get(adresse)
    with django_assert_max_num_queries(27):
        assert c.post(adresse, {"attestation": "on"}).status_code == 302


def test_la_liste_de_taches_coute_au_plus_douze_requetes(django_assert_max_num_queries) -> None:
    brouillon = Projet.objects.get(etat="brouillon", appel__code="02-2024-1")
    c = client("organismes")
    c.get("/projets/")
    with django_assert_max_num_queries(12):
        assert c.get(brouillon.get_absolute_url()).status_code == 200
