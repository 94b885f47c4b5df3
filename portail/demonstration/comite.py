"""Le comité de l'appel du jour : phases datées, dates limites, une présidence, une séance et son ordre du jour, une feuille de codes."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from alliances.enums import RoleMembre, TypeComite
from alliances.models import Comite
from alliances.services.gouvernance import ecrire_membre
from appels.enums import PhaseComite
from appels.models import Appel
from appels.services.comite import ecrire_comite
from comite.enums import GenrePoint
from comite.models import FeuilleCodes, Seance
from comite.services.assignation import changer_limite
from comite.services.codes import imprimer_codes
from comite.services.seances import Point, ecrire_ordre_du_jour, ecrire_seance
from comptes.models import Utilisateur
from projets.enums import EVALUATIONS_OUVERTES, EtatProjet
from projets.models import Evaluation, Projet
from socle.formats import jour_local

DEVANT = (EtatProjet.EN_EVALUATION, EtatProjet.RECOMMANDE)


def charger_comite(personnes: dict[str, Utilisateur], instant: datetime) -> None:
    """Sur l'appel 02-2024-1; une fois seulement."""
    if Seance.objects.exists() or FeuilleCodes.objects.exists():
        return
    appel = Appel.objects.select_related("entente__mandataire").get(code="02-2024-1")
    coordination, hier = personnes["coordination"], instant - timedelta(days=1)
    minuit = datetime.combine(jour_local(instant, appel.fuseau), datetime.min.time(), tzinfo=ZoneInfo(appel.fuseau))
    commun, seance = minuit + timedelta(days=25), minuit + timedelta(days=32, hours=13, minutes=30)
    ecrire_comite(
        appel=appel,
        debuts={
            PhaseComite.LECTURE: minuit - timedelta(days=30),
            PhaseComite.COMMUN: commun,
            PhaseComite.SEANCE: seance,
            PhaseComite.CLOSE: seance + timedelta(days=2),
        },
        commentaires_exiges=appel.commentaires_exiges,
        retrait_hors_quorum=True,
        auteur=coordination,
        instant=hier,
    )
    for evaluation in Evaluation.objects.filter(projet__appel=appel, etat__in=EVALUATIONS_OUVERTES):
        changer_limite(evaluation=evaluation, limite=commun, auteur=coordination, instant=hier)
    _presidence(appel, personnes["evaluation2"], coordination, hier)
    _seance(appel, seance, coordination, hier)
    imprimer_codes(
        mandataire=appel.entente.mandataire,
        membre=personnes["evaluation2"],
        auteur=coordination,
        instant=hier,
    )


def _presidence(appel: Appel, personne: Utilisateur, coordination: Utilisateur, instant: datetime) -> None:
    analyse = Comite.objects.get(entente=appel.entente, type=TypeComite.ANALYSE)
    ecrire_membre(
        comite=analyse,
        membre=None,
        nom="Présidence du comité d’analyse (démonstration)",
        utilisateur=personne,
        represente="",
        secteur="",
        role=RoleMembre.PRESIDENCE,
        vote=True,
        groupe_age="",
        territoire=None,
        depuis=analyse.depuis,
        jusqua=None,
        auteur=coordination,
        instant=instant,
    )


def _seance(appel: Appel, debut: datetime, coordination: Utilisateur, instant: datetime) -> None:
    """Les demandes devant le comité, une pause au milieu, un mot de la fin."""
    seance = ecrire_seance(
        appel=appel,
        seance=None,
        debut=debut,
        lieu="Salle de la démonstration, et à distance",
        territoire=None,
        auteur=coordination,
        instant=instant,
    )
    projets = list(
        Projet.objects.filter(appel=appel, etat__in=DEVANT)
        .select_related("enveloppe")
        .order_by("enveloppe__ordre", "numero")
    )
    points = [
        Point(GenrePoint.AUTRE, 10, libelle="Ouverture, liens avec les organismes, quorum"),
        *(Point(GenrePoint.PROJET, 20, projet) for projet in projets[:2]),
        Point(GenrePoint.PAUSE, 15, libelle="Pause"),
        *(Point(GenrePoint.PROJET, 20, projet) for projet in projets[2:]),
        Point(GenrePoint.AUTRE, 10, libelle="Suite des travaux"),
    ]
    ecrire_ordre_du_jour(seance=seance, points=points, auteur=coordination, instant=instant)
