"""La liste d'attente : par enveloppe, le solde libre, les demandes par rang, et ce qu'il sert maintenant; en deux requêtes."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Avg, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, NullIf

from alliances.enums import EtatEntente
from alliances.models import Enveloppe
from projets.enums import EtatEvaluation, EtatProjet
from projets.models import DecisionPreparee, Evaluation, PartPreparee, Projet
from projets.regles.attente import Place, apres, placer
from socle.argent import ZERO

SERVIES = (EtatEntente.ACTIVE,)  # les ententes où un octroi s'inscrit encore


@dataclass(frozen=True)
class LigneAttente:
    """Une demande en attente. `preparee` : la décision déjà proposée à l'instance, son total; `place` nulle alors."""

    projet: Any
    rang: int
    place: Place | None
    preparee: DecisionPreparee | None = None
    propose: Decimal = ZERO


@dataclass(frozen=True)
class GroupeAttente:
    """Une enveloppe : ce qu'elle a de disponible, ce qui y est déjà proposé, ses demandes en attente par rang."""

    enveloppe: Enveloppe
    propose: Decimal
    lignes: tuple[LigneAttente, ...]

    @property
    def libre(self) -> Decimal:
        return self.enveloppe.disponible - self.propose

    @property
    def places(self) -> list[Place]:
        return [ligne.place for ligne in self.lignes if ligne.place is not None]

    @property
    def tiennent(self) -> list[LigneAttente]:
        """Celles que le solde libre couvre, chacune seule."""
        return [ligne for ligne in self.lignes if ligne.place is not None and ligne.place.tient]

    @property
    def ensemble(self) -> list[LigneAttente]:
        """Celles qu'il couvre ensemble, dans l'ordre des rangs."""
        return [ligne for ligne in self.lignes if ligne.place is not None and ligne.place.avec]

    @property
    def resterait(self) -> Decimal:
        return apres(self.libre, self.places)


def en_attente(utilisateur: Any) -> QuerySet[Any]:
    """Les demandes en attente de la portée, ententes actives, la mieux notée d'abord dans chaque enveloppe.

    `voulu` : ce que le comité recommandait, sinon ce qui est demandé; `propose` : les décisions préparées sur l'enveloppe;
    `libre` : ce que l'enveloppe n'a ni engagé, ni proposé; en dollars.
    """
    proposees = PartPreparee.objects.filter(enveloppe=OuterRef("enveloppe")).order_by().values("enveloppe")
    notes = Evaluation.objects.filter(projet=OuterRef("pk"), etat=EtatEvaluation.SOUMISE).order_by().values("projet")
    return (
        Projet.objects.visibles_pour(utilisateur)
        .filter(etat=EtatProjet.LISTE_ATTENTE, entente__etat__in=SERVIES, enveloppe__isnull=False)
        .select_related("organisme", "appel", "enveloppe", "entente__mandataire", "decision", "recommandation")
        .annotate(
            note=Subquery(notes.annotate(moyenne=Avg("note")).values("moyenne")),
            voulu=Coalesce(NullIf(F("recommandation__montant"), ZERO), F("montant_demande"), ZERO),
            propose=Coalesce(Subquery(proposees.annotate(total=Sum("montant")).values("total")), ZERO),
        )
        .annotate(libre=F("enveloppe__dotation") - F("enveloppe__engage") - F("propose"))
        .order_by("-entente__code", "enveloppe__ordre", "enveloppe_id", F("note").desc(nulls_last=True), "numero")
    )


def qui_tiennent(utilisateur: Any) -> QuerySet[Any]:
    """Celles que le solde libre de leur enveloppe couvre maintenant, et que rien ne propose encore à l'instance."""
    return en_attente(utilisateur).filter(preparation=None, voulu__gt=0, libre__gte=F("voulu"))


def liste_d_attente(utilisateur: Any) -> list[GroupeAttente]:
    """Par enveloppe, dans l'ordre du tableau de l'entente (deux requêtes)."""
    projets = list(en_attente(utilisateur))
    preparees = {
        preparee.projet_id: preparee
        for preparee in DecisionPreparee.objects.filter(projet__in=[projet.pk for projet in projets]).annotate(
            total=Sum("parts__montant", default=ZERO)
        )
    }
    return [
        _groupe(list(lues), preparees) for _enveloppe, lues in groupby(projets, key=lambda projet: projet.enveloppe_id)
    ]


def _groupe(projets: list[Any], preparees: dict[int, Any]) -> GroupeAttente:
    premiere = projets[0]
    libres = [projet for projet in projets if projet.pk not in preparees]
    places = dict(
        zip(
            [projet.pk for projet in libres],
            placer(premiere.libre, [projet.voulu for projet in libres]),
            strict=True,
        )
    )
    lignes = []
    for rang, projet in enumerate(projets, start=1):
        preparee = preparees.get(projet.pk)
        lignes.append(LigneAttente(projet, rang, places.get(projet.pk), preparee, preparee.total if preparee else ZERO))
    return GroupeAttente(premiere.enveloppe, premiere.propose, tuple(lignes))
