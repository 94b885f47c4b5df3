"""Canari : une sonde dans chaque champ interne; ni PDF, ni classeur, ni calendrier, ni fil, ni courriel du promoteur ne la porte (R26, R28)."""

import io
from collections.abc import Iterator
from datetime import timedelta

import openpyxl
import pypdf
import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse

from appels.models import Appel
from appels.services.annonces import annoncer_prevus, programmer_annonce
from comite.models import PointOrdreDuJour, Presence, Scenario, Seance
from portail.rappels import battre
from projets.models import (
    DecisionPreparee,
    DeclarationInteret,
    Evaluation,
    ExamenAdmissibilite,
    Lettre,
    ModeleLettre,
    Note,
    NoteInterne,
    PointExamine,
    Projet,
    Recommandation,
    Versement,
)
from projets.services.conventions import preparer_convention
from projets.services.dossiers import noter_appel
from projets.services.lettres import envoyer_lettre, relire_lettre
from projets.services.messages import ecrire_message
from socle import travaux
from socle.horloge import maintenant
from socle.models import Courriel, Fichier, Travail
from tests.outils.fichiers import octets
from tests.outils.personnes import client, personne
from tests.projets.test_decisions import decider, part
from tests.projets.test_revision import preparer

pytestmark = pytest.mark.django_db
SONDE, ORGANISME = "SONDEINTERNE", "organismes"
TELEPHONE_NOTE = "SONDEINTERNE 418 555-0199"
# Ce que seule l'équipe du mandataire, ou le comité, écrit et lit.
INTERNES: dict[type[models.Model], tuple[str, ...]] = {
    Evaluation: ("commentaire",),
    Note: ("commentaire",),
    DeclarationInteret: ("precision",),
    Recommandation: ("motif",),
    PointExamine: ("note",),
    ExamenAdmissibilite: ("defait_motif",),
    NoteInterne: ("interlocuteur", "texte"),
    DecisionPreparee: ("conditions", "motif_public"),
    ModeleLettre: ("objet", "corps"),
    Versement: ("paiement",),
    Scenario: ("nom",),
    Seance: ("lieu",),
    PointOrdreDuJour: ("libelle",),
    Presence: ("nom",),
}
# Ce que l'organisme écrit, reçoit, ou lit une fois la décision communiquée; et les codes sans texte de personne.
DITS = {
    "appels": set(),
    "comite": {"CodeAcces.empreinte"},
    "projets": {
        *("BudgetRevise.depenses", "BudgetRevise.financements", "BudgetRevise.mot", "BudgetRevise.correction"),
        *("LigneDepense.libelle", "LigneFinancement.libelle", "Activite.libelle", "ResultatAttendu.indicateur"),
        *(f"Decision.{c}" for c in ("resolution", "instance", "conditions", "motif_public")),
        *(f"DecisionAnterieure.{c}" for c in ("resolution", "instance", "parts", "conditions", "motif_public")),
        *("DecisionLigne.exercice", "PartPreparee.exercice", "Versement.exercice"),
        *("Lettre.objet", "Lettre.corps", "ExamenAdmissibilite.motif_public", "PointExamine.code"),
        *("Depot.contenu", "Depot.empreinte", "PieceJointe.question", "Reponse.cle", "Reponse.valeur"),
        *("DemandePrecision.message", "DemandePrecision.mot", "ChampPrecision.cle", "ChampPrecision.valeur"),
        *("Message.texte", "Projet.numero", "Projet.titre", "Projet.versions", "Projet.illisibles"),
        *("Projet.sections_vues", "Projet.resume_public", "Projet.besoin", "Projet.objectifs", "Projet.clienteles"),
        *("Projet.participation", "Projet.ancrage", "Projet.partenaires", "Projet.perennite"),
        *(f"RapportProjet.{c}" for c in ("realisations", "retombees", "ecarts", "correction")),
    },
}


