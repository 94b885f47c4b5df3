"""Un deuxième mandataire, Lanaudière : enveloppes publiées au cent, un appel et cinq octrois fictifs."""

from datetime import date, timedelta
from decimal import Decimal

from alliances.enums import NatureEnveloppe, Origine
from alliances.models import Entente, Enveloppe
from appels.models import Appel
from appels.services.cycle import annoncer_appel
from comptes.models import Utilisateur
from portail.demonstration.agenda import Agenda, quand
from portail.demonstration.appels import creer_appel
from portail.demonstration.dossiers import Dossier, Equipe, inscrire_depot, inscrire_examen
from portail.demonstration.ententes import Compte, doter_entente
from portail.demonstration.gouvernance import charger_cadre_lanaudiere
from portail.demonstration.organismes import MODELES, charger_organisme

COMPTES = [
    Compte("DA", "D’Autray", Decimal("581785.42"), Origine.PUBLIE),
    Compte("JO", "Joliette", Decimal("716701.60"), Origine.PUBLIE),
    Compte("MO", "Montcalm", Decimal("621258.71"), Origine.PUBLIE),
    Compte("AS", "L’Assomption", Decimal("668396.63"), Origine.PUBLIE),
    Compte("RG", "Projets régionaux", Decimal("1308642.50"), Origine.PUBLIE, NatureEnveloppe.REGIONALE),
]
OCTROIS = {"DA": "48215.37", "JO": "62110.05", "MO": "39877.19", "AS": "55020.80", "RG": "91333.33"}


def charger_lanaudiere(personnes: dict[str, Utilisateur]) -> None:
    """Joue l'entente 14-2017; ne fait rien si elle l'est déjà."""
    entente = Entente.objects.select_related("mandataire__region").get(code="14-2017")
    if entente.appels.exists():
        return
    coordination = personnes["coordination.lanaudiere"]
    enveloppes = doter_entente(entente, COMPTES, auteur=coordination, instant=quand(date(2019, 9, 9)))
    charger_cadre_lanaudiere(entente, personnes)
    equipe = Equipe(
        personnes["organismes"],
        coordination,
        (personnes["evaluation.lanaudiere"],),
        personnes["secretariat.lanaudiere"],
        coordination,
        personnes["tresorerie.lanaudiere"],
    )
    appel = creer_appel(
        entente=entente,
        rang=1,
        titre="Appel de projets de Lanaudière 2019-2020",
        ouverture=quand(date(2019, 11, 4), 9),
        fermeture=quand(date(2020, 1, 18), 0),
        fin_max=date(2022, 3, 31),
        reponse=date(2020, 6, 1),
        auteur=coordination,
        offres={compte.lettres: compte.montant for compte in COMPTES},
        pieces=False,
    )
    _jouer_octrois(entente, appel, equipe, enveloppes)


def _jouer_octrois(entente: Entente, appel: Appel, equipe: Equipe, enveloppes: dict[str, Enveloppe]) -> None:
    """Un octroi par enveloppe, jusqu'au premier versement."""
    coordination = equipe.coordination
    agenda = Agenda()
    for rang, (lettres, octroi) in enumerate(OCTROIS.items(), start=80):
        organisme = charger_organisme(
            f"Organisme de démonstration Lanaudière {lettres}-{rang}",
            rang=rang,
            region=entente.mandataire.region,
            membre=equipe.promoteur,
            instant=quand(date(2019, 2, 1)),
        )
        debut = date(2020, 9, 8)
        dossier = Dossier(
            equipe=equipe,
            appel=appel,
            organisme=organisme,
            enveloppe=enveloppes[lettres],
            modele=MODELES[rang % len(MODELES)],
            rang=rang,
            demande=Decimal(octroi),
            debut=debut,
            fin=debut + timedelta(days=300),
        )
        inscrire_depot(agenda, dossier, date(2020, 1, 16), rang % 60)
        inscrire_examen(agenda, dossier, date(2020, 2, 3))
        agenda.inscrire(quand(date(2020, 5, 20), 19), dossier.recommander)
        agenda.inscrire(
            quand(date(2020, 6, 10), 19),
            lambda instant, d=dossier, r=rang: d.octroyer(instant, d.demande, "2020-2021", f"TP-2020-06-{r}"),
        )
        agenda.inscrire(quand(date(2020, 6, 25), 9), dossier.ecrire)
        agenda.inscrire(quand(date(2020, 7, 2), 9), dossier.convenir)
        agenda.inscrire(quand(debut, 11), dossier.verser(1))
    agenda.inscrire(
        quand(date(2020, 6, 29), 11), lambda instant: annoncer_appel(appel=appel, auteur=coordination, instant=instant)
    )
    agenda.jouer()
