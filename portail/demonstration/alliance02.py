"""Alliance 02, entente 2017 : deux appels aux totaux publiés, de l'ouverture à la reddition acceptée."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Sum

from alliances.enums import Origine
from alliances.models import Entente, Enveloppe
from appels.models import Appel
from appels.services.cycle import annoncer_appel
from comptes.models import Utilisateur
from portail.demonstration.agenda import Agenda, quand
from portail.demonstration.appels import creer_appel
from portail.demonstration.dossiers import Dossier, Equipe, inscrire_depot, inscrire_examen
from portail.demonstration.ententes import comptes_02, doter_entente
from portail.demonstration.gouvernance import charger_cadre_2017
from portail.demonstration.organismes import MODELES, charger_organisme
from reddition.models import Reddition
from reddition.services.redditions import (
    accepter_reddition,
    deposer_reddition,
    ecrire_textes,
    preparer_reddition,
    renvoyer_reddition,
)
from socle.argent import repartir
from socle.exercices import exercice_de
from socle.formats import argent, compter

ALLOCATIONS = {
    "BS": 373_709,
    "CH": 1_128_807,
    "JQ": 953_748,
    "LE": 827_551,
    "DR": 565_418,
    "MC": 498_906,
    "RG": 464_133,
}
ADMINISTRATION = 660_362
# Premier appel, publié en novembre 2019 : nombre de projets et total par territoire.
OCTROIS_1 = {
    "BS": (3, 217_431),
    "CH": (5, 412_514),
    "JQ": (4, 653_778),
    "LE": (6, 604_051),
    "DR": (3, 124_271),
    "MC": (4, 372_409),
    "RG": (3, 348_701),
}
# Deuxième appel : montants offerts publiés; octrois par territoire fictifs, au total publié de 1 298 566 $ en 23 projets.
OFFRES_2 = {"BS": 156_278, "CH": 716_293, "JQ": 299_970, "LE": 223_500, "DR": 441_147, "MC": 126_497, "RG": 115_432}
OCTROIS_2 = {
    "BS": (3, 97_668),
    "CH": (7, 447_683),
    "JQ": (3, 187_481),
    "LE": (3, 139_687),
    "DR": (4, 275_716),
    "MC": (2, 79_060),
    "RG": (1, 71_271),
}


def charger_alliance_02(personnes: dict[str, Utilisateur]) -> None:
    """Joue l'entente 02-2017; ne fait rien si elle l'est déjà."""
    entente = Entente.objects.select_related("mandataire__region").get(code="02-2017")
    if entente.appels.exists():
        return
    coordination = personnes["coordination"]
    enveloppes = doter_entente(
        entente,
        comptes_02(ALLOCATIONS, Origine.CALCULE, ADMINISTRATION, Origine.DEDUIT),
        auteur=coordination,
        instant=quand(date(2018, 6, 18)),
    )
    charger_cadre_2017(entente, personnes)
    equipe = Equipe(
        personnes["organismes"],
        coordination,
        (personnes["evaluation1"], personnes["evaluation2"]),
        personnes["secretariat"],
        personnes["finances"],
        personnes["tresorerie"],
    )
    agenda = Agenda()
    _premier_appel(agenda, entente, enveloppes, equipe)
    _deuxieme_appel(agenda, entente, enveloppes, equipe)
    _redditions(agenda, entente, coordination, personnes["ministere"])
    agenda.jouer()


def _premier_appel(agenda: Agenda, entente: Entente, enveloppes: dict[str, Enveloppe], equipe: Equipe) -> None:
    appel = creer_appel(
        entente=entente,
        rang=1,
        titre="Premier appel de projets 2019",
        ouverture=quand(date(2019, 3, 11), 9),
        fermeture=quand(date(2019, 5, 11), 0),
        fin_max=date(2021, 3, 31),
        reponse=date(2019, 10, 31),
        auteur=equipe.coordination,
        offres={lettres: Decimal(montant) for lettres, montant in ALLOCATIONS.items()},
        pieces=False,
    )
    dossiers = _dossiers(entente, appel, enveloppes, equipe, OCTROIS_1, premier=1, debut=date(2019, 12, 2))
    _jouer_appel(
        agenda,
        appel,
        dossiers,
        depot=date(2019, 5, 8),
        examen=date(2019, 5, 27),
        decision=date(2019, 10, 23),
        annonce=date(2019, 11, 11),
        resolution="CA-2019-10-",
        equipe=equipe,
    )


def _deuxieme_appel(agenda: Agenda, entente: Entente, enveloppes: dict[str, Enveloppe], equipe: Equipe) -> None:
    appel = creer_appel(
        entente=entente,
        rang=2,
        titre="Deuxième appel de projets 2019-2020",
        ouverture=quand(date(2019, 12, 9), 9),
        fermeture=quand(date(2020, 2, 8), 0),
        fin_max=date(2022, 3, 31),
        reponse=date(2020, 6, 30),
        auteur=equipe.coordination,
        offres={lettres: Decimal(montant) for lettres, montant in OFFRES_2.items()},
        pieces=False,
    )
    dossiers = _dossiers(entente, appel, enveloppes, equipe, OCTROIS_2, premier=40, debut=date(2020, 7, 6))
    _jouer_appel(
        agenda,
        appel,
        dossiers,
        depot=date(2020, 2, 6),
        examen=date(2020, 2, 17),
        decision=date(2020, 6, 22),
        annonce=date(2020, 7, 2),
        resolution="CA-2020-06-",
        equipe=equipe,
    )


def _dossiers(
    entente: Entente,
    appel: Appel,
    enveloppes: dict[str, Enveloppe],
    equipe: Equipe,
    octrois: dict[str, tuple[int, int]],
    *,
    premier: int,
    debut: date,
) -> list[tuple[Dossier, Decimal | None]]:
    """Les dossiers d'un appel, chacun avec son octroi (nul : refusé)."""
    dossiers: list[tuple[Dossier, Decimal | None]] = []
    rang = premier
    for lettres, (nombre, total) in octrois.items():
        montants = repartir(Decimal(total), [7 + (3 * n) % 5 for n in range(nombre)])
        for octroi in [*montants, *([None] if lettres in {"CH", "DR"} else [])]:
            organisme = charger_organisme(
                f"Organisme de démonstration {lettres}-{rang:02d}",
                rang=rang,
                region=entente.mandataire.region,
                membre=equipe.promoteur,
                instant=quand(date(2019, 2, 1)),
            )
            dossiers.append(
                (
                    Dossier(
                        equipe=equipe,
                        appel=appel,
                        organisme=organisme,
                        enveloppe=enveloppes[lettres],
                        modele=MODELES[rang % len(MODELES)],
                        rang=rang,
                        demande=octroi if octroi else Decimal(38_500),
                        debut=debut,
                        fin=debut + timedelta(days=270 + rang % 4 * 45),
                    ),
                    octroi,
                )
            )
            rang += 1
    return dossiers