def _textes() -> Iterator[str]:
    """Chaque champ de texte libre de projets et de comite, nommé « Modele.champ »."""
    for app in ("projets", "comite"):
        for modele in apps.get_app_config(app).get_models():
            if not modele._meta.managed or modele._meta.proxy or "Event" in modele.__name__:
                continue
            for champ in modele._meta.local_fields:
                texte = isinstance(champ, models.CharField | models.TextField | models.JSONField)
                if texte and not champ.choices and not isinstance(champ, models.FilePathField | models.UUIDField):
                    yield f"{modele.__name__}.{champ.name}"


def test_tout_champ_de_texte_est_classe() -> None:
    """Un champ neuf qui n'est dit ni interne, ni lu par l'organisme, fait échouer l'essai."""
    internes = {f"{modele.__name__}.{champ}" for modele, champs in INTERNES.items() for champ in champs}
    assert set(_textes()) == internes | set().union(*DITS.values())


def acteur(nom: str = "coordination") -> dict:
    return {"auteur": personne(nom), "instant": maintenant()}


AJOUT_SEUL = (NoteInterne, DeclarationInteret)


def semer() -> None:
    """La sonde dans tout champ interne de toute rangée; ce qui est en ajout seul (déclarations, notes d'appels) s'ajoute."""
    for modele, champs in INTERNES.items():
        if modele in AJOUT_SEUL:
            continue
        longueurs = {champ: getattr(modele._meta.get_field(champ), "max_length", None) or 200 for champ in champs}
        for objet in modele.objects.all():
            valeurs = {champ: f"{SONDE} {objet.pk} {champ}"[: longueurs[champ]] for champ in champs}
            if modele is PointOrdreDuJour and not objet.libelle:
                continue  # une demande a son titre, pas de libellé
            if modele is ExamenAdmissibilite and objet.defait_le is None:
                continue
            modele.objects.filter(pk=objet.pk).update(**valeurs)
    for projet in Projet.objects.deposes().filter(entente__code="02-2024").select_related("entente__mandataire"):
        noter_appel(projet=projet, genre="appel", interlocuteur=TELEPHONE_NOTE, texte=f"{SONDE} note", **acteur())
        DeclarationInteret.objects.create(
            entente=projet.entente,
            projet=projet,
            utilisateur=personne("finances"),
            lien="conflit",
            nature="autre",
            precision=f"{SONDE} précision",
            origine="personne",
            inscrite_par=personne("finances"),
            declaree_le=maintenant(),
        )


@pytest.fixture
def projet() -> Projet:
    """Maria-Chapdelaine, de l'organisme : accordée en entier, lettre envoyée, convention prête, un message; la sonde partout."""
    semer()
    choisi = Projet.objects.select_related("enveloppe", "entente").get(
        entente__code="02-2024", etat="recommande", enveloppe__code="02-2024/MC"
    )
    modeles = ModeleLettre.objects.filter(entente=choisi.entente, genre="octroi")
    assert not modeles.exists(), "la lettre suit le modèle type : la sonde d'un modèle de refus ne s'y trouve pas"
    decision = decider(choisi, part("126497.00"))
    relire_lettre(lettre=decision.lettre, **acteur())
    envoyer_lettre(lettre=decision.lettre, **acteur())
    choisi = Projet.objects.select_related("entente__mandataire", "appel", "organisme").get(pk=choisi.pk)
    preparer_convention(projet=choisi, **acteur())
    ecrire_message(projet=choisi, texte="Bonjour.", **acteur())
    return choisi


def produire(genre: str, objet: models.Model) -> Fichier:
    """Le PDF produit pour de vrai, par le travail de Celery."""
    travail = Travail.objects.create(
        genre=f"projets.{genre}", libelle="x", parametres={"objet_id": objet.pk}, demande_le=maintenant()
    )
    travaux.executer(travail.pk)
    objet.refresh_from_db()
    return getattr(objet, "fichier", None) or getattr(objet, genre)


def texte_pdf(contenu: bytes) -> str:
    """Le texte et les métadonnées du PDF."""
    lecteur = pypdf.PdfReader(io.BytesIO(contenu))
    return " ".join([*(page.extract_text() for page in lecteur.pages), str(lecteur.metadata or "")])


