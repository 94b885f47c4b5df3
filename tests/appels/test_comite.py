"""Ce que l'appel règle du travail du comité : grille en mots, seuil, consigne, phases; l'éditeur, ses refus, la copie."""

from datetime import timedelta

import pytest
from django.urls import reverse

from appels.enums import PhaseComite
from appels.models import Appel
from appels.services.comite import ecrire_comite
from appels.services.copie import copier_appel
from appels.services.exigences import ecrire_grille
from socle.erreurs import Refus
from socle.horloge import maintenant
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db


@pytest.fixture
def brouillon() -> Appel:
    return Appel.objects.select_related("entente__mandataire").get(code="02-2024-3")


def acteur() -> dict:
    return {"auteur": personne("coordination"), "instant": maintenant()}


def critere(**options: object) -> dict:
    return {"libelle": "Impact", "question": "Que change-t-il?", "poids": 100, "maximum": 10, **options}


def test_la_grille_porte_ses_mots_sa_consigne_et_son_seuil(brouillon: Appel) -> None:
    ecrire_grille(
        appel=brouillon,
        criteres=[critere(echelle="0 Non; 5 Un peu; 10 Oui", consigne="Pensez aux gens.", seuil=5)],
        **acteur(),
    )
    ecrit = brouillon.criteres.get()
    assert [(p.note, p.mot) for p in ecrit.paliers] == [(0, "Non"), (5, "Un peu"), (10, "Oui")]
    assert (ecrit.en_mots(7), ecrit.en_mots(None), ecrit.sous_le_seuil(4)) == (
        "Un peu (7 / 10)",
        "Je ne sais pas",
        True,
    )
    assert (ecrit.consigne, ecrit.sous_le_seuil(5), ecrit.sous_le_seuil(None)) == ("Pensez aux gens.", False, False)


@pytest.mark.parametrize(
    ("options", "champ"), [({"echelle": "0 Non; 11 Oui"}, "echelle_0"), ({"seuil": 11}, "seuil_0")]
)
def test_une_grille_illisible_se_refuse_au_bon_champ(brouillon: Appel, options: dict, champ: str) -> None:
    with pytest.raises(Refus) as refus:
        ecrire_grille(appel=brouillon, criteres=[critere(**options)], **acteur())
    assert refus.value.champ == champ
    assert brouillon.criteres.count() == 2, "un refus n'efface rien"


def test_l_editeur_de_grille_enregistre_et_remontre(brouillon: Appel) -> None:
    adresse, c = reverse("admin:appels_appel_grille", args=[brouillon.pk]), client("coordination")
    rangee = {"libelle_0": "Impact", "question_0": "Quoi?", "poids_0": "100", "maximum_0": "10"}
    page = c.post(adresse, {**rangee, "echelle_0": "Oui; Non", "seuil_0": "3"})
    assert "ne se lit pas" in page.content.decode()
    assert (
        c.post(adresse, {**rangee, "echelle_0": "0 Non; 10 Oui", "consigne_0": "Lire", "seuil_0": "3"}).status_code
        == 302
    )
    assert "0 Non; 10 Oui" in c.get(adresse).content.decode()


def test_les_phases_se_datent_dans_l_ordre_meme_publie() -> None:
    publie = Appel.objects.select_related("entente__mandataire").get(code="02-2024-1")
    c, adresse = client("coordination"), reverse("admin:appels_appel_comite", args=[publie.pk])
    page = c.post(adresse, {"jour_commun": "2030-02-01", "jour_seance": "2030-01-01", "retrait_hors_quorum": "on"})
    assert "commencerait avant la phase" in page.content.decode()
    assert c.post(adresse, {"jour_commun": "2030-02-01", "heure_commun": "09:30"}).status_code == 302
    publie.refresh_from_db()
    phase = publie.phases_comite.get()
    assert (phase.genre, phase.debut.isoformat()) == ("commun", "2030-02-01T14:30:00+00:00")
    assert not publie.retrait_hors_quorum
    with pytest.raises(Refus, match="ne change plus"):
        ecrire_comite(appel=publie, debuts={}, commentaires_exiges=True, retrait_hors_quorum=True, **acteur())


def test_copier_un_appel_reprend_la_grille_en_mots_et_decale_les_phases() -> None:
    source = Appel.objects.select_related("entente__mandataire").get(code="02-2024-1")
    Appel.objects.filter(pk=source.pk).update(commentaires_exiges=True)
    source.refresh_from_db()
    copie = copier_appel(appel=source, entente=source.entente, titre="Copie", annees=1, jours=0, **acteur())
    champs = ("libelle", "mots", "seuil", "consigne", "poids", "maximum")
    assert list(copie.criteres.values_list(*champs)) == list(source.criteres.values_list(*champs))
    assert copie.commentaires_exiges
    assert {p.genre for p in copie.phases_comite.all()} == set(PhaseComite.values)
    avant, apres = (a.phases_comite.get(genre="commun").debut for a in (source, copie))
    assert timedelta(days=364) < apres - avant < timedelta(days=367)