def _jouer_appel(
    agenda: Agenda,
    appel: Appel,
    dossiers: list[tuple[Dossier, Decimal | None]],
    *,
    depot: date,
    examen: date,
    decision: date,
    annonce: date,
    resolution: str,
    equipe: Equipe,
) -> None:
    for rang, (dossier, octroi) in enumerate(dossiers, start=1):
        inscrire_depot(agenda, dossier, depot - timedelta(days=rang % 9), rang % 60)
        inscrire_examen(agenda, dossier, examen + timedelta(days=rang % 5))
        _jouer_decision(agenda, dossier, octroi, decision, f"{resolution}{rang:02d}")
    agenda.inscrire(
        quand(annonce, 11), lambda instant: annoncer_appel(appel=appel, auteur=equipe.coordination, instant=instant)
    )


def _jouer_decision(agenda: Agenda, dossier: Dossier, octroi: Decimal | None, decision: date, resolution: str) -> None:
    if octroi is None:
        agenda.inscrire(quand(decision, 20), lambda instant: dossier.refuser(instant, resolution))
        agenda.inscrire(quand(decision + timedelta(days=12), 9), dossier.ecrire)
        return
    exercice = exercice_de(decision)
    agenda.inscrire(quand(decision - timedelta(days=20), 19), dossier.recommander)
    agenda.inscrire(quand(decision, 20), lambda instant: dossier.octroyer(instant, octroi, exercice, resolution))
    agenda.inscrire(quand(decision + timedelta(days=12), 9), dossier.ecrire)
    agenda.inscrire(quand(decision + timedelta(days=15), 10), dossier.convenir)
    agenda.inscrire(quand(dossier.debut + timedelta(days=4), 11), dossier.verser(1))
    agenda.inscrire(quand(dossier.fin + timedelta(days=12), 16), dossier.rapporter)
    agenda.inscrire(quand(dossier.fin + timedelta(days=25), 11), dossier.verser(2))


