"""Le formulaire d'un appel, lu sans compte : à l'écran, en PDF à remplir, en aperçu; ses questions qui veulent un fichier."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from appels.enums import GenreQuestion as G
from appels.enums import Gravite
from appels.models import Appel
from appels.questions import Condition, Question, Section, poser
from appels.services.copie import copier_appel
from appels.services.cycle import publier_appel
from appels.services.formulaire import (
    changer_formulaire,
    formulaire_a_lire,
    preparer_formulaire,
    publier_formulaire,
    version_en_preparation,
    version_publiee,
)
from projets.exports import contexte_formulaire
from projets.models import Projet
from projets.sections import reste_a_faire
from projets.services.depots import deposer_projet
from socle.documents.pdf import mettre_en_page, rendre_html
from socle.erreurs import Refus
from socle.horloge import maintenant
from socle.models import Travail
from socle.travaux import executer
from tests.appels.test_preparation import completer
from tests.documents.lecture import debordements, defauts_ua, lire, ouvrir
from tests.outils.personnes import client, personne
from tests.socle.test_fichiers import pdf

pytestmark = pytest.mark.django_db
PLAN = Question("plan_local", G.FICHIER, "Plan du local", "Un croquis suffit.", gravite=Gravite.BLOQUE)
GENRES = (
    PLAN,
    Question("local_loue", G.CHOIX, "Le local est-il loué?", options=(("oui", "Oui, loué"), ("non", "Non"))),
    Question("bail", G.DATE, "Fin du bail", condition=Condition("local_loue", ("oui",))),
    Question("equipe_locale", G.TABLEAU, "L’équipe", colonnes=("Fonction", "Heures")),
    Question("loyer", G.MONTANT, "Loyer"),
)


@pytest.fixture
def appel() -> Appel:
    return Appel.objects.select_related("entente__mandataire").get(code="02-2024-1")


def acteur() -> dict:
    return {"auteur": personne("coordination"), "instant": maintenant()}


def preparer(appel: Appel, *questions: Question):
    version = preparer_formulaire(appel=appel, **acteur())

    def ajouter(formulaire):
        formulaire = replace(formulaire, sections=(*formulaire.sections, Section("lieu", "Le lieu")))
        for question in questions:
            formulaire = poser(formulaire, "lieu", question)
        return formulaire

    return changer_formulaire(version=version, changer=ajouter, **acteur())


def produire(appel: Appel) -> None:
    executer(Travail.objects.get(genre="appels.formulaire", etat="en_attente", parametres={"appel_id": appel.pk}).pk)


def test_une_question_de_fichier_se_remplit_aux_pieces(appel: Appel) -> None:
    projet = Projet.objects.select_related("appel", "organisme", "formulaire").get(etat="brouillon", appel=appel)
    publier_formulaire(version=preparer(appel, PLAN), **acteur())
    c, pieces = client("organismes"), reverse("projets:pieces", args=[projet.uuid])

    def relu() -> Projet:
        return Projet.objects.select_related("appel", "organisme", "formulaire").get(pk=projet.pk)

    manque = next(c for c in reste_a_faire(relu()) if c.champ == "question-plan_local")
    assert (manque.titre, manque.gravite, manque.section) == ("Plan du local", "bloque", "pieces")
    section = c.get(reverse("projets:section", args=[projet.uuid, "lieu"])).content.decode()
    assert "Rien de joint." in section
    assert f"{pieces}#question-plan_local" in section
    with pytest.raises(Refus, match="Plan du local"):
        deposer_projet(projet=relu(), auteur=personne("organismes"), instant=maintenant())
    reponse = c.post(pieces, {"exigence": "question-plan_local", "fichier": SimpleUploadedFile("plan.pdf", pdf())})
    assert reponse.status_code == 302
    assert "question-plan_local" not in [c.champ for c in reste_a_faire(relu())]
    assert "plan.pdf" in c.get(reverse("projets:section", args=[projet.uuid, "lieu"])).content.decode()
    depot = deposer_projet(projet=relu(), auteur=personne("organismes"), instant=maintenant())
    assert {"question": "plan_local", "nom": "plan.pdf"}.items() <= next(
        p for p in depot.contenu["pieces"] if p.get("question")
    ).items()
    assert "plan.pdf" in str(depot.contenu["reponses"])


def test_une_exigence_inconnue_range_le_fichier_a_part(appel: Appel) -> None:
    """Une clé forgée, ou d'un autre appel, ne remplit rien : la pièce est libre."""
    projet = Projet.objects.get(etat="brouillon", appel=appel)
    autre = Appel.objects.exclude(pk=appel.pk).filter(pieces_requises__isnull=False).first().pieces_requises.first()
    for cle in (f"piece-{autre.pk}", "question-inconnue", "'; drop"):
        client("organismes").post(
            reverse("projets:pieces", args=[projet.uuid]),
            {"exigence": cle, "fichier": SimpleUploadedFile("a.pdf", pdf())},
        )
    assert list(projet.pieces.values_list("requise", "question")) == [(None, "")] * 3


