"""La chaîne entière, dans un vrai navigateur, sur la démonstration : de l'appel à la reddition téléchargée.

Redis est arrêté pendant le dépôt : l'accusé paraît quand même, le courriel part plus tard, une seule fois.
"""

import re
import time
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import psycopg
import pypdf
import pytest
from playwright.sync_api import Browser, Page

from socle.exercices import exercice_de
from socle.formats import nombre
from socle.horloge import aujourd_hui
from tests.outils.axe import examiner
from tests.outils.navigateur import connecter, ouvrir_page
from tests.outils.serveur import Serveur

pytestmark = [pytest.mark.navigateur, pytest.mark.xdist_group("chaine")]
MOT_DE_PASSE = "solidarite-demo-02"
TITRE = "Repas partagés de la chaîne"
CHICOUTIMI = "02-2024/CH"


class Chaine:
    """Les personnes, chacune dans son navigateur, et la base en lecture."""

    def __init__(self, chromium: Browser, serveur: Serveur) -> None:
        self.chromium, self.serveur = chromium, serveur
        self.pages: dict[str, Page] = {}
        self.fautes: list[str] = []
        self.vues = 0

    def examiner(self, page: Page, nom: str) -> None:
        """Chaque page de la visite passe sous axe, à 1280 et à 320 pixels; les fautes se disent à la fin."""
        self.vues += 1
        self.fautes += examiner(page, f"chaine-{self.vues:02d}-{nom}")

    def personne(self, nom: str) -> Page:
        if nom not in self.pages:
            page = ouvrir_page(self.chromium, self.serveur.adresse, accept_downloads=True, bypass_csp=True)
            self.pages[nom] = connecter(page, f"{nom}@demo.example", MOT_DE_PASSE)
        return self.pages[nom]

    def lire(self, requete: str, *valeurs: object) -> list[tuple]:
        with psycopg.connect(self.serveur.base) as base:
            return base.execute(requete, valeurs).fetchall()

    def solde(self, code: str = CHICOUTIMI) -> dict[str, Decimal]:
        [(dotation, engage, verse, disponible)] = self.lire(
            "SELECT dotation, engage, verse, disponible FROM v_enveloppe_solde WHERE enveloppe_code = %s", code
        )
        return {"dotation": dotation, "engage": engage, "verse": verse, "disponible": disponible}

    def dossier(self, page: Page, titre: str = TITRE) -> None:
        page.goto("/admin/projets/projet/?q=" + titre.split()[0])
        page.click(f"#result_list tr:has-text('{titre}') th a")

    def acte(self, page: Page, bouton: str) -> None:
        with page.expect_navigation():
            page.click(f".dossier aside a:has-text('{bouton}')")


def attendre(condition: Callable[[], object], delai: float = 40.0) -> object:
    """Relit jusqu'à ce que la condition tienne; échoue en disant laquelle."""
    limite = time.monotonic() + delai
    while time.monotonic() < limite:
        if valeur := condition():
            return valeur
        time.sleep(0.2)
    raise AssertionError("la condition attendue n'est pas venue")


@pytest.fixture(scope="module")
def chaine(chromium: Browser, serveur: Serveur) -> Chaine:
    return Chaine(chromium, serveur)


def test_chaine_entiere(chaine: Chaine, tmp_path: Path) -> None:
    deposer_sans_redis(chaine)
    evaluer(chaine)
    decider(chaine)
    payer_et_rapporter(chaine)
    rendre_compte(chaine, tmp_path)
    assert chaine.serveur.gerer("verifier_integrite").returncode == 0
    assert not chaine.fautes, "\n".join(chaine.fautes)
    assert chaine.vues > 25


