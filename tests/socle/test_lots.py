"""Les lots : ce qui changera et ce qui sera sauté est nommé d'abord; chaque effet a sa ligne; annulé, un lot reprend."""

import re
import zipfile
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alliances.models import Affectation
from projets.actes.lots import LOTS
from projets.models import DemandePrecision, Message, Projet
from projets.services.admissibilite import juger_admissibilite
from projets.services.dossiers import confier_responsabilite
from socle import travaux
from socle.admin import lots
from socle.documents.archives import Archive, cellule, nom_sur
from socle.documents.fichiers import ranger
from socle.horloge import maintenant
from socle.models import Courriel, Envoi, LigneTravail, Travail
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db
LISTE = "/admin/projets/projet/"


def adresse(code: str) -> str:
    return reverse("admin:projets_projet_lot", args=[code])


def deposes(nombre: int = 3) -> list[Projet]:
    return list(Projet.objects.filter(entente__code="02-2024", etat="depose").order_by("pk")[:nombre])


def montrer(code: str, projets: list[Projet], nom: str = "coordination"):
    return client(nom).post(adresse(code), {"objets": ",".join(str(p.pk) for p in projets)})


def confirmer(code: str, projets: list[Projet], nom: str = "coordination", **saisie: object):
    donnees = {"objets": ",".join(str(p.pk) for p in projets), "cle": str(uuid4()), "confirmer": "1", **saisie}
    return client(nom).post(adresse(code), donnees)


def issues(travail: Travail) -> dict[int, str]:
    return dict(travail.lignes.values_list("objet_id", "issue"))


def dernier() -> Travail:
    return Travail.objects.latest("pk")


def test_la_page_nomme_ce_qui_change_et_ce_qui_est_saute() -> None:
    choisis = deposes(3)
    juger_admissibilite(
        projet=choisis[0], admissible=True, motif="", auteur=personne("coordination"), instant=maintenant()
    )
    page = montrer("admettre", choisis)
    texte = page.content.decode()
    assert (page.context_data["total_faits"], page.context_data["total_sautes"]) == (2, 1)
    assert "Déjà examinée : « Admissible »." in texte.replace("\u00a0", " ")
    assert all(p.numero in texte for p in choisis)
    assert Projet.objects.get(pk=choisis[1].pk).etat == "depose", "montrer ne change rien"
    assert not LigneTravail.objects.exists()


def test_confirmer_applique_et_garde_le_bilan() -> None:
    choisis = deposes(3)
    juger_admissibilite(
        projet=choisis[0], admissible=True, motif="", auteur=personne("coordination"), instant=maintenant()
    )
    refusee = confirmer("admettre", choisis)
    assert "Cochez la case" in refusee.content.decode()
    reponse = confirmer("admettre", choisis, juge="on")
    assert reponse["Location"] == dernier().get_absolute_url()
    assert issues(dernier()) == {choisis[0].pk: "saute", choisis[1].pk: "fait", choisis[2].pk: "fait"}
    assert {Projet.objects.get(pk=p.pk).etat for p in choisis} == {"admissible"}
    bilan = client("coordination").get(dernier().get_absolute_url()).content.decode()
    assert "Déjà examinée" in bilan


def test_un_double_clic_ne_fait_qu_un_lot() -> None:
    choisis, cle = deposes(2), str(uuid4())
    premier = confirmer("ecrire", choisis, texte="Bonjour", cle=cle)
    second = confirmer("ecrire", choisis, texte="Bonjour", cle=cle)
    assert premier["Location"] == second["Location"]
    assert Message.objects.filter(texte="Bonjour").count() == 2


def test_selection_melee_rien_ne_sort_de_la_portee() -> None:
    """Des demandes d'une autre entente et un identifiant inventé dans le lot : ignorés, comptés, jamais nommés."""
    autre = Projet.objects.filter(entente__mandataire__code="14", depose_le__isnull=False).first()
    mien = deposes(1)[0]
    page = client("coordination").post(adresse("ecrire"), {"objets": f"{mien.pk},{autre.pk},99999999,x,-1"})
    texte = page.content.decode()
    assert "2 éléments de la sélection n’existent pas ou ne sont pas à vous" in texte.replace("\u00a0", " ")
    assert autre.numero not in texte
    confirmer("ecrire", [mien, autre], texte="Mêlée")
    assert list(Message.objects.filter(texte="Mêlée").values_list("projet", flat=True)) == [mien.pk]


