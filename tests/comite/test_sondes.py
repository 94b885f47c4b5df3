"""Sondes : une chaîne témoin dans chaque champ interne du comité; le promoteur et le public ne la lisent nulle part (R26, R28)."""

import json
from collections.abc import Iterator

import pytest
from django.urls import reverse

from comite.exports import contexte_cahier
from comite.models import Seance
from comite.services.assignation import rouvrir_evaluation
from projets.models import DeclarationInteret, Depot, Evaluation, Note, Projet, Recommandation
from projets.services.evaluations import declarer_lien, enregistrer_notes, soumettre_evaluation
from socle import travaux
from socle.documents.pdf import mettre_en_page, rendre_html
from socle.horloge import maintenant
from socle.models import Courriel, Travail
from tests.acces.test_matrice import MATRICE
from tests.comite.test_services import acteur, evaluation, notes_de
from tests.documents.lecture import lire
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db
SONDE = "SONDEINTERNE"
NOTE_TEMOIN = "73.31"
TEMOINS = (SONDE, "73,31", NOTE_TEMOIN)
ORGANISME = "organismes"


@pytest.fixture
def seme() -> Projet:
    """La sonde dans les commentaires, notes, déclarations, motifs de réouverture et de recommandation de tout l'appel."""
    sienne = evaluation()
    declarer_lien(evaluation=sienne, lien="aucun", **acteur("evaluation1"))
    notes = {cle: (valeur, f"{SONDE} remarque") for cle, (valeur, _texte) in notes_de(sienne, 12, 40, 28).items()}
    enregistrer_notes(evaluation=sienne, notes=notes, commentaire=f"{SONDE} ensemble", **acteur("evaluation1"))
    soumettre_evaluation(evaluation=sienne, **acteur("evaluation1"))
    rouvrir_evaluation(evaluation=sienne, motif=f"{SONDE} motif", **acteur("coordination"))
    soumettre_evaluation(evaluation=evaluation(), **acteur("evaluation1"))
    declarer_lien(
        evaluation=evaluation("evaluation2"),
        lien="conflit",
        nature="proche",
        precision=f"{SONDE} précision",
        **acteur("evaluation2"),
    )
    Evaluation.objects.filter(etat="soumise").update(note=NOTE_TEMOIN, commentaire=f"{SONDE} commentaire")
    Note.objects.update(commentaire=f"{SONDE} note")
    Recommandation.objects.update(motif=f"{SONDE} recommandation")
    return sienne.projet


def _lue(nom: str, adresse: str, **options: str) -> str:
    reponse = client(nom).get(adresse, **options)
    contenu = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
    return contenu.decode(errors="replace")


def adresses() -> Iterator[str]:
    """Toutes les adresses du portail, hors de l'admin."""
    for adresse, _attendu in MATRICE.values():
        yield adresse()
    for projet in Projet.objects.filter(organisme__adhesions__utilisateur=personne(ORGANISME), entente__code="02-2024"):
        for page in ("projet", "messages", "precisions", "accuse", "convention", "rapport", "imprimer"):
            yield reverse(f"projets:{page}", args=[projet.uuid])
    for code in ("02-2017-1", "02-2017-2", "02-2024-1"):
        yield reverse("appels:appel", args=[code])


@pytest.mark.parametrize("nom", ["anonyme", "promoteur", ORGANISME, "ministere", "coordination.lanaudiere"])
def test_aucune_page_ne_montre_la_sonde(seme: Projet, nom: str) -> None:
    fuites = [a for a in adresses() for temoin in TEMOINS if temoin in _lue(nom, a)]
    assert not fuites


def test_le_temoin_se_voit_ou_il_doit(seme: Projet) -> None:
    """La sonde existe bien : sa personne la lit, et la coordination une fois le dossier clos."""
    assert SONDE in _lue("evaluation1", evaluation().get_absolute_url())
    assert SONDE in _lue("coordination", reverse("admin:projets_evaluation_change", args=[evaluation().pk]))
    assert DeclarationInteret.objects.filter(precision__contains=SONDE).exists()


def test_aucun_courriel_ni_document_du_promoteur_ne_la_porte(seme: Projet) -> None:
    membres = set(personne(ORGANISME).adhesions.values_list("organisme__adhesions__utilisateur__email", flat=True))
    for courriel in Courriel.objects.filter(destinataire__in=membres):
        assert not any(t in f"{courriel.objet} {courriel.texte} {courriel.html}" for t in TEMOINS)
    for depot in Depot.objects.filter(projet__entente__code="02-2024"):
        assert not any(t in json.dumps(depot.contenu, default=str) for t in TEMOINS)


