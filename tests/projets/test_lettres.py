"""Lettres à champs : le modèle de l'entente, la rétroaction sans note, relire avant d'envoyer, envoyer en lot (R27, R29)."""

from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from projets.enums import GenreLettre
from projets.models import Lettre, ModeleLettre, Projet
from projets.publipostage import CHAMPS, champs_inconnus, composer, modele_type
from projets.services.lettres import corriger_lettre, ecrire_modele, envoyer_lettre, relire_lettre, retroaction_proposee
from socle.erreurs import Refus
from socle.horloge import maintenant
from socle.models import Courriel
from tests.outils.personnes import client, personne
from tests.projets.test_decisions import decider, part

D = Decimal


@pytest.mark.parametrize("genre", GenreLettre.values)
def test_les_modeles_types_ne_citent_que_des_champs_connus(genre: str) -> None:
    assert champs_inconnus(*modele_type(genre)) == []


@given(st.dictionaries(st.sampled_from(sorted(CHAMPS)), st.text(max_size=30)), st.text(max_size=60))
def test_composer_ne_remplit_qu_une_fois(valeurs: dict[str, str], texte: str) -> None:
    """Ce qu'un champ apporte n'est jamais relu comme un champ; un texte sans crochet sort tel quel, à ses bords près."""
    piege = composer("Avant [titre]", {"titre": "[montant]", "montant": "9"})
    assert piege == "Avant [montant]"
    if "[" not in texte and texte.strip() and "\n" not in texte and "\r" not in texte:
        assert composer(texte, valeurs) == texte.strip()


def test_un_paragraphe_de_champs_vides_disparait() -> None:
    assert composer("Un.\n\n[conditions]\n\nMotif : [motif]\n\nFin.", {"conditions": "", "motif": ""}) == "Un.\n\nFin."
    assert champs_inconnus("[titre] [Montant] [tirte]") == ["tirte"]


@pytest.fixture
def projet(db: None) -> Projet:
    return Projet.objects.select_related("enveloppe", "entente").get(
        entente__code="02-2024", etat="recommande", enveloppe__code="02-2024/MC"
    )


def acteur(nom: str = "coordination") -> dict:
    return {"auteur": personne(nom), "instant": maintenant()}


def modele(projet: Projet, genre: str, corps: str, objet: str = "Au sujet de [titre]") -> ModeleLettre:
    return ecrire_modele(entente=projet.entente, genre=genre, objet=objet, corps=corps, **acteur())


def test_la_lettre_suit_le_modele_de_l_entente_et_son_genre(projet: Projet) -> None:
    modele(projet, "partiel", "Accordé : [montant] ([montant en lettres]) sur [montant demandé].\n\n[motif]")
    lettre = decider(projet, part("40000.00"), motif_public="Le volet logement seulement.").lettre
    corps = lettre.corps.replace("\u00a0", " ")
    assert "Accordé : 40 000,00 $ (quarante mille dollars) sur 126 497,00 $." in corps
    assert corps.endswith("Le volet logement seulement.")
    assert lettre.objet == f"Au sujet de {projet.titre}"


def test_un_champ_inconnu_est_nomme_et_rien_n_est_garde(projet: Projet) -> None:
    avant = ModeleLettre.objects.count()
    with pytest.raises(Refus, match=r"\[tirte\]"):
        modele(projet, "refus", "Votre [tirte].")
    with pytest.raises(Refus, match="Votre rôle"):
        ecrire_modele(entente=projet.entente, genre="refus", objet="a", corps="b", **acteur("finances"))
    assert ModeleLettre.objects.count() == avant


def test_un_modele_neuf_ne_change_pas_une_lettre_redigee(projet: Projet) -> None:
    lettre = decider(projet, part("126497.00")).lettre
    avant = lettre.corps
    modele(projet, "octroi", "Autre chose, [titre].")
    lettre.refresh_from_db()
    assert lettre.corps == avant


