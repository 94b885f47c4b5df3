"""« Cette semaine » : les séances et les échéances des sept prochains jours, ce qui manque à chacune, et qui joindre.

Un nombre fixe de requêtes. Rien n'y vient d'un autre mandataire que ceux que la personne coordonne.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    Count,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.urls import reverse
from django.utils.translation import gettext as _

from alliances.enums import EtatAvis, RoleMembre, TypeComite
from alliances.models import Affectation, AvisSectoriel, MembreComite
from alliances.requetes.plans import plans_a_travailler
from appels.models import Appel, EtapeCalendrier, PieceRequise
from comite.enums import EtatSeance
from comite.models import PointOrdreDuJour, Seance
from comptes.enums import Role
from projets.enums import A_L_ETUDE, EVALUATIONS_OUVERTES, EtatPrecision, EtatProjet, EtatRapport
from projets.models import DemandePrecision, Evaluation, Projet, RapportProjet
from projets.pieces import EN_ATTENTE_DE_PIECES
from projets.requetes.manques import exigences, incomplet
from socle.admin.actes import adresse_lecture, adresse_liste
from socle.formats import compter, date_avec_jour, heure, jour_local
from socle.horloge import EST

JOURS = 7
MONTREES = 40


@dataclass(frozen=True)
class Joindre:
    """Qui joindre : une fonction, un téléphone, un courriel."""

    fonction: str
    telephone: str = ""
    courriel: str = ""


@dataclass(frozen=True)
class Affaire:
    """Une séance ou une échéance : ce que c'est, ce qui y manque (vide : rien; nul : ne se compte pas), qui joindre, où agir."""

    instant: datetime
    quoi: str
    objet: str
    url: str
    manque: list[str] | None = None
    joindre: Joindre | None = None
    heure: str = ""

    @property
    def jour(self) -> date:
        return jour_local(self.instant)


@dataclass(frozen=True)
class Semaine:
    """Les affaires par jour; `total` : toutes, quand la page n'en montre qu'une partie."""

    jours: list[tuple[str, list[Affaire]]]
    total: int
    montrees: int


def cette_semaine(utilisateur: Any, instant: datetime) -> Semaine | None:
    """Nulle pour qui ne coordonne rien."""
    mandataires = utilisateur.portees.mandataires(Role.COORDINATION)
    if not mandataires:
        return None
    fin = instant + timedelta(days=JOURS)
    toutes = sorted(
        [
            *_seances(utilisateur, instant, fin),
            *_etapes(utilisateur, instant, fin),
            *_depots(utilisateur, instant, fin),
            *_evaluations(mandataires, instant, fin),
            *_pieces(utilisateur, instant, fin),
            *_precisions(utilisateur, instant, fin),
            *_reponses(utilisateur, mandataires, instant, fin),
            *_rapports(utilisateur, instant, fin),
            *_plans_et_avis(utilisateur, instant, fin),
        ],
        key=lambda affaire: (affaire.instant, affaire.quoi, affaire.objet),
    )
    jours: dict[date, list[Affaire]] = defaultdict(list)
    for affaire in toutes[:MONTREES]:
        jours[affaire.jour].append(affaire)
    lus = [(date_avec_jour(jour), affaires) for jour, affaires in jours.items()]
    return Semaine(lus, len(toutes), min(len(toutes), MONTREES))


def _minuit(jour: date) -> datetime:
    """Une échéance datée tombe à la fin de son jour : elle se range après celles qui ont une heure."""
    return datetime.combine(jour, datetime.max.time(), EST)