def deposer_sans_redis(chaine: Chaine) -> None:
    page = chaine.personne("promoteur")
    page.goto("/appels/02-2024-1/")
    chaine.examiner(page, "appel")
    page.click("text=Commencer une demande")
    chaine.examiner(page, "commencer")
    page.fill("#id_titre", TITRE)
    page.click("button:has-text('Commencer la demande')")
    adresse = page.url
    chaine.examiner(page, "brouillon-neuf")
    _remplir_projet(page)
    chaine.examiner(page, "brouillon-entame")
    page.goto(f"{adresse}relire/")
    chaine.examiner(page, "relire-bloque")
    page.goto(adresse)
    _remplir_budget(chaine, page)
    chaine.serveur.redis.arreter()
    page.goto(f"{adresse}relire/")
    chaine.examiner(page, "relire-pret")
    page.check("#id_attestation")
    depart = time.monotonic()
    page.click("button:has-text('Déposer la demande')")
    page.wait_for_selector(".bandeau-reussite")
    assert time.monotonic() - depart < 2, "l'accusé doit paraître en moins de deux secondes, Redis arrêté"
    numero = page.inner_text(".bandeau-reussite .grand")
    assert re.fullmatch(r"02-2024-1-CH-\d{4}", numero)
    assert re.search(r"\d+\smin\s\d\d\ss", page.inner_text(".bandeau-reussite")), "l'accusé dit la seconde (R56)"
    assert re.fullmatch(r"[0-9a-f]{64}", page.text_content("details code.empreinte") or "")
    chaine.examiner(page, "accuse")
    for nom in ("travailleur", "relais"):
        chaine.serveur.lancer(nom)
    time.sleep(2)
    assert not chaine.lire(
        "SELECT 1 FROM socle_courriel WHERE genre = 'projets/accuse' AND etat = 'envoye' AND envoye_le IS NOT NULL AND destinataire = 'promoteur@demo.example'"
    )
    chaine.serveur.redis.demarrer()
    attendre(
        lambda: chaine.lire(
            "SELECT 1 FROM socle_courriel WHERE genre = 'projets/accuse' AND etat = 'envoye' AND destinataire = 'promoteur@demo.example'"
        )
    )
    time.sleep(1)
    ecrits = [f for f in chaine.serveur.courriels.iterdir() if numero in f.read_text(errors="replace")]
    assert len(ecrits) == 1, "le courriel part une fois"


def _remplir_projet(page: Page) -> None:
    page.click("ol.taches a:has-text('Projet')")
    page.select_option("#id_enveloppe", label="Chicoutimi et les environs")
    page.select_option("#id_priorite", label="Sécurité alimentaire")
    for champ in ("resume_public", "besoin"):
        page.fill(f"#id_{champ}", "Des repas partagés, chaque semaine, dans le quartier.")
    jour = aujourd_hui()
    page.fill("#id_debut", jour.isoformat())
    page.fill("#id_fin", jour.replace(year=jour.year + 1, day=min(jour.day, 28)).isoformat())
    page.click("button:has-text('Enregistrer et revenir')")


def _remplir_budget(chaine: Chaine, page: Page) -> None:
    page.click("ol.taches a:has-text('Budget')")
    page.fill("#id_montant_demande", "1.234,50")
    page.click("button:has-text('Enregistrer et revenir')")
    assert "«\u00a01.234,50\u00a0»" in page.inner_text("[data-sommaire-erreurs]")
    assert page.input_value("#id_montant_demande") == "1.234,50", "ce qui est écrit reste"
    chaine.examiner(page, "budget-erreur")
    page.fill("#id_montant_demande", "40\u202f000,00 $")
    page.select_option("#id_depenses-0-categorie", "salaires")
    page.select_option("#id_financements-0-source", "promoteur")
    page.fill("#id_depenses-0-montant", "60 000,00")
    page.fill("#id_depenses-0-libelle", "Intervention")
    page.fill("#id_financements-0-montant", "20 000")
    page.fill("#id_financements-0-libelle", "Mise de fonds")
    page.click("button:has-text('Enregistrer et revenir')")
    page.wait_for_selector("ol.taches")


