"""« Ce qui bloque jeudi » : ce qui empêche la prochaine échéance du comité de tenir, qui appeler, et le geste."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from appels.models import Appel, EtapeCalendrier, PieceRequise
from comite.enums import EtatSeance
from comite.models import Seance as SeanceComite
from comptes.enums import Role
from projets.enums import A_L_ETUDE, EtatEvaluation, EtatPrecision, EtatProjet
from projets.models import DemandePrecision, Evaluation, Projet
from projets.pieces import limite_des_pieces
from projets.requetes.manques import exigences, incomplet
from socle.admin.actes import adresse_lecture
from socle.formats import JOURS, argent, compter, date_avec_jour, fin_exclusive, jour_local

HORIZON = timedelta(days=60)
PAR_GENRE = 6
SEMAINE = 7


@dataclass(frozen=True)
class Seance:
    """La prochaine échéance du comité : quand, quoi, et les demandes qu'elle doit traiter."""

    jour: date
    titre: str
    appel: Appel
    projets: QuerySet[Projet]


@dataclass(frozen=True)
class Point:
    """Une chose qui bloque : laquelle, pourquoi, qui appeler (une fonction), et le geste."""

    titre: str
    detail: str
    qui: str
    url: str
    geste: str
    telephone: str = ""
    courriel: str = ""
    grave: bool = False


@dataclass(frozen=True)
class Blocage:
    """Le bloc de l'accueil."""

    titre: str
    quoi: str
    points: list[Point]
    total: int
    url: str


def prochaine_seance(utilisateur: Any, instant: datetime) -> Seance | None:
    """La séance préparée, ou l'étape « comité » d'un calendrier, la plus proche; nulle s'il n'y en a pas d'ici 60 jours.

    Le seul endroit qui sait d'où vient la prochaine séance.
    """
    proches = [seance for seance in (_preparee(utilisateur, instant), _annoncee(utilisateur, instant)) if seance]
    return min(proches, key=lambda seance: seance.jour, default=None)


def _preparee(utilisateur: Any, instant: datetime) -> Seance | None:
    """La prochaine séance du comité : ce que son ordre du jour attend."""
    seance = (
        SeanceComite.objects.visibles_pour(utilisateur)
        .exclude(etat=EtatSeance.LEVEE)
        .filter(debut__gte=instant, debut__lte=instant + HORIZON)
        .select_related("appel__entente__mandataire")
        .order_by("debut", "pk")
        .first()
    )
    if seance is None:
        return None
    projets = Projet.objects.visibles_pour(utilisateur).deposes()
    # Sans ordre du jour, toutes les demandes de l'appel, ou de son territoire.
    if seance.points.filter(projet__isnull=False).exists():
        projets = projets.filter(pk__in=seance.points.filter(projet__isnull=False).values("projet"))
    else:
        projets = projets.filter(appel=seance.appel_id)
        projets = projets.filter(enveloppe__territoire=seance.territoire_id) if seance.territoire_id else projets
    jour = jour_local(seance.debut, seance.appel.fuseau)
    return Seance(jour, _("Séance du comité"), seance.appel, projets.filter(etat__in=A_L_ETUDE))


def _annoncee(utilisateur: Any, instant: datetime) -> Seance | None:
    """L'étape « comité » la plus proche au calendrier des appels de la personne."""
    jour = jour_local(instant)
    etape = (
        EtapeCalendrier.objects.visibles_pour(utilisateur)
        .filter(libelle__icontains="comité", jour__gte=jour, jour__lte=jour + HORIZON)
        .select_related("appel__entente__mandataire")
        .order_by("jour", "pk")
        .first()
    )
    if etape is None:
        return None
    projets = Projet.objects.visibles_pour(utilisateur).deposes().filter(appel=etape.appel_id, etat__in=A_L_ETUDE)
    return Seance(etape.jour, etape.libelle, etape.appel, projets)


def ce_qui_bloque(utilisateur: Any, instant: datetime) -> Blocage | None:
    """Les points qui bloquent la prochaine échéance du comité, les plus graves d'abord; nul sans échéance ni coordination."""
    if not utilisateur.portees.a_role(Role.COORDINATION):
        return None
    seance = prochaine_seance(utilisateur, instant)
    if seance is None:
        return None
    jours = (seance.jour - jour_local(instant)).days
    quand = JOURS[seance.jour.weekday()] if jours < SEMAINE else _("le {date}").format(date=date_avec_jour(seance.jour))
    points = sorted(_points(seance, utilisateur, instant), key=lambda point: not point[1].grave)
    montres, vus = [], dict.fromkeys((genre for genre, _point in points), 0)
    for genre, point in points:
        vus[genre] += 1
        if vus[genre] <= PAR_GENRE:
            montres.append(point)
    return Blocage(
        _("Ce qui bloque {quand}").format(quand=quand),
        _("{etape} · {appel} · dans {jours}").format(
            etape=seance.titre, appel=seance.appel, jours=compter(jours, _("jour"), _("jours"))
        ),
        montres,
        len(points),
        f"{reverse('admin:projets_projet_changelist')}?appel__id__exact={seance.appel.pk}",
    )


def _points(seance: Seance, utilisateur: Any, instant: datetime) -> Iterator[tuple[str, Point]]:
    yield from (("enveloppe", point) for point in _enveloppes(seance))
    yield from (("etape", point) for point in _etapes(seance))
    yield from (("evaluation", point) for point in _evaluations(seance))
    yield from (("piece", point) for point in _pieces(seance, utilisateur, instant))
    yield from (("precision", point) for point in _precisions(seance, instant))


