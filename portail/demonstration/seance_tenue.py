"""Une séance tenue la veille sur l'appel du jour : présences, un retrait, deux scénarios à comparer; rien n'en est retenu."""

from datetime import datetime, timedelta
from decimal import Decimal

from appels.models import Appel
from comite.enums import ChoixScenario, EtatPresence, GenrePoint
from comite.models import Seance
from comite.requetes.tenue import appeles
from comite.services.scenarios import enregistrer_scenario
from comite.services.seances import Point, ecrire_ordre_du_jour, ecrire_seance
from comite.services.tenue import ecrire_presences, lever_seance, ouvrir_seance, retirer_en_seance
from comptes.models import Utilisateur
from projets.enums import EtatProjet
from projets.models import Projet

DEVANT = (EtatProjet.RECOMMANDE, EtatProjet.EN_EVALUATION)
A, B = "Scénario A", "Scénario B"
# État de la demande, territoire → choix et montant (nul : le montant demandé) dans chaque scénario.
PROPOSITIONS: dict[str, dict[str, tuple[str, Decimal | None]]] = {
    A: {
        "MC": (ChoixScenario.ACCEPTER, None),
        "CH": (ChoixScenario.PARTIE, Decimal(45_000)),
        "DR": (ChoixScenario.ATTENTE, Decimal(0)),
    },
    B: {"MC": (ChoixScenario.PARTIE, Decimal(100_000)), "CH": (ChoixScenario.ACCEPTER, None)},
}


def charger_seance_tenue(personnes: dict[str, Utilisateur], instant: datetime) -> None:
    """Sur l'appel 02-2024-1; une fois seulement."""
    appel = Appel.objects.select_related("entente__mandataire").get(code="02-2024-1")
    if Seance.objects.filter(appel=appel, ouverte_le__isnull=False).exists():
        return
    coordination, debut = personnes["coordination"], instant - timedelta(days=1)
    seance = ecrire_seance(
        appel=appel,
        seance=None,
        debut=debut,
        lieu="À distance (démonstration)",
        territoire=None,
        auteur=coordination,
        instant=debut - timedelta(hours=2),
    )
    projets = list(Projet.objects.filter(appel=appel, etat__in=DEVANT).order_by("enveloppe__ordre", "numero"))
    points = [Point(GenrePoint.AUTRE, 5, libelle="Ouverture, quorum"), *(Point("projet", 20, p) for p in projets)]
    ecrire_ordre_du_jour(seance=seance, points=points, auteur=coordination, instant=debut - timedelta(hours=1))
    _tenir(seance, projets, coordination, debut)


def _tenir(seance: Seance, projets: list[Projet], coordination: Utilisateur, debut: datetime) -> None:
    """Tous présents; une personne sans compte se retire d'un dossier, dont le quorum tient encore."""
    acteur = {"auteur": coordination, "instant": debut}
    etats = {appele.cle: EtatPresence.PRESENT for appele in appeles(seance)}
    ecrire_presences(seance=seance, etats=etats, **acteur)
    ouvrir_seance(seance=seance, **acteur)
    presence = seance.presences.filter(utilisateur=None).order_by("nom").first()
    chicoutimi = next(projet for projet in projets if projet.enveloppe.lettres == "CH")
    if presence is not None:
        retirer_en_seance(presence=presence, projet=chicoutimi, nature="partenaire", **acteur)
    for nom, propositions in PROPOSITIONS.items():
        choix = {
            projet.pk: (valeur, projet.montant_demande if montant is None else montant)
            for projet in projets
            for valeur, montant in [propositions.get(projet.enveloppe.lettres, ("", None))]
            if valeur
        }
        enregistrer_scenario(seance=seance, scenario=None, nom=nom, version=0, choix=choix, **acteur)
    lever_seance(seance=seance, auteur=coordination, instant=debut + timedelta(hours=1))
