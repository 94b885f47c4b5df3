"""Le formulaire d'un appel : définition sûre, versions figées, brouillons qui suivent, demandes déposées qui gardent la leur."""

from dataclasses import replace
from functools import partial

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from appels.enums import GenreQuestion as G
from appels.gabarit_fqis import formulaire_type
from appels.models import Appel, FormulaireVersion
from appels.questions import (
    COLONNES,
    INDISPENSABLES,
    Condition,
    DefinitionInvalide,
    Formulaire,
    Question,
    Section,
    deplacer,
    differences,
    ecrire,
    lire,
    poser,
    retirer,
    verifier,
)
from appels.services.formulaire import changer_formulaire, preparer_formulaire, publier_formulaire, version_publiee
from projets.champs import changements_du_formulaire, formulaire_de
from projets.models import Projet
from projets.sections import reste_a_faire
from projets.services.depots import deposer_projet
from socle.erreurs import Refus
from socle.horloge import maintenant
from tests.outils.personnes import client, personne


def test_le_formulaire_type_tient_et_porte_tout_ce_que_la_reddition_lit() -> None:
    formulaire = formulaire_type()
    verifier(formulaire)
    cles = [question.cle for _section, question in formulaire.toutes()]
    assert set(INDISPENSABLES) <= set(cles) <= set(COLONNES)


textes = st.text(max_size=30).filter(lambda t: "\x00" not in t)
libres = st.builds(
    Question,
    cle=st.from_regex(r"q_[a-z0-9_]{1,12}", fullmatch=True),
    genre=st.sampled_from([G.TEXTE_COURT, G.TEXTE_LONG, G.NOMBRE, G.MONTANT, G.DATE]),
    libelle=textes.filter(str.strip),
    aide=textes,
    limite=st.none() | st.integers(1, 9000),
    publique=st.booleans(),
)


@given(st.lists(libres, max_size=6, unique_by=lambda q: q.cle))
def test_lire_rend_ce_qui_est_ecrit(questions: list[Question]) -> None:
    formulaire = Formulaire((*formulaire_type().sections, Section("ajout", "Ajout", "", tuple(questions))))
    assert lire(ecrire(formulaire)) == formulaire
    assert differences(formulaire, formulaire) == []


def avec(*questions: Question) -> Formulaire:
    return Formulaire((*formulaire_type().sections, Section("ajout", "Ajout", "", questions)))


Q = Question("q_libre", G.TEXTE_COURT, "Une question")
FAUTES = {
    "clé en double": avec(Q, Q),
    "clé mal écrite": avec(replace(Q, cle="Été")),
    "sans libellé": avec(replace(Q, libelle="  ")),
    "genre inconnu": avec(replace(Q, genre="html")),
    "gravité inconnue": avec(replace(Q, gravite="fatal")),
    "choix sans options": avec(replace(Q, genre=G.CHOIX, options=(("un", "Un"),))),
    "tableau sans colonne": avec(replace(Q, genre=G.TABLEAU)),
    "condition sur la suite": avec(replace(Q, condition=Condition("plus_tard", ("oui",)))),
    "section réservée": Formulaire((*formulaire_type().sections, Section("budget", "Budget"))),
    "colonne d'un autre genre": poser(formulaire_type(), "projet", Question("besoin", G.DATE, "Besoin"), "besoin"),
    "indispensable retirée": retirer(formulaire_type(), "priorite"),
}


@pytest.mark.parametrize("faute", FAUTES)
def test_une_definition_fautive_est_refusee(faute: str) -> None:
    with pytest.raises(DefinitionInvalide):
        verifier(FAUTES[faute])


def test_une_question_conditionnelle_ne_se_pose_que_si_sa_condition_est_tenue() -> None:
    """Et une question qui dépend d'une question non posée ne se pose pas."""
    a = Question("q_a", G.CHOIX, "A", options=(("oui", "Oui"), ("non", "Non")))
    b = replace(a, cle="q_b", condition=Condition("q_a", ("oui",)))
    c = replace(Q, cle="q_c", condition=Condition("q_b", ("oui",)))
    formulaire = Formulaire((Section("s", "S", "", (a, b, c)),))

    def posees(**reponses: str) -> list[str]:
        return [q.cle for _s, q in formulaire.posees(reponses)]

    assert posees() == ["q_a"]
    assert posees(q_a="oui") == ["q_a", "q_b"]
    assert posees(q_a="oui", q_b="oui") == ["q_a", "q_b", "q_c"]
    assert posees(q_a="non", q_b="oui") == ["q_a"]


