"""Ce que le public lit d'une Alliance, en un nombre fixe de requêtes; rien avant l'annonce (R28)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from alliances.enums import EtatEntente, FamillePartenaire
from alliances.models import (
    Comite,
    ContactTerritoire,
    Delegation,
    Entente,
    InstanceDecisionnelle,
    Mandataire,
    MembreComite,
    NomMandataire,
    ObjectifPlan,
    PlanTravail,
    Priorite,
    SiegeVecu,
    Territoire,
    TrancheMinistere,
    ZoneVisee,
)
from appels.enums import EtatAppel, Phase
from appels.models import Appel
from projets.enums import EtatProjet
from projets.models import DecisionLigne, Projet
from socle.formats import jour_local

EXEMPLES = 6
APPELS_PASSES = 10


def annonces(prefixe: str, instant: datetime) -> Q:
    """Condition : l'appel du projet est annoncé (R28). Avant, ni octroi, ni versement, ni projet ne paraît."""
    return Q(**{f"{prefixe}appel__etat": EtatAppel.ANNONCE, f"{prefixe}appel__annonce_le__lte": instant})


@dataclass
class Noeud:
    """Un territoire, ses contacts publics, ceux qui en font partie."""

    territoire: Territoire
    contacts: list[ContactTerritoire] = field(default_factory=list)
    enfants: list["Noeud"] = field(default_factory=list)


@dataclass(frozen=True)
class ComitePublic:
    """Un comité sans aucun nom de personne : combien de membres par famille, et ses sièges de vécu."""

    comite: Comite
    familles: list[tuple[str, int]]

    @property
    def membres(self) -> int:
        return sum(nombre for _famille, nombre in self.familles)


@dataclass(frozen=True)
class FicheAlliance:
    """La page d'une Alliance."""

    mandataire: Mandataire
    noms: list[tuple[str, date, date]]
    ententes: list[Entente]
    courante: Entente | None
    territoires: list[Noeud]
    contacts: list[ContactTerritoire]
    plans: list[PlanTravail]
    instances: list[InstanceDecisionnelle]
    delegations: list[Delegation]
    comites: list[ComitePublic]
    appels: dict[str, list[Appel]]
    exemples: list[Projet]


def mandataire_public(code: str) -> QuerySet[Mandataire]:
    """Le mandataire, sa région, son logo et ses noms antérieurs (une requête)."""
    noms = NomMandataire.objects.filter(mandataire=OuterRef("pk")).order_by("-depuis")
    return (
        Mandataire.objects.filter(code=code)
        .select_related("region", "logo")
        .annotate(
            noms_anterieurs=ArraySubquery(noms.values(objet=JSONObject(nom="nom", depuis="depuis", jusqua="jusqua")))
        )
    )


def fiche_alliance(mandataire: Any, instant: datetime) -> FicheAlliance:
    """Tout ce que montre la page d'un mandataire lu par `mandataire_public`, pour l'entente en vigueur, sinon la dernière."""
    jour = jour_local(instant, mandataire.fuseau)
    ententes = ententes_publiques(mandataire, instant)
    courante = _courante(ententes, jour)
    territoires, contacts = _territoires(courante)
    return FicheAlliance(
        mandataire,
        [
            (n["nom"], date.fromisoformat(n["depuis"]), date.fromisoformat(n["jusqua"]))
            for n in mandataire.noms_anterieurs
        ],
        ententes,
        courante,
        territoires,
        contacts,
        _plans(courante),
        list(_en_vigueur(InstanceDecisionnelle, courante, jour)),
        list(_en_vigueur(Delegation, courante, jour)),
        _comites(courante, jour),
        _appels(mandataire, instant),
        _exemples(mandataire, instant),
    )


def ententes_publiques(mandataire: Mandataire, instant: datetime) -> list[Entente]:
    """Chaque entente : reçu (tranches), accordé et versé (grand livre, octrois annoncés). Nul : personne ne l'a publié."""
    tranches = TrancheMinistere.objects.filter(entente=OuterRef("pk"), recue__isnull=False)
    octrois = DecisionLigne.objects.filter(annonces("decision__projet__", instant), entente=OuterRef("pk"))
    return list(
        Entente.objects.filter(mandataire=mandataire)
        .exclude(etat=EtatEntente.BROUILLON)
        .select_related("cycle")
        .annotate(
            recu=_somme(tranches, Sum("recue")),
            accorde=_somme(octrois, Sum("montant")),
            verse=_somme(octrois, Sum("engagement__verse")),
            soutenus=_somme(octrois, Count("decision", distinct=True)),
        )
        .order_by("-debut")
    )


def _somme(rangees: QuerySet, agregat: Any) -> Subquery:
    return Subquery(rangees.order_by().values("entente").annotate(valeur=agregat).values("valeur"))


def _courante(ententes: Iterable[Entente], jour: date) -> Entente | None:
    """L'entente qui vaut ce jour-là; à défaut, la plus récente."""
    liste = list(ententes)
    return next((e for e in liste if e.debut <= jour <= e.fin), liste[0] if liste else None)