def _enveloppes(seance: Seance) -> Iterator[Point]:
    """Ce qu'on demande dépasse ce qui reste : le comité devra choisir."""
    demandes = (
        seance.projets.filter(enveloppe__isnull=False)
        .order_by()
        .values("enveloppe", "enveloppe__libelle", reste=F("enveloppe__dotation") - F("enveloppe__engage"))
        .annotate(demande=Sum("montant_demande", default=Decimal(0)))
        .filter(demande__gt=F("reste"))
        .order_by("enveloppe__libelle")
    )
    liste = reverse("admin:projets_projet_changelist")
    for ligne in demandes:
        yield Point(
            _("{enveloppe} : {trop} de plus que l’enveloppe").format(
                enveloppe=ligne["enveloppe__libelle"], trop=argent(ligne["demande"] - ligne["reste"])
            ),
            _("Demandé {demande}, disponible {reste}").format(
                demande=argent(ligne["demande"]), reste=argent(ligne["reste"])
            ),
            _("Présidence du comité"),
            f"{liste}?appel__id__exact={seance.appel.pk}&enveloppe__id__exact={ligne['enveloppe']}",
            _("Voir ces demandes"),
        )


def _etapes(seance: Seance) -> Iterator[Point]:
    """Des demandes qui ne sont pas encore rendues au comité."""
    quoi = {
        EtatProjet.DEPOSE: (_("{n} à examiner"), _("L’admissibilité n’est pas jugée"), _("Examiner")),
        EtatProjet.ADMISSIBLE: (_("{n} à confier"), _("Personne au comité ne les a encore"), _("Confier au comité")),
    }
    comptes = dict(seance.projets.filter(etat__in=quoi).order_by().values_list("etat").annotate(n=Count("pk")))
    liste = reverse("admin:projets_projet_changelist")
    for etat, (titre, detail, geste) in quoi.items():
        if comptes.get(etat):
            n = compter(comptes[etat], _("demande"), _("demandes"))
            url = f"{liste}?appel__id__exact={seance.appel.pk}&etat__exact={etat}"
            yield Point(titre.format(n=n), detail, _("Coordination"), url, geste, grave=True)


def _evaluations(seance: Seance) -> Iterator[Point]:
    """Par membre : combien d'évaluations manquent, et sur quelles demandes."""
    restantes = (
        Evaluation.objects.filter(
            projet__in=seance.projets, etat__in=[EtatEvaluation.ASSIGNEE, EtatEvaluation.EN_COURS]
        )
        .select_related("evaluateur", "projet")
        .order_by("evaluateur__nom", "projet__numero")
    )
    par_membre: dict[Any, list[Evaluation]] = {}
    for evaluation in restantes:
        par_membre.setdefault(evaluation.evaluateur, []).append(evaluation)
    for membre, siennes in par_membre.items():
        numeros = ", ".join(str(e.projet.numero) for e in siennes[:PAR_GENRE])
        yield Point(
            _("{n} à recevoir").format(n=compter(len(siennes), _("évaluation"), _("évaluations"))),
            numeros + ("…" if len(siennes) > PAR_GENRE else ""),
            str(membre),
            adresse_lecture(siennes[0].projet) + "#evaluations",
            _("Voir le dossier") if len(siennes) == 1 else _("Voir le premier dossier"),
            telephone=membre.telephone,
            courriel=membre.email,
            grave=True,
        )


def _pieces(seance: Seance, utilisateur: Any, instant: datetime) -> Iterator[Point]:
    """Dans le délai, relancer suffit; le délai passé, seule une demande de précision rouvre les pièces."""
    groupes = exigences(PieceRequise.objects.visibles_pour(utilisateur).filter(appel=seance.appel))
    incomplets = (
        seance.projets.annotate(manque=incomplet(groupes))
        .filter(manque=True)
        .select_related("organisme", "appel")
        .order_by("depose_le")
    )
    for projet in incomplets:
        limite, ouvert = limite_des_pieces(projet), instant < limite_des_pieces(projet)
        detail = _("À remettre au plus tard le {date}") if ouvert else _("Le délai a pris fin le {date}")
        acte = "relancer" if ouvert else "precisions"
        yield Point(
            _("Pièces attendues pour {numero}").format(numero=projet.numero),
            detail.format(date=fin_exclusive(limite, projet.appel.fuseau)),
            _("Direction, {organisme}").format(organisme=projet.organisme),
            reverse(f"admin:projets_projet_{acte}", args=[projet.pk]),
            _("Relancer") if ouvert else _("Rouvrir les pièces"),
            telephone=projet.organisme.telephone,
            courriel=projet.organisme.courriel,
        )


def _precisions(seance: Seance, instant: datetime) -> Iterator[Point]:
    ouvertes = (
        DemandePrecision.objects.filter(Q(projet__in=seance.projets), etat=EtatPrecision.OUVERTE)
        .select_related("projet__organisme", "projet__appel")
        .order_by("limite")
    )
    for demande in ouvertes:
        projet, retard = demande.projet, demande.en_retard(instant)
        limite = fin_exclusive(demande.limite, projet.appel.fuseau)
        yield Point(
            _("Précisions attendues pour {numero}").format(numero=projet.numero),
            (_("En retard depuis le {date}") if retard else _("Au plus tard le {date}")).format(date=limite),
            _("Direction, {organisme}").format(organisme=projet.organisme),
            f"{adresse_lecture(projet)}#precisions",
            _("Voir le dossier"),
            telephone=projet.organisme.telephone,
            courriel=projet.organisme.courriel,
            grave=retard,
        )
