"""Redéposer avant l'échéance, signer après le dépôt, repartir d'un projet antérieur (etats.md, R20, R22)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from appels.models import Appel
from projets.contenu import empreinte_de
from projets.enums import EtatProjet
from projets.models import Projet
from projets.services.admissibilite import juger_admissibilite
from projets.services.brouillons import Ecriture, enregistrer_reponses
from projets.services.copies import copier_projet, reprendre_demande
from projets.services.depots import deposer_projet, signer_demande
from socle.erreurs import Refus
from socle.horloge import maintenant
from socle.models import Courriel
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db


@pytest.fixture
def depose() -> Projet:
    return Projet.objects.select_related("appel").filter(etat="depose", entente__code="02-2024").order_by("id").first()


def acteur(nom: str = "organismes", **options: object) -> dict:
    return {"auteur": personne(nom), "instant": maintenant(), **options}


def reprendre(depose: Projet, besoin: str = "Un besoin précisé.") -> Projet:
    reprise = reprendre_demande(projet=depose, **acteur())
    enregistrer_reponses(projet=reprise, section="projet", ecritures=[Ecriture("besoin", besoin)], **acteur())
    return reprise


def test_la_version_deposee_vaut_tant_qu_une_autre_ne_la_remplace_pas(depose: Projet) -> None:
    avant, numero = depose.besoin, depose.numero
    reprise = reprendre(depose)
    depose.refresh_from_db()
    assert (depose.besoin, depose.etat, depose.depots.count()) == (avant, "depose", 1)
    assert (reprise.numero, reprise.remplace_id, reprise.montant_demande) == (None, depose.pk, depose.montant_demande)
    depot = deposer_projet(projet=reprise, **acteur())
    depose.refresh_from_db()
    reprise.refresh_from_db()
    assert (depot.projet_id, depot.rang, depose.numero) == (depose.pk, 2, numero)
    assert depose.besoin == "Un besoin précisé."
    assert (reprise.etat, reprise.depose_le) == (EtatProjet.RETIRE, None)
    premier, second = depose.depots.order_by("rang")
    assert premier.contenu["besoin"] == avant
    assert second.contenu["besoin"] == "Un besoin précisé."
    assert all(empreinte_de(d.contenu) == d.empreinte for d in (premier, second))


def test_copier_garde_listes_reponses_et_montants_au_cent(depose: Projet) -> None:
    reprise = reprendre_demande(projet=depose, **acteur())
    for relation in ("depenses", "financements", "activites", "resultats"):
        lus = [[str(r) for r in getattr(p, relation).all()] for p in (depose, reprise)]
        assert lus[0] == lus[1] != [], relation
    assert [d.montant for d in reprise.depenses.all()] == [d.montant for d in depose.depenses.all()]
    assert {r.cle: r.valeur for r in reprise.reponses.all()} == {r.cle: r.valeur for r in depose.reponses.all()} != {}


def test_une_seule_modification_ouverte_et_un_seul_redepot(depose: Projet) -> None:
    """Double clic sur « Modifier », puis sur « Déposer » : une modification, une version, une réponse."""
    c = client("organismes")
    adresses = {c.post(reverse("projets:reprendre", args=[depose.uuid]))["Location"] for _clic in range(2)}
    assert len(adresses) == 1
    reprise = depose.reprises.get()
    relire = reverse("projets:relire", args=[reprise.uuid])
    accuse = reverse("projets:accuse", args=[depose.uuid])
    assert [c.post(relire, {"attestation": "on"})["Location"] for _clic in range(2)] == [accuse, accuse]
    assert depose.depots.count() == 2
    assert c.get(reprise.get_absolute_url())["Location"] == depose.get_absolute_url()
    assert c.get(reverse("projets:accuse", args=[reprise.uuid]))["Location"] == accuse
    assert "Version 2" in c.get(accuse).content.decode().replace("\u00a0", " ")


def test_une_seconde_trop_tard_la_premiere_version_reste(depose: Projet) -> None:
    reprise = reprendre(depose)
    with pytest.raises(Refus, match="L’appel a fermé"):
        deposer_projet(projet=reprise, auteur=personne("organismes"), instant=depose.appel.fermeture)
    depose.refresh_from_db()
    assert depose.depots.count() == 1
    juste = depose.appel.fermeture - timedelta(microseconds=1)
    assert deposer_projet(projet=reprise, auteur=personne("organismes"), instant=juste).rang == 2


def test_l_examen_commence_ferme_la_modification(depose: Projet) -> None:
    reprise = reprendre(depose)
    juger_admissibilite(projet=depose, admissible=True, motif="", **acteur("coordination"))
    with pytest.raises(Refus, match="L’examen de la demande"):
        deposer_projet(projet=reprise, **acteur())
    Projet.objects.filter(pk=reprise.pk).delete()
    with pytest.raises(Refus, match="L’examen de cette demande a commencé"):
        reprendre_demande(projet=depose, **acteur())


def test_la_coordination_ne_voit_pas_la_modification_non_deposee(depose: Projet) -> None:
    reprise = reprendre(depose, "CANARI de brouillon")
    assert not Projet.objects.visibles_pour(personne("coordination")).filter(pk=reprise.pk).exists()
    page = client("coordination").get(f"/admin/projets/projet/{depose.pk}/change/").content.decode()
    assert "CANARI" not in page


@pytest.mark.parametrize("nom", ["promoteur", "coordination", "evaluation1", "ministere"])
def test_la_demande_d_un_autre_ne_se_reprend_pas(depose: Projet, nom: str) -> None:
    assert client(nom).post(reverse("projets:reprendre", args=[depose.uuid])).status_code == 404
    with pytest.raises(Refus, match="rôle"):
        reprendre_demande(projet=depose, **acteur(nom))


# Signature ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def non_signe() -> Projet:
    """Déposée par une personne qui a le mandat, pas la signature."""
    brouillon = Projet.objects.get(etat="brouillon", entente__code="02-2024")
    personne("organismes").adhesions.filter(organisme=brouillon.organisme).update(signataire=False)
    deposer_projet(projet=brouillon, **acteur())
    return Projet.objects.select_related("appel").get(pk=brouillon.pk)


def test_le_depot_compte_et_la_signature_suit(non_signe: Projet) -> None:
    depot = non_signe.depots.get()
    assert (non_signe.etat, depot.signe_par, depot.signe_le) == ("depose", None, None)
    page = client("organismes").get(non_signe.get_absolute_url()).content.decode()
    assert "Faire signer la demande" in page
    with pytest.raises(Refus, match="rôle"):
        signer_demande(projet=non_signe, **acteur())
    personne("organismes").adhesions.filter(organisme=non_signe.organisme).update(signataire=True)
    c = client("organismes")
    adresse = reverse("projets:signer", args=[non_signe.uuid])
    assert "Cochez la case pour signer" in c.post(adresse, {}).content.decode()
    assert c.post(adresse, {"accord": "on"}).status_code == 302
    depot.refresh_from_db()
    assert depot.signe_par == personne("organismes")
    assert "Faire signer" not in c.get(non_signe.get_absolute_url()).content.decode()
    with pytest.raises(Refus, match="n’attend pas de signature"):
        signer_demande(projet=non_signe, **acteur())


def test_la_signature_a_une_limite(non_signe: Projet) -> None:
    personne("organismes").adhesions.filter(organisme=non_signe.organisme).update(signataire=True)
    limite = non_signe.depose_le + timedelta(days=non_signe.appel.suite_jours)
    with pytest.raises(Refus, match="Le délai pour compléter"):
        signer_demande(projet=non_signe, auteur=personne("organismes"), instant=limite)
    signer_demande(projet=non_signe, auteur=personne("organismes"), instant=limite - timedelta(microseconds=1))


def test_les_signataires_sont_prevenus_une_fois(depose: Projet) -> None:
    brouillon = Projet.objects.get(etat="brouillon", entente__code="02-2024")
    autre = personne("promoteur")
    brouillon.organisme.adhesions.create(utilisateur=autre, signataire=True, depuis=maintenant())
    personne("organismes").adhesions.filter(organisme=brouillon.organisme).update(signataire=False)
    deposer_projet(projet=brouillon, **acteur())
    ecrits = Courriel.objects.filter(genre="projets/signature")
    assert [c.destinataire for c in ecrits] == [autre.email]


def test_un_signataire_qui_depose_signe_du_meme_geste(depose: Projet) -> None:
    depot = depose.depots.get()
    assert depot.signe_par == depot.deposant


# Copie --------------------------------------------------------------------------------------------------------------


def test_repartir_d_un_projet_anterieur(depose: Projet) -> None:
    c, adresse = client("organismes"), "/projets/nouveau/02-2024-1/"
    envoi = {"organisme": depose.organisme_id, "titre": "La suite", "source": depose.pk}
    assert c.post(adresse, envoi).status_code == 302
    copie = Projet.objects.get(titre="La suite")
    assert (copie.besoin, copie.montant_demande) == (depose.besoin, depose.montant_demande)
    assert (copie.enveloppe, copie.debut, copie.remplace, copie.pieces.count()) == (None, None, None, 0)
    assert [d.montant for d in copie.depenses.all()] == [d.montant for d in depose.depenses.all()]


def test_on_ne_copie_pas_le_projet_d_un_autre(depose: Projet) -> None:
    appel = Appel.objects.get(code="02-2024-1")
    with pytest.raises(Refus, match="rôle"):
        copier_projet(source=depose, appel=appel, titre="Vol", **acteur("promoteur"))
    siens = personne("promoteur").adhesions.first().organisme
    c = client("promoteur")
    reponse = c.post("/projets/nouveau/02-2024-1/", {"organisme": siens.pk, "titre": "Vol", "source": depose.pk})
    assert reponse.status_code == 200 or not Projet.objects.get(titre="Vol").besoin
