"""Prolonger la période de dépôt (R21) : vers l'avant seulement, un motif, chaque brouillon prévenu une fois."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from appels.forms.depot import ProlongerForm
from appels.models import Appel, ProlongationDepot
from appels.services.depot import prolonger_depot
from comptes.models import Adhesion
from projets.models import Projet
from socle.erreurs import Refus
from socle.horloge import maintenant
from socle.models import Courriel
from tests.outils.personnes import ROLES, client, personne

pytestmark = pytest.mark.django_db
MOTIF = "Panne d’électricité dans toute la région."
JOUR = timedelta(days=1)


def appel() -> Appel:
    return Appel.objects.select_related("entente__mandataire").get(code="02-2024-1")


def prolonger(nouvelle: datetime, **autres: object) -> ProlongationDepot:
    return prolonger_depot(
        **{
            "appel": appel(),
            "nouvelle": nouvelle,
            "motif": MOTIF,
            "auteur": personne("coordination"),
            "instant": maintenant(),
            **autres,
        }
    )


def test_la_fermeture_avance_et_l_historique_garde_l_ancienne() -> None:
    avant = appel().fermeture
    faite = prolonger(avant + JOUR)
    assert appel().fermeture == avant + JOUR
    assert (faite.ancienne, faite.nouvelle, faite.motif) == (avant, avant + JOUR, MOTIF)
    lue = client("coordination").get(reverse("admin:appels_appel_change", args=[faite.appel_id])).content.decode()
    assert MOTIF in lue
    assert MOTIF in client("anonyme").get("/appels/02-2024-1/").content.decode()


def test_minuit_est_exclusif() -> None:
    """Repoussé de deux jours, 23:59:59,7 du dernier jour est à temps, minuit ne l'est plus (R20)."""
    nouvelle = appel().fermeture + 2 * JOUR
    prolonger(nouvelle)
    assert appel().est_ouvert(nouvelle - timedelta(milliseconds=300))
    assert not appel().est_ouvert(nouvelle)


@pytest.mark.parametrize("ecart", [timedelta(0), -timedelta(microseconds=1), -JOUR])
def test_r21_la_periode_ne_se_raccourcit_pas(ecart: timedelta) -> None:
    avant = appel().fermeture
    with pytest.raises(Refus, match="ne se raccourcit pas") as refus:
        prolonger(avant + ecart)
    assert refus.value.champ == "dernier_jour"
    assert appel().fermeture == avant


def test_r21_la_base_refuse_aussi_un_raccourci() -> None:
    lu = appel()
    with pytest.raises(IntegrityError, match="prolongation_vers_l_avant"), transaction.atomic():
        ProlongationDepot.objects.create(
            entente=lu.entente, appel=lu, ancienne=lu.fermeture, nouvelle=lu.fermeture, motif="x", instant=maintenant()
        )


def test_la_base_refuse_un_appel_d_une_autre_entente() -> None:
    lu, autre = appel(), Appel.objects.get(code="14-2017-1")
    with pytest.raises(IntegrityError, match="meme_entente"), transaction.atomic():
        ProlongationDepot.objects.create(
            entente=autre.entente,
            appel=lu,
            ancienne=lu.fermeture,
            nouvelle=lu.fermeture + JOUR,
            motif="x",
            instant=maintenant(),
        )


def test_refus_un_moment_deja_passe_sans_motif_ou_hors_depot() -> None:
    instant = maintenant()
    Appel.objects.filter(code="02-2024-1").update(fermeture=instant - 2 * JOUR)
    with pytest.raises(Refus, match="ne se raccourcit pas"):
        prolonger(instant - JOUR, instant=instant)
    with pytest.raises(Refus, match="motif"):
        prolonger(instant + JOUR, motif="  ")
    prolonger(instant + JOUR, instant=instant)  # fermé depuis deux jours, rouvert
    for etat in ("brouillon", "analyse", "decide", "annonce", "annule"):
        Appel.objects.filter(code="02-2024-1").update(etat=etat)
        with pytest.raises(Refus, match="plus en dépôt"):
            prolonger(instant + 9 * JOUR)


@pytest.mark.parametrize("role", [role for role in ROLES if role not in {"anonyme", "coordination"}])
def test_seule_la_coordination_du_mandataire_prolonge(role: str) -> None:
    with pytest.raises(Refus) as refus:
        prolonger(appel().fermeture + JOUR, auteur=personne(role))
    assert refus.value.code == "permission"


def test_chaque_membre_d_un_organisme_a_brouillon_est_prevenu_une_fois() -> None:
    brouillon = Projet.objects.get(etat="brouillon", appel__code="02-2024-1")
    Adhesion.objects.create(utilisateur=personne("promoteur"), organisme=brouillon.organisme, depuis=maintenant())
    Adhesion.objects.create(
        utilisateur=personne("ministere"),
        organisme=brouillon.organisme,
        depuis=maintenant(),
        retiree_le=maintenant(),
    )
    avant = set(Courriel.objects.values_list("pk", flat=True))
    prolonger(appel().fermeture + JOUR)
    neufs = Courriel.objects.exclude(pk__in=avant)
    assert sorted(neufs.values_list("destinataire", flat=True)) == [
        "organismes@demo.example",
        "promoteur@demo.example",
    ]
    texte = neufs.first().texte
    assert MOTIF in texte
    assert appel().echeance_en_mots in texte
    assert f"/projets/{brouillon.uuid}/" in texte


def test_aux_iles_la_derniere_journee_est_celle_du_territoire() -> None:
    """Minuit aux Îles est 04:00Z, 05:00Z à Toronto (R20)."""
    for fuseau, heure in (("America/Halifax", 4), ("America/Toronto", 5)):
        formulaire = ProlongerForm({"dernier_jour": "2020-02-07", "heure": "24", "motif": "x"})
        assert formulaire.is_valid()
        assert formulaire.nouvelle(fuseau) == datetime(2020, 2, 8, heure, tzinfo=UTC)
    formulaire = ProlongerForm({"dernier_jour": "2020-02-07", "heure": "17", "motif": "x"})
    assert formulaire.is_valid()
    assert formulaire.nouvelle("America/Toronto") == datetime(2020, 2, 7, 22, tzinfo=UTC)


def test_la_page_de_l_admin_prolonge_et_refuse_en_mots() -> None:
    c, adresse = client("coordination"), reverse("admin:appels_appel_prolonger", args=[appel().pk])
    avant = appel().fermeture
    refus = c.post(adresse, {"dernier_jour": "2020-01-01", "heure": "24", "motif": MOTIF})
    assert "ne se raccourcit pas" in refus.content.decode()
    assert appel().fermeture == avant
    jour = (avant + 3 * JOUR).date().isoformat()
    assert c.post(adresse, {"dernier_jour": jour, "heure": "24", "motif": MOTIF}).status_code == 302
    assert appel().fermeture == avant + 4 * JOUR
