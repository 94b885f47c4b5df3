"""Travaux longs : progression vraie, annulation, reprise après un arrêt brutal, échec montré."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from reddition.models import Production, Reddition
from reddition.services.redditions import demander_production
from socle import boite, travaux
from socle.documents.fichiers import ranger
from socle.horloge import maintenant
from socle.models import Envoi, Fichier, Travail
from socle.travaux import Avancement, production
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db
conduite: dict[str, Callable[[Travail, Avancement], Fichier | None]] = {}


@production("essai.conduite")
def conduire(travail: Travail, avancement: Avancement) -> Fichier | None:
    """Une vraie production; chaque essai dit ce qu'elle fait."""
    return conduite["geste"](travail, avancement)


def demander(geste: Callable[[Travail, Avancement], Fichier | None]) -> Travail:
    conduite["geste"] = geste
    return travaux.demander(
        "essai.conduite", libelle="Un essai", parametres={}, demande_par=personne("coordination"), instant=maintenant()
    )


def relu(travail: Travail) -> Travail:
    return Travail.objects.get(pk=travail.pk)


def livrer(travail: Travail) -> Travail:
    """La tâche telle que le travailleur la reçoit."""
    boite.traiter(Envoi.objects.get(cle=f"travail:{travail.pk}").pk, travaux.executer)
    return relu(travail)


def un_fichier(contenu: bytes = b"x") -> Fichier:
    return ranger(contenu, nom="f.txt", type_mime="text/plain", acces="essai", instant=maintenant())


def page(travail: Travail) -> str:
    return client("coordination").get(travail.get_absolute_url()).content.decode()


def test_la_progression_est_celle_des_etapes_faites() -> None:
    lus: list[tuple[int, int, str, bool]] = []

    def geste(travail: Travail, avancement: Avancement) -> Fichier:
        avancement.prevoir(3, "Lecture")
        for etape in ("Calcul", "Mise en page"):
            avancement.avancer(etape)
            ecrit = relu(travail)
            lus.append((ecrit.fait, ecrit.total, ecrit.etape, f"Étape {ecrit.fait} sur 3" in page(travail)))
        avancement.avancer()
        return un_fichier()

    fini = livrer(demander(geste))
    assert lus == [(1, 3, "Calcul", True), (2, 3, "Mise en page", True)]
    assert (fini.etat, fini.fait, fini.total, fini.fichier.nom) == ("termine", 3, 3, "f.txt")
    assert "f.txt" in page(fini)


def test_annuler_arrete_a_l_etape_en_cours() -> None:
    faites: list[str] = []

    def geste(travail: Travail, avancement: Avancement) -> None:
        avancement.prevoir(2)
        client("coordination").post(reverse("socle:annuler_travail", args=[travail.uuid]))
        avancement.avancer("suite")
        faites.append("suite")

    annule = livrer(demander(geste))
    assert (annule.etat, annule.fichier, faites) == ("annule", None, [])
    assert "Annulé" in page(annule)
    assert not travaux.annuler(annule), "il n'y a plus rien à annuler"


def test_annuler_avant_le_depart_empeche_de_partir() -> None:
    faites: list[int] = []
    travail = demander(lambda t, _a: faites.append(t.pk))
    assert travaux.annuler(travail)
    assert (livrer(travail).etat, faites) == ("annule", [])


def test_un_travailleur_tue_recommence_a_zero_et_remplace_le_resultat() -> None:
    """kill −9 au milieu : la rangée est restée « en cours », à deux étapes sur trois."""

    def geste(_travail: Travail, avancement: Avancement) -> Fichier:
        avancement.prevoir(3)
        for _etape in range(3):
            avancement.avancer()
        return un_fichier(b"second")

    travail = demander(geste)
    Travail.objects.filter(pk=travail.pk).update(etat="en_cours", fait=2, total=3, debute_le=maintenant())
    repris = livrer(travail)
    assert (repris.etat, repris.fait, repris.fichier.taille) == ("termine", 3, 6)
    assert livrer(travail).fichier == repris.fichier, "rejouée, la tâche finie ne produit rien d'autre"


def test_un_echec_se_montre_et_dit_quoi_faire() -> None:
    def geste(_travail: Travail, _avancement: Avancement) -> None:
        raise ValueError("gabarit abîmé")

    travail = demander(geste)
    echec = livrer(travail)
    assert (echec.etat, echec.erreur) == ("echec", "gabarit abîmé")
    montre = page(echec)
    assert "La production a échoué. Demandez-la de nouveau" in montre
    assert "gabarit abîmé" not in montre, "la cause technique n'est pas pour la personne"


def test_une_reddition_dont_la_production_a_echoue_se_redemande() -> None:
    reddition = Reddition.objects.filter(etat="acceptee").first()
    Production.objects.filter(reddition=reddition).delete()
    options = {"reddition": reddition, "genre": "pdf", "auteur": personne("ministere"), "instant": maintenant()}
    premiere = demander_production(**options)
    assert demander_production(**options).travail_id == premiere.travail_id, "une demande en cours ne se double pas"
    Travail.objects.filter(pk=premiere.travail_id).update(etat="echec")
    seconde = demander_production(**options)
    assert (seconde.pk, seconde.travail_id != premiere.travail_id) == (premiere.pk, True)


def test_seule_la_personne_qui_demande_suit_et_annule() -> None:
    travail = demander(lambda _t, _a: None)
    for nom in ("finances", "ministere", "coordination.lanaudiere"):
        assert client(nom).get(travail.get_absolute_url()).status_code == 404
        assert client(nom).post(reverse("socle:annuler_travail", args=[travail.uuid])).status_code == 404
    assert relu(travail).etat == "en_attente"


@pytest.mark.parametrize("retour", ["https://ailleurs.example/", "//ailleurs.example", "javascript:alert(1)"])
def test_le_lien_de_retour_ne_sort_jamais_du_portail(retour: str) -> None:
    travail = demander(lambda _t, _a: None)
    lue = client("coordination").get(travail.get_absolute_url(), {"retour": retour}).content.decode()
    assert f'href="{retour}"' not in lue
    assert (
        'href="/ministere/"'
        in client("coordination").get(f"{travail.get_absolute_url()}?retour=/ministere/").content.decode()
    )


def test_htmx_ne_recoit_que_le_fragment() -> None:
    travail = demander(lambda _t, _a: None)
    fragment = client("coordination").get(travail.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()
    assert fragment.lstrip().startswith('<div id="travail"')
    assert "<html" not in fragment
