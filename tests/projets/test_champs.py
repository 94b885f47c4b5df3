"""Champ par champ : rien ne s'écrase, rien ne se perd, ni session expirée ni saisie illisible (décision 7)."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from projets.champs import empreinte, valeur_de
from projets.models import Projet
from projets.sections import reste_a_faire
from projets.services.brouillons import Ecriture, enregistrer_reponses
from socle.horloge import maintenant
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db


@pytest.fixture
def brouillon() -> Projet:
    return Projet.objects.select_related("appel").get(etat="brouillon", entente__code="02-2024")


def page(projet: Projet, code: str = "projet") -> str:
    return reverse("projets:section", args=[projet.uuid, code])


def envoyer(c: Client, projet: Projet, champ: str, section: str = "projet", **donnees: object) -> dict:
    adresse = reverse("projets:champ", args=[projet.uuid])
    return json.loads(c.post(adresse, {"section": section, "champ": champ, **donnees}).content)


def liste(relation: str, *rangees: dict, initial: int = 0) -> dict:
    donnees = {f"{relation}-TOTAL_FORMS": len(rangees), f"{relation}-INITIAL_FORMS": initial}
    for rang, rangee in enumerate(rangees):
        donnees |= {f"{relation}-{rang}-{nom}": valeur for nom, valeur in rangee.items()}
    return donnees


def test_un_champ_s_enregistre_seul_et_dit_l_heure(brouillon: Projet) -> None:
    base = empreinte(brouillon.besoin)
    reponse = envoyer(client("organismes"), brouillon, "besoin", besoin="Un texte neuf.", b_besoin=base)
    brouillon.refresh_from_db()
    assert (reponse["etat"], reponse["base"]) == ("enregistre", empreinte("Un texte neuf."))
    assert " h " in reponse["heure"].replace("\u00a0", " ")
    assert brouillon.besoin == "Un texte neuf."
    assert brouillon.versions["besoin"]["par"] == personne("organismes").pk


def test_deux_personnes_sur_deux_champs_ne_se_genent_pas(brouillon: Projet) -> None:
    """Chacune a lu la page avant l'autre; chacune envoie toute la section."""
    c = client("organismes")
    lue = {f"b_{nom}": empreinte(valeur_de(brouillon, nom)) for nom in ("besoin", "objectifs")}
    avant = {"besoin": brouillon.besoin, "objectifs": brouillon.objectifs}
    assert c.post(page(brouillon), {**lue, **avant, "besoin": "De la première"}).status_code == 302
    assert c.post(page(brouillon), {**lue, **avant, "objectifs": "De la seconde"}).status_code == 302
    brouillon.refresh_from_db()
    assert (brouillon.besoin, brouillon.objectifs) == ("De la première", "De la seconde")


def test_le_meme_champ_montre_les_deux_textes_puis_laisse_choisir(brouillon: Projet) -> None:
    c, base = client("organismes"), empreinte(brouillon.besoin)
    c.post(page(brouillon), {"besoin": "Le premier", "b_besoin": base})
    reponse = c.post(page(brouillon), {"besoin": "Le second", "b_besoin": base})
    texte = reponse.content.decode()
    assert reponse.status_code == 200
    assert "Une autre personne a écrit ici" in texte
    assert "Le premier" in texte
    assert "Le second" in texte
    assert Projet.objects.get(pk=brouillon.pk).besoin == "Le premier"
    neuve = reponse.context["saisie"].formulaire.bases()["besoin"]
    garde = {"besoin": "Le second", "b_besoin": neuve, "leur_besoin": "1"}
    assert c.post(page(brouillon), garde).status_code == 302
    assert Projet.objects.get(pk=brouillon.pk).besoin == "Le premier", "on a choisi de garder l'autre texte"
    assert c.post(page(brouillon), {"besoin": "Le second", "b_besoin": neuve}).status_code == 302
    assert Projet.objects.get(pk=brouillon.pk).besoin == "Le second"


def test_le_conflit_se_dit_aussi_pendant_qu_on_ecrit(brouillon: Projet) -> None:
    c, base = client("organismes"), empreinte(brouillon.besoin)
    envoyer(c, brouillon, "besoin", besoin="Le premier", b_besoin=base)
    reponse = envoyer(c, brouillon, "besoin", besoin="Le second", b_besoin=base)
    assert reponse["etat"] == "conflit"
    assert reponse["leur"]["valeur"] == "Le premier"
    assert str(personne("organismes")) in reponse["leur"]["qui"]
    assert envoyer(c, brouillon, "besoin", besoin="Le second", b_besoin=reponse["base"])["etat"] == "enregistre"


