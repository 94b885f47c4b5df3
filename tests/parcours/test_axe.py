"""axe : aucune violation, WCAG 2.2 AA, sur chaque page de la visite, à 1280 et à 320 pixels; rien ne déborde."""

import pytest
from playwright.sync_api import Browser, Page, Response

from tests.outils.axe import fautes
from tests.outils.navigateur import connecter, ouvrir_page
from tests.outils.serveur import Serveur

pytestmark = [pytest.mark.navigateur]
# Un groupe par largeur, un pour la CSP : les visites se partagent les travailleurs.
LARGEURS = [pytest.param(largeur, marks=pytest.mark.xdist_group(f"axe-{largeur}")) for largeur in (1280, 320)]
BROUILLON, LIGNE = ".carte h3 a", "tr:has-text('-JQ-0003') a"
PREMIER = "#result_list tbody th a"
VIGUEUR = "/admin/alliances/plantravail/?etat__exact=accepte&q=02-2024"
# rôle → (adresse, liens à suivre ensuite)
OUVERT = "th a:has-text('02-2024-1')"
TRAVAIL, ATTENDUES = "/admin/comite/comiteappel/", "/admin/projets/evaluation/?remise=attendue"
PREPARER = ("/admin/appels/appel/", "th a:has-text('02-2024-3')", "aside a:has-text('Préparation')")
ETAPES = (
    *("Renseignements", "Dates", "Montants", "Bornes", "Calendrier"),
    *("Pièces", "Formulaire", "Grille", "Travail du comité", "Qui appeler", "Guide"),
)
VISITE: dict[str, list[tuple[str, ...]]] = {
    "": [
        ("/",),
        ("/appels/",),
        ("/appels/?phase=ouvert&territoire=Lanaudi%C3%A8re",),
        ("/appels/02-2024-1/",),
        ("/appels/02-2024-2/",),
        ("/appels/02-2024-1/guide/",),
        ("/appels/02-2024-1/questions/",),
        ("/appels/02-2024-1/questions/", "main form button"),
        ("/appels/02-2024-1/admissible/",),
        (
            "/appels/02-2024-1/admissible/?forme=entreprise&depenses=100%20000&municipal=15000&federal=20000&montant=60000",
        ),
        ("/appels/02-2024-1/admissible/?forme=obnl&depenses=1.234,50",),
        ("/appels/02-2024-1/formulaire/",),
        ("/comite/code/",),
        ("/verifier/",),
        ("/verifier/?numero=02-2024-1-JQ-0003",),
        ("/verifier/?numero=02-2024-1-JQ-0003&empreinte=000000000000",),
        ("/verifier/?numero=inconnu",),
        ("/appels/02-2017-2/",),
        ("/alliances/",),
        ("/alliances/?q=xyz",),
        ("/alliances/02/",),
        ("/alliances/09/",),
        ("/alliances/14/",),
        ("/alliances/PN/",),
        ("/compte/login/",),
        ("/compte/signup/",),
        ("/compte/password/reset/",),
        ("/accessibilite/",),
        ("/confidentialite/",),
        ("/conditions/",),
        ("/joindre/",),
        ("/etat/",),
        ("/composants/",),
        ("/nexiste-pas/",),
    ],
    "promoteur": [
        ("/projets/",),
        ("/projets/nouveau/02-2024-1/",),
        ("/organismes/nouveau/",),
        ("/organismes/rejoindre/",),
        ("/projets/", ".cote a:has-text('Maison de quartier')", ".onglets a:has-text('Membres')"),
        (
            "/projets/",
            ".cote a:has-text('Maison de quartier')",
            ".onglets a:has-text('Membres')",
            "td a:has-text('Changer')",
        ),
        ("/projets/", ".cote a:has-text('Maison de quartier')", ".onglets a:has-text('Dossier')"),
        ("/projets/", ".cote a:has-text('Maison de quartier')", ".onglets a:has-text('Projets')"),
        ("/compte/email/",),
        ("/compte/password/change/",),
        ("/projets/", "a:has-text('Maison de quartier')"),
        ("/admin/",),
    ],
    "organismes": [
        ("/projets/", ".cote a:has-text('JQ-128')", ".onglets a:has-text('Projets')"),
        ("/projets/", BROUILLON),
        ("/projets/", BROUILLON, "ol.taches a:has-text('Projet')"),
        ("/projets/", BROUILLON, "ol.taches a:has-text('Votre milieu')"),
        ("/projets/", BROUILLON, "main a:has-text('Imprimer')"),
        ("/projets/", BROUILLON, "ol.taches a:has-text('Activités')"),
        ("/projets/", BROUILLON, "ol.taches a:has-text('Budget')"),
        ("/projets/", BROUILLON, "ol.taches a:has-text('Pièces')"),
        ("/projets/", BROUILLON, "a.btn-primary"),
        ("/projets/", LIGNE),
        ("/projets/", "tr:has-text('-BS-') a", "main a:has-text('Répondre à la demande')"),
        ("/projets/", "tr:has-text('-BS-') a", ".cote a:has-text('Messages')"),
        ("/projets/", "tr:has-text('-JQ-0006') a", ".cote a:has-text('Précisions')"),
        ("/projets/", LIGNE, ".cote a:has-text('Accusé')"),
        ("/projets/", LIGNE, ".cote a:has-text('Convention')"),
        ("/projets/", LIGNE, ".cote a:has-text('Rapport')"),
    ],
    "evaluation1": [
        ("/comite/",),
        ("/comite/liens/",),
        ("/comite/", "ul.taches a"),
        ("/comite/", "h3:has-text('Faites') + ul li a"),
        ("/comite/", ".avis a"),
        ("/comite/", ".avis a", "main a:has-text('J’ai un lien')"),
        ("/comite/devenus/",),
    ],
    "evaluation2": [("/comite/ecarts/02-2024-1/",), ("/comite/",), ("/comite/", ".presidees a")],
    "coordination": [
        ("/admin/",),
        ("/admin/projets/projet/",),
        ("/admin/projets/projet/", PREMIER),
        ("/admin/projets/projet/?precisions=attendues", PREMIER),
        ("/admin/projets/projet/?precisions=attendues", PREMIER, "aside a:has-text('Prolonger')"),
        ("/admin/projets/projet/?precisions=recues", PREMIER),
        ("/admin/projets/projet/?etat__exact=depose", PREMIER, "aside a:has-text('Demander des précisions')"),
        ("/admin/projets/projet/?precisions=attendues", PREMIER, "aside a:has-text('Messages')"),
        ("/admin/projets/lettre/",),
        ("/admin/projets/lettre/", PREMIER),
        ("/admin/projets/modelelettre/",),
        ("/admin/projets/modelelettre/", PREMIER),
        ("/admin/projets/modelelettre/nouveau/?genre=partiel", "button[name=voir]"),
        ("/admin/projets/decisionpreparee/",),
        ("/admin/projets/decisionpreparee/", PREMIER),
        ("/admin/projets/projet/?etat__exact=recommande", PREMIER, "aside a:has-text('Préparer la décision')"),
        ("/admin/projets/projet/liste-attente/",),
        ("/admin/projets/versement/",),
        ("/admin/projets/versement/", PREMIER),
        ("/admin/alliances/enveloppe/",),
        ("/admin/alliances/enveloppe/", PREMIER),
        ("/admin/alliances/enveloppe/", PREMIER, "aside a:has-text('Virer')"),
        ("/admin/alliances/enveloppe/", PREMIER, "aside a:has-text('Relevé')"),
        ("/admin/alliances/engagement/",),
        ("/admin/alliances/engagement/", PREMIER),
        ("/admin/alliances/mouvement/",),
        ("/admin/alliances/mouvement/", PREMIER),
        ("/admin/alliances/mouvement/", PREMIER, "aside a:has-text('Contrepasser')"),
        ("/admin/alliances/entente/", PREMIER, "aside a:has-text('Reporter')"),
        ("/admin/alliances/entente/", PREMIER),
        ("/admin/alliances/affectation/",),
        ("/admin/alliances/affectation/", PREMIER),
        ("/admin/alliances/affectation/acces/",),
        ("/admin/alliances/affectation/acces/", "td a:has-text('Retirer')"),
        ("/admin/alliances/affectation/inviter/",),
        ("/admin/alliances/territoire/",),
        ("/admin/alliances/territoire/", PREMIER),
        ("/admin/alliances/territoire/", PREMIER, "aside a:has-text('Modifier')"),
        ("/admin/alliances/territoire/", PREMIER, "aside a:has-text('contact')"),
        ("/admin/alliances/territoire/", PREMIER, "aside a:has-text('zone')"),
        ("/admin/alliances/territoire/", PREMIER, "aside a:has-text('Déléguer')"),
        ("/admin/alliances/territoire/ajouter/",),
        ("/admin/alliances/delegation/",),
        ("/admin/alliances/delegation/", PREMIER),
        ("/admin/alliances/mandataire/",),
        ("/admin/alliances/mandataire/", PREMIER),
        ("/admin/alliances/mandataire/", PREMIER, "aside a:has-text('fiche')"),
        ("/admin/alliances/mandataire/", PREMIER, "aside a:has-text('image')"),
        ("/admin/appels/appel/", PREMIER),
        ("/admin/appels/appel/",),
        ("/admin/appels/appel/", OUVERT, "aside a:has-text('Formulaire')"),
        ("/admin/projets/projet/papier/",),
        ("/admin/appels/appel/", OUVERT, "aside a:has-text('Prolonger')"),
        ("/admin/appels/appel/", OUVERT, "aside a:has-text('Questions')"),
        ("/admin/appels/appel/", OUVERT, "aside a:has-text('Questions')", ".question a:has-text('Répondre')"),
        ("/admin/appels/appel/", OUVERT, "aside a:has-text('Copier')"),
        ("/admin/appels/appel/", OUVERT, "aside a:has-text('Annuler')"),
        ("/admin/appels/appel/", OUVERT, "aside a:has-text('Annoncer les')"),
        ("/admin/appels/appel/", OUVERT, "aside a:has-text('Programmer l’annonce')"),
        ("/admin/appels/appel/", OUVERT, "main a:has-text('Rapport de l’appel')"),
        ("/admin/appels/appel/", OUVERT, "main a:has-text('Communiqué')"),
        ("/admin/appels/appel/", "th a:has-text('02-2017-1')", "main a:has-text('Rapport de l’appel')"),
        ("/admin/appels/appel/", "th a:has-text('02-2017-1')", "main a:has-text('Communiqué')"),
        ("/admin/projets/projet/rapport-appel/",),
        ("/admin/appels/appel/", "th a:has-text('02-2024-2')", "aside a:has-text('Préciser')"),
        ("/admin/appels/appel/", "th a:has-text('02-2024-2')", "aside a:has-text('Préparation')"),
        ("/admin/appels/appel/creer/?entente=02-2024",),
        ("/admin/comite/comiteappel/",),
        (TRAVAIL, OUVERT),
        *((TRAVAIL, OUVERT, f"aside a:has-text('{acte}')") for acte in ("Partager", "Relancer", "Préparer une")),
        ("/admin/projets/evaluation/",),
        (ATTENDUES, PREMIER),
        *(
            (ATTENDUES, PREMIER, f"aside a:has-text('{acte}')")
            for acte in ("Remplacer", "papier", "Changer", "Inscrire")
        ),
        ("/admin/projets/evaluation/?etat__exact=soumise", PREMIER),
        ("/admin/projets/declarationinteret/",),
        ("/admin/projets/declarationinteret/", PREMIER),
        ("/admin/comite/seance/", PREMIER),
        ("/admin/comite/seance/?etat__exact=preparee", PREMIER, "aside a:has-text('Ordre')"),
        *(
            ("/admin/comite/seance/?etat__exact=preparee", PREMIER, f"aside a:has-text('{acte}')")
            for acte in ("Tableau", "Présences", "Inscrire un retrait", "Ouvrir", "Comparer")
        ),
        *(
            ("/admin/comite/seance/?etat__exact=levee", PREMIER, f"aside a:has-text('{acte}')")
            for acte in ("Tableau", "Comparer", "Retenir", "Rouvrir", "Procès")
        ),
        ("/admin/comite/feuillecodes/", PREMIER),
        ("/admin/comite/feuillecodes/imprimer/",),
        PREPARER,
        *((*PREPARER, f".etapes-appel a:has-text('{etape}')") for etape in ETAPES),
        (*PREPARER, ".etapes-appel a:has-text('Pièces')", "a.bouton:has-text('Ajouter')"),
        (*PREPARER, ".etapes-appel a:has-text('Formulaire')", "a:has-text('Ajouter une question')"),
        (*PREPARER, ".etapes-appel a:has-text('Formulaire')", "a:has-text('Changer')"),
        (*PREPARER, ".etapes-appel a:has-text('Formulaire')", "a.bouton:has-text('Publier cette version')"),
        (*PREPARER, "aside a:has-text('Programmer')"),
        (*PREPARER, "aside a:has-text('Publier')"),
        ("/appels/02-2024-3/apercu/",),
        ("/appels/02-2024-3/formulaire/",),
        ("/admin/reddition/reddition/",),
        ("/admin/reddition/reddition/", PREMIER),
        ("/admin/reddition/reddition/preparer/",),
        ("/admin/alliances/plantravail/",),
        ("/admin/alliances/plantravail/?etat__exact=brouillon", PREMIER),
        ("/admin/alliances/plantravail/?etat__exact=brouillon", PREMIER, ".gestes a:has-text('Choisir les priorités')"),
        ("/admin/alliances/plantravail/?etat__exact=brouillon", PREMIER, ".gestes a:has-text('Ajouter un objectif')"),
        (VIGUEUR, "tr:has-text('Toute') th a"),
        (VIGUEUR, "tr:has-text('Toute') th a", ".gestes a:has-text('Inscrire un reçu')"),
        ("/admin/alliances/plantravail/creer/",),
        ("/admin/alliances/plantravail/creer/?entente=02-2024",),
        ("/admin/alliances/comite/",),
        ("/admin/alliances/comite/?type__exact=table", PREMIER),
        ("/admin/alliances/comite/?type__exact=table", PREMIER, ".gestes a:has-text('Modifier')"),
        ("/admin/alliances/comite/?type__exact=table", PREMIER, ".gestes a:has-text('Changer')"),
        ("/admin/alliances/instancedecisionnelle/",),
        ("/admin/alliances/instancedecisionnelle/", PREMIER),
        ("/admin/alliances/partenaire/", PREMIER),
        ("/admin/alliances/consultation/", PREMIER),
        ("/admin/alliances/avissectoriel/",),
        ("/admin/alliances/avissectoriel/", PREMIER),
        ("/admin/alliances/avissectoriel/demander/?entente=02-2024",),
        ("/admin/socle/courriel/",),
        ("/admin/socle/courriel/", PREMIER),
        ("/admin/socle/rappel/",),
        ("/admin/projets/projet/?etat__exact=depose", PREMIER, "aside a.bouton"),
        ("/admin/projets/projet/?etat__exact=admissible", PREMIER, "aside a:has-text('Défaire')"),
        ("/admin/projets/projet/?etat__exact=depose&pieces=manquantes", PREMIER, "aside a:has-text('Relancer')"),
        ("/admin/projets/projet/?etat__exact=depose", PREMIER, "aside a:has-text('Noter un appel')"),
        ("/admin/projets/projet/?etat__exact=depose", PREMIER, "aside a:has-text('Confier le dossier')"),
        ("/admin/projets/projet/?etat__exact=depose", PREMIER, "aside a:has-text('Changer d’enveloppe')"),
        ("/admin/projets/projet/?drapeau=zone&montant=25",),
        ("/admin/chercher/?q=zzz",),
    ],
    "agent": [("/admin/",), ("/admin/projets/projet/",), ("/admin/projets/projet/", PREMIER)],
    "secretariat": [
        ("/admin/projets/projet/resolution/",),
        ("/admin/",),
        ("/admin/projets/projet/?etat__exact=recommande", PREMIER, "aside a.bouton"),
    ],
    "ministere": [
        ("/ministere/",),
        ("/ministere/ententes/",),
        ("/ministere/ententes/?cycle=2010-2016",),
        ("/ministere/ententes/02-2017/",),
        ("/ministere/ententes/11B-2017/",),
        ("/ministere/ententes/02-2017/mouvements/?famille=verse",),
        ("/ministere/ententes/02-2017/actes/avenant/",),
        ("/ministere/ententes/nouvelle/04/",),
        ("/ministere/?exercice=2019-2020",),
        ("/ministere/plans/",),
        ("/ministere/plans/", "td[data-titre='À examiner'] a"),
        ("/ministere/plans/", "td[data-titre='En vigueur'] a"),
        ("/ministere/02-2017/2019-2020/2/",),
        ("/ministere/02-2017/2019-2020/2/dossiers/",),
        ("/ministere/02-2017/2019-2020/2/dossiers/", "tbody a"),
    ],
}


