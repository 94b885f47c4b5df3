"""Préparer une séance : sa date, son ordre du jour, les cahiers de ses membres."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from alliances.models import Territoire
from alliances.services.gestes import exiger_textes, verifier_territoire
from appels.models import Appel
from comite.enums import EtatSeance, GenrePoint
from comite.models import CahierSeance, PointOrdreDuJour, Seance
from comite.services.retraits import inscrire_conflits
from comptes.models import Utilisateur
from projets.models import Projet
from projets.services.evaluations import comite_du_jour
from socle import travaux
from socle.erreurs import Refus
from socle.etats import noter_transition, verifier_droit
from socle.models import Travail

GENRE_CAHIER, GENRE_CAHIERS = "comite.cahier", "comite.cahiers"
ACCES_CAHIER = "cahier_seance"
MINUTES_MAX = 480


@dataclass(frozen=True)
class Point:
    """Un point à écrire : une demande, ou un libellé (pause ou autre)."""

    genre: str
    minutes: int
    projet: Projet | None = None
    libelle: str = ""


def refuser_levee(seance: Seance) -> None:
    """Refuse de changer une séance levée."""
    if seance.etat == EtatSeance.LEVEE:
        raise Refus(_("La séance est levée : rouvrez-la, avec un motif, pour la corriger."), code="levee")


@transaction.atomic
def ecrire_seance(
    *,
    appel: Appel,
    seance: Seance | None,
    debut: datetime,
    lieu: str,
    territoire: Territoire | None,
    auteur: Utilisateur,
    instant: datetime,
) -> Seance:
    """Crée une séance, ou change sa date, son lieu, son territoire. Refuse un lieu vide, un territoire d'une autre entente."""
    verifier_droit(auteur, "comite.preparer_seance", appel, _("Préparer la séance"))
    exiger_textes(lieu=(lieu, _("Dites où le comité se réunit, ou « à distance ».")))
    verifier_territoire(appel.entente, territoire)
    if seance is None:
        seance = Seance(entente_id=appel.entente_id, appel=appel, creee_par=auteur, creee_le=instant)
    elif seance.appel_id != appel.pk:
        raise Refus(_("Une séance ne change pas d’appel : créez-en une autre."), code="appel")
    refuser_levee(seance)
    seance.debut, seance.lieu, seance.territoire = debut, lieu.strip(), territoire
    seance.save()
    noter_transition(seance, action="preparer", de="", vers=_("préparée"), auteur=auteur, instant=instant)
    return seance


@transaction.atomic
def ecrire_ordre_du_jour(*, seance: Seance, points: Sequence[Point], auteur: Utilisateur, instant: datetime) -> Seance:
    """Remplace l'ordre du jour. Refuse une demande d'un autre appel, deux fois la même, ou une durée hors de 0 à 480 minutes."""
    rangee = Seance.objects.select_for_update(of=("self",)).select_related("entente__mandataire").get(pk=seance.pk)
    verifier_droit(auteur, "comite.preparer_seance", rangee, _("Écrire l’ordre du jour"))
    refuser_levee(rangee)
    vus: set[int] = set()
    for point in points:
        if not 0 <= point.minutes <= MINUTES_MAX:
            raise Refus(_("Une durée se dit en minutes, de 0 à {n}.").format(n=MINUTES_MAX), code="minutes")
        if point.projet is None:
            continue
        if point.projet.appel_id != rangee.appel_id:
            raise Refus(_("{projet} est d’un autre appel.").format(projet=point.projet), code="appel")
        if point.projet.pk in vus:
            raise Refus(_("{projet} y est deux fois.").format(projet=point.projet), code="double")
        vus.add(point.projet.pk)
    rangee.points.all().delete()
    PointOrdreDuJour.objects.bulk_create(
        [
            PointOrdreDuJour(
                entente_id=rangee.entente_id,
                seance=rangee,
                ordre=ordre,
                genre=GenrePoint.PROJET if point.projet else point.genre,
                projet=point.projet,
                libelle=point.libelle.strip(),
                minutes=point.minutes,
            )
            for ordre, point in enumerate(points, start=1)
        ]
    )
    inscrire_conflits(rangee, auteur, instant)
    noter_transition(rangee, action="ordre", de="", vers=_("ordre du jour"), auteur=auteur, instant=instant)
    return rangee


@transaction.atomic
def demander_cahiers(*, seance: Seance, auteur: Utilisateur, instant: datetime) -> Travail:
    """Met en file un cahier par membre du comité. Refuse un ordre du jour vide, ou un comité sans membre."""
    verifier_droit(auteur, "comite.preparer_seance", seance, _("Produire les cahiers"))
    if not seance.points.exists():
        raise Refus(_("L’ordre du jour est vide : écrivez-le d’abord."), code="vide")
    membres = comite_du_jour(seance.entente.mandataire, instant)
    if not membres:
        raise Refus(_("Le comité n’a aucun membre aujourd’hui : affectez-en avant."), code="membres")
    for membre in membres:
        CahierSeance.objects.get_or_create(entente_id=seance.entente_id, seance=seance, membre=membre)
    return travaux.demander(
        GENRE_CAHIERS,
        libelle=_("Cahiers de séance, {seance}").format(seance=seance),
        parametres={"seance_id": seance.pk, "membres": [membre.pk for membre in membres]},
        demande_par=auteur,
        instant=instant,
        mandataire_code=seance.entente.mandataire.code,
    )


@transaction.atomic
def demander_mon_cahier(*, seance: Seance, auteur: Utilisateur, instant: datetime) -> Travail:
    """Un membre demande le sien, à jour. Refuse un ordre du jour vide, ou qui n'est pas du comité."""
    verifier_droit(auteur, "comite.lire_seance", seance, _("Produire mon cahier"))
    if auteur.pk not in {membre.pk for membre in comite_du_jour(seance.entente.mandataire, instant)}:
        raise Refus(_("Vous n’êtes pas membre de ce comité aujourd’hui."), code="comite")
    if not seance.points.exists():
        raise Refus(_("L’ordre du jour n’est pas encore écrit."), code="vide")
    CahierSeance.objects.get_or_create(entente_id=seance.entente_id, seance=seance, membre=auteur)
    return travaux.demander(
        GENRE_CAHIER,
        libelle=_("Mon cahier de séance, {seance}").format(seance=seance),
        parametres={"seance_id": seance.pk, "membres": [auteur.pk]},
        demande_par=auteur,
        instant=instant,
        mandataire_code=seance.entente.mandataire.code,
    )
