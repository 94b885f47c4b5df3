"""Du brouillon au dépôt et après : ouvrir, effacer, joindre, retirer, et l'embargo (R20, R22, R28)."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from appels.models import Appel
from comptes.models import Organisme
from projets.models import PieceJointe, Projet
from projets.services.brouillons import (
    Ecriture,
    creer_brouillon,
    enregistrer_reponses,
    supprimer_brouillon,
)
from projets.services.conventions import preparer_convention
from projets.services.depots import deposer_projet, retirer_projet
from projets.services.pieces import joindre_piece, retirer_piece
from socle.documents.fichiers import ranger
from socle.erreurs import Refus
from socle.horloge import maintenant
from socle.models import Fichier, Travail
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db


def acteur(nom: str = "organismes", **options: object) -> dict[str, object]:
    return {"auteur": personne(nom), "instant": maintenant(), **options}


@pytest.fixture
def brouillon() -> Projet:
    return Projet.objects.select_related("appel").get(etat="brouillon", entente__code="02-2024")


@pytest.fixture
def depose() -> Projet:
    return Projet.objects.select_related("appel").filter(etat="depose", entente__code="02-2024").first()


@pytest.fixture
def piece(brouillon: Projet) -> PieceJointe:
    fichier = ranger(
        b"%PDF-", nom="a.pdf", type_mime="application/pdf", acces="projet", objet_id=brouillon.pk, instant=maintenant()
    )
    return PieceJointe.objects.create(projet=brouillon, fichier=fichier, jointe_le=maintenant())


def ouvrir(nom: str = "promoteur", code: str = "02-2024-1", organisme: Organisme | None = None) -> Projet:
    siens = personne(nom).adhesions.first()
    return creer_brouillon(
        appel=Appel.objects.select_related("entente").get(code=code),
        organisme=organisme or siens.organisme,
        titre="Un titre",
        **acteur(nom),
    )


def test_ouvrir_un_brouillon() -> None:
    neuf = ouvrir()
    assert (neuf.etat, neuf.numero, neuf.versions) == ("brouillon", None, {})


def test_pas_de_brouillon_pour_l_organisme_d_un_autre_ni_dans_un_appel_ferme() -> None:
    etranger = Organisme.objects.exclude(adhesions__utilisateur=personne("promoteur")).first()
    with pytest.raises(Refus, match="pas membre de cet organisme"):
        ouvrir(organisme=etranger)
    with pytest.raises(Refus, match="ne reçoit pas de demandes"):
        ouvrir(code="02-2017-2")


def test_effacer_un_brouillon_efface_ses_pieces_et_leurs_octets(
    brouillon: Projet, piece: PieceJointe, django_capture_on_commit_callbacks
) -> None:
    depot, nom = piece.fichier.contenu.storage, piece.fichier.contenu.name
    with django_capture_on_commit_callbacks(execute=True):
        adresse = reverse("projets:supprimer", args=[brouillon.uuid])
        assert client("organismes").post(adresse).status_code == 302
        assert depot.exists(nom), "tant que rien n'est validé, rien n'est perdu"
    assert not Projet.objects.filter(pk=brouillon.pk).exists()
    assert not Fichier.objects.filter(pk=piece.fichier_id).exists()
    assert not depot.exists(nom)


def test_r22_une_page_perimee_n_efface_ni_ne_change_une_demande_deposee(brouillon: Projet, piece: PieceJointe) -> None:
    """Deux onglets : l'un dépose, l'autre tient encore le brouillon en main."""
    perime, piece_perimee = (
        Projet.objects.select_related("appel").get(pk=brouillon.pk),
        PieceJointe.objects.select_related("projet", "fichier").get(pk=piece.pk),
    )
    deposer_projet(projet=brouillon, **acteur())
    with pytest.raises(Refus, match="ne s’efface pas"):
        supprimer_brouillon(projet=perime)
    with pytest.raises(Refus, match="ne se retire plus"):
        retirer_piece(piece=piece_perimee)
    with pytest.raises(Refus, match="ne se modifie plus"):
        enregistrer_reponses(projet=perime, section="projet", ecritures=[Ecriture("titre", "Autre")], **acteur())
    assert PieceJointe.objects.filter(pk=piece.pk).exists()
    assert Projet.objects.get(pk=brouillon.pk).titre == brouillon.titre


def joindre(projet: Projet, instant) -> PieceJointe:
    octets = BytesIO()
    Image.new("RGB", (4, 4)).save(octets, "PNG")
    televerse = SimpleUploadedFile("photo.png", octets.getvalue())
    return joindre_piece(projet=projet, televerse=televerse, pour=None, auteur=personne("organismes"), instant=instant)


def test_une_piece_se_joint_jusqu_a_la_limite_et_plus_ensuite(depose: Projet) -> None:
    limite = depose.depose_le + timedelta(days=depose.appel.suite_jours)
    assert joindre(depose, limite - timedelta(microseconds=1)).fichier.nom == "photo.png"
    with pytest.raises(Refus, match="Le délai pour compléter la demande a pris fin"):
        joindre(depose, limite)
    Projet.objects.filter(pk=depose.pk).update(etat="en_evaluation")
    depose.refresh_from_db()
    with pytest.raises(Refus, match="L’examen de la demande est avancé"):
        joindre(depose, maintenant())


def test_retirer_sa_demande_demande_un_mot_et_garde_le_numero(depose: Projet) -> None:
    with pytest.raises(Refus, match="Dites en une phrase"):
        retirer_projet(projet=depose, motif=" ", **acteur())
    retiree = retirer_projet(projet=depose, motif="Projet reporté.", **acteur())
    assert (retiree.etat, retiree.numero) == ("retire", depose.numero)
    with pytest.raises(Refus, match="n’est plus possible"):
        retirer_projet(projet=depose, motif="Encore.", **acteur())


@pytest.mark.parametrize("nom", ["promoteur", "coordination", "evaluation1", "ministere"])
def test_le_brouillon_d_un_autre_n_existe_pas(brouillon: Projet, nom: str) -> None:
    """La coordination même ne lit pas un brouillon."""
    c = client(nom)
    for vue, suite in (("projet", []), ("section", ["budget"]), ("pieces", []), ("relire", []), ("retirer", [])):
        adresse = reverse(f"projets:{vue}", args=[brouillon.uuid, *suite])
        assert (c.get(adresse).status_code, c.post(adresse, {}).status_code) == (404, 404), vue
    assert c.post(reverse("projets:supprimer", args=[brouillon.uuid])).status_code == 404
    assert c.get(f"/admin/projets/projet/{brouillon.pk}/change/").status_code in {302, 404}


def test_r28_la_convention_ne_se_telecharge_pas_avant_la_lettre() -> None:
    """La coordination prépare la convention avant d'écrire : l'organisme n'apprend rien par le PDF."""
    projet = Projet.objects.get(entente__code="02-2024", etat="accepte", convention__isnull=True)
    preparer_convention(projet=projet, **acteur("coordination"))
    projet.decision.lettre.etat = "redigee"
    projet.decision.lettre.save(update_fields=["etat"])
    travaux = Travail.objects.count()
    c, adresse = client("organismes"), reverse("projets:preparer_document", args=[projet.uuid, "convention"])
    assert c.post(adresse).status_code == 404
    assert c.get(reverse("projets:convention", args=[projet.uuid])).status_code == 404
    assert Travail.objects.count() == travaux
    projet.decision.lettre.etat = "envoyee"
    projet.decision.lettre.save(update_fields=["etat"])
    assert c.post(adresse).status_code == 302


def test_redemander_un_document_qui_se_prepare_n_en_prepare_pas_deux(depose: Projet) -> None:
    c, adresse = client("organismes"), reverse("projets:preparer_document", args=[depose.uuid, "dossier"])
    premier, second = [c.post(adresse)["Location"] for _ in range(2)]
    assert premier == second