def test_direct_sur_un_objet_hors_portee() -> None:
    page = montrer("ecrire", deposes(2), "coordination.lanaudiere").content.decode()
    assert "Rien n’est choisi" in page
    confirmer("ecrire", deposes(2), "coordination.lanaudiere", texte="Pirate")
    assert not Message.objects.filter(texte="Pirate").exists()


CODES = {lot.code for lot in LOTS}
PERMIS = {
    "coordination": CODES,
    "secretariat": {"exporter", "archiver"},
    "finances": {"exporter", "archiver"},
    "tresorerie": {"exporter", "archiver"},
    "agent": {"exporter"},
}


@pytest.mark.parametrize("lot", LOTS, ids=lambda lot: lot.code)
@pytest.mark.parametrize("nom", [*PERMIS, "promoteur", "ministere", "evaluation1"])
def test_qui_fait_quoi_en_lot(lot, nom: str) -> None:
    """La table rôle × lot, tirée des lots; le menu de la liste dit la même chose."""
    code = montrer(lot.code, deposes(1), nom).status_code
    if nom not in PERMIS:
        assert code == 302
        return
    assert code == (200 if lot.code in PERMIS[nom] else 403)
    assert (f'value="{lot.code}"' in client(nom).get(LISTE).content.decode()) is (lot.code in PERMIS[nom])


def test_le_menu_de_la_liste_mene_a_la_page() -> None:
    choisis = deposes(2)
    donnees = {"action": "confier", "_selected_action": [p.pk for p in choisis], "index": "0"}
    page = client("coordination").post(LISTE, donnees)
    assert page.status_code == 200
    assert page.context_data["total_faits"] == 2
    tout = client("coordination").post(f"{LISTE}?etat__exact=depose", {**donnees, "select_across": "1"}).context_data
    assert tout["total_faits"] == Projet.objects.visibles_pour(personne("coordination")).filter(etat="depose").count()


def test_confier_preciser_relancer() -> None:
    choisis = deposes(3)
    Projet.objects.filter(pk__in=[p.pk for p in choisis]).update(responsable=None, depose_le=maintenant())
    confirmer("confier", choisis, personne=personne("coordination").pk)
    assert set(Projet.objects.filter(pk__in=[p.pk for p in choisis]).values_list("responsable", flat=True)) == {
        personne("coordination").pk
    }
    demandes = DemandePrecision.objects.filter(etat="ouverte", projet__in=choisis)
    ouverte = list(demandes.values_list("projet", flat=True))
    confirmer("preciser", choisis, champs=["besoin"], message="Combien?", limite="2099-01-01")
    assert {cle for cle, issue in issues(dernier()).items() if issue == "saute"} == set(ouverte)
    confirmer("relancer", choisis, mot="")
    assert set(issues(dernier()).values()) <= {"fait", "saute"}
    assert Courriel.objects.filter(genre="projets/pieces_manquantes").exists()


def test_un_refus_du_service_est_une_ligne_pas_une_panne() -> None:
    """Entre la page et la confirmation, une autre personne a déjà confié l'un des dossiers."""
    choisis, moi = deposes(2), personne("coordination")
    Projet.objects.filter(pk__in=[p.pk for p in choisis]).update(responsable=None)
    confier_responsabilite(projet=choisis[0], personne=moi, auteur=moi, instant=maintenant())
    confirmer("confier", choisis, personne=moi.pk)
    assert issues(dernier()) == {choisis[0].pk: "refuse", choisis[1].pk: "fait"}
    assert "répond déjà" in dernier().lignes.get(objet_id=choisis[0].pk).detail


