"""Ce que le dossier lu montre à côté du texte : un document joint, les décisions antérieures, le budget révisé."""

from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from projets.models import BudgetRevise, PieceJointe, Projet
from projets.requetes.budget import comparer_budgets
from socle.documents.fichiers import APERCUS, CSP_APERCU, ranger
from socle.horloge import maintenant
from socle.models.fichier import EtatAnalyse
from tests.outils.personnes import ROLES, client
from tests.projets.test_decisions import decider, part
from tests.projets.test_revision import reviser

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def projet() -> Projet:
    """126 497,00 $ demandés dans Maria-Chapdelaine, recommandé."""
    return Projet.objects.select_related("enveloppe", "entente").get(
        entente__code="02-2024", etat="recommande", enveloppe__code="02-2024/MC"
    )


def un_pdf() -> bytes:
    sortie = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(sortie)
    return sortie.getvalue()


def une_image() -> bytes:
    sortie = BytesIO()
    Image.new("RGB", (40, 30), "white").save(sortie, "PNG")
    return sortie.getvalue()


def joindre(projet: Projet, nom: str = "lettre.pdf", type_mime: str = "application/pdf", **options) -> PieceJointe:
    contenu = une_image() if type_mime == "image/png" else un_pdf()
    fichier = ranger(
        contenu, nom=nom, type_mime=type_mime, acces="projet", objet_id=projet.pk, instant=maintenant(), **options
    )
    return PieceJointe.objects.create(projet=projet, fichier=fichier, jointe_le=maintenant())


def dossier(projet: Projet, suite: str = "") -> str:
    return reverse("admin:projets_projet_change", args=[projet.pk]) + suite


def apercu(projet: Projet, piece: object) -> str:
    return reverse("admin:projets_projet_apercu", args=[projet.pk]) + f"?piece={piece}"


# Documents à côté ----------------------------------------------------------------------------------------------


