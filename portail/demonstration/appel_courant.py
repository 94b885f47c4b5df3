"""Alliance 02, entente 2024 (montant de démonstration) : un appel ouvert aujourd'hui et des dossiers à chaque étape."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from alliances.enums import Origine
from alliances.models import Cycle, Entente, Enveloppe, Mandataire
from alliances.services.publications import charger_instance, charger_priorites
from appels.models import Appel
from appels.services.depot import prolonger_depot
from comptes.models import Utilisateur
from portail.demonstration.agenda import Agenda, quand
from portail.demonstration.appels import creer_appel
from portail.demonstration.dossiers import Dossier, Equipe
from portail.demonstration.ententes import comptes_02, doter_entente
from portail.demonstration.formulaire import charger_formulaire
from portail.demonstration.gouvernance import charger_cadre_courant, lier_appel_courant
from portail.demonstration.organismes import MODELES, charger_organisme
from socle.exercices import exercice_de
from socle.horloge import EST

MONTANT = Decimal(5_542_634)
ALLOCATIONS = {
    "BS": 425_000,
    "CH": 1_280_000,
    "JQ": 1_080_000,
    "LE": 935_000,
    "DR": 640_000,
    "MC": 126_497,
    "RG": 396_137,
}
ADMINISTRATION = 660_000
DUREE, RESTE = timedelta(days=45), timedelta(days=10)
PROLONGE = timedelta(days=7)
# lettres, montant demandé, dernière étape jouée
DOSSIERS = (
    ("LE", "27000", "brouillon"),
    ("BS", "32000", "depose"),
    ("JQ", "45500", "depose"),
    ("LE", "28750.50", "depose"),
    ("CH", "38000", "admissible"),
    ("DR", "41200", "confie"),
    ("CH", "52000", "recommande"),
    ("MC", "126497", "recommande"),
    ("JQ", "36000", "verse"),
    ("RG", "24000", "octroye"),
)


def minuit(jour: date) -> datetime:
    return quand(jour, 0)


def charger_appel_courant(personnes: dict[str, Utilisateur], instant: datetime) -> None:
    """Crée l'entente 02-2024 et son appel ouvert; plus tard, prolonge l'appel s'il a fermé (R21)."""
    aujourdhui = instant.astimezone(EST).date()
    if _deja_charge(instant):
        return
    cycle = Cycle.objects.get(code="2024-2029")
    entente = Entente.objects.create(
        code="02-2024",
        mandataire=Mandataire.objects.get(code="02"),
        cycle=cycle,
        debut=cycle.debut,
        fin=cycle.fin,
        montant=MONTANT,
        origine=Origine.DEMONSTRATION,
    )
    charger_priorites(entente)
    charger_instance(entente)
    coordination = personnes["coordination"]
    enveloppes = doter_entente(
        entente,
        comptes_02(ALLOCATIONS, Origine.DEMONSTRATION, ADMINISTRATION, Origine.DEMONSTRATION),
        auteur=coordination,
        instant=instant - DUREE - timedelta(days=20),
    )
    charger_cadre_courant(entente, personnes, instant)
    ouverture = minuit(aujourdhui - DUREE + timedelta(days=1))
    appel = creer_appel(
        entente=entente,
        rang=1,
        titre="Appel de projets : agir ensemble contre la pauvreté",
        ouverture=ouverture,
        fermeture=minuit(aujourdhui + RESTE - PROLONGE),
        fin_max=min(aujourdhui + timedelta(days=730), entente.fin),
        reponse=aujourdhui + timedelta(days=110),
        offres={lettres: Decimal(montant) for lettres, montant in ALLOCATIONS.items()},
        auteur=coordination,
    )
    lier_appel_courant(appel, coordination)
    appel = prolonger_depot(
        appel=appel,
        nouvelle=minuit(aujourdhui + RESTE),
        motif="Deux MRC ont demandé plus de temps pour réunir leurs lettres d’appui.",
        auteur=coordination,
        instant=minuit(aujourdhui - timedelta(days=2)) + timedelta(hours=10),
    ).appel
    charger_formulaire(appel, coordination)
    _jouer_dossiers(appel, enveloppes, personnes, aujourdhui)
    _organisme_du_promoteur(personnes["promoteur"], entente, instant)


def _deja_charge(instant: datetime) -> bool:
    """Vrai si l'appel existe; s'il ferme, il se prolonge vers l'avant (R21)."""
    existant = Appel.objects.filter(code="02-2024-1").first()
    if existant is not None and instant >= existant.fermeture - timedelta(days=1):
        prolonger_depot(
            appel=existant,
            nouvelle=minuit(instant.astimezone(EST).date() + RESTE),
            motif="La démonstration garde toujours un appel ouvert.",
            auteur=None,
            instant=instant,
        )
    return existant is not None


def _jouer_dossiers(
    appel: Appel, enveloppes: dict[str, Enveloppe], personnes: dict[str, Utilisateur], aujourdhui: date
) -> None:
    """Un dossier à chaque étape, pour que les files de travail vivent; celui qui est versé vient de finir : son rapport est attendu."""
    entente, ouverture, coordination = appel.entente, appel.ouverture, personnes["coordination"]
    equipe = Equipe(
        personnes["organismes"],
        coordination,
        (personnes["evaluation1"], personnes["evaluation2"]),
        personnes["secretariat"],
        personnes["finances"],
        personnes["tresorerie"],
    )
    agenda = Agenda()
    for rang, (lettres, demande, etape) in enumerate(DOSSIERS, start=120):
        organisme = charger_organisme(
            f"Organisme de démonstration {lettres}-{rang}",
            rang=rang,
            region=entente.mandataire.region,
            membre=equipe.promoteur,
            instant=ouverture,
        )
        dossier = Dossier(
            equipe=equipe,
            appel=appel,
            organisme=organisme,
            enveloppe=enveloppes[lettres],
            modele=MODELES[rang % len(MODELES)],
            rang=rang,
            demande=Decimal(demande),
            debut=aujourdhui + (timedelta(days=-14) if etape == "verse" else timedelta(days=30)),
            fin=aujourdhui + (timedelta(days=-2) if etape == "verse" else timedelta(days=360)),
        )
        _jouer(agenda, dossier, etape, ouverture + timedelta(days=4 + rang % 9, hours=9), f"CA-DEMO-{rang}")
    agenda.jouer()


def _jouer(agenda: Agenda, dossier: Dossier, etape: str, depart: datetime, resolution: str) -> None:
    suites = {"brouillon": 0, "depose": 1, "admissible": 2, "confie": 3, "recommande": 5, "octroye": 7, "verse": 9}
    actes = [
        dossier.deposer,
        dossier.admettre,
        dossier.confier,
        dossier.evaluer,
        dossier.recommander,
        lambda instant: dossier.octroyer(
            instant, dossier.demande, exercice_de(instant.astimezone(EST).date()), resolution
        ),
        dossier.ecrire,
        dossier.convenir,
        dossier.verser(1),
    ]
    agenda.inscrire(depart - timedelta(days=2), dossier.brouillon)
    for rang, acte in enumerate(actes[: suites[etape]]):
        agenda.inscrire(depart + timedelta(days=2 * rang, minutes=dossier.rang % 50), acte)


def _organisme_du_promoteur(promoteur: Utilisateur, entente: Entente, instant: datetime) -> None:
    charger_organisme(
        "Maison de quartier de la démonstration",
        rang=900,
        region=entente.mandataire.region,
        membre=promoteur,
        instant=instant,
    )