def test_le_formulaire_vierge_en_pdf_se_lit_et_se_remplit(appel: Appel) -> None:
    publier_formulaire(version=preparer(appel, *GENRES), **acteur())
    document = mettre_en_page(
        rendre_html(
            "pdf/projets/formulaire.html",
            {
                **contexte_formulaire(appel),
                "mandataire": appel.entente.mandataire,
                "instant": maintenant(),
            },
        )
    )
    assert not debordements(document)
    assert not defauts_ua(ouvrir(document))
    lu = " ".join(lire(document)).replace("\u00a0", " ")
    for mots in ("Plan du local", "Oui, loué", "Si « Le local est-il loué? » est : Oui, loué", "Fonction", "Signature"):
        assert mots in lu
    for offre in appel.offres.select_related("enveloppe"):
        assert str(offre.enveloppe) in lu.replace("’", "'") or str(offre.enveloppe) in lu


def test_le_pdf_est_public_et_suit_la_derniere_version(appel: Appel) -> None:
    adresse = reverse("projets:formulaire_pdf", args=[appel.code])
    assert Client().get(adresse).status_code == 404, "pas encore produit"
    publier_formulaire(version=preparer(appel, PLAN), **acteur())
    produire(appel)
    assert b"".join(Client().get(adresse).streaming_content).startswith(b"%PDF")
    assert adresse in Client().get(appel.get_absolute_url()).content.decode()
    premier = Appel.objects.get(pk=appel.pk).formulaire_pdf
    autre = replace(PLAN, libelle="Plan du local, à l’échelle")
    version = preparer_formulaire(appel=appel, **acteur())
    changer_formulaire(version=version, changer=lambda f: poser(f, "lieu", autre, "plan_local"), **acteur())
    publier_formulaire(version=version_en_preparation(appel), **acteur())
    produire(appel)
    assert client("promoteur").get(f"/fichiers/{premier.uuid}/").status_code == 404, "l'ancien ne fait plus foi"


def test_l_apercu_montre_la_version_en_preparation_a_qui_la_prepare() -> None:
    en_preparation = Appel.objects.get(code="02-2024-3")
    preparer(en_preparation, PLAN)
    adresse = reverse("projets:formulaire", args=["02-2024-3"])
    page = client("coordination").get(adresse).content.decode()
    assert "Plan du local" in page
    assert "Aperçu" in page
    assert reverse("projets:commencer", args=["02-2024-3"]) not in page
    for autre in (Client(), client("promoteur"), client("evaluation1"), client("ministere")):
        assert autre.get(adresse).status_code == 404


def test_publier_l_appel_publie_son_formulaire() -> None:
    appel = completer()
    preparer(appel, PLAN)
    publier_appel(appel=appel, **acteur())
    assert version_publiee(appel).formulaire.question("plan_local") == PLAN
    assert version_en_preparation(appel) is None


def test_copier_un_appel_reprend_son_formulaire_a_publier(appel: Appel) -> None:
    publier_formulaire(version=preparer(appel, *GENRES), **acteur())
    copie = copier_appel(appel=appel, entente=appel.entente, titre="Encore", annees=1, jours=0, **acteur())
    assert version_publiee(copie) is None
    assert formulaire_a_lire(copie) == version_publiee(appel).formulaire


def test_la_version_en_preparation_d_un_appel_ouvert_ne_se_lit_qu_en_apercu(appel: Appel) -> None:
    preparer(appel, PLAN)
    adresse = reverse("projets:formulaire", args=[appel.code])
    assert "Plan du local" not in client("coordination").get(adresse).content.decode()
    assert "Plan du local" in client("coordination").get(f"{adresse}?apercu=1").content.decode()
    assert client("promoteur").get(f"{adresse}?apercu=1").status_code == 404
