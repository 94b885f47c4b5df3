"""L'annonce programmée : son heure, ses refus, les lettres qui partent une fois, la page qui les nomme d'abord (R28)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from appels.models import Appel
from appels.services import annonces, cycle
from portail.tasks import battre_appels
from projets.models import Lettre, Projet
from projets.requetes.decisions import avant_l_annonce
from projets.services.lettres import relire_lettre
from socle.erreurs import Refus
from socle.horloge import maintenant
from socle.models import Courriel
from tests.outils.personnes import client, personne
from tests.projets.test_decisions import decider, part

pytestmark = pytest.mark.django_db
HEURE = timedelta(hours=1)


@pytest.fixture
def appel() -> Appel:
    """L'appel du jour, dépôt clos depuis hier."""
    instant = maintenant()
    Appel.objects.filter(code="02-2024-1").update(
        ouverture=instant - timedelta(days=60), fermeture=instant - timedelta(days=1)
    )
    return Appel.objects.select_related("entente__mandataire").get(code="02-2024-1")


@pytest.fixture
def lettre(appel: Appel) -> Lettre:
    """La lettre d'un octroi partiel, à relire : la seule de l'appel qui n'est pas partie."""
    Lettre.objects.filter(decision__projet__appel=appel).exclude(etat="envoyee").delete()
    projet = Projet.objects.select_related("enveloppe", "entente").get(
        entente__code="02-2024", etat="recommande", enveloppe__code="02-2024/MC"
    )
    return decider(projet, part("40000.00"), motif_public="Le volet logement seulement.").lettre


def acteur(nom: str = "coordination") -> dict:
    return {"auteur": personne(nom), "instant": maintenant()}


def programmer(appel: Appel, quand=None, **autres) -> Appel:
    return annonces.programmer_annonce(**{"appel": appel, "quand": quand or maintenant() + HEURE, **acteur(), **autres})


def lue(lettre: Lettre) -> str:
    return Lettre.objects.get(pk=lettre.pk).etat


def test_a_l_heure_dite_l_appel_s_annonce_et_les_lettres_relues_partent_une_seule_fois(
    appel: Appel, lettre: Lettre
) -> None:
    relire_lettre(lettre=lettre, **acteur())
    prevue = programmer(appel).annonce_prevue
    avant = Courriel.objects.count()
    assert annonces.annoncer_prevus(prevue - timedelta(microseconds=1)) == 0
    assert (lue(lettre), Courriel.objects.count()) == ("relue", avant)
    assert annonces.annoncer_prevus(prevue + 7 * HEURE) == 1
    assert annonces.annoncer_prevus(prevue + 7 * HEURE) == 0
    annonce = Appel.objects.get(pk=appel.pk)
    assert (annonce.etat, annonce.annonce_le, annonce.annonce_prevue) == ("annonce", prevue + 7 * HEURE, None)
    assert lue(lettre) == "envoyee"
    neufs = Courriel.objects.filter(genre="projets/decision", cree_le=prevue + 7 * HEURE)
    assert len({c.destinataire for c in neufs}) == neufs.count() > 0


def test_une_lettre_que_personne_n_a_relue_ne_part_pas(appel: Appel, lettre: Lettre) -> None:
    programmer(appel)
    assert annonces.annoncer_prevus(maintenant() + 2 * HEURE) == 1
    assert lue(lettre) == "redigee"


def test_l_annonce_a_la_main_envoie_aussi_et_retire_l_heure(appel: Appel, lettre: Lettre) -> None:
    relire_lettre(lettre=lettre, **acteur())
    programmer(appel)
    cycle.annoncer_appel(appel=appel, **acteur())
    assert lue(lettre) == "envoyee"
    assert annonces.annoncer_prevus(maintenant() + 2 * HEURE) == 0


