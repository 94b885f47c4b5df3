"""Alliance 02 : deux demandes en attente, dont une tient dans le solde libre, un refus, et leurs lettres à relire ou à envoyer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from alliances.models import Enveloppe
from appels.models import Appel
from comptes.models import Utilisateur
from portail.demonstration.agenda import Agenda, quand
from portail.demonstration.dossiers import Dossier, Equipe
from portail.demonstration.organismes import MODELES, charger_organisme
from projets.enums import SensDecision
from projets.models import Projet
from projets.services.decisions import decider_projet
from projets.services.evaluations import consigner_recommandation
from projets.services.lettres import relire_lettre
from socle.formats import jour_local

RANG = 140
PLEINE = "Le montant offert dans votre territoire ne suffit pas à toutes les demandes."
A_PRECISER = "Les retombées attendues et le partage des rôles avec les partenaires restent à préciser."


@dataclass(frozen=True)
class Cas:
    """Une demande décidée : son territoire, son montant en dollars, la décision, et si sa lettre est déjà relue."""

    lettres: str
    demande: Decimal
    sens: str
    motif: str
    relue: bool


CAS = (
    Cas("LE", Decimal(22_500), SensDecision.ATTENTE, PLEINE, relue=False),
    Cas("MC", Decimal("140000.50"), SensDecision.ATTENTE, PLEINE, relue=True),
    Cas("DR", Decimal(31_000), SensDecision.REFUSER, A_PRECISER, relue=False),
)


def charger_attente(personnes: dict[str, Utilisateur], instant: datetime) -> None:
    """Sur l'appel du jour; une fois seulement."""
    appel = Appel.objects.select_related("entente__mandataire__region").get(code="02-2024-1")
    if Projet.objects.filter(appel=appel, organisme__nom=_nom(CAS[0], RANG)).exists():
        return
    equipe = Equipe(
        personnes["organismes"],
        personnes["coordination"],
        (personnes["evaluation1"], personnes["evaluation2"]),
        personnes["secretariat"],
        personnes["finances"],
        personnes["tresorerie"],
    )
    enveloppes = {e.lettres: e for e in Enveloppe.objects.filter(entente=appel.entente).select_related("entente")}
    agenda = Agenda()
    for rang, cas in enumerate(CAS, start=RANG):
        _inscrire(agenda, cas, _dossier(cas, rang, appel, enveloppes[cas.lettres], equipe, instant), rang, instant)
    agenda.jouer()


def _nom(cas: Cas, rang: int) -> str:
    return f"Organisme de démonstration {cas.lettres}-{rang}"


def _dossier(cas: Cas, rang: int, appel: Appel, enveloppe: Enveloppe, equipe: Equipe, instant: datetime) -> Dossier:
    jour = jour_local(instant, appel.fuseau)
    organisme = charger_organisme(
        _nom(cas, rang),
        rang=rang,
        region=appel.entente.mandataire.region,
        membre=equipe.promoteur,
        instant=appel.ouverture,
    )
    return Dossier(
        equipe=equipe,
        appel=appel,
        organisme=organisme,
        enveloppe=enveloppe,
        modele=MODELES[rang % len(MODELES)],
        rang=rang,
        demande=cas.demande,
        debut=jour + timedelta(days=60),
        fin=jour + timedelta(days=360),
    )


def _inscrire(agenda: Agenda, cas: Cas, dossier: Dossier, rang: int, instant: datetime) -> None:
    """Du brouillon à la décision, consignée l'avant-veille; la lettre ne part pas."""
    jour = jour_local(instant, dossier.appel.fuseau)
    etapes = (
        (-24, dossier.brouillon),
        (-22, dossier.deposer),
        (-18, dossier.admettre),
        (-17, dossier.confier),
        (-9, dossier.evaluer),
        (-5, lambda quand_: _decider(cas, dossier, rang, quand_)),
    )
    for ecart, acte in etapes:
        agenda.inscrire(quand(jour + timedelta(days=ecart), 10, rang % 60), acte)


def _decider(cas: Cas, dossier: Dossier, rang: int, instant: datetime) -> None:
    projet = dossier.projet
    acteur = {"auteur": dossier.equipe.coordination, "instant": instant}
    consigner_recommandation(projet=projet, sens=cas.sens, montant=Decimal(0), motif=cas.motif, **acteur)
    decision = decider_projet(
        projet=projet,
        sens=cas.sens,
        resolution=f"CA-DEMO-{rang}",
        adoptee_le=jour_local(instant, dossier.appel.fuseau),
        parts=[],
        motif_public=cas.motif,
        auteur=dossier.equipe.secretariat,
        instant=instant,
    )
    if cas.relue:
        relire_lettre(lettre=decision.lettre, **acteur)