def _redditions(agenda: Agenda, entente: Entente, coordination: Utilisateur, ministere: Utilisateur) -> None:
    """Les sept exercices de l'entente; 2019-2020 est retournée une fois, puis acceptée en version 2 (R41)."""
    for annee in range(2018, 2025):
        exercice = f"{annee - 1}-{annee}"
        agenda.inscrire(quand(date(annee, 6, 15), 10, 14), _certifier(entente, exercice, coordination))
        if annee == 2020:
            agenda.inscrire(quand(date(annee, 6, 19), 15), _retourner(entente, exercice, ministere))
            agenda.inscrire(quand(date(annee, 6, 26), 10), _certifier(entente, exercice, coordination))
        agenda.inscrire(quand(date(annee, 7, 10), 15), _accepter(entente, exercice, ministere))


def _faits_saillants(reddition: Reddition) -> str:
    """Le texte de l'exercice; la version 2 répond au commentaire du ministère."""
    texte = f"L’exercice {reddition.exercice} en bref\u00a0: les octrois, les versements et les rapports inscrits au portail."
    if reddition.version == 1:
        return texte
    lignes = reddition.lignes.filter(enveloppe__code=f"{reddition.entente.code}/JQ", nouveau=True)
    accorde = lignes.aggregate(total=Sum("accorde_exercice"))["total"]
    projets = compter(lignes.count(), "projet reçoit", "projets reçoivent")
    return f"{texte} À Jonquière et dans les environs, {projets} {argent(accorde)}."


def _certifier(entente: Entente, exercice: str, coordination: Utilisateur):
    def acte(instant: datetime) -> None:
        reddition = preparer_reddition(entente=entente, exercice=exercice, auteur=coordination, instant=instant)
        ecrire_textes(
            reddition=reddition,
            retombees="Les projets rejoignent des personnes que les services n’atteignaient pas.",
            faits_saillants=_faits_saillants(reddition),
            auteur=coordination,
        )
        deposer_reddition(reddition=Reddition.objects.get(pk=reddition.pk), auteur=coordination, instant=instant)

    return acte


def _retourner(entente: Entente, exercice: str, ministere: Utilisateur):
    def acte(instant: datetime) -> None:
        renvoyer_reddition(
            reddition=entente.redditions.get(exercice=exercice, etat="deposee"),
            auteur=ministere,
            instant=instant,
            commentaire="Précisez les faits saillants de Jonquière et les environs.",
        )

    return acte


def _accepter(entente: Entente, exercice: str, ministere: Utilisateur):
    def acte(instant: datetime) -> None:
        accepter_reddition(
            reddition=entente.redditions.get(exercice=exercice, etat="deposee"),
            auteur=ministere,
            instant=instant,
            commentaire="",
        )

    return acte