def _territoires(entente: Entente | None) -> tuple[list[Noeud], list[ContactTerritoire]]:
    """L'arbre des territoires, chacun avec ses contacts; et les contacts de toute l'entente (deux requêtes)."""
    vide = Value([])
    territoires = Territoire.objects.filter(entente=entente).annotate(
        mrc_noms=ArrayAgg("mrc__nom", filter=Q(mrc__isnull=False), distinct=True, default=vide),
        communautes_noms=ArrayAgg("communautes__nom", filter=Q(communautes__isnull=False), distinct=True, default=vide),
    )
    noeuds = {t.pk: Noeud(t) for t in territoires.order_by("ordre", "code")}
    generaux: list[ContactTerritoire] = []
    for contact in ContactTerritoire.objects.filter(entente=entente).order_by("ordre", "id"):
        porteur = noeuds.get(contact.territoire_id)
        (porteur.contacts if porteur else generaux).append(contact)
    racines: list[Noeud] = []
    for noeud in noeuds.values():
        parent = noeuds.get(noeud.territoire.parent_id)
        (parent.enfants if parent else racines).append(noeud)
    return racines, generaux


def _plans(entente: Entente | None) -> list[PlanTravail]:
    """Les plans en vigueur, régional puis de chaque territoire : priorités, zones, objectifs; rien d'interne (deux requêtes)."""
    priorites = Priorite.objects.filter(plans=OuterRef("pk")).order_by("ordre").values("libelle")
    zones = (
        ZoneVisee.objects.filter(plans=OuterRef("pk"), retiree_le__isnull=True).order_by("ordre", "nom").values("nom")
    )
    return list(
        PlanTravail.objects.en_vigueur()
        .filter(entente=entente)
        .select_related("territoire")
        .annotate(priorites_lues=ArraySubquery(priorites), zones_lues=ArraySubquery(zones))
        .prefetch_related(Prefetch("objectifs", ObjectifPlan.objects.order_by("ordre", "id")))
        .order_by("territoire__ordre", "pk")
    )


def _en_vigueur(modele: Any, entente: Entente | None, jour: date) -> QuerySet:
    return (
        modele.objects.en_vigueur(jour)
        .filter(entente=entente)
        .select_related("territoire")
        .order_by("territoire__ordre", "pk")
    )


def _comites(entente: Entente | None, jour: date) -> list[ComitePublic]:
    """Les comités et leurs nombres : membres par famille, sièges de vécu (deux requêtes, aucun nom lu)."""
    sieges = SiegeVecu.objects.filter(comite=OuterRef("pk")).order_by().values("comite")
    comites = (
        Comite.objects.en_vigueur(jour)
        .filter(entente=entente)
        .select_related("territoire")
        .annotate(
            sieges_vecu=Subquery(sieges.annotate(n=Count("pk")).values("n")),
            sieges_pourvus=Subquery(sieges.annotate(n=Count("pk", filter=Q(etat="pourvu"))).values("n")),
        )
        .order_by("territoire__ordre", "type", "nom")
    )
    nombres: dict[int, list[tuple[str, int]]] = defaultdict(list)
    rangees = (
        MembreComite.objects.en_vigueur(jour)
        .filter(entente=entente)
        .values("comite_id", "secteur")
        .annotate(n=Count("pk"))
        .order_by("comite_id", "secteur")
    )
    familles = dict(FamillePartenaire.choices)
    for rangee in rangees:
        famille = str(familles.get(rangee["secteur"], _("Autres milieux")))
        nombres[rangee["comite_id"]].append((famille, rangee["n"]))
    return [ComitePublic(comite, nombres[comite.pk]) for comite in comites]


def _appels(mandataire: Mandataire, instant: datetime) -> dict[str, list[Appel]]:
    """Les appels publics : ouverts, à venir, passés (une requête)."""
    groupes: dict[str, list[Appel]] = {"ouverts": [], "a_venir": [], "passes": []}
    noms = {Phase.OUVERT: "ouverts", Phase.A_VENIR: "a_venir"}
    appels = Appel.objects.publics().filter(entente__mandataire=mandataire).select_related("entente__mandataire")
    for appel in appels.order_by("-fermeture"):
        appel.phase_lue = appel.phase_a(instant)
        groupes[noms.get(appel.phase_lue, "passes")].append(appel)
    return {**groupes, "passes": groupes["passes"][:APPELS_PASSES]}


def _exemples(mandataire: Mandataire, instant: datetime) -> list[Projet]:
    """Des projets annoncés, les plus récents d'abord."""
    return list(
        Projet.objects.filter(
            annonces("", instant), entente__mandataire=mandataire, etat=EtatProjet.ACCEPTE, decision__montant__gt=0
        )
        .select_related("organisme", "decision", "enveloppe")
        .order_by("-appel__annonce_le", "-decision__montant", "pk")[:EXEMPLES]
    )