def _seances(utilisateur: Any, instant: datetime, fin: datetime) -> Iterator[Affaire]:
    """Chaque séance : ordre du jour à écrire, demandes à examiner ou à confier, évaluations à recevoir, pièces absentes."""
    seances = list(
        Seance.objects.visibles_pour(utilisateur)
        .exclude(etat=EtatSeance.LEVEE)
        .filter(debut__gte=instant, debut__lt=fin)
        .select_related("appel", "territoire")
    )
    requises = exigences(PieceRequise.objects.visibles_pour(utilisateur))
    points = (
        PointOrdreDuJour.objects.filter(seance__in=seances, projet__isnull=False)
        .annotate(restantes=Count("projet__evaluations", filter=Q(projet__evaluations__etat__in=EVALUATIONS_OUVERTES)))
        .values_list("seance", "projet", "projet__etat", "restantes")
        .order_by("seance", "ordre")
    )
    lus = list(points) if seances else []
    incomplets = _incomplets(Projet.objects.filter(pk__in=[projet for _s, projet, _e, _r in lus]), requises)
    presidents = _presidences({seance.entente_id for seance in seances}, jour_local(instant))
    for seance in seances:
        siens = [point for point in lus if point[0] == seance.pk]
        yield Affaire(
            seance.debut,
            _("Séance du comité"),
            f"{seance.appel.titre}, {seance.territoire}" if seance.territoire else str(seance.appel.titre),
            adresse_lecture(seance),
            _manques_de_la_seance(siens, incomplets) if siens else [_("Ordre du jour à écrire")],
            presidents.get((seance.entente_id, seance.territoire_id)) or presidents.get((seance.entente_id, None)),
            heure(seance.debut, seance.appel.fuseau),
        )


def _manques_de_la_seance(points: list[tuple[int, int, str, int]], incomplets: set[int]) -> list[str]:
    etats = Counter(etat for _seance, _projet, etat, _restantes in points)
    restantes = sum(point[3] for point in points)
    absentes = sum(point[1] in incomplets for point in points)
    comptes = (
        (etats[EtatProjet.DEPOSE], _("{n} à examiner"), _("demande"), _("demandes")),
        (etats[EtatProjet.ADMISSIBLE], _("{n} à confier"), _("demande"), _("demandes")),
        (restantes, _("{n} à recevoir"), _("évaluation"), _("évaluations")),
        (absentes, _("{n} sans toutes ses pièces"), _("demande"), _("demandes")),
    )
    return [phrase.format(n=compter(n, un, plusieurs)) for n, phrase, un, plusieurs in comptes if n]


def _incomplets(projets: QuerySet[Projet], requises: Any) -> set[int]:
    return set(projets.annotate(manque=incomplet(requises)).filter(manque=True).values_list("pk", flat=True))


def _presidences(ententes: set[int], jour: date) -> dict[tuple[int, int | None], Joindre]:
    """(entente, territoire; nul pour toute l'entente) → la présidence du comité d'analyse."""
    membres = (
        MembreComite.objects.en_vigueur(jour)
        .filter(entente__in=ententes, role=RoleMembre.PRESIDENCE, comite__type=TypeComite.ANALYSE)
        .select_related("utilisateur", "comite")
    )
    return {
        (membre.entente_id, membre.comite.territoire_id): _personne(membre.utilisateur, _("Présidence du comité"))
        for membre in membres
    }


def _personne(utilisateur: Any, fonction: str) -> Joindre:
    if utilisateur is None:
        return Joindre(fonction)
    return Joindre(fonction, utilisateur.telephone, utilisateur.email)


def _direction(organisme: Any) -> Joindre:
    fonction = _("Direction, {organisme}").format(organisme=organisme)
    return Joindre(fonction, organisme.telephone, organisme.courriel)


