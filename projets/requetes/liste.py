"""La liste des demandes : ses dimensions, et leur décompte en une seule requête (facettes et totaux du jeu filtré).

Une dimension est une expression SQL, écrite une fois : le décompte la groupe, le filtre la compare. Les deux ne peuvent
donc pas se contredire.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber, Upper
from django.utils.translation import gettext_lazy as _

from projets.enums import A_L_ETUDE, ADMISES, DECIDES, EtatPrecision, EtatProjet, OrigineDemande
from projets.models import DemandePrecision, Depot, LigneDepense, Projet
from projets.regles import NON_ADMISSIBLES
from projets.requetes.manques import incomplet
from socle.argent import ZERO
from socle.formats import jour_local

TRANCHES: tuple[tuple[str, Any, Decimal | None], ...] = (
    ("0", _("Moins de 10 000 $"), Decimal(10_000)),
    ("10", _("De 10 000 $ à 24 999,99 $"), Decimal(25_000)),
    ("25", _("De 25 000 $ à 49 999,99 $"), Decimal(50_000)),
    ("50", _("De 50 000 $ à 99 999,99 $"), Decimal(100_000)),
    ("100", _("100 000 $ et plus"), None),
)
ETAPES: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "admissibles": (_("Jugées admissibles"), ADMISES),
    "decidees": (_("Décidées"), DECIDES),
    "accordees": (_("Accordées"), (EtatProjet.ACCEPTE,)),
}
DRAPEAUX = {
    "retard": _("Réponse visée dépassée"),
    "meme_titre": _("Même titre déjà déposé (R4)"),
    "non_admissibles": _("Dépenses non admissibles inscrites (R3)"),
    "sans_signature": _("Signature attendue"),
    "zone": _("Zone où se concentre la pauvreté"),
    "papier": _("Reçue sur papier"),
}
NOMS = {
    "appel_nom": F("appel__titre"),
    "enveloppe_nom": F("enveloppe__libelle"),
    "enveloppe_code": F("enveloppe__code"),
    "enveloppe_dotation": F("enveloppe__dotation"),
    "enveloppe_engage": F("enveloppe__engage"),
    "priorite_nom": F("priorite__libelle"),
    "responsable_nom": F("responsable__nom"),
}


def _vrai(condition: Any) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _tranche() -> Case:
    quand = [When(montant_demande__lt=borne, then=Value(code)) for code, _nom, borne in TRANCHES if borne is not None]
    return Case(*quand, default=Value(TRANCHES[-1][0]), output_field=CharField())


def _precision(instant: datetime) -> Subquery:
    """Où en est la dernière demande de précision; nul s'il n'y en a pas, ou si elle est annulée."""
    situation = Case(
        When(etat=EtatPrecision.OUVERTE, limite__lte=instant, then=Value("retard")),
        When(etat=EtatPrecision.OUVERTE, then=Value("attendues")),
        When(etat=EtatPrecision.REPONDUE, then=Value("recues")),
        output_field=CharField(),
    )
    siennes = DemandePrecision.objects.filter(projet=OuterRef("pk")).order_by("-demandee_le", "-id")
    return Subquery(siennes.annotate(situation=situation).values("situation")[:1])


def memes_titres() -> QuerySet[Any, Any]:
    """R4 : les demandes dont l'organisme avait déjà déposé le même titre chez le même mandataire."""
    rang = Window(
        RowNumber(),
        partition_by=[F("organisme"), F("entente__mandataire"), Upper("titre")],
        order_by=[F("depose_le").asc(), F("pk").asc()],
    )
    return Projet.objects.deposes().order_by().annotate(_rang=rang).filter(_rang__gt=1).values("pk")