# Longs lots ------------------------------------------------------------------------------------------------------


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> Travail:
    """Trois messages, mis en file comme un lot de plus de cinquante."""
    monkeypatch.setattr(lots, "DIRECT", 0)
    confirmer("ecrire", deposes(3), texte="En lot")
    return dernier()


def test_un_long_lot_part_en_file_puis_previent(long: Travail) -> None:
    assert (long.etat, Message.objects.filter(texte="En lot").count()) == ("en_attente", 0)
    assert Envoi.objects.filter(cle=f"travail:{long.pk}").exists()
    travaux.executer(long.pk)
    long.refresh_from_db()
    assert (long.etat, long.fait, long.total) == ("termine", 3, 3)
    assert Message.objects.filter(texte="En lot").count() == 3
    assert Courriel.objects.filter(genre="socle/travail_fini", destinataire=personne("coordination").email).exists()


def test_annule_en_route_il_reprend_sans_rien_refaire(long: Travail, monkeypatch: pytest.MonkeyPatch) -> None:
    vrai = travaux.Avancement.avancer

    def annuler_apres_un(self, etape: str = "", pas: int = 1) -> None:
        vrai(self, etape, pas)
        if self.travail.fait == 1:
            client("coordination").post(reverse("socle:annuler_travail", args=[long.uuid]))

    monkeypatch.setattr(travaux.Avancement, "avancer", annuler_apres_un)
    travaux.executer(long.pk)
    monkeypatch.undo()
    long.refresh_from_db()
    faits = Message.objects.filter(texte="En lot").count()
    assert (long.etat, faits) == ("annule", 2), "l'étape en cours finit, la suite s'arrête"
    page = client("coordination").get(long.get_absolute_url()).content.decode()
    assert "Reprendre où c’en était" in page
    client("coordination").post(reverse("socle:reprendre_travail", args=[long.uuid]))
    assert Envoi.objects.filter(cle=f"travail:{long.pk}:1").exists()
    travaux.executer(long.pk)
    long.refresh_from_db()
    assert (long.etat, long.fait) == ("termine", 3)
    assert Message.objects.filter(texte="En lot").count() == 3
    assert sorted(issues(long).values()) == ["fait"] * 3


def test_tue_net_il_reprend_a_sa_livraison_suivante(long: Travail) -> None:
    """La rangée est restée « en cours », une ligne déjà écrite avec son effet : l'objet n'est pas traité deux fois."""
    premier = long.parametres["objets"][0]
    LigneTravail.objects.create(travail=long, objet_id=premier, libelle="x", issue="fait")
    Travail.objects.filter(pk=long.pk).update(etat="en_cours", fait=1, total=3)
    travaux.executer(long.pk)
    assert set(Message.objects.filter(texte="En lot").values_list("projet", flat=True)) == set(
        long.parametres["objets"][1:]
    )


def test_le_role_retire_en_route_arrete_les_effets(long: Travail) -> None:
    Affectation.objects.filter(utilisateur=personne("coordination")).update(retiree_le=maintenant())
    travaux.executer(long.pk)
    assert set(issues(long).values()) == {"saute"}
    assert not Message.objects.filter(texte="En lot").exists()


def test_seule_la_personne_reprend(long: Travail) -> None:
    travaux.annuler(long)
    for nom in ("finances", "coordination.lanaudiere"):
        assert client(nom).post(reverse("socle:reprendre_travail", args=[long.uuid])).status_code == 404
    travaux.reprendre(long, maintenant())
    assert not travaux.reprendre(long, maintenant()), "il attend déjà"


@pytest.mark.parametrize("lot", LOTS, ids=lambda lot: lot.code)
def test_la_page_coute_autant_pour_un_et_pour_trois(lot) -> None:
    comptes, c = [], client("coordination")
    for nombre in (1, 3):
        donnees = {"objets": ",".join(str(p.pk) for p in deposes(nombre))}
        c.post(adresse(lot.code), donnees)
        with CaptureQueriesContext(connection) as requetes:
            assert c.post(adresse(lot.code), donnees).status_code == 200
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1]


# Archive ---------------------------------------------------------------------------------------------------------