def texte_xlsx(contenu: bytes) -> str:
    """Toutes les cellules, les noms des feuilles, les propriétés."""
    classeur = openpyxl.load_workbook(io.BytesIO(contenu))
    cellules = [str(c.value) for page in classeur for rangee in page.iter_rows() for c in rangee if c.value is not None]
    return " ".join([*classeur.sheetnames, *cellules, str(classeur.properties.title), str(classeur.properties.creator)])


# Sondes ----------------------------------------------------------------------------------------------------------


def test_la_sonde_se_lit_ou_elle_doit(projet: Projet) -> None:
    """Le témoin : l'équipe la lit dans le dossier; l'essai peut donc échouer."""
    page = client("coordination").get(reverse("admin:projets_projet_change", args=[projet.pk])).content.decode()
    assert TELEPHONE_NOTE in page
    for modele in (Evaluation, Note, Recommandation, Scenario, Presence, DecisionPreparee, ModeleLettre):
        champ = INTERNES[modele][0]
        assert modele.objects.filter(**{f"{champ}__contains": SONDE}).exists(), modele


@pytest.mark.parametrize("genre", ["accuse", "dossier", "lettre", "convention"])
def test_aucun_pdf_de_l_organisme_ne_la_porte(projet: Projet, genre: str) -> None:
    porteur = {"lettre": lambda: projet.decision.lettre, "convention": lambda: projet.convention}.get(
        genre, lambda: projet.depots.latest("rang")
    )()
    lu = texte_pdf(octets(produire(genre, porteur)))
    assert projet.numero in lu
    assert SONDE not in lu


def test_une_lettre_d_attente_ou_de_refus_ne_la_porte_pas(projet: Projet) -> None:
    """Les lettres que la démonstration garde à relire : composées des critères, jamais des commentaires."""
    lettres = Lettre.objects.filter(entente__code="02-2024", decision__montant=0)
    assert lettres.count() == 3
    for lettre in lettres:
        relire_lettre(lettre=lettre, **acteur())
        envoyer_lettre(lettre=lettre, **acteur())
        assert SONDE not in texte_pdf(octets(produire("lettre", lettre)))


def test_aucun_courriel_ne_la_porte(projet: Projet) -> None:
    battre(maintenant() + timedelta(days=9))
    courriels = Courriel.objects.exclude(genre__startswith="socle/")
    genres = set(courriels.values_list("genre", flat=True))
    assert {"projets/decision", "projets/message"} <= genres
    fuites = [c.genre for c in courriels if SONDE in f"{c.objet} {c.texte} {c.html}"]
    assert not fuites


@pytest.mark.parametrize("nom", ["anonyme", "promoteur", ORGANISME])
def test_ni_le_fil_ni_le_calendrier_ne_la_portent(projet: Projet, nom: str) -> None:
    for adresse, genre in (("/appels/fil.atom", "atom"), ("/appels/agenda.ics", "calendar")):
        reponse = client(nom).get(adresse)
        assert (reponse.status_code, genre in reponse["Content-Type"]) == (200, True)
        assert SONDE not in reponse.content.decode()


def _classeurs(projet: Projet) -> list[tuple[str, str]]:
    """Les adresses qui rendent un classeur, et qui peut les ouvrir."""
    rapport = f"{reverse('admin:projets_projet_rapport_appel')}?appel={projet.appel_id}&format=xlsx"
    releve = reverse("admin:alliances_enveloppe_releve_xlsx", args=[projet.enveloppe_id])
    return [(rapport, "coordination"), (releve, "finances")]


def test_aucun_classeur_ne_la_porte_et_le_promoteur_n_en_ouvre_aucun(projet: Projet) -> None:
    for adresse, nom in _classeurs(projet):
        reponse = client(nom).get(adresse)
        contenu = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
        assert SONDE not in texte_xlsx(contenu)
        for autre in ("anonyme", "promoteur", ORGANISME, "evaluation1"):
            assert client(autre).get(adresse).status_code in {302, 403, 404}
    for nom in ("coordination", "agent"):
        travail = Travail.objects.create(
            genre="projets.exporter",
            libelle="x",
            parametres={"objets": list(Projet.objects.values_list("pk", flat=True)), "saisie": "format=xlsx"},
            demande_par=personne(nom),
            demande_le=maintenant(),
        )
        travaux.executer(travail.pk)
        travail.refresh_from_db()
        lu = texte_xlsx(octets(travail.fichier))
        assert SONDE not in lu
        assert ("Note sur 100" in lu) is (nom == "coordination")
        assert client(ORGANISME).get(f"/fichiers/{travail.fichier.uuid}/").status_code == 404


