"""Tenir un dossier : responsable, enveloppe, notes internes, relances; et ce que la page en montre."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alliances.models import Enveloppe
from appels.models import PieceRequise
from projets.enums import EtatProjet
from projets.models import NoteInterne, PieceJointe, Projet
from projets.requetes.dossier import antecedents
from projets.requetes.manques import exigences, incomplet, pieces_attendues
from projets.services.dossiers import confier_responsabilite, deplacer_projet, noter_appel, relancer_pieces
from socle.documents.fichiers import ranger
from socle.erreurs import Refus
from socle.etats import journal_lisible, transitions_de
from socle.horloge import maintenant
from socle.models import Courriel
from tests.outils.personnes import ROLES, client, personne

pytestmark = pytest.mark.django_db
AUTRES = [nom for nom in ROLES if nom not in {"anonyme", "coordination"}]


def acteur(nom: str = "coordination") -> dict:
    return {"auteur": personne(nom), "instant": maintenant()}


@pytest.fixture
def projet() -> Projet:
    return (
        Projet.objects.select_related("entente__mandataire", "enveloppe", "appel", "organisme")
        .filter(entente__code="02-2024", etat="depose")
        .order_by("depose_le")
        .first()
    )


def _dossier(projet: Projet) -> str:
    return reverse("admin:projets_projet_change", args=[projet.pk])


# Responsable -------------------------------------------------------------------------------------------------


def test_prendre_puis_confier_laisse_une_trace(projet: Projet) -> None:
    Projet.objects.filter(pk=projet.pk).update(responsable=None)
    c = client("coordination")
    assert "Prendre ce dossier" in c.get(_dossier(projet)).content.decode()
    assert c.post(reverse("admin:projets_projet_prendre", args=[projet.pk])).status_code == 302
    projet.refresh_from_db()
    assert projet.responsable == personne("coordination")
    assert "Responsable : Coordination 02 (démonstration)" in journal_lisible(projet)[0].lu.replace("\u00a0", " ")
    confier_responsabilite(projet=projet, personne=None, **acteur())
    projet.refresh_from_db()
    assert projet.responsable is None


@pytest.mark.parametrize("nom", ["coordination.lanaudiere", "secretariat", "organismes", "agent", "evaluation1"])
def test_on_ne_confie_qu_a_qui_lit_le_dossier(projet: Projet, nom: str) -> None:
    """L'agent de l'essai est d'un autre territoire que la demande."""
    Projet.objects.filter(pk=projet.pk).update(responsable=None)
    with pytest.raises(Refus, match="ni de la coordination, ni agent de ce territoire"):
        confier_responsabilite(projet=projet, personne=personne(nom), **acteur())


def test_l_agent_du_territoire_peut_repondre_du_dossier() -> None:
    projet = Projet.objects.get(enveloppe__code="02-2024/MC", etat="recommande")
    confier_responsabilite(projet=projet, personne=personne("agent"), **acteur())
    page = client("agent").get("/admin/").content.decode()
    assert "À moi" in page
    assert projet.numero in page


@pytest.mark.parametrize("nom", AUTRES)
def test_seule_la_coordination_tient_le_dossier(projet: Projet, nom: str) -> None:
    gestes = (
        lambda: confier_responsabilite(projet=projet, personne=None, **acteur(nom)),
        lambda: deplacer_projet(projet=projet, enveloppe=_autre(projet), motif="x", **acteur(nom)),
        lambda: noter_appel(projet=projet, genre="remarque", interlocuteur="", texte="x", **acteur(nom)),
        lambda: relancer_pieces(projet=projet, mot="", **acteur(nom)),
    )
    for geste in gestes:
        with pytest.raises(Refus) as refus:
            geste()
        assert refus.value.code == "permission"


# Enveloppe ---------------------------------------------------------------------------------------------------


def _autre(projet: Projet) -> Enveloppe:
    return projet.entente.enveloppes.exclude(pk=projet.enveloppe_id).exclude(nature="administration").first()