def test_deplacer_et_retirer_ne_perdent_rien_d_autre() -> None:
    formulaire = avec(Q, replace(Q, cle="q_suite", condition=Condition("q_libre", ("x",))))
    cles = [q.cle for q in deplacer(formulaire, "q_suite", -1).sections[-1].questions]
    assert cles == ["q_suite", "q_libre"]
    assert deplacer(formulaire, "q_libre", -1) == formulaire, "déjà en haut"
    sans = retirer(formulaire, "q_libre")
    assert [(q.cle, q.condition) for q in sans.sections[-1].questions] == [("q_suite", None)]


# Versions -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def appel(db: None) -> Appel:
    return Appel.objects.select_related("entente__mandataire").get(code="02-2024-1")


@pytest.fixture
def brouillon(appel: Appel) -> Projet:
    return Projet.objects.select_related("appel", "formulaire").get(etat="brouillon", appel=appel)


def acteur(nom: str = "coordination") -> dict:
    return {"auteur": personne(nom), "instant": maintenant()}


def ajouter(appel: Appel, question: Question = Q) -> FormulaireVersion:
    version = preparer_formulaire(appel=appel, **acteur())
    return changer_formulaire(version=version, changer=partial(poser, section="milieu", question=question), **acteur())


def test_preparer_deux_fois_rend_la_meme_version(appel: Appel) -> None:
    assert preparer_formulaire(appel=appel, **acteur()) == preparer_formulaire(appel=appel, **acteur())


def test_publier_passe_les_brouillons_et_leur_dit_ce_qui_change(appel: Appel, brouillon: Projet) -> None:
    avant = formulaire_de(brouillon)
    version = publier_formulaire(version=ajouter(appel, replace(Q, gravite="bloque")), **acteur())
    brouillon = Projet.objects.select_related("appel", "formulaire").get(pk=brouillon.pk)
    assert brouillon.formulaire == version
    assert changements_du_formulaire(brouillon) == ["Question ajoutée\u00a0: Une question"]
    assert formulaire_de(brouillon) != avant
    bloquants = [c.titre for c in reste_a_faire(brouillon) if c.gravite == "bloque"]
    assert bloquants == ["Répondez\u00a0: Une question"]
    with pytest.raises(Refus, match="Une question"):
        deposer_projet(projet=brouillon, auteur=personne("organismes"), instant=maintenant())
    c = client("organismes")
    assert "Le formulaire de l’appel a changé" in c.get(brouillon.get_absolute_url()).content.decode()
    c.post(reverse("projets:formulaire_vu", args=[brouillon.uuid]))
    assert "Le formulaire de l’appel a changé" not in c.get(brouillon.get_absolute_url()).content.decode()


def test_une_demande_deposee_garde_sa_version_et_ses_mots(appel: Appel) -> None:
    depose = Projet.objects.filter(appel=appel, etat="depose").first()
    avant = (depose.formulaire_id, depose.depots.first().contenu["reponses"])
    publier_formulaire(version=ajouter(appel), **acteur())
    depose.refresh_from_db()
    assert (depose.formulaire_id, depose.depots.first().contenu["reponses"]) == avant
    assert {
        "section": "Votre milieu",
        "cle": "suite_d_un_projet",
        "question": "Le projet est-il la suite d’un projet déjà soutenu par l’Alliance?",
        "reponse": "Non",
    } in avant[1]


def test_une_version_publiee_ne_se_change_plus_ni_par_service_ni_en_sql(appel: Appel) -> None:
    publiee = version_publiee(appel)
    with pytest.raises(Refus, match="publiée"):
        changer_formulaire(version=publiee, changer=lambda f: f, **acteur())
    with pytest.raises(Refus, match="déjà publiée"):
        publier_formulaire(version=publiee, **acteur())
    with pytest.raises(DatabaseError, match="ne se change pas"), transaction.atomic():
        FormulaireVersion.objects.filter(pk=publiee.pk).update(definition={"sections": []})


def test_publier_sans_changement_se_refuse(appel: Appel) -> None:
    with pytest.raises(Refus, match="Rien n’a changé"):
        publier_formulaire(version=preparer_formulaire(appel=appel, **acteur()), **acteur())


def test_un_appel_ferme_ne_change_plus_de_formulaire(db: None) -> None:
    ferme = Appel.objects.get(code="02-2017-2")
    with pytest.raises(Refus, match="ne reçoit plus de demandes"):
        preparer_formulaire(appel=ferme, **acteur())


@pytest.mark.parametrize("nom", ["promoteur", "organismes", "ministere", "coordination.lanaudiere", "agent"])
def test_qui_n_est_pas_la_coordination_ne_touche_pas_au_formulaire(appel: Appel, nom: str) -> None:
    with pytest.raises(Refus, match="rôle"):
        preparer_formulaire(appel=appel, **acteur(nom))


