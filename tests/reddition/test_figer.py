"""Déposer fige; retourner rouvre; les anciennes versions restent (R38, R41, décision 14)."""

from decimal import Decimal

import pytest

from alliances.models import Entente, Enveloppe, TeteGrandLivre
from alliances.services import grand_livre
from reddition.models import Reddition
from reddition.services.redditions import (
    accepter_reddition,
    compiler_reddition,
    deposer_reddition,
    ecrire_textes,
    empreinte_de,
    preparer_reddition,
    renvoyer_reddition,
)
from socle import travaux
from socle.erreurs import Refus
from socle.exercices import exercice_de
from socle.horloge import aujourd_hui, maintenant
from socle.models import Courriel, Envoi
from tests.outils.fichiers import octets, telecharger
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db
COURANT = exercice_de(aujourd_hui())


def entente() -> Entente:
    return Entente.objects.select_related("mandataire").get(code="02-2024")


def acteur(nom: str) -> dict[str, object]:
    return {"auteur": personne(nom), "instant": maintenant()}


@pytest.fixture
def reddition() -> Reddition:
    preparee = preparer_reddition(entente=entente(), exercice=COURANT, **acteur("coordination"))
    return ecrire_textes(
        reddition=preparee,
        faits_saillants="L’année en bref.",
        retombees="Moins d’isolement.",
        auteur=personne("coordination"),
    )


@pytest.fixture
def deposee(reddition: Reddition) -> Reddition:
    return deposer_reddition(reddition=reddition, **acteur("coordination"))


def inscrire(cle: str) -> None:
    enveloppe = Enveloppe.objects.select_related("entente").get(code="02-2024/BS")
    grand_livre.engager(
        enveloppe, Decimal(1), exercice=COURANT, reference="X", auteur=None, instant=maintenant(), cle=cle
    )


def test_les_chiffres_se_figent_a_la_sequence_et_a_la_tete_du_grand_livre(deposee: Reddition) -> None:
    tete = TeteGrandLivre.objects.get(entente=deposee.entente)
    assert (deposee.sequence, deposee.tete) == (tete.sequence, tete.empreinte)
    assert deposee.empreinte == empreinte_de(Reddition.objects.get(pk=deposee.pk)), "l'empreinte se recalcule"
    assert deposee.deposee_par == personne("coordination")


def test_l_empreinte_change_au_moindre_cent(deposee: Reddition) -> None:
    deposee.lignes.filter(pk=deposee.lignes.first().pk).update(accorde_exercice=Decimal("0.01"))
    assert empreinte_de(deposee) != deposee.empreinte


def test_l_exercice_depose_refuse_tout_mouvement_et_dit_quoi_faire(deposee: Reddition) -> None:
    with pytest.raises(Refus) as refus:
        inscrire("ferme")
    assert str(refus.value) == (
        f"L’exercice {COURANT} est fermé\u00a0: sa reddition est déposée. Inscrivez ce mouvement dans un autre exercice, ou"
        " demandez au ministère de retourner la reddition."
    )


def test_une_reddition_deposee_ne_se_compile_ni_ne_s_ecrit_plus(deposee: Reddition) -> None:
    with pytest.raises(Refus, match="ses chiffres sont figés"):
        compiler_reddition(reddition=deposee, **acteur("coordination"))
    with pytest.raises(Refus, match="ses textes sont figés"):
        ecrire_textes(reddition=deposee, faits_saillants="Autre", retombees="", auteur=personne("coordination"))
    with pytest.raises(Refus, match="déjà déposée"):
        preparer_reddition(entente=deposee.entente, exercice=COURANT, **acteur("coordination"))


def test_deposer_deux_fois_est_refuse_en_francais(deposee: Reddition) -> None:
    with pytest.raises(Refus, match="déposée"):
        deposer_reddition(reddition=deposee, **acteur("coordination"))


def test_sans_faits_saillants_rien_ne_se_depose(reddition: Reddition) -> None:
    Reddition.objects.filter(pk=reddition.pk).update(faits_saillants="  ")
    with pytest.raises(Refus, match="Écrivez les faits saillants"):
        deposer_reddition(reddition=reddition, **acteur("coordination"))
    inscrire("encore-ouvert")
    reddition.refresh_from_db()
    assert reddition.etat == "preparation"