def evaluer(chaine: Chaine) -> None:
    coordination = chaine.personne("coordination")
    chaine.dossier(coordination)
    chaine.examiner(coordination, "dossier-depose")
    chaine.acte(coordination, "Examiner l’admissibilité")
    _examiner_treize_points(chaine, coordination)
    chaine.acte(coordination, "Confier au comité")
    chaine.examiner(coordination, "confier")
    for case in coordination.locator("input[name=evaluateurs]").all():
        case.check()
    coordination.click("button.bouton")
    for nom in ("evaluation1", "evaluation2"):
        page = chaine.personne(nom)
        page.goto("/comite/")
        page.click("li:has-text('Maison de quartier') a")
        assert TITRE not in page.inner_text("main"), "avant la déclaration, seule la question du lien paraît (R25)"
        chaine.examiner(page, f"lien-{nom}")
        page.check("input[name=lien][value=aucun]")
        page.click("button:has-text('Continuer')")
        chaine.examiner(page, f"grille-{nom}")
        page.click("a:has-text('Me retirer de ce dossier')")
        chaine.examiner(page, f"retrait-{nom}")
        page.click("a:has-text('Revenir sans enregistrer')")
        for rang, note in enumerate((12, 40, 28)):
            critere = page.locator("fieldset.critere").nth(rang)
            critere.locator("summary:has-text('Donner plutôt une note précise')").click()
            critere.locator("input[name^=note_]").fill(str(note))
        page.click("button:has-text('Soumettre mon évaluation')")
        page.goto("/comite/")
        assert "80,00 / 100" in page.inner_text("main")
        chaine.examiner(page, f"comite-{nom}")
    chaine.dossier(coordination)
    assert "80,00" in coordination.inner_text("#evaluations + div")
    chaine.acte(coordination, "Consigner la recommandation")
    chaine.examiner(coordination, "recommander")
    coordination.check("input[name=sens][value=accepter]")
    coordination.click("button:has-text('Consigner la recommandation')")
    coordination.wait_for_selector(".dossier")


def _examiner_treize_points(chaine: Chaine, page: Page) -> None:
    """Le calcul propose; la personne tranche les points qu'il laisse, et seulement ceux-là."""
    points = page.locator("fieldset.point")
    assert points.count() == 13
    laisses = [point for point in points.all() if not point.locator("input[name^=resultat_]:checked").count()]
    assert 0 < len(laisses) < 13, "le calcul propose une partie des points, jamais tous"
    page.click("button:has-text('Consigner l’examen')")
    sommaire = page.inner_text("[data-sommaire-erreurs]")
    assert sommaire.count("Dites un résultat pour «") == len(laisses), "chaque point oublié est nommé"
    chaine.examiner(page, "admissibilite-erreur")
    for point in laisses:
        point.locator("input[name^=resultat_][value=verifie]").check()
    chaine.examiner(page, "admissibilite")
    page.click("button:has-text('Consigner l’examen')")
    page.wait_for_selector(".dossier")
    assert "Admissible" in page.inner_text("h2#admissibilite + p")


def decider(chaine: Chaine) -> None:
    coordination, secretariat = chaine.personne("coordination"), chaine.personne("secretariat")
    avant = chaine.solde()
    _preparer_la_decision(chaine, coordination)
    assert chaine.solde() == avant, "préparer ne bouge pas l'argent"
    _adopter_par_resolution(chaine, secretariat, "CA-2026-01")
    apres = chaine.solde()
    assert avant["disponible"] - apres["disponible"] == Decimal("40000.00")
    [(mouvements,)] = chaine.lire("SELECT count(*) FROM alliances_mouvement")
    secretariat.goto("/admin/projets/projet/?etat__exact=recommande")
    secretariat.click("#result_list tr:has-text('Chicoutimi') th a")
    chaine.examiner(secretariat, "dossier-recommande")
    chaine.acte(secretariat, "Consigner la décision")
    chaine.examiner(secretariat, "decider")
    trop = apres["disponible"] + Decimal("0.01")
    secretariat.check("input[name=sens][value=accepter]")
    secretariat.fill("#id_resolution", "CA-2026-02")
    secretariat.fill("#id_montant_1", f"{trop:.2f}".replace(".", ","))
    secretariat.click("button:has-text('Consigner la résolution')")
    assert "Il manque 0,01\u00a0$" in secretariat.inner_text("[data-sommaire-erreurs]")
    chaine.examiner(secretariat, "decider-refus")
    assert chaine.solde() == apres
    assert chaine.lire("SELECT count(*) FROM alliances_mouvement") == [(mouvements,)]
    _envoyer_la_lettre(chaine, coordination)
    chaine.acte(coordination, "Préparer la convention")
    chaine.examiner(coordination, "preparer-convention")
    coordination.click("button.bouton")


def _preparer_la_decision(chaine: Chaine, page: Page) -> None:
    """La recommandation du comité remplit la proposition : relire, enregistrer."""
    chaine.dossier(page)
    chaine.acte(page, "Préparer la décision")
    assert page.is_checked("input[name=sens][value=accepter]")
    assert page.input_value("#id_montant_1").replace("\u00a0", " ") in {"40000,00", "40 000,00"}
    chaine.examiner(page, "preparer-decision")
    page.click("button:has-text('Enregistrer la décision préparée')")
    page.wait_for_selector(".dossier")
    chaine.examiner(page, "dossier-prepare")