def test_la_coordination_construit_une_question_a_l_ecran(appel: Appel, brouillon: Projet) -> None:
    c, base = client("coordination"), f"/admin/appels/appel/{appel.pk}"
    assert "Préparer une version" in c.get(f"{base}/formulaire/").content.decode()
    c.post(f"{base}/formulaire/", {"preparer": "1"})
    question = {
        "section": "milieu",
        "libelle": "Quel mode de transport?",
        "genre": "choix",
        "unite": "caracteres",
        "options": "Autobus\nCovoiturage\nAutobus",
        "condition_cle": "suite_d_un_projet",
        "condition_valeurs": "Peut-être",
    }
    refus = c.post(f"{base}/question/", question).content.decode()
    assert "Écrivez une réponse offerte par cette question" in refus
    reponse = c.post(f"{base}/question/", {**question, "condition_valeurs": "oui"})
    assert reponse.status_code == 302, reponse.content.decode()
    c.post(f"{base}/formulaire/", {"monter": "1", "question": "quel_mode_de_transport"})
    assert "Quel mode de transport?" in c.get(f"{base}/formulaire/").content.decode()
    assert c.get(f"{base}/question/?question=quel_mode_de_transport").status_code == 200
    assert c.get(f"{base}/question/?question=rien").status_code == 404
    assert c.post(f"{base}/publier-formulaire/").status_code == 302
    posee = version_publiee(appel).formulaire.question("quel_mode_de_transport")
    assert posee.options == (("autobus", "Autobus"), ("covoiturage", "Covoiturage"))
    assert posee.condition == Condition("suite_d_un_projet", ("oui",))
    page = client("organismes").get(reverse("projets:section", args=[brouillon.uuid, "milieu"])).content.decode()
    assert "Quel mode de transport?" in page
    assert "Quel mode de transport?" in client("anonyme").get(f"/appels/{appel.code}/formulaire/").content.decode()


def test_une_question_indispensable_ne_se_retire_pas_a_l_ecran(appel: Appel) -> None:
    c, base = client("coordination"), f"/admin/appels/appel/{appel.pk}"
    c.post(f"{base}/formulaire/", {"preparer": "1"})
    reponse = c.post(f"{base}/formulaire/", {"retirer": "1", "question": "priorite"}, follow=True)
    assert "Il manque au formulaire une question que la reddition lit" in reponse.content.decode()


def test_toutes_les_sortes_de_questions_s_enregistrent_et_se_relisent(appel: Appel, brouillon: Projet) -> None:
    """Chaque genre, par l'écran du promoteur, jusqu'à la page de relecture."""
    genres = {
        "q_court": (Question("q_court", G.TEXTE_COURT, "Court"), "Bref", "Bref"),
        "q_choix": (Question("q_choix", G.CHOIX, "Choix", options=(("a", "Alpha"), ("b", "Bêta"))), "b", "Bêta"),
        "q_multi": (
            Question("q_multi", G.CHOIX_MULTIPLE, "Multi", options=(("a", "Alpha"), ("b", "Bêta"))),
            ["a", "b"],
            "Alpha, Bêta",
        ),
        "q_nombre": (Question("q_nombre", G.NOMBRE, "Nombre"), "1234", "1\u00a0234"),
        "q_montant": (Question("q_montant", G.MONTANT, "Montant"), "1 234,50 $", "1\u00a0234,50\u00a0$"),
        "q_date": (Question("q_date", G.DATE, "Date"), "2027-03-01", "1er\u00a0mars\u00a02027"),
        "q_lieu": (Question("q_lieu", G.TERRITOIRE, "Lieu"), str(brouillon.enveloppe_id), str(brouillon.enveloppe)),
    }
    version = preparer_formulaire(appel=appel, **acteur())
    for question, _saisie, _lu in genres.values():
        version = changer_formulaire(
            version=version, changer=partial(poser, section="milieu", question=question), **acteur()
        )
    publier_formulaire(version=version, **acteur())
    c, adresse = client("organismes"), reverse("projets:section", args=[brouillon.uuid, "milieu"])
    envoi = {cle: saisie for cle, (_q, saisie, _lu) in genres.items()}
    assert c.post(adresse, {**envoi, "equipe-0-0": "Intervention", "equipe-0-1": "21"}).status_code == 302
    relue = c.get(reverse("projets:relire", args=[brouillon.uuid])).content.decode()
    for _question, _saisie, lu in genres.values():
        assert lu.replace("\u00a0", " ") in relue.replace("&nbsp;", " ").replace("\u00a0", " ")
    assert {r.cle for r in brouillon.reponses.all()} >= {*genres}
    assert c.post(adresse, {**dict.fromkeys(envoi, ""), "b_q_multi": "x"}).status_code in {200, 302}
