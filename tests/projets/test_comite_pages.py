"""L'espace du comité, par ses pages : ce qui est tapé n'est jamais perdu, ce qui est soumis ne bouge plus (R24, R25)."""

import pytest

from projets.models import Evaluation
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db


@pytest.fixture
def evaluation() -> Evaluation:
    return Evaluation.objects.select_related("projet__appel").get(
        projet__entente__code="02-2024", projet__etat="en_evaluation", evaluateur=personne("evaluation1")
    )


def saisie(evaluation: Evaluation, *notes: str, **options: str) -> dict[str, str]:
    """Une note par critère, dans l'ordre; « ? » coche « Je ne sais pas »."""
    donnees = {"commentaire": "Un projet clair.", **options}
    for critere, note in zip(evaluation.projet.appel.criteres.all(), notes, strict=False):
        donnees |= {f"choix_{critere.pk}": "?"} if note == "?" else {f"note_{critere.pk}": note}
    return donnees


def declarer(evaluation: Evaluation, lien: str = "aucun") -> str:
    adresse = evaluation.get_absolute_url()
    assert client("evaluation1").post(adresse, {"lien": lien}).status_code == 302
    evaluation.refresh_from_db()
    return adresse


def test_r25_sans_reponse_la_question_revient(evaluation: Evaluation) -> None:
    reponse = client("evaluation1").post(evaluation.get_absolute_url(), {"csrfmiddlewaretoken": "x"})
    assert "Il y a un problème" in reponse.content.decode()
    evaluation.refresh_from_db()
    assert evaluation.etat == "assignee"


def test_r25_noter_avant_de_repondre_ne_note_rien(evaluation: Evaluation) -> None:
    client("evaluation1").post(evaluation.get_absolute_url(), saisie(evaluation, "12", "40", "28", soumettre="1"))
    evaluation.refresh_from_db()
    assert (evaluation.etat, evaluation.notes.count()) == ("assignee", 0)


def test_r25_un_lien_ferme_la_porte(evaluation: Evaluation) -> None:
    adresse = declarer(evaluation, "conflit")
    assert evaluation.etat == "retiree"
    client("evaluation1").post(adresse, saisie(evaluation, "12", "40", "28", soumettre="1"))
    client("evaluation1").post(adresse, {"lien": "aucun"})
    evaluation.refresh_from_db()
    assert (evaluation.etat, evaluation.notes.count()) == ("retiree", 0)


@pytest.mark.parametrize("soumise", [False, True])
def test_r25_un_lien_decouvert_ensuite_retire_aussi(evaluation: Evaluation, soumise: bool) -> None:
    adresse, c = declarer(evaluation), client("evaluation1")
    c.post(adresse, saisie(evaluation, "12", "40", "28", **({"soumettre": "1"} if soumise else {})))
    assert f"{adresse}retrait/" in c.get(adresse).content.decode()
    assert "seront effacés" in c.get(f"{adresse}retrait/").content.decode()
    assert c.post(f"{adresse}retrait/", {"csrfmiddlewaretoken": "x"}).status_code == 302
    evaluation.refresh_from_db()
    assert (evaluation.etat, evaluation.lien, evaluation.note, evaluation.commentaire) == (
        "retiree",
        "conflit",
        None,
        "",
    )
    assert (evaluation.soumise_le, evaluation.notes.count()) == (None, 0)
    assert evaluation.projet.titre not in c.get(adresse).content.decode()
    assert c.get(f"{adresse}retrait/").status_code == 302


def test_r25_avant_la_declaration_le_retrait_renvoie_a_la_question(evaluation: Evaluation) -> None:
    c = client("evaluation1")
    assert c.get(f"{evaluation.get_absolute_url()}retrait/").url == evaluation.get_absolute_url()
    c.post(f"{evaluation.get_absolute_url()}retrait/", {"csrfmiddlewaretoken": "x"})
    evaluation.refresh_from_db()
    assert evaluation.etat == "assignee"


def test_r25_apres_la_recommandation_l_evaluation_soumise_reste() -> None:
    ancienne = Evaluation.objects.filter(
        evaluateur=personne("evaluation1"), etat="soumise", projet__etat="accepte"
    ).first()
    adresse = f"{ancienne.get_absolute_url()}retrait/"
    assert adresse not in client("evaluation1").get(ancienne.get_absolute_url()).content.decode()
    page = client("evaluation1").post(adresse, {"csrfmiddlewaretoken": "x"}).content.decode()
    assert "n’est plus devant le comité" in page
    avant = ancienne.note
    ancienne.refresh_from_db()
    assert (ancienne.etat, ancienne.note) == ("soumise", avant)
    assert ancienne.notes.exists()


def test_enregistrer_sans_soumettre_se_reprend(evaluation: Evaluation) -> None:
    adresse, c = declarer(evaluation), client("evaluation1")
    assert c.post(adresse, saisie(evaluation, "12", "?")).status_code == 302
    formulaire = c.get(adresse).context["formulaire"]
    valeurs = [formulaire[nom].value() for nom in formulaire.fields if nom.startswith(("note_", "choix_"))]
    assert valeurs == [None, 12, "?", None, None, None]
    assert formulaire["commentaire"].value() == "Un projet clair."


def test_r24_une_grille_incomplete_se_dit_et_reste_enregistree(evaluation: Evaluation) -> None:
    adresse = declarer(evaluation)
    reponse = client("evaluation1").post(adresse, saisie(evaluation, "12", "40", soumettre="1"))
    assert "Il reste à noter\u00a0: Structure financière et faisabilité" in reponse.content.decode()
    evaluation.refresh_from_db()
    assert (evaluation.etat, evaluation.notes.count()) == ("en_cours", 2)


@pytest.mark.parametrize("note", ["16", "-1", "douze", "1,5", "9" * 30])
def test_r24_une_note_impossible_reste_affichee(evaluation: Evaluation, note: str) -> None:
    adresse = declarer(evaluation)
    reponse = client("evaluation1").post(adresse, saisie(evaluation, note, "40", "28", soumettre="1"))
    page = reponse.content.decode()
    assert (reponse.status_code, "Il y a un problème" in page, f'value="{note}"' in page) == (200, True, True)
    evaluation.refresh_from_db()
    assert (evaluation.etat, evaluation.notes.count()) == ("en_cours", 0)


def test_r24_soumise_elle_ne_bouge_plus(evaluation: Evaluation) -> None:
    adresse, c = declarer(evaluation), client("evaluation1")
    assert c.post(adresse, saisie(evaluation, "12", "40", "28", soumettre="1")).status_code == 302
    assert "80,00 / 100" in c.get(adresse).content.decode()
    c.post(adresse, saisie(evaluation, "0", "0", "0", soumettre="1"))
    c.post(adresse, {"lien": "conflit"})
    evaluation.refresh_from_db()
    assert (evaluation.etat, str(evaluation.note)) == ("soumise", "80.00")
    assert set(evaluation.notes.values_list("valeur", flat=True)) == {12, 40, 28}