def test_la_retroaction_dit_les_criteres_sans_note_ni_commentaire(projet: Projet) -> None:
    evaluation = projet.evaluations.filter(etat="soumise").first()
    for note in evaluation.notes.select_related("critere"):
        note.valeur, note.commentaire = 0, "TEMOIN-INTERNE"
        note.save(update_fields=["valeur", "commentaire"])
    projet.evaluations.exclude(pk=evaluation.pk).update(etat="assignee", soumise_le=None, note=None)
    texte = retroaction_proposee(projet)
    assert "renforcer" in texte
    assert "TEMOIN-INTERNE" not in texte
    assert not any(chiffre in texte for chiffre in "0123456789")
    lettre = decider(projet, sens="refuser", motif_public="Hors priorité.").lettre
    assert "renforcer" in lettre.corps
    assert "TEMOIN-INTERNE" not in lettre.corps


def test_rien_ne_part_sans_relecture(projet: Projet) -> None:
    lettre = decider(projet, part("126497.00")).lettre
    with pytest.raises(Refus, match="Personne n’a encore relu"):
        envoyer_lettre(lettre=lettre, **acteur())
    relire_lettre(lettre=lettre, **acteur())
    corriger_lettre(lettre=lettre, objet="Neuf", corps="Neuf.", auteur=personne("coordination"))
    with pytest.raises(Refus, match="Personne n’a encore relu"):
        envoyer_lettre(lettre=lettre, **acteur())
    relire_lettre(lettre=lettre, **acteur())
    envoyer_lettre(lettre=lettre, **acteur())
    assert Courriel.objects.filter(objet="Neuf").exists()
    for geste in (
        lambda: relire_lettre(lettre=lettre, **acteur()),
        lambda: corriger_lettre(lettre=lettre, objet="x", corps="x", auteur=personne("coordination")),
        lambda: envoyer_lettre(lettre=lettre, **acteur()),
    ):
        with pytest.raises(Refus, match="envoyée"):
            geste()


def test_le_lot_nomme_ce_qui_partira_et_ce_qui_est_saute(projet: Projet) -> None:
    lettre = decider(projet, part("126497.00")).lettre
    ancienne = Lettre.objects.filter(etat="envoyee", entente__code="02-2017").first()
    adresse = reverse("admin:projets_lettre_lot", args=["envoyer"])
    objets = {"objets": f"{lettre.pk},{ancienne.pk}"}
    page = client("coordination").post(adresse, objets).content.decode()
    assert "Personne ne l’a encore relue" in page
    assert "Déjà envoyée" in page
    relire_lettre(lettre=lettre, **acteur())
    page = client("coordination").post(adresse, objets).content.decode()
    assert "Envoyer 1\u00a0lettre" in page
    client("coordination").post(adresse, {**objets, "confirmer": "1", "cle": cle_du_lot(page)})
    lettre.refresh_from_db()
    assert lettre.etat == "envoyee"


def cle_du_lot(page: str) -> str:
    trouve = page.split('name="cle" value="')
    return trouve[1].split('"')[0] if len(trouve) > 1 else ""


def test_le_modele_se_voit_rempli_sans_rien_enregistrer(projet: Projet) -> None:
    decision = decider(projet, part("126497.00"))
    adresse = reverse("admin:projets_modelelettre_nouveau") + "?entente=02-2024&genre=octroi"
    avant = ModeleLettre.objects.count()
    donnees = {"objet": "Au sujet de [titre]", "corps": "[montant en lettres]. [tirte]", "exemple": decision.pk}
    page = client("coordination").post(adresse, {**donnees, "voir": "1"}).content.decode()
    assert "cent vingt-six mille quatre cent quatre-vingt-dix-sept dollars" in page
    assert "Champ inconnu" in page
    assert ModeleLettre.objects.count() == avant
    assert client("coordination").post(adresse, {**donnees, "corps": "Bien."}).status_code == 302
    assert ModeleLettre.objects.count() == avant + 1
    assert client("promoteur").get(adresse).status_code in {302, 403, 404}
