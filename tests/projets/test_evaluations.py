"""Le comité : note pondérée (R24), intérêt déclaré (R25), notes des autres cachées (R26), recommandation (R27)."""

from decimal import Decimal

import pytest

from projets.enums import EtatEvaluation
from projets.etats import EVALUATION
from projets.models import Evaluation, Projet
from projets.services.evaluations import (
    assigner_evaluations,
    consigner_recommandation,
    declarer_lien,
    enregistrer_notes,
    membres_du_comite,
    note_moyenne,
    soumettre_evaluation,
)
from socle.documents.fichiers import ranger
from socle.erreurs import Refus
from socle.horloge import maintenant
from socle.models import Courriel
from tests.outils.personnes import ROLES, client, personne

pytestmark = pytest.mark.django_db
D = Decimal


def acteur(nom: str) -> dict[str, object]:
    return {"auteur": personne(nom), "instant": maintenant()}


@pytest.fixture
def projet() -> Projet:
    """Confié aux deux membres du comité, rien d'ouvert encore."""
    return Projet.objects.get(entente__code="02-2024", etat="en_evaluation")


def evaluation(projet: Projet, nom: str) -> Evaluation:
    return projet.evaluations.select_related("projet__appel").get(evaluateur=personne(nom))


def noter(projet: Projet, nom: str, notes: tuple[int | None, ...], commentaire: str = "") -> Evaluation:
    """Déclare n'avoir aucun lien, puis enregistre les notes, dans l'ordre de la grille."""
    sienne = declarer_lien(evaluation=evaluation(projet, nom), lien="aucun", **acteur(nom))
    cles = projet.appel.criteres.values_list("pk", flat=True)
    valeurs = {pk: (note, "") for pk, note in zip(cles, notes, strict=False)}
    return enregistrer_notes(evaluation=sienne, notes=valeurs, commentaire=commentaire, **acteur(nom))


def evaluer(projet: Projet, nom: str, notes: tuple[int | None, ...], commentaire: str = "") -> Evaluation:
    return soumettre_evaluation(evaluation=noter(projet, nom, notes, commentaire), **acteur(nom))


@pytest.mark.parametrize(
    ("notes", "attendu"),
    [
        ((12, 40, 28), "80.00"),
        ((None, 40, 28), "80.00"),
        ((15, None, 0), "30.00"),
        ((0, 0, 0), "0.00"),
        ((15, 50, 35), "100.00"),
        ((10, 33, 17), "60.00"),
    ],
)
def test_r24_la_note_sur_cent(projet: Projet, notes: tuple[int | None, ...], attendu: str) -> None:
    """Grille 15/50/35; « Je ne sais pas » retire le critère, les poids restants font 100."""
    soumise = evaluer(projet, "evaluation1", notes)
    assert (soumise.note, soumise.etat) == (D(attendu), "soumise")


def test_r24_la_moyenne_ne_compte_que_les_evaluations_soumises(projet: Projet) -> None:
    evaluer(projet, "evaluation1", (12, 40, 28))
    noter(projet, "evaluation2", (0, 0, 0))
    assert note_moyenne(projet.evaluations.all()) == D("80.00")


@pytest.mark.parametrize(
    ("notes", "message"),
    [
        ((), "Il reste à noter\u00a0: Ampleur et rayonnement, Impact sur la communauté, Structure financière"),
        ((12, 40), "Il reste à noter\u00a0: Structure financière et faisabilité"),
        ((None, None, None), "Aucun critère n’est noté"),
    ],
)
def test_r24_une_evaluation_incomplete_ne_se_soumet_pas(projet: Projet, notes: tuple, message: str) -> None:
    sienne = noter(projet, "evaluation1", notes)
    with pytest.raises(Refus, match=message):
        soumettre_evaluation(evaluation=sienne, **acteur("evaluation1"))
    sienne.refresh_from_db()
    assert (sienne.etat, sienne.note) == ("en_cours", None)