def _etapes(utilisateur: Any, instant: datetime, fin: datetime) -> Iterator[Affaire]:
    """Les étapes annoncées au calendrier des appels; celle d'un jour où l'appel a sa séance y est déjà, avec son heure."""
    etapes = (
        EtapeCalendrier.objects.visibles_pour(utilisateur)
        .filter(jour__gte=jour_local(instant), jour__lte=jour_local(fin))
        .annotate(tenue=Exists(Seance.objects.filter(appel=OuterRef("appel"), debut__date=OuterRef("jour"))))
        .filter(tenue=False)
        .select_related("appel")
    )
    for etape in etapes:
        appel = etape.appel
        yield Affaire(
            _minuit(etape.jour),
            etape.libelle,
            appel.titre,
            adresse_lecture(appel),
            joindre=Joindre(appel.contact_nom, appel.contact_telephone, appel.contact_courriel),
        )


def _depots(utilisateur: Any, instant: datetime, fin: datetime) -> Iterator[Affaire]:
    """Les fins de dépôt, et combien de demandes commencées ne sont pas déposées."""
    appels = (
        Appel.objects.visibles_pour(utilisateur)
        .publics()
        .filter(fermeture__gt=instant, fermeture__lte=fin)
        .annotate(brouillons=Count("projets", filter=Q(projets__etat=EtatProjet.BROUILLON)))
    )
    for appel in appels:
        n = compter(appel.brouillons, _("demande commencée"), _("demandes commencées"))
        yield Affaire(
            appel.fermeture,
            _("Fin du dépôt"),
            appel.titre,
            adresse_lecture(appel),
            [_("{n}, pas encore déposées").format(n=n)] if appel.brouillons else [],
            Joindre(appel.contact_nom, appel.contact_telephone, appel.contact_courriel),
        )


def _evaluations(mandataires: Any, instant: datetime, fin: datetime) -> Iterator[Affaire]:
    """Une ligne par membre et par échéance : combien il lui en reste, sur quelles demandes."""
    dues = (
        Evaluation.objects.filter(
            entente__mandataire__in=mandataires, etat__in=EVALUATIONS_OUVERTES, limite__gt=instant, limite__lte=fin
        )
        .select_related("evaluateur", "projet")
        .order_by("limite", "evaluateur__nom", "projet__numero")
    )
    groupes: dict[tuple[datetime, Any], list[str]] = defaultdict(list)
    for due in dues:
        if due.limite is not None:
            groupes[due.limite, due.evaluateur].append(str(due.projet.numero))
    liste = f"{reverse('admin:projets_evaluation_changelist')}?remise=attendue"
    for (limite, membre), numeros in groupes.items():
        reste = compter(len(numeros), _("évaluation"), _("évaluations"))
        yield Affaire(
            limite,
            _("Évaluations à remettre"),
            ", ".join(numeros[:JOURS]) + ("…" if len(numeros) > JOURS else ""),
            liste,
            [_("{n} à recevoir").format(n=reste)],
            _personne(membre, str(membre)),
        )


def _pieces(utilisateur: Any, instant: datetime, fin: datetime) -> Iterator[Affaire]:
    """Les demandes dont le délai de pièces finit, et à qui il en manque."""
    delai = ExpressionWrapper(F("appel__suite_jours") * Value(timedelta(days=1)), output_field=DurationField())
    projets = (
        Projet.objects.visibles_pour(utilisateur)
        .deposes()
        .filter(etat__in=EN_ATTENTE_DE_PIECES)
        .annotate(limite=ExpressionWrapper(F("depose_le") + delai, output_field=DateTimeField()))
        .filter(limite__gt=instant, limite__lte=fin)
        .annotate(manque=incomplet(exigences(PieceRequise.objects.visibles_pour(utilisateur))))
        .filter(manque=True)
        .select_related("organisme")
    )
    for projet in projets:
        yield Affaire(
            projet.limite,
            _("Fin du délai des pièces"),
            str(projet.numero),
            f"{adresse_lecture(projet)}#pieces",
            [_("Pièces exigées absentes")],
            _direction(projet.organisme),
        )