def test_deplacer_garde_le_numero_et_dit_d_ou_vers_ou(projet: Projet) -> None:
    ancienne, nouvelle, numero = projet.enveloppe, _autre(projet), projet.numero
    deplacer_projet(projet=projet, enveloppe=nouvelle, motif="Le projet se tient à Jonquière.", **acteur())
    projet.refresh_from_db()
    assert (projet.enveloppe, projet.numero) == (nouvelle, numero)
    note = transitions_de([projet])[0]
    assert (note.action, note.de, note.vers) == ("deplacer", ancienne.code, nouvelle.code)
    page = client("coordination").get(_dossier(projet)).content.decode()
    assert f"Enveloppe : {ancienne.code} → {nouvelle.code}" in page
    assert "Le projet se tient à Jonquière." in page


@pytest.mark.parametrize("etat", EtatProjet.values)
def test_table_des_etats_ou_une_demande_se_deplace(projet: Projet, etat: str) -> None:
    if etat == "brouillon":
        brouillon = Projet.objects.filter(entente__code="02-2024", etat="brouillon").first()
        with pytest.raises(Refus):
            deplacer_projet(projet=brouillon, enveloppe=_autre(brouillon), motif="x", **acteur())
        return
    Projet.objects.filter(pk=projet.pk).update(etat=etat, decide_le=maintenant())
    if etat in {"accepte", "liste_attente", "refuse", "retire"}:
        with pytest.raises(Refus, match="décidée ou retirée"):
            deplacer_projet(projet=projet, enveloppe=_autre(projet), motif="x", **acteur())
    else:
        assert deplacer_projet(projet=projet, enveloppe=_autre(projet), motif="x", **acteur()).etat == etat


def test_refus_de_deplacer(projet: Projet) -> None:
    ailleurs = Enveloppe.objects.filter(entente__code="02-2017").first()
    administration = projet.entente.enveloppes.get(nature="administration")
    for enveloppe, motif, mots in (
        (_autre(projet), " ", "Dites pourquoi"),
        (projet.enveloppe, "x", "déjà dans cette enveloppe"),
        (ailleurs, "x", "de l’entente 02-2024"),
        (administration, "x", "de l’entente 02-2024"),
    ):
        with pytest.raises(Refus, match=mots):
            deplacer_projet(projet=projet, enveloppe=enveloppe, motif=motif, **acteur())
    reponse = client("coordination").post(
        reverse("admin:projets_projet_deplacer", args=[projet.pk]), {"enveloppe": ailleurs.pk, "motif": "x"}
    )
    assert "Il y a un problème" in reponse.content.decode()


# Notes internes ----------------------------------------------------------------------------------------------


def test_une_note_reste_entre_nous(projet: Projet) -> None:
    canari = "CANARI-NOTE-INTERNE"
    noter_appel(projet=projet, genre="appel", interlocuteur="direction", texte=canari, **acteur())
    assert canari in client("coordination").get(_dossier(projet)).content.decode()
    assert canari in client("finances").get(_dossier(projet)).content.decode(), "l'équipe la lit"
    for nom in ("organismes", "agent", "ministere", "evaluation1", "coordination.lanaudiere", "promoteur"):
        assert not NoteInterne.objects.visibles_pour(personne(nom)).filter(texte=canari).exists()
    pages = ("projets:projet", "projets:messages", "projets:precisions", "projets:accuse", "projets:pieces")
    for page in pages:
        assert canari not in client("organismes").get(reverse(page, args=[projet.uuid])).content.decode()