@pytest.mark.parametrize("note", [16, -1])
def test_r24_une_note_hors_de_l_echelle_est_refusee(projet: Projet, note: int) -> None:
    with pytest.raises(Refus, match="se note de 0 à 15"):
        noter(projet, "evaluation1", (note,))
    assert not evaluation(projet, "evaluation1").notes.exists()


def test_r25_on_ne_note_pas_sans_avoir_dit_son_lien(projet: Projet) -> None:
    critere = projet.appel.criteres.first()
    with pytest.raises(Refus, match="Dites d’abord si vous avez un lien"):
        enregistrer_notes(
            evaluation=evaluation(projet, "evaluation1"),
            notes={critere.pk: (10, "")},
            commentaire="",
            **acteur("evaluation1"),
        )
    assert evaluation(projet, "evaluation1").etat == "assignee"


def test_r25_avant_la_declaration_la_demande_ne_se_lit_pas(projet: Projet) -> None:
    piece = ranger(
        b"%PDF-",
        nom="budget.pdf",
        type_mime="application/pdf",
        acces="projet",
        objet_id=projet.pk,
        instant=maintenant(),
    )
    c, page = client("evaluation1"), evaluation(projet, "evaluation1").get_absolute_url()
    avant = c.get(page).content.decode()
    assert "Avez-vous un lien avec cet organisme" in avant
    assert projet.titre not in avant
    assert c.get(f"/fichiers/{piece.uuid}/").status_code == 404
    c.post(page, {"lien": "aucun"})
    assert projet.titre in c.get(page).content.decode()
    reponse = c.get(f"/fichiers/{piece.uuid}/")
    assert reponse.status_code == 200
    b"".join(reponse.streaming_content)


def test_r25_un_interet_declare_retire_la_personne(projet: Projet) -> None:
    piece = ranger(
        b"%PDF-",
        nom="budget.pdf",
        type_mime="application/pdf",
        acces="projet",
        objet_id=projet.pk,
        instant=maintenant(),
    )
    noter(projet, "evaluation1", (12, 40, 28))
    retiree = declarer_lien(evaluation=evaluation(projet, "evaluation1"), lien="conflit", **acteur("evaluation1"))
    assert (retiree.etat, retiree.note, retiree.notes.count()) == ("retiree", None, 0)
    c = client("evaluation1")
    assert c.get(f"/fichiers/{piece.uuid}/").status_code == 404
    page = c.get(retiree.get_absolute_url()).content.decode()
    assert projet.titre not in page
    with pytest.raises(Refus, match="n’est plus possible"):
        soumettre_evaluation(evaluation=noter_encore(retiree), **acteur("evaluation1"))
    evaluer(projet, "evaluation2", (12, 40, 28))
    assert recommander(projet).sens == "accepter", "la personne retirée ne compte pas dans ce qui reste à soumettre"


def noter_encore(retiree: Evaluation) -> Evaluation:
    retiree.notes.bulk_create(
        [retiree.notes.model(evaluation=retiree, critere=c, valeur=1) for c in retiree.projet.appel.criteres.all()]
    )
    return retiree


def test_r25_un_membre_de_l_organisme_evalue_n_est_pas_propose(projet: Projet) -> None:
    assert {p.email for p in membres_du_comite(projet, maintenant())} == {
        "evaluation1@demo.example",
        "evaluation2@demo.example",
    }
    projet.organisme.adhesions.create(utilisateur=personne("evaluation1"), depuis=maintenant())
    assert [p.email for p in membres_du_comite(projet, maintenant())] == ["evaluation2@demo.example"]
    with pytest.raises(Refus, match="membre de l’organisme évalué"):
        assigner_evaluations(projet=projet, evaluateurs=[personne("evaluation1")], **acteur("coordination"))