def test_un_pdf_s_ouvre_dans_un_cadre_et_une_image_dans_la_page(projet: Projet) -> None:
    pdf, image = joindre(projet), joindre(projet, "photo.png", "image/png")
    tableur = joindre(projet, "budget.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    c = client("coordination")
    page = c.get(dossier(projet)).content.decode()
    assert "<iframe" not in page
    for piece, se_lit in ((pdf, True), (image, True), (tableur, False)):
        assert (f'?piece={piece.pk}#document"' in page) is se_lit
    ouvert = c.get(dossier(projet, f"?piece={pdf.pk}"))
    lue = ouvert.content.decode()
    assert (
        f'<iframe class="cadre-document" src="{apercu(projet, pdf.pk)}#view=FitH&amp;navpanes=0" title="Contenu de lettre.pdf"'
        in lue
    )
    assert "avec-document" in lue
    assert "frame-src 'self'" in ouvert["Content-Security-Policy"]
    assert ouvert["X-Frame-Options"] == "DENY"
    assert (
        f'<img src="{apercu(projet, image.pk)}" alt="photo.png">'
        in c.get(dossier(projet, f"?piece={image.pk}")).content.decode()
    )


def test_le_document_seul_n_entre_que_dans_nos_pages(projet: Projet) -> None:
    reponse = client("coordination").get(apercu(projet, joindre(projet).pk))
    assert b"".join(reponse.streaming_content).startswith(b"%PDF-")
    assert reponse["X-Frame-Options"] == "SAMEORIGIN"
    assert reponse["Content-Security-Policy"] == CSP_APERCU
    assert "frame-ancestors 'self'" in CSP_APERCU
    assert "script" not in CSP_APERCU
    assert reponse["X-Content-Type-Options"] == "nosniff"
    assert reponse["Content-Type"] == "application/pdf"
    assert reponse["Content-Disposition"].startswith("inline")
    assert "no-store" in reponse["Cache-Control"]


@pytest.mark.parametrize("type_mime", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/plain"])
def test_jamais_de_html_ni_de_svg(projet: Projet, type_mime: str) -> None:
    assert type_mime not in APERCUS
    piece = joindre(projet, "piege.html", type_mime)
    c = client("coordination")
    assert c.get(apercu(projet, piece.pk)).status_code == 404
    assert c.get(dossier(projet, f"?piece={piece.pk}")).status_code == 404


def test_ni_infecte_ni_d_un_autre_dossier_ni_inconnu(projet: Projet) -> None:
    c = client("coordination")
    infecte = joindre(projet, analyse=EtatAnalyse.REFUSE)
    autre = joindre(Projet.objects.filter(entente__code="02-2024", etat="depose").first())
    for piece in (infecte.pk, autre.pk, 0, "x", "", "٣", "9" * 30):
        assert c.get(apercu(projet, piece)).status_code == 404, piece
        assert c.get(dossier(projet, f"?piece={piece}")).status_code == (404 if piece != "" else 200), piece


@pytest.mark.parametrize("nom", ROLES)
def test_qui_lit_un_document(projet: Projet, nom: str) -> None:
    """L'équipe de l'Alliance et l'agent du territoire; hors portée, 404; sans l'admin, la connexion."""
    ailleurs = Projet.objects.exclude(enveloppe=projet.enveloppe).filter(entente__code="02-2024", etat="depose").first()
    equipe = {"coordination", "secretariat", "finances", "tresorerie"}
    for lu, lecteurs in ((projet, equipe | {"agent"}), (ailleurs, equipe)):
        attendu = 200 if nom in lecteurs else 404 if nom in {"agent", "coordination.lanaudiere"} else 302
        reponse = client(nom).get(apercu(lu, joindre(lu).pk))
        if reponse.streaming:
            b"".join(reponse.streaming_content)
        assert reponse.status_code == attendu


def test_un_brouillon_ne_se_lit_pas_par_l_apercu() -> None:
    brouillon = Projet.objects.filter(entente__code="02-2024", etat="brouillon").first()
    assert client("coordination").get(apercu(brouillon, joindre(brouillon).pk)).status_code == 404


# Décisions antérieures, budget révisé --------------------------------------------------------------------------


def test_les_decisions_anterieures_se_lisent_parts_et_motif_compris(projet: Projet) -> None:
    c = client("coordination")
    decider(projet, part("40000.00"))
    assert "Décisions antérieures" not in c.get(dossier(projet)).content.decode()
    reviser(projet, part("50000.00"), motif_public="Le fonds s’est libéré.")
    reviser(projet, part("60000.00"), resolution="CA-99", motif_public="Une erreur de calcul.")
    page = c.get(dossier(projet)).content.decode().replace("\u00a0", " ")
    assert "Décisions antérieures" in page
    assert page.index("Version 2 :") < page.index("Version 1 :")
    assert "40 000,00 $" in page
    assert "CA-88" in page
    assert "Le fonds s’est libéré." in page
    assert "Aucune lettre n’était partie." in page


def test_le_budget_revise_a_cote_du_budget_depose(projet: Projet) -> None:
    decider(projet, part("40000.00"))
    budget = BudgetRevise.objects.get(projet=projet)
    budget.depenses = [
        {"categorie": "salaires", "libelle": "Animation", "engagee_le": None, "montant": "30000.00"},
        {"categorie": "salaires", "libelle": "Animation", "engagee_le": None, "montant": "10000.00"},
    ]
    budget.save(update_fields=["depenses"])
    depot = projet.depots.order_by("-rang").first()
    compares = comparer_budgets(budget, depot)
    deposees = sum(D(d["montant"]) for d in depot.contenu["depenses"])
    assert (compares.total_depenses.depose, compares.total_depenses.revise) == (deposees, D("40000.00"))
    assert compares.total_depenses.ecart == D("40000.00") - deposees
    octroi = compares.financements[0]
    assert (octroi.depose, octroi.revise) == (projet.montant_demande, D("40000.00"))
    assert any(poste.depose is None and poste.revise == D("40000.00") for poste in compares.depenses)
    assert all(poste.revise is None for poste in compares.depenses if poste.depose is not None)
    page = client("coordination").get(dossier(projet)).content.decode().replace("\u00a0", " ")
    assert 'id="budget-revise"' in page
    assert "Déposé" in page
    assert "prérempli du budget déposé" in page


def test_le_dossier_tient_son_budget_de_requetes_quoi_qu_il_montre(projet: Projet) -> None:
    decider(projet, part("40000.00"))
    c = client("coordination")

    def compter() -> int:
        with CaptureQueriesContext(connection) as requetes:
            assert c.get(dossier(projet, f"?piece={pieces[0].pk}&_changelist_filters=p%3D1")).status_code == 200
        return len(requetes)

    pieces = [joindre(projet)]
    reviser(projet, part("45000.00"))
    compter()
    un = compter()
    pieces += [joindre(projet) for _ in range(2)]
    for rang in range(2):
        reviser(projet, part(f"5{rang}000.00"), resolution=f"CA-{rang}")
    assert compter() == un