def _adopter_par_resolution(chaine: Chaine, page: Page, numero: str) -> None:
    """De l'accueil du secrétariat : une résolution, et les décisions qu'elle adopte; celle-ci seulement."""
    page.goto("/admin/")
    page.click("a:has-text('Consigner une résolution')")
    chaine.examiner(page, "resolution")
    for case in page.locator("input[name=preparees]").all():
        case.uncheck()
    page.check(f"tr:has-text('{TITRE}') input[name=preparees]")
    page.fill("#id_resolution", numero)
    page.click("button:has-text('Consigner la résolution')")
    page.wait_for_selector(".messagelist")
    assert "La résolution est consignée" in page.inner_text(".messagelist")
    decisions = (
        "SELECT d.resolution FROM projets_decision d JOIN projets_projet p ON p.id = d.projet_id WHERE p.titre = %s"
    )
    assert chaine.lire(decisions, TITRE) == [(numero,)]


def _envoyer_la_lettre(chaine: Chaine, page: Page) -> None:
    """Rien ne part avant la relecture; ensuite, une lettre, une fois."""
    lettre = (
        "SELECT l.etat, l.relue_par_id IS NOT NULL FROM projets_lettre l JOIN projets_decision d ON d.id = l.decision_id"
        " JOIN projets_projet p ON p.id = d.projet_id WHERE p.titre = %s"
    )
    parties = "SELECT count(*) FROM socle_courriel WHERE genre = 'projets/decision' AND destinataire = 'promoteur@demo.example'"
    [(deja,)] = chaine.lire(parties)
    assert chaine.lire(lettre, TITRE) == [("redigee", False)]
    chaine.dossier(page)
    chaine.acte(page, "Relire et envoyer la lettre")
    assert "quarante mille dollars" in page.input_value("#id_corps"), "le montant paraît aussi en lettres"
    chaine.examiner(page, "lettre")
    page.click("button:has-text('Relue : envoyer la lettre')")
    page.wait_for_selector(".dossier")
    assert chaine.lire(lettre, TITRE) == [("envoyee", True)]
    assert chaine.lire(parties) == [(deja + 1,)]


def payer_et_rapporter(chaine: Chaine) -> None:
    promoteur, coordination = chaine.personne("promoteur"), chaine.personne("coordination")
    _ouvrir_projet(promoteur)
    chaine.examiner(promoteur, "suivi-accepte")
    promoteur.click("text=Lire et signer la convention")
    chaine.examiner(promoteur, "convention")
    promoteur.check("#id_accord")
    promoteur.click("button:has-text('Signer la convention')")
    chaine.dossier(coordination)
    chaine.acte(coordination, "Signer pour le mandataire")
    coordination.click("button.bouton")
    _payer(chaine, "VIR-CHAINE-1", Decimal("20000.00"))
    _ouvrir_projet(promoteur)
    promoteur.click("text=Écrire le rapport final")
    chaine.examiner(promoteur, "rapport")
    promoteur.fill("#id_realisations", "Tous les repas ont eu lieu.")
    promoteur.fill("#id_personnes_rejointes", "85")
    promoteur.fill("#id_partenaires_argent", "20 000,00")
    promoteur.fill("#id_partenaires_nature", "0")
    promoteur.locator("input[name^=reel_]").first.fill("60 000,00")
    promoteur.click("button:has-text('Enregistrer et soumettre')")
    chaine.dossier(coordination)
    chaine.acte(coordination, "Accepter le rapport final")
    chaine.examiner(coordination, "accepter-rapport")
    coordination.click("button.bouton")
    _payer(chaine, "VIR-CHAINE-2", Decimal("40000.00"))


def _ouvrir_projet(page: Page) -> None:
    page.goto("/projets/")
    page.click(f"a:has-text('{TITRE}')")