def test_refus_d_une_note_et_ajout_seul(projet: Projet) -> None:
    with pytest.raises(Refus, match="à qui vous avez parlé"):
        noter_appel(projet=projet, genre="appel", interlocuteur="", texte="x", **acteur())
    with pytest.raises(Refus, match="ce qui a été dit"):
        noter_appel(projet=projet, genre="remarque", interlocuteur="", texte=" ", **acteur())
    note = noter_appel(projet=projet, genre="remarque", interlocuteur="", texte="x", **acteur())
    for geste in (lambda: NoteInterne.objects.filter(pk=note.pk).update(texte="y"), note.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            geste()


# Pièces manquantes -------------------------------------------------------------------------------------------


def _joindre(projet: Projet, requise: PieceRequise) -> None:
    fichier = ranger(
        b"%PDF-", nom="p.pdf", type_mime="application/pdf", acces="projet", objet_id=projet.pk, instant=maintenant()
    )
    PieceJointe.objects.create(projet=projet, requise=requise, fichier=fichier, jointe_le=maintenant())


def test_le_manque_en_sql_est_celui_du_dossier() -> None:
    """Toutes les demandes de la démonstration, une pièce jointe à la fois : les deux lectures disent pareil."""
    jumelles = list(
        Projet.objects.filter(entente__code="02-2024", etat__in=["depose", "admissible"]).order_by("pk")[:2]
    )
    Projet.objects.filter(pk=jumelles[1].pk).update(
        organisme=jumelles[0].organisme
    )  # R36 : donnée une fois, plus exigée
    groupes = exigences(PieceRequise.objects.all())
    assert any(groupe.fournie for groupe in groupes)
    deposees = Projet.objects.deposes().select_related("appel", "organisme", "entente")
    vus = set()
    for _tour in range(5):
        a_joindre = []
        en_sql = set(deposees.annotate(manque=incomplet(groupes)).filter(manque=True).values_list("pk", flat=True))
        for projet in deposees.filter(etat__in=["depose", "admissible", "en_evaluation", "recommande"]):
            attendues = pieces_attendues(projet, projet.pieces.all())
            assert (projet.pk in en_sql) is bool(attendues), projet.numero
            vus.add(bool(attendues))
            if attendues:
                a_joindre.append((projet, attendues[0]))
        for projet, requise in a_joindre:
            _joindre(projet, requise)
    assert vus == {True, False}


def test_relancer_nomme_les_pieces_une_fois_par_jour(projet: Projet) -> None:
    with pytest.raises(Refus, match="Le délai pour compléter la demande a pris fin"):
        relancer_pieces(projet=projet, mot="", **acteur())
    Projet.objects.filter(pk=projet.pk).update(depose_le=maintenant())
    attendues = pieces_attendues(projet, projet.pieces.all())
    assert attendues
    adresses = relancer_pieces(projet=projet, mot="Appelez-nous au besoin.", **acteur())
    courriel = Courriel.objects.filter(genre="projets/pieces_manquantes", objet_id=projet.pk).get()
    assert courriel.destinataire in adresses
    assert all(str(piece) in courriel.texte for piece in attendues)
    assert "Appelez-nous au besoin." in courriel.texte
    with pytest.raises(Refus, match="déjà partie aujourd’hui"):
        relancer_pieces(projet=projet, mot="", **acteur())


def test_rien_a_relancer(projet: Projet) -> None:
    for requise in pieces_attendues(projet, []):
        _joindre(projet, requise)
    with pytest.raises(Refus, match="Aucune pièce exigée ne manque"):
        relancer_pieces(projet=projet, mot="", **acteur())


# Page --------------------------------------------------------------------------------------------------------


def test_antecedents_dans_tous_les_appels_du_mandataire(projet: Projet) -> None:
    ancien = Projet.objects.filter(entente__code="02-2017", etat="accepte", convention__rapport__etat="accepte").first()
    Projet.objects.filter(pk=ancien.pk).update(organisme=projet.organisme, titre=projet.titre.upper())
    [lu] = [a for a in antecedents(projet, personne("coordination")) if a.projet.pk == ancien.pk]
    assert (lu.accorde, lu.meme_titre) == (ancien.decision.montant, True)
    assert lu.rapport.startswith("Rapport remis")
    page = client("coordination").get(_dossier(projet)).content.decode()
    assert ancien.numero in page
    assert "Même titre (R4)" in page


def test_le_dossier_tient_son_budget_de_requetes(projet: Projet) -> None:
    c = client("coordination")
    comptes = []
    for n in (1, 3):
        while projet.notes_internes.count() < n:
            noter_appel(projet=projet, genre="remarque", interlocuteur="", texte="x", **acteur())
        c.get(_dossier(projet))
        with CaptureQueriesContext(connection) as requetes:
            assert c.get(_dossier(projet)).status_code == 200
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1]