def test_une_lettre_qui_ne_peut_partir_retient_toute_l_annonce(
    appel: Appel, lettre: Lettre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Annonce et lettres dans la même transaction : rien n'est à moitié fait."""
    relire_lettre(lettre=lettre, **acteur())
    programmer(appel)

    def tombe(*_a, **_k):
        raise RuntimeError("disque plein")

    monkeypatch.setattr("projets.services.lettres.demander_document", tombe)
    with pytest.raises(RuntimeError):
        annonces.annoncer_prevus(maintenant() + 2 * HEURE)
    assert Appel.objects.get(pk=appel.pk).etat != "annonce"
    assert lue(lettre) == "relue"


def test_un_refus_a_l_heure_dite_s_affiche_et_s_ecrit_une_fois(appel: Appel) -> None:
    prevue = programmer(appel).annonce_prevue
    Appel.objects.filter(pk=appel.pk).update(fermeture=prevue + 48 * HEURE)  # le dépôt fut prolongé entre-temps
    assert annonces.annoncer_prevus(prevue) == annonces.annoncer_prevus(prevue + HEURE) == 0
    courriels = Courriel.objects.filter(genre="appels/annonce_refusee")
    assert [c.destinataire for c in courriels] == ["coordination@demo.example"]
    page = client("coordination").get(reverse("admin:appels_appel_change", args=[appel.pk])).content.decode()
    assert "L’annonce programmée n’a pas eu lieu" in page
    assert "Annonces programmées refusées" in client("coordination").get("/admin/").content.decode()


def test_programmer_refuse_le_passe_le_depot_ouvert_l_appel_en_preparation_et_un_autre_role(appel: Appel) -> None:
    with pytest.raises(Refus, match="passé"):
        programmer(appel, maintenant() - HEURE)
    with pytest.raises(Refus, match="n’est pas à annoncer"):
        programmer(Appel.objects.get(code="02-2024-3"))
    with pytest.raises(Refus, match="Votre rôle"):
        programmer(appel, **acteur("secretariat"))
    Appel.objects.filter(pk=appel.pk).update(fermeture=maintenant() + 48 * HEURE)
    with pytest.raises(Refus, match="reçoit des dépôts"):
        programmer(appel)
    with pytest.raises(Refus, match="Aucune annonce"):
        annonces.deprogrammer_annonce(appel=appel, **acteur())
    assert Appel.objects.get(pk=appel.pk).annonce_prevue is None


def test_programmer_puis_retirer(appel: Appel) -> None:
    programmer(appel)
    annonces.deprogrammer_annonce(appel=appel, **acteur())
    assert annonces.annoncer_prevus(maintenant() + 2 * HEURE) == 0


def test_le_battement_annonce(appel: Appel, lettre: Lettre) -> None:
    relire_lettre(lettre=lettre, **acteur())
    Appel.objects.filter(pk=appel.pk).update(annonce_prevue=maintenant() - HEURE)
    battre_appels()
    assert Appel.objects.get(pk=appel.pk).etat == "annonce"
    assert lue(lettre) == "envoyee"


def test_la_page_nomme_d_abord_ce_qui_part_ce_qui_reste_et_ce_qui_n_est_pas_decide(
    appel: Appel, lettre: Lettre
) -> None:
    c, numero = client("coordination"), lettre.decision.projet.numero
    for acte in ("annoncer", "programmer_annonce"):
        page = c.get(reverse(f"admin:appels_appel_{acte}", args=[appel.pk])).content.decode()
        assert "lettre que personne n’a relue ne partira pas" in page
        assert numero in page
        sans_decision = avant_l_annonce(appel).sans_decision
        assert sans_decision
        assert all(p.numero in page for p in sans_decision)
    relire_lettre(lettre=lettre, **acteur())
    page = c.get(reverse("admin:appels_appel_annoncer", args=[appel.pk])).content.decode()
    assert "1 lettre relue partira" in page


def test_programmer_a_l_ecran(appel: Appel) -> None:
    c, adresse = client("coordination"), reverse("admin:appels_appel_programmer_annonce", args=[appel.pk])
    assert "Ce moment est passé" in c.post(adresse, {"jour": "2020-01-01", "heure": "09:00"}).content.decode()
    jour = (maintenant() + timedelta(days=3)).date().isoformat()
    assert c.post(adresse, {"jour": jour, "heure": "11:00"}).status_code == 302
    prevue = Appel.objects.get(pk=appel.pk).annonce_prevue
    assert prevue is not None
    page = c.get(reverse("admin:appels_appel_change", args=[appel.pk])).content.decode()
    assert "Annonce prévue le" in page
    assert c.post(reverse("admin:appels_appel_deprogrammer_annonce", args=[appel.pk])).status_code == 302
    assert Appel.objects.get(pk=appel.pk).annonce_prevue is None