def _payer(chaine: Chaine, reference: str, attendu: Decimal) -> None:
    """Les finances approuvent; la même personne ne peut pas payer; la trésorerie paie."""
    finances, tresorerie = chaine.personne("finances"), chaine.personne("tresorerie")
    finances.goto("/admin/")
    chaine.examiner(finances, f"finances-{reference}")
    finances.click(".file:has-text('à approuver') a:has-text('-CH-')")
    chaine.acte(finances, "Approuver")
    chaine.examiner(finances, f"approuver-{reference}")
    finances.click("button.bouton")
    adresse = finances.url
    chaine.acte(finances, "Inscrire le paiement")
    finances.fill("#id_paiement", reference)
    finances.click("button.bouton")
    assert "une autre personne" in finances.inner_text("[data-sommaire-erreurs]")
    chaine.examiner(finances, f"payer-refus-{reference}")
    tresorerie.goto(adresse)
    chaine.acte(tresorerie, "Inscrire le paiement")
    tresorerie.fill("#id_paiement", reference)
    tresorerie.click("button.bouton")
    tresorerie.wait_for_selector(".dossier")
    assert chaine.solde()["verse"] == attendu


def rendre_compte(chaine: Chaine, tmp_path: Path) -> None:
    coordination, ministere = chaine.personne("coordination"), chaine.personne("ministere")
    exercice = exercice_de(aujourd_hui())
    coordination.goto("/admin/reddition/reddition/preparer/")
    chaine.examiner(coordination, "preparer-reddition")
    coordination.select_option("#id_entente", label="02-2024")
    coordination.fill("#id_exercice", exercice)
    coordination.click("button.bouton")
    chaine.examiner(coordination, "reddition-compilee")
    chaine.acte(coordination, "Écrire les textes")
    chaine.examiner(coordination, "textes")
    coordination.fill("#id_faits_saillants", "Une année de repas partagés.")
    coordination.click("button.bouton")
    chaine.acte(coordination, "Certifier et déposer")
    chaine.examiner(coordination, "certifier")
    coordination.click("button.bouton")
    coordination.wait_for_selector(".dossier")
    ministere.goto(f"/ministere/?exercice={exercice}")
    chaine.examiner(ministere, "redditions")
    ministere.click("tr:has-text('02-2024') th a")
    chaine.examiner(ministere, "reddition")
    ministere.click("button:has-text('Accepter')")
    ministere.wait_for_selector("text=La reddition est acceptée.")
    adresse = ministere.url
    ministere.click("a[href*='enveloppe=Chicoutimi'] >> nth=0")
    assert TITRE in ministere.inner_text("main")
    chaine.examiner(ministere, "dossiers")
    attendre(
        lambda: chaine.lire(
            "SELECT 1 FROM reddition_production p JOIN reddition_reddition r ON r.id = p.reddition_id "
            "JOIN alliances_entente e ON e.id = r.entente_id WHERE e.code = '02-2024' HAVING count(p.fichier_id) = 2"
        ),
        60,
    )
    fichiers = {}
    for genre in ("pdf", "xlsx"):
        ministere.goto(adresse)
        with ministere.expect_download() as attendu:
            ministere.click(f"a:has-text('.{genre}')")
        fichiers[genre] = tmp_path / f"reddition.{genre}"
        attendu.value.save_as(fichiers[genre])
    verifier_les_chiffres(chaine, fichiers)


def verifier_les_chiffres(chaine: Chaine, fichiers: dict[str, Path]) -> None:
    """Le texte du PDF, les cellules du XLSX et la vue SQL s'accordent au cent, enveloppe par enveloppe."""
    texte = " ".join(
        page.extract_text() for page in pypdf.PdfReader(BytesIO(fichiers["pdf"].read_bytes())).pages
    ).replace("\u00a0", " ")
    feuille = openpyxl.load_workbook(fichiers["xlsx"])["Enveloppes"]
    rangees = {r[0]: r for r in feuille.iter_rows(values_only=True) if r[0] and str(r[0]).startswith("02-2024/")}
    vues = chaine.lire(
        "SELECT enveloppe_code, dotation, engage, verse, disponible FROM v_enveloppe_solde WHERE entente_code = '02-2024'"
    )
    assert len(vues) == len(rangees) == 8
    for code, *soldes in vues:
        lus = [Decimal(str(rangees[code][i])).quantize(Decimal("0.01")) for i in (7, 8, 9, 6)]
        assert lus == soldes, code
        for solde in soldes:  # les cents paraissent dans une colonne qui en a
            ecrits = {nombre(solde, 2).replace("\u00a0", " ")}
            ecrits |= {nombre(solde).replace("\u00a0", " ")} if solde == int(solde) else set()
            ecrits |= {"–"} if not solde else set()
            assert any(ecrit in texte for ecrit in ecrits), (code, solde)