@pytest.mark.parametrize(("qui", "message"), [([], "Choisissez au moins une personne"), (["finances"], "du comité")])
def test_confier_a_personne_ou_a_une_personne_hors_comite_est_refuse(qui: list[str], message: str) -> None:
    projet = Projet.objects.get(entente__code="02-2024", etat="admissible")
    with pytest.raises(Refus, match=message):
        assigner_evaluations(projet=projet, evaluateurs=[personne(n) for n in qui], **acteur("coordination"))
    projet.refresh_from_db()
    assert projet.etat == "admissible"


def test_confier_de_nouveau_n_avise_que_les_nouvelles_personnes(projet: Projet) -> None:
    avant = Courriel.objects.filter(genre="projets/evaluation").count()
    tous = membres_du_comite(projet, maintenant())
    assert len(assigner_evaluations(projet=projet, evaluateurs=tous, **acteur("coordination"))) == 2
    assert Courriel.objects.filter(genre="projets/evaluation").count() == avant


def test_r26_personne_ne_voit_les_notes_des_autres(projet: Projet) -> None:
    autre = evaluer(projet, "evaluation2", (11, 37, 23), "Un mot que seul son auteur lit.")
    assert autre.note == D("71.00")
    c, mienne = client("evaluation1"), evaluation(projet, "evaluation1")
    c.post(mienne.get_absolute_url(), {"lien": "aucun"})
    pages = [c.get(adresse) for adresse in ("/comite/", mienne.get_absolute_url())]
    evaluer(projet, "evaluation1", (12, 40, 28))
    pages += [c.get(adresse) for adresse in ("/comite/", mienne.get_absolute_url())]
    for page in pages:
        assert page.status_code == 200
        assert "71,00" not in page.content.decode()
        assert "Un mot que seul" not in page.content.decode()
    assert c.get(autre.get_absolute_url()).status_code == 404


def recommander(projet: Projet, sens: str = "accepter", montant: str = "41200"):
    return consigner_recommandation(projet=projet, sens=sens, montant=D(montant), motif="", **acteur("coordination"))


def test_r27_pas_de_recommandation_tant_qu_une_evaluation_reste_ouverte(projet: Projet) -> None:
    with pytest.raises(Refus, match="Aucune évaluation n’est soumise"):
        recommander(projet)
    evaluer(projet, "evaluation1", (12, 40, 28))
    with pytest.raises(Refus, match=r"Il reste 1\s+évaluation"):
        recommander(projet)
    evaluer(projet, "evaluation2", (12, 40, 28))
    assert recommander(projet).montant == D("41200.00")
    projet.refresh_from_db()
    assert projet.etat == "recommande"


def test_r27_accepter_sans_montant_est_refuse_et_refuser_n_en_porte_pas(projet: Projet) -> None:
    for nom in ("evaluation1", "evaluation2"):
        evaluer(projet, nom, (12, 40, 28))
    with pytest.raises(Refus, match="Inscrivez le montant"):
        recommander(projet, montant="0")
    assert recommander(projet, sens="refuser", montant="500").montant == 0
    projet.refresh_from_db()
    assert projet.etat == "non_recommande"


@pytest.mark.parametrize("etat", EtatEvaluation.values)
@pytest.mark.parametrize("nom", [nom for nom in ROLES if nom != "anonyme"])
def test_table_etat_par_role(projet: Projet, etat: str, nom: str) -> None:
    """Une évaluation n'appartient qu'à sa personne; la coordination recopie un papier, rouvre ou remplace, sans noter à son nom."""
    sienne = evaluation(projet, "evaluation1")
    sienne.etat = etat
    offertes = {t.action for t in EVALUATION.actions_possibles(sienne, personne(nom))}
    siennes = {"commencer", "hesiter", "se_retirer", "soumettre"}
    conduites = {"recopier", "soumettre_papier", "retirer", "rouvrir", "remplacer", "reconfier"}
    permises = {"evaluation1": siennes, "coordination": conduites}.get(nom, set())
    assert siennes | conduites == {t.action for t in EVALUATION.transitions}
    assert offertes == {t.action for t in EVALUATION.transitions if etat in t.de and t.action in permises}