REFUS = {("", "/nexiste-pas/"), ("promoteur", "/admin/")}


def visiter(page: Page, adresse: str, *liens: str) -> Response:
    """Ouvre l'adresse, puis suit chaque lien de page en page."""
    reponse = page.goto(adresse)
    for lien in liens:
        page.locator(lien).first.click()
        page.wait_for_load_state()
    return reponse


@pytest.mark.parametrize("role", VISITE)
@pytest.mark.parametrize("largeur", LARGEURS)
def test_aucune_violation(chromium: Browser, serveur: Serveur, role: str, largeur: int) -> None:
    page = ouvrir_page(chromium, serveur.adresse, largeur=largeur, bypass_csp=True)
    if role:
        connecter(page, f"{role}@demo.example", "solidarite-demo-02")
    trouvees = []
    for chemin in VISITE[role]:
        visiter(page, *chemin)
        refus = page.title().startswith(("Accès interdit", "Page introuvable"))
        if refus != ((role, *chemin) in REFUS):
            trouvees.append(f"{page.url} : {page.title()}")
        trouvees += fautes(page)
    assert not trouvees, "\n".join(trouvees)


EN_SOMBRE = {
    "": ["/alliances/", "/alliances/02/", "/alliances/09/"],
    "coordination": [
        "/admin/",
        "/admin/projets/projet/",
        "/admin/alliances/affectation/acces/",
        "/admin/alliances/territoire/",
        "/admin/alliances/delegation/",
    ],
}