def test_rejouer_le_meme_envoi_repond_enregistre_sans_conflit(brouillon: Projet) -> None:
    """La réponse s'est perdue en route : le même envoi, avec la vieille empreinte, n'est pas un conflit."""
    c, base = client("organismes"), empreinte(brouillon.besoin)
    for _essai in range(2):
        assert envoyer(c, brouillon, "besoin", besoin="Le même", b_besoin=base)["etat"] == "enregistre"


def test_une_liste_entre_en_conflit_d_un_bloc(brouillon: Projet) -> None:
    c, base = client("organismes"), empreinte(valeur_de(brouillon, "resultats"))
    un, deux = {"indicateur": "Repas servis", "cible": "10"}, {"indicateur": "Ateliers", "cible": "4"}
    assert (
        envoyer(c, brouillon, "resultats", "activites", b_resultats=base, **liste("resultats", un))["etat"]
        == "enregistre"
    )
    reponse = envoyer(c, brouillon, "resultats", "activites", b_resultats=base, **liste("resultats", deux))
    assert (reponse["etat"], reponse["leur"]["texte"]) == ("conflit", "Repas servis · 10")
    assert [r.indicateur for r in brouillon.resultats.all()] == ["Repas servis"]


def test_une_liste_illisible_est_gardee_et_les_totaux_suivent_le_lisible(brouillon: Projet) -> None:
    c = client("organismes")
    bonne, fautive = {"categorie": "salaires", "montant": "100,50"}, {"categorie": "materiel", "montant": "douze"}
    reponse = envoyer(c, brouillon, "depenses", "budget", **liste("depenses", bonne))
    assert reponse["etat"] == "enregistre"
    assert "100,50" in reponse["volet"]
    reponse = envoyer(c, brouillon, "depenses", "budget", **liste("depenses", bonne, fautive))
    assert (reponse["etat"], reponse["erreurs"][0]["ancre"]) == ("illisible", "id_depenses-1-montant")
    assert [str(d.montant) for d in brouillon.depenses.all()] == ["100.50"]
    revenu = c.get(page(brouillon, "budget")).content.decode()
    assert 'value="douze"' in revenu
    brouillon.refresh_from_db()
    bloquants = [constat.titre for constat in reste_a_faire(brouillon) if constat.regle == "illisible"]
    assert bloquants == ["Une saisie ne se lit pas\u00a0: Dépenses"] or bloquants == [
        "Une saisie ne se lit pas : Dépenses"
    ]
    assert envoyer(c, brouillon, "depenses", "budget", **liste("depenses", bonne))["etat"] == "enregistre"
    brouillon.refresh_from_db()
    assert brouillon.illisibles == {}


def test_une_session_expiree_rend_ce_qui_etait_ecrit(brouillon: Projet) -> None:
    """Sans JavaScript : l'envoi arrive sans session, la connexion le rend, rien n'est enregistré d'office."""
    c = Client()
    reponse = c.post(page(brouillon), {"besoin": "Écrit à minuit moins dix", "b_besoin": empreinte(brouillon.besoin)})
    assert reponse.status_code == 302
    c.force_login(personne("organismes"))
    reponse = c.get(page(brouillon))
    texte = reponse.content.decode()
    assert "Votre session avait expiré" in texte
    assert "Écrit à minuit moins dix" in texte
    brouillon.refresh_from_db()
    assert brouillon.besoin != "Écrit à minuit moins dix"
    assert "Écrit à minuit moins dix" not in c.get(page(brouillon)).content.decode(), "rendu une seule fois"


def test_ce_qui_est_garde_ne_se_montre_pas_a_une_autre_personne(brouillon: Projet) -> None:
    c = Client()
    c.post(page(brouillon), {"besoin": "CANARI"})
    c.force_login(personne("promoteur"))
    assert c.get(page(brouillon)).status_code == 404


def test_un_envoi_sans_session_trop_gros_n_est_pas_garde(brouillon: Projet) -> None:
    c = Client()
    c.post(page(brouillon), {"besoin": "x" * 300_000})
    assert "saisie_gardee" not in c.session


def test_un_texte_colle_garde_ses_accents_et_perd_ses_invisibles(brouillon: Projet) -> None:
    colle = "E\u0301cole\x0b•\tUn «\u00a0point\u00a0»\u200b\r\nSuite\x07 😀"
    envoyer(client("organismes"), brouillon, "besoin", besoin=colle)
    brouillon.refresh_from_db()
    assert brouillon.besoin == "École\n•\tUn «\u00a0point\u00a0»\nSuite 😀"