# Embargo ---------------------------------------------------------------------------------------------------------

TEMOIN = "zzTEMOINzz"


@pytest.fixture
def sous_embargo() -> Projet:
    """Un octroi au témoin, lettre relue, convention déjà prête, annonce dans une heure; une autre décision préparée au témoin."""
    instant = maintenant()
    Appel.objects.filter(code="02-2024-1").update(
        ouverture=instant - timedelta(days=60), fermeture=instant - timedelta(days=1)
    )
    projet = Projet.objects.select_related("enveloppe", "entente").get(
        entente__code="02-2024", etat="recommande", enveloppe__code="02-2024/MC"
    )
    decision = decider(projet, part("126497.00"), resolution=f"CA-{TEMOIN}", conditions=f"Condition {TEMOIN}")
    relire_lettre(lettre=decision.lettre, **acteur())
    autre = Projet.objects.select_related("enveloppe", "entente").get(
        entente__code="02-2024", etat="recommande", enveloppe__code="02-2024/CH"
    )
    preparer(autre, sens="refuser", motif_public=f"Motif {TEMOIN}")
    projet = Projet.objects.select_related("entente__mandataire", "appel", "organisme").get(pk=projet.pk)
    preparer_convention(projet=projet, **acteur())
    programmer_annonce(appel=projet.appel, quand=instant + timedelta(hours=1), **acteur())
    return projet


def _courriels_au_temoin() -> list[str]:
    courriels = Courriel.objects.exclude(destinataire__in=["coordination@demo.example", "secretariat@demo.example"])
    return [f"{c.genre} {c.destinataire}" for c in courriels if TEMOIN in f"{c.objet} {c.texte} {c.html}"]


def test_avant_l_annonce_ni_courriel_ni_document_ni_page_de_suite(sous_embargo: Projet) -> None:
    battre(maintenant())
    assert _courriels_au_temoin() == []
    depot = sous_embargo.depots.latest("rang")
    for genre in ("accuse", "dossier"):
        assert TEMOIN not in texte_pdf(octets(produire(genre, depot)))
    for page in ("convention", "rapport", "budget_revise"):
        adresse = reverse(f"projets:{page}", args=[sous_embargo.uuid])
        assert client(ORGANISME).get(adresse).status_code == 404
    demande = reverse("projets:preparer_document", args=[sous_embargo.uuid, "convention"])
    assert client(ORGANISME).post(demande).status_code == 404
    for adresse in ("/appels/fil.atom", "/appels/agenda.ics", f"/verifier/?numero={sous_embargo.numero}"):
        assert TEMOIN not in client("anonyme").get(adresse).content.decode()


def test_avant_l_annonce_le_pdf_de_la_convention_se_ferme_a_l_organisme(sous_embargo: Projet) -> None:
    """Même son adresse en main; l'équipe, elle, la relit; la lettre partie, il s'ouvre."""
    fichier = produire("convention", sous_embargo.convention)
    assert TEMOIN in texte_pdf(octets(fichier)), "le PDF existe et dit la décision"
    assert _ouvrir(ORGANISME, fichier) == 404
    assert _ouvrir("coordination", fichier) == 200
    assert annoncer_prevus(maintenant() + timedelta(hours=2)) == 1
    assert _ouvrir(ORGANISME, fichier) == 200
    assert _courriels_au_temoin(), "à l'annonce, le courriel la dit"
    assert TEMOIN in texte_pdf(octets(produire("lettre", sous_embargo.decision.lettre)))


def _ouvrir(nom: str, fichier: Fichier) -> int:
    reponse = client(nom).get(f"/fichiers/{fichier.uuid}/")
    if reponse.streaming:
        b"".join(reponse.streaming_content)
    return reponse.status_code