@pytest.mark.parametrize("genre", ["accuse", "dossier"])
def test_aucun_pdf_du_promoteur_ne_la_porte(seme: Projet, genre: str, monkeypatch: pytest.MonkeyPatch) -> None:
    html: list[str] = []
    monkeypatch.setattr(
        "projets.productions.pdf_de", lambda gabarit, contexte: html.append(rendre_html(gabarit, contexte)) or b"%PDF-"
    )
    travail = Travail.objects.create(
        genre=f"projets.{genre}",
        libelle="x",
        parametres={"objet_id": seme.depots.latest("rang").pk},
        demande_le=maintenant(),
    )
    travaux.executer(travail.pk)
    assert seme.numero in html[0]
    assert not any(t in html[0] for t in TEMOINS)


def test_r26_un_evaluateur_ne_lit_jamais_les_notes_des_autres_trop_tot() -> None:
    """En lecture, même après avoir remis les siennes; et jamais avant, quelle que soit la phase."""
    autre = evaluation("evaluation2")
    declarer_lien(evaluation=autre, lien="aucun", **acteur("evaluation2"))
    notes = {cle: (valeur, SONDE) for cle, (valeur, _t) in notes_de(autre, 11, 37, 23).items()}
    enregistrer_notes(evaluation=autre, notes=notes, commentaire=SONDE, **acteur("evaluation2"))
    soumettre_evaluation(evaluation=autre, **acteur("evaluation2"))
    Evaluation.objects.filter(pk=autre.pk).update(note=NOTE_TEMOIN)
    mienne, appel = evaluation(), autre.projet.appel

    def fuites() -> list[str]:
        pages = [
            "/comite/",
            mienne.get_absolute_url(),
            "/comite/liens/",
            "/comite/devenus/",
            Seance.objects.get(etat="preparee").get_absolute_url(),
        ]
        contexte = contexte_cahier(
            Seance.objects.select_related("appel", "entente__mandataire", "territoire").get(etat="preparee"),
            personne("evaluation1"),
            maintenant(),
        )
        cahier = " ".join(lire(mettre_en_page(rendre_html("pdf/comite/cahier.html", contexte))))
        return [t for t in TEMOINS for texte in [cahier, *(_lue("evaluation1", p) for p in pages)] if t in texte]

    for commun in (False, True):
        appel.phases_comite.all().delete()
        if commun:
            appel.phases_comite.create(entente=appel.entente, genre="seance", debut=appel.ouverture)
        assert not fuites(), commun
    declarer_lien(evaluation=mienne, lien="aucun", **acteur("evaluation1"))
    assert not fuites()
    enregistrer_notes(evaluation=mienne, notes=notes_de(mienne, 1, 2, 3), commentaire="", **acteur("evaluation1"))
    assert not fuites()
    soumettre_evaluation(evaluation=evaluation(), **acteur("evaluation1"))
    assert fuites(), "une fois les siennes remises, à la mise en commun, les avis se lisent"
    appel.phases_comite.all().delete()
    assert not fuites(), "en lecture, même les siennes remises"


def test_r26_la_coordination_qui_evalue_ne_lit_rien_dans_l_admin() -> None:
    """La même personne coordonne et évalue : elle doit ses notes, l'admin ne lui montre pas celles des autres."""
    autre = evaluation("evaluation2")
    declarer_lien(evaluation=autre, lien="aucun", **acteur("evaluation2"))
    enregistrer_notes(evaluation=autre, notes=notes_de(autre, 11, 37, 23), commentaire=SONDE, **acteur("evaluation2"))
    soumettre_evaluation(evaluation=autre, **acteur("evaluation2"))
    Evaluation.objects.filter(pk=autre.pk).update(note=NOTE_TEMOIN)
    Evaluation.objects.filter(pk=evaluation().pk).update(evaluateur=personne("coordination"))
    pages = [
        reverse("admin:projets_projet_changelist"),
        reverse("admin:projets_projet_change", args=[autre.projet_id]),
        reverse("admin:projets_projet_recommander", args=[autre.projet_id]),
        reverse("admin:projets_evaluation_changelist"),
        reverse("admin:projets_evaluation_change", args=[autre.pk]),
        reverse("admin:comite_comiteappel_change", args=[autre.projet.appel_id]),
    ]
    assert not [p for p in pages for t in TEMOINS if t in _lue("coordination", p)]