@pytest.mark.parametrize("exercice", ["2016-2017", "2030-2031", "2026-2028", "n’importe"])
def test_un_exercice_hors_de_l_entente_ne_se_prepare_pas(exercice: str) -> None:
    with pytest.raises(Refus, match="n’est pas dans la durée"):
        preparer_reddition(entente=entente(), exercice=exercice, **acteur("coordination"))


def test_preparer_deux_fois_reprend_la_meme_version(reddition: Reddition) -> None:
    encore = preparer_reddition(entente=entente(), exercice=COURANT, **acteur("coordination"))
    assert (encore.pk, encore.version, encore.faits_saillants) == (reddition.pk, 1, "L’année en bref.")


def test_deposer_demande_le_pdf_et_le_xlsx_une_fois(deposee: Reddition) -> None:
    productions = list(deposee.productions.select_related("travail"))
    assert {p.genre for p in productions} == {"pdf", "xlsx"}
    assert Envoi.objects.filter(cle__in=[f"travail:{p.travail_id}" for p in productions]).count() == 2


def test_r41_retourner_rouvre_l_exercice_et_prepare_la_version_suivante(deposee: Reddition) -> None:
    with pytest.raises(Refus, match="Écrivez ce que la coordination doit corriger"):
        renvoyer_reddition(reddition=deposee, commentaire=" ", **acteur("ministere"))
    renvoyer_reddition(reddition=deposee, commentaire="Précisez Jonquière.", **acteur("ministere"))
    suivante = Reddition.objects.get(entente=deposee.entente, exercice=COURANT, version=2)
    assert (suivante.etat, suivante.faits_saillants, suivante.retombees) == (
        "preparation",
        "L’année en bref.",
        "Moins d’isolement.",
    )
    inscrire("rouvert")
    courriel = Courriel.objects.get(genre="reddition/renvoi", objet_id=deposee.pk)
    assert (courriel.destinataire, "Précisez Jonquière." in courriel.texte) == ("coordination@demo.example", True)


def test_r41_l_ancienne_version_reste_telechargeable_et_inchangee(deposee: Reddition) -> None:
    for production in deposee.productions.all():
        travaux.executer(production.travail_id)
    avant = {p.fichier: octets(p.fichier) for p in deposee.productions.select_related("fichier")}
    assert len(avant) == 2
    fige = (deposee.chiffres, deposee.empreinte, deposee.sequence)
    renvoyer_reddition(reddition=deposee, commentaire="À revoir.", **acteur("ministere"))
    inscrire("apres")
    ancienne = Reddition.objects.get(pk=deposee.pk)
    assert (ancienne.chiffres, ancienne.empreinte, ancienne.sequence) == fige
    c = client("ministere")
    assert c.get(ancienne.get_absolute_url()).status_code == 200
    for fichier, contenu in avant.items():
        assert telecharger(c, fichier) == contenu


def test_la_version_2_remplace_la_premiere(deposee: Reddition) -> None:
    renvoyer_reddition(reddition=deposee, commentaire="À revoir.", **acteur("ministere"))
    suivante = Reddition.objects.get(entente=deposee.entente, exercice=COURANT, version=2)
    seconde = deposer_reddition(reddition=suivante, **acteur("coordination"))
    deposee.refresh_from_db()
    assert (deposee.etat, seconde.remplace) == ("remplacee", deposee)
    assert seconde.empreinte != deposee.empreinte
    accepter_reddition(reddition=seconde, commentaire="", **acteur("ministere"))
    with pytest.raises(Refus, match="l’état a changé"):
        renvoyer_reddition(reddition=seconde, commentaire="Trop tard.", **acteur("ministere"))


def test_la_demonstration_garde_les_deux_versions_de_2019_2020() -> None:
    versions = Reddition.objects.filter(entente__code="02-2017", exercice="2019-2020").order_by("version")
    assert list(versions.values_list("version", "etat")) == [(1, "remplacee"), (2, "acceptee")]
    assert versions[1].remplace == versions[0]
    assert len({v.empreinte for v in versions}) == 2