def _piece(projet: Projet, nom: str, contenu: bytes, **champs: object) -> None:
    fichier = ranger(
        contenu,
        nom=nom,
        type_mime="application/pdf",
        acces="projet",
        objet_id=projet.pk,
        instant=maintenant(),
        **champs,
    )
    projet.pieces.create(fichier=fichier, jointe_le=maintenant())


def test_l_archive_des_dossiers() -> None:
    choisis = deposes(2)
    _piece(choisis[0], "../../etc/passwd", b"un")
    _piece(choisis[0], "Lettre d’appui, été.pdf", b"deux")
    _piece(choisis[0], "lettre d’APPUI, été.PDF", b"trois")
    _piece(choisis[0], "virus.pdf", b"quatre", analyse="refuse")
    confirmer("archiver", choisis)
    travail = dernier()
    travaux.executer(travail.pk)
    travail.refresh_from_db()
    assert (travail.etat, travail.fait) == ("termine", travail.total)
    lien = reverse("socle:telecharger", args=[travail.fichier.uuid])
    octets = b"".join(client("coordination").get(lien).streaming_content)
    with zipfile.ZipFile(BytesIO(octets)) as archive:
        noms = archive.namelist()
        assert archive.testzip() is None
        sommaire = archive.read("sommaire.csv").decode("utf-8-sig")
        contenus = {archive.read(nom) for nom in noms}
    assert all(re.fullmatch(r"[A-Za-z0-9./-]+", nom) and ".." not in nom and nom[0] != "/" for nom in noms)
    assert len({nom.lower() for nom in noms}) == len(noms), "sur un disque sans casse, rien ne s'écrase"
    assert {b"un", b"deux", b"trois"} <= contenus
    assert b"quatre" not in contenus
    assert "Infecté\u00a0: non copié" in sommaire
    assert "Pas encore produit" in sommaire, "l'accusé en PDF suit par un travailleur"
    assert all(projet.numero in sommaire for projet in choisis)
    for nom in ("finances", "organismes", "coordination.lanaudiere"):
        assert client(nom).get(lien).status_code == 404


def test_l_archive_suit_la_portee_presente() -> None:
    confirmer("archiver", deposes(2))
    Affectation.objects.filter(utilisateur=personne("coordination")).update(retiree_le=maintenant())
    travaux.executer(dernier().pk)
    with dernier().fichier.contenu.open("rb") as contenu, zipfile.ZipFile(contenu) as archive:
        assert archive.namelist() == ["sommaire.csv"]


@pytest.mark.parametrize(
    ("brut", "sur"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\Windows\\a.pdf", "C-Windows-a.pdf"),
        ("CON.pdf", "CON-.pdf"),
        ("été à l’école.PDF", "ete-a-lecole.pdf"),
        ("…", "sans-nom"),
        ("a" * 300 + ".pdf", "a" * 80 + ".pdf"),
        ("nul\x00.pdf", "nul.pdf"),
    ],
)
def test_noms_surs(brut: str, sur: str) -> None:
    assert nom_sur(brut) == sur or nom_sur(brut) == f"{sur.rpartition('.')[0]}-.pdf"


def test_une_cellule_n_est_jamais_une_formule() -> None:
    assert [cellule(v) for v in ("=1", "+1", "-1", "@x", "ok", None)] == ["'=1", "'+1", "'-1", "'@x", "ok", ""]


def test_la_memoire_de_l_archive_ne_suit_pas_les_fichiers(tmp_path) -> None:
    """Cinquante fichiers de 2 Mo : la pointe reste sous 12 Mo."""
    import tracemalloc  # noqa: PLC0415 — cet essai seul mesure la mémoire

    fichier = ranger(bytes(2_000_000), nom="g.bin", type_mime="application/pdf", acces="essai", instant=maintenant())
    tracemalloc.start()
    with (tmp_path / "a.zip").open("wb") as sortie, Archive(sortie) as archive:
        for _rang in range(50):
            archive.ajouter("d", "g.bin", fichier)
    pointe = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert pointe < 12_000_000