def test_un_texte_trop_long_avertit_et_n_est_pas_coupe(brouillon: Projet) -> None:
    texte = "a" * 650
    envoyer(client("organismes"), brouillon, "resume_public", resume_public=texte)
    brouillon.refresh_from_db()
    assert brouillon.resume_public == texte
    avis = [c for c in reste_a_faire(brouillon) if c.regle == "limite"]
    assert [(c.gravite, "50 de plus" in c.titre.replace("\u00a0", " ")) for c in avis] == [("avertit", True)]


@pytest.mark.parametrize("champ", ["inconnu", "etat", "numero", "organisme", "cree_par"])
def test_un_champ_qui_n_est_pas_du_formulaire_n_existe_pas(brouillon: Projet, champ: str) -> None:
    adresse = reverse("projets:champ", args=[brouillon.uuid])
    reponse = client("organismes").post(adresse, {"section": "projet", "champ": champ, champ: "depose"})
    assert reponse.status_code == 404
    brouillon.refresh_from_db()
    assert brouillon.etat == "brouillon"


@pytest.mark.parametrize("nom", ["promoteur", "coordination", "evaluation1", "ministere"])
def test_le_champ_d_un_autre_n_existe_pas(brouillon: Projet, nom: str) -> None:
    adresse = reverse("projets:champ", args=[brouillon.uuid])
    assert client(nom).post(adresse, {"section": "projet", "champ": "besoin", "besoin": "x"}).status_code == 404


def test_une_demande_deposee_ne_s_ecrit_plus_et_le_dit() -> None:
    depose = Projet.objects.filter(etat="depose", entente__code="02-2024").first()
    adresse = reverse("projets:champ", args=[depose.uuid])
    reponse = client("organismes").post(adresse, {"section": "projet", "champ": "besoin", "besoin": "x"})
    assert reponse.status_code == 409
    assert "déposée" in json.loads(reponse.content)["message"]


def test_enregistrer_un_champ_coute_peu(brouillon: Projet, django_assert_max_num_queries) -> None:
    """Budget : huit requêtes, session et portées comprises (rendement.md)."""
    c, base = client("organismes"), empreinte(brouillon.besoin)
    with django_assert_max_num_queries(9):  # deux de plus : le SAVEPOINT de l’essai
        assert envoyer(c, brouillon, "besoin", besoin="Léger", b_besoin=base)["etat"] == "enregistre"


def test_r55_nommer_une_zone_dit_que_le_projet_s_y_tient(brouillon: Projet) -> None:
    zone = brouillon.entente.zones.filter(retiree_le__isnull=True).first()
    Projet.objects.filter(pk=brouillon.pk).update(zone_visee=None)
    enregistrer_reponses(
        projet=brouillon,
        section="projet",
        ecritures=[Ecriture("zone", zone)],
        auteur=personne("organismes"),
        instant=maintenant() + timedelta(seconds=1),
    )
    brouillon.refresh_from_db()
    assert (brouillon.zone, brouillon.zone_visee) == (zone, True)


def test_chaque_section_s_ouvre_vide_ou_remplie(brouillon: Projet) -> None:
    c = client("organismes")
    for _etat in ("remplie", "vide"):
        for code in ("projet", "milieu", "activites", "budget"):
            assert c.get(page(brouillon, code)).status_code == 200, code
        brouillon.activites.all().delete()
        brouillon.depenses.all().delete()
        brouillon.financements.all().delete()
        brouillon.reponses.all().delete()
        Projet.objects.filter(pk=brouillon.pk).update(montant_demande=None, besoin="", enveloppe=None)


def test_le_montant_revient_comme_on_l_ecrit_ici(brouillon: Projet) -> None:
    texte = client("organismes").get(page(brouillon, "budget")).content.decode()
    assert 'value="27\u00a0000,00"' in texte or 'value="27 000,00"' in texte


def test_une_rangee_videe_ou_retiree_disparait_sans_faute(brouillon: Projet) -> None:
    c = client("organismes")
    une, deux = {"categorie": "salaires", "montant": "10"}, {"categorie": "materiel", "montant": "20"}
    vide = {"categorie": "", "montant": "", "libelle": ""}
    envoyer(c, brouillon, "depenses", "budget", **liste("depenses", une, deux, deux, initial=2))
    reponse = envoyer(c, brouillon, "depenses", "budget", **liste("depenses", vide, deux, vide, initial=2))
    assert reponse["etat"] == "enregistre"
    assert [d.montant for d in brouillon.depenses.all()] == [20]
    reponse = envoyer(c, brouillon, "depenses", "budget", **liste("depenses", {**deux, "DELETE": "on"}, vide, une))
    assert reponse["etat"] == "enregistre"
    assert [d.montant for d in brouillon.depenses.all()] == [10]