def dimensions(instant: datetime, exigences: Sequence[Any]) -> dict[str, Any]:
    """Ce par quoi la liste se filtre et se compte; `exigences` : les pièces des appels lus (requetes/manques.py)."""
    signature = Depot.objects.filter(projet=OuterRef("pk")).order_by("-rang").values("signe_le")[:1]
    exclues = LigneDepense.objects.filter(projet=OuterRef("pk"), categorie__in=NON_ADMISSIBLES)
    return {
        "etat": F("etat"),
        "appel": F("appel_id"),
        "enveloppe": F("enveloppe_id"),
        "responsable": F("responsable_id"),
        "priorite": F("priorite_id"),
        "tranche": _tranche(),
        "precision": _precision(instant),
        "incomplet": incomplet(exigences),
        "retard": _vrai(Q(etat__in=A_L_ETUDE, appel__reponse_visee__lt=jour_local(instant))),
        "meme_titre": _vrai(Q(pk__in=memes_titres())),
        "non_admissibles": _vrai(Exists(exclues)),
        "sans_signature": Case(
            When(Q(etat__in=A_L_ETUDE, origine=OrigineDemande.EN_LIGNE) & Q(_signe__isnull=True), then=Value(True)),
            default=Value(False),
        ),
        "zone": Case(When(zone_visee=True, then=Value(True)), default=Value(False), output_field=BooleanField()),
        "papier": _vrai(Q(origine=OrigineDemande.PAPIER)),
        "_signe": Subquery(signature),
    }


def avec_dimensions(projets: QuerySet[Projet], dimensions: Mapping[str, Any]) -> QuerySet[Projet]:
    """Les dimensions, à filtrer : `x_etat`, `x_incomplet`…; rien ne s'ajoute aux colonnes lues.

    Les nommer toutes coûte 5 ms : à ne faire que si l'on filtre.
    """
    return projets.alias(_signe=dimensions["_signe"]).alias(
        **{f"x_{nom}": valeur for nom, valeur in dimensions.items() if nom != "_signe"}
    )


def avec_signes(projets: QuerySet[Projet], dimensions: Mapping[str, Any]) -> QuerySet[Projet]:
    """Les drapeaux et les pièces manquantes, à lire (`signe_…`) : la base ne les calcule que pour la page."""
    signes = {f"signe_{nom}": dimensions[nom] for nom in (*DRAPEAUX, "incomplet")}
    return projets.alias(_signe=dimensions["_signe"]).annotate(**signes)


@dataclass(frozen=True)
class Part:
    """Une part du décompte : ses dimensions, combien de demandes, combien demandé et accordé."""

    valeurs: Mapping[str, Any]
    nombre: int
    demande: Decimal
    accorde: Decimal


def decompter(projets: QuerySet[Projet], dimensions: Mapping[str, Any]) -> list[Part]:
    """Une part par combinaison présente, noms compris (une requête)."""
    noms = {f"x_{nom}": valeur for nom, valeur in dimensions.items() if nom != "_signe"}
    rangees = (
        projets.order_by()
        .alias(_signe=dimensions["_signe"])
        .values(**noms, **NOMS)
        .annotate(
            nombre=Count("pk"),
            demande=Sum("montant_demande", default=ZERO),
            accorde=Sum("decision__montant", default=ZERO),
        )
    )
    return [
        Part(
            {cle.removeprefix("x_"): valeur for cle, valeur in rangee.items()},
            rangee["nombre"],
            rangee["demande"],
            rangee["accorde"],
        )
        for rangee in rangees
    ]


@dataclass(frozen=True)
class Totaux:
    """Le pied de la liste : combien, demandé, accordé, et ce qui reste des enveloppes que ces demandes visent."""

    nombre: int
    demande: Decimal
    accorde: Decimal
    reste: Decimal


def totaliser(cases: Sequence[Part]) -> Totaux:
    """Une enveloppe visée par plusieurs demandes ne compte qu'une fois dans le reste."""
    enveloppes = {
        case.valeurs["enveloppe"]: case.valeurs["enveloppe_dotation"] - case.valeurs["enveloppe_engage"]
        for case in cases
        if case.valeurs["enveloppe"] is not None
    }
    return Totaux(
        sum(case.nombre for case in cases),
        sum((case.demande for case in cases), ZERO),
        sum((case.accorde for case in cases), ZERO),
        sum(enveloppes.values(), ZERO),
    )