def _precisions(utilisateur: Any, instant: datetime, fin: datetime) -> Iterator[Affaire]:
    visibles = Projet.objects.visibles_pour(utilisateur).deposes()
    demandes = DemandePrecision.objects.filter(
        projet__in=visibles, etat=EtatPrecision.OUVERTE, limite__gt=instant, limite__lte=fin
    ).select_related("projet__organisme")
    for demande in demandes:
        yield Affaire(
            demande.limite,
            _("Précisions attendues"),
            str(demande.projet.numero),
            f"{adresse_lecture(demande.projet)}#precisions",
            [_("Réponse pas encore reçue")],
            _direction(demande.projet.organisme),
        )


def _reponses(utilisateur: Any, mandataires: Any, instant: datetime, fin: datetime) -> Iterator[Affaire]:
    """La réponse visée d'un appel : les demandes encore sans décision, et le secrétariat de l'instance."""
    jour = jour_local(instant)
    appels = list(
        Appel.objects.visibles_pour(utilisateur)
        .filter(reponse_visee__gte=jour, reponse_visee__lte=jour_local(fin))
        .select_related("entente")
        .annotate(attendues=Count("projets", filter=Q(projets__etat__in=A_L_ETUDE)))
        .filter(attendues__gt=0)
    )
    if not appels:
        return
    secretariats = {
        affectation.mandataire_id: _personne(affectation.utilisateur, _("Secrétariat de l’instance"))
        for affectation in Affectation.objects.en_vigueur(jour)
        .filter(role=Role.SECRETARIAT, mandataire__in=mandataires)
        .select_related("utilisateur")
    }
    for appel in appels:
        n = compter(appel.attendues, _("demande"), _("demandes"))
        if appel.reponse_visee is not None:
            yield Affaire(
                _minuit(appel.reponse_visee),
                _("Réponse visée"),
                appel.titre,
                f"{adresse_liste(Projet)}?appel__id__exact={appel.pk}",
                [_("{n} sans décision").format(n=n)],
                secretariats.get(appel.entente.mandataire_id),
            )


def _rapports(utilisateur: Any, instant: datetime, fin: datetime) -> Iterator[Affaire]:
    rapports = (
        RapportProjet.objects.visibles_pour(utilisateur)
        .filter(
            etat__in=[EtatRapport.BROUILLON, EtatRapport.A_CORRIGER],
            du_le__gte=jour_local(instant),
            du_le__lte=jour_local(fin),
        )
        .select_related("convention__projet__organisme")
    )
    for rapport in rapports:
        projet = rapport.convention.projet
        yield Affaire(
            _minuit(rapport.du_le),
            _("Rapport final"),
            str(projet.numero),
            f"{adresse_lecture(projet)}#suite",
            [_("Correction pas encore reçue") if rapport.etat == EtatRapport.A_CORRIGER else _("Pas encore remis")],
            _direction(projet.organisme),
        )


def _plans_et_avis(utilisateur: Any, instant: datetime, fin: datetime) -> Iterator[Affaire]:
    """Les plans de travail à déposer et les avis sectoriels attendus."""
    du, au = jour_local(instant), jour_local(fin)
    for plan in plans_a_travailler(utilisateur).filter(echeance__gte=du, echeance__lte=au):
        if plan.echeance is not None:
            yield Affaire(
                _minuit(plan.echeance),
                _("Plan à déposer"),
                str(plan),
                adresse_lecture(plan),
                [_("Pas encore déposé au ministère")],
            )
    avis = AvisSectoriel.objects.visibles_pour(utilisateur).filter(
        etat=EtatAvis.DEMANDE, attendu_le__gte=du, attendu_le__lte=au
    )
    for attendu in avis.select_related("plan__entente", "plan__territoire", "entente"):
        if attendu.attendu_le is not None:
            yield Affaire(
                _minuit(attendu.attendu_le),
                _("Avis sectoriel"),
                str(attendu.dossier or attendu.plan),
                adresse_lecture(attendu),
                [_("Pas encore reçu")],
                Joindre(attendu.destinataire, courriel=attendu.courriel),
            )
