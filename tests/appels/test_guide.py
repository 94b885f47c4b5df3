"""Le guide d'un appel, en page et en PDF balisé; les questions publiques, sans nom et sans abus."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client

from appels.forms.guide import SEL
from appels.models import Appel, QuestionPublique
from appels.requetes.page import avec_la_page, contexte_page
from appels.services import questions
from appels.services.guide import demander_guide, ecrire_guide
from socle.documents.pdf import mettre_en_page, rendre_html
from socle.erreurs import Refus
from socle.horloge import maintenant
from socle.models import Travail
from socle.travaux import executer
from tests.documents.lecture import debordements, defauts_ua, lire, ouvrir, veuves
from tests.outils.fichiers import telecharger
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db


def appel(code: str = "02-2024-1") -> Appel:
    return Appel.objects.select_related("entente__mandataire").get(code=code)


def commun(**autres):
    return {"appel": appel(), "auteur": personne("coordination"), "instant": maintenant(), **autres}


def page(adresse: str) -> str:
    return re.sub(r"[\u00a0\u202f]|&nbsp;", " ", Client().get(adresse).content.decode())


# Guide -------------------------------------------------------------------------------------------------------


def test_le_guide_reprend_l_appel_et_les_textes_sans_jamais_de_html_d_usager() -> None:
    ecrire_guide(**commun(textes=[{"titre": "Avant <b>", "texte": "Un.\n\n<script>alert(1)</script> Deux."}]))
    ecrite = page("/appels/02-2024-1/guide/")
    assert "<script>alert" not in ecrite
    assert "&lt;script&gt;alert" in ecrite
    assert "<p>Un.</p>" in ecrite
    for mots in ("4 882 634 $", "Statuts ou lettres patentes", "Impact sur la communauté", "418 487-5453"):
        assert mots in ecrite
    with pytest.raises(Refus, match="titre"):
        ecrire_guide(**commun(textes=[{"titre": "", "texte": "x"}]))


def _document(code: str):
    lu = avec_la_page(Appel.objects.all()).prefetch_related("textes").get(code=code)
    contexte = contexte_page(lu, maintenant())
    html = rendre_html(
        "pdf/appels/guide.html", {**contexte, "mandataire": lu.entente.mandataire, "textes": lu.textes.all()}
    )
    return mettre_en_page(html)


@pytest.mark.parametrize("code", ["02-2024-1", "02-2024-2", "02-2017-2"])
def test_le_pdf_du_guide_tient_dans_ses_pages(code: str) -> None:
    document = _document(code)
    assert not debordements(document)
    assert not veuves(document)
    assert not defauts_ua(ouvrir(document))
    lu = " ".join(lire(document))
    assert "Table des matières" in lu
    assert f"page 1 sur {len(document.pages)}" not in lu, "la couverture n'a pas de folio"
    assert ("à venir" in lu) is (code == "02-2024-2")


def test_le_pdf_est_balise_public_et_refait_a_chaque_changement() -> None:
    assert Client().get("/appels/02-2024-1/guide.pdf").status_code == 404, "pas encore produit"
    travail = demander_guide(appel(), instant=maintenant())
    executer(travail.pk)
    reponse = Client().get("/appels/02-2024-1/guide.pdf")
    assert reponse.status_code == 200
    contenu = b"".join(reponse.streaming_content)
    assert contenu.startswith(b"%PDF")
    assert "en PDF" in page("/appels/02-2024-1/")
    premier = appel().guide
    questions.publier_reponse(**commun(question=None, texte="Quand?", reponse="Bientôt."))
    executer(Travail.objects.filter(genre="appels.guide", etat="en_attente").latest("pk").pk)
    assert appel().guide != premier
    assert client("promoteur").get(f"/fichiers/{premier.uuid}/").status_code == 404, "l'ancien guide ne fait plus foi"
    assert telecharger(client("promoteur"), appel().guide).startswith(b"%PDF")


def test_un_appel_en_preparation_n_a_pas_de_guide_public() -> None:
    assert demander_guide(appel("02-2024-3"), instant=maintenant()) is None
    for suite in ("guide/", "guide.pdf", "questions/"):
        assert Client().get(f"/appels/02-2024-3/{suite}").status_code == 404


# Questions ---------------------------------------------------------------------------------------------------


def envoyer(texte: str, *, depuis: float = 30, **autres: str):
    jeton = signing.dumps(maintenant().timestamp() - depuis, salt=SEL)
    return Client().post("/appels/02-2024-1/questions/", {"question": texte, "affiche": jeton, "site": "", **autres})


def test_une_question_du_public_attend_la_coordination_puis_se_lit_sans_nom() -> None:
    assert envoyer("Et les repas?").status_code == 302
    recue = QuestionPublique.objects.get(question="Et les repas?")
    assert (recue.etat, recue.du_public, recue.auteur) == ("recue", True, None)
    assert "Et les repas?" not in page("/appels/02-2024-1/questions/")
    questions.publier_reponse(**commun(question=recue, texte="Les repas comptent-ils?", reponse="Oui."))
    for adresse in ("/appels/02-2024-1/", "/appels/02-2024-1/questions/", "/appels/02-2024-1/guide/"):
        ecrite = page(adresse)
        assert "Les repas comptent-ils?" in ecrite
        assert "Et les repas?" not in ecrite
        assert "Coordination 02" not in ecrite
    recue.refresh_from_db()
    questions.ecarter_question(question=recue, auteur=personne("coordination"), instant=maintenant())
    assert "Les repas comptent-ils?" not in page("/appels/02-2024-1/questions/")


@pytest.mark.parametrize(
    ("valeurs", "mots"),
    [
        ({"depuis": 0.5}, "n’a pas pu être vérifié"),
        ({"depuis": 90_000}, "n’a pas pu être vérifié"),
        ({"site": "http://pub.example"}, "n’a pas pu être vérifié"),
        ({"affiche": "forge"}, "n’a pas pu être vérifié"),
        ({"question": " "}, "obligatoire"),
        ({"question": "x" * 601}, "600"),
    ],
)
def test_un_envoi_de_machine_ou_vide_se_refuse_et_garde_le_texte(valeurs: dict, mots: str) -> None:
    texte = valeurs.pop("question", "Une vraie question?")
    reponse = envoyer(texte, **valeurs)
    assert reponse.status_code == 200
    ecrite = reponse.content.decode()
    assert "Il y a un problème" in ecrite
    assert mots in ecrite
    assert texte.strip()[:20] in ecrite
    assert not QuestionPublique.objects.filter(question=texte).exists()


def test_pas_deux_fois_la_meme_ni_vingt_et_une_en_une_heure_ni_apres_la_fin() -> None:
    lu, instant = appel(), maintenant()
    questions.poser_question(appel=lu, question="A?", instant=instant)
    with pytest.raises(Refus, match="déjà reçue"):
        questions.poser_question(appel=lu, question=" A?", instant=instant)
    for n in range(questions.PAR_HEURE - 1):
        questions.poser_question(appel=lu, question=f"Q{n}?", instant=instant)
    with pytest.raises(Refus, match="beaucoup de questions"):
        questions.poser_question(appel=lu, question="Trop?", instant=instant)
    questions.poser_question(appel=lu, question="Plus tard?", instant=instant + timedelta(hours=2))
    with pytest.raises(Refus, match="terminé"):
        questions.poser_question(appel=lu, question="Trop tard?", instant=lu.fermeture)


@pytest.mark.parametrize("role", ["promoteur", "agent", "secretariat", "coordination.lanaudiere"])
def test_seule_la_coordination_repond(role: str) -> None:
    with pytest.raises(Refus) as refus:
        questions.publier_reponse(**commun(question=None, texte="a", reponse="b", auteur=personne(role)))
    assert refus.value.code == "permission"


def test_la_base_refuse_une_question_publiee_sans_reponse() -> None:
    with pytest.raises(Exception, match="question_repondue"):
        QuestionPublique.objects.filter(appel=appel()).update(reponse="", etat="publiee")