@pytest.mark.parametrize("role", EN_SOMBRE)
@pytest.mark.parametrize("largeur", LARGEURS)
def test_aucune_violation_en_sombre(chromium: Browser, serveur: Serveur, role: str, largeur: int) -> None:
    """Les mêmes contrastes quand l'appareil demande le thème sombre."""
    page = ouvrir_page(chromium, serveur.adresse, largeur=largeur, bypass_csp=True, color_scheme="dark")
    if role:
        connecter(page, f"{role}@demo.example", "solidarite-demo-02")
    trouvees = []
    for adresse in EN_SOMBRE[role]:
        page.goto(adresse)
        trouvees += fautes(page)
    assert not trouvees, "\n".join(trouvees)


@pytest.mark.xdist_group("axe-csp")
@pytest.mark.parametrize("role", ["", "promoteur", "coordination", "ministere"])
def test_csp_stricte_sans_refus(chromium: Browser, serveur: Serveur, role: str) -> None:
    """Sous la CSP sans `unsafe-inline`, le navigateur ne refuse rien, admin compris."""
    page = ouvrir_page(chromium, serveur.adresse)
    refus: list[str] = []
    page.on("console", lambda m: refus.append(m.text) if "Content Security Policy" in m.text else None)
    if role:
        connecter(page, f"{role}@demo.example", "solidarite-demo-02")
    for chemin in VISITE[role]:
        reponse = visiter(page, *chemin)
        assert "unsafe" not in reponse.headers["content-security-policy"]
    assert not refus
