"""Le tableau du comité : par enveloppe, les demandes à l'ordre du jour, un scénario, et ce qui tient encore; en un nombre fixe de requêtes."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Subquery, Sum
from django.utils.translation import gettext as _

from alliances.enums import NatureEnveloppe
from alliances.models import Enveloppe
from comite.enums import ChoixScenario
from comite.models import Scenario, Seance
from comite.regles.dispersion import Dispersion, dispersion
from comite.regles.tableau import Bilan, Proposition, bilan, ce_qui_tient, par_note, pour_rentrer
from comite.requetes.ordre_du_jour import points_de
from comite.requetes.tenue import QuorumDossier, Tenue, interets_declares, quorums, tenue_de
from projets.enums import EVALUATIONS_SORTIES, EtatEvaluation
from projets.models import Evaluation, PartPreparee, Projet
from projets.visibilite import Situation, presidences, vue_de
from socle.argent import ZERO
from socle.formats import argent_cents, compter
from socle.graphiques import Barre, barre_enveloppe

TRIS = ("note", "numero", "demande")
OUVERTES = 40  # au-delà, seuls les territoires qui dépassent ou portent une erreur s'ouvrent d'eux-mêmes
CENTIEME = Decimal("0.01")


@dataclass
class LigneTableau:
    """Une demande. `saisi` : le montant tel qu'écrit au formulaire, s'il revient avec une erreur."""

    projet: Projet
    numero: str
    note: Decimal | None
    ecart: Dispersion | None
    remises: str
    quorum: QuorumDossier
    choix: str = ""
    montant: Decimal = ZERO
    saisi: str | None = None
    erreur: str = ""

    @property
    def choix_lu(self) -> str:
        """Le choix du scénario, en mots; vide sans choix."""
        return str(ChoixScenario(self.choix).label) if self.choix else ""

    @property
    def proposition(self) -> Proposition:
        p = self.projet
        return Proposition(
            self.numero, p.montant_demande or ZERO, self.choix, self.montant, self.note, bool(p.zone_visee)
        )


@dataclass
class Groupe:
    """Une enveloppe et ses demandes; `avis` : le dépassement en mots; `tient` : ce que le reste couvre encore."""

    enveloppe: Enveloppe
    bilan: Bilan
    barre: Barre
    lignes: list[LigneTableau]
    avis: list[str] = field(default_factory=list)
    tient: str = ""
    ouvert: bool = True

    @property
    def proposes(self) -> int:
        return sum(ligne.proposition.octroie for ligne in self.lignes)


@dataclass
class Tableau:
    """La page : les enveloppes du tableau, leurs totaux, la tenue de la séance."""

    groupes: list[Groupe]
    total: Bilan
    tenue: Tenue
    demandes: int

    @property
    def depassements(self) -> list[Groupe]:
        return [groupe for groupe in self.groupes if groupe.bilan.manque]

    @property
    def lignes(self) -> dict[int, LigneTableau]:
        return {ligne.projet.pk: ligne for groupe in self.groupes for ligne in groupe.lignes}


def choix_de(scenario: Scenario | None) -> dict[int, tuple[str, Decimal]]:
    """Projet → choix, montant; vide sans scénario."""
    if scenario is None:
        return {}
    return {ligne.projet_id: (ligne.choix, ligne.montant) for ligne in scenario.lignes.all()}


def tableau(
    seance: Seance,
    choix: Mapping[int, tuple[str, Decimal]],
    utilisateur: Any,
    instant: datetime,
    *,
    tri: str = "note",
    saisis: Mapping[int, tuple[str, str]] | None = None,
    sans: Collection[int] = (),
) -> Tableau:
    """Le tableau pour cette personne : la note et l'écart selon R26. `saisis` : projet → (montant écrit, erreur).

    `sans` : les demandes fermées à la personne; ni elles ni ce qu'on leur propose n'entrent dans ce qu'elle lit (R25).
    """
    inscrits = [point.projet for point in points_de(seance) if point.projet and point.projet.enveloppe]
    projets = [projet for projet in inscrits if projet.pk not in sans]
    tenue = tenue_de(seance)
    declares = interets_declares(
        projets, {utilisateur.pk, *(p.utilisateur_id for p in tenue.presences if p.utilisateur_id)}
    )
    par_projet = quorums(seance, tenue, projets, declares=declares, detecter=False)
    situation = Situation(
        frozenset(presidences(utilisateur, instant)),
        frozenset(projet for projet, personne in declares if personne == utilisateur.pk),
    )
    lignes = _lignes(projets, par_projet, choix, utilisateur, instant, situation)
    for ligne in lignes:
        ligne.saisi, ligne.erreur = (saisis or {}).get(ligne.projet.pk, (None, ""))
    enveloppes = _enveloppes(seance, inscrits)
    par_enveloppe: dict[int | None, list[LigneTableau]] = defaultdict(list)
    for ligne in lignes:
        par_enveloppe[ligne.projet.enveloppe_id].append(ligne)
    groupes = [_groupe(e, ailleurs, par_enveloppe[e.pk], tri) for e, ailleurs in enveloppes if e.pk in par_enveloppe]
    regionales = [e for e, _ailleurs in enveloppes if e.nature == NatureEnveloppe.REGIONALE]
    bilans = {groupe.enveloppe.pk: groupe.bilan for groupe in groupes}
    for groupe in groupes:
        groupe.avis = _avis(groupe, regionales, bilans)
        groupe.tient = _tient(groupe)
        groupe.ouvert = len(lignes) <= OUVERTES or bool(groupe.avis) or any(li.erreur for li in groupe.lignes)
    return Tableau(groupes, _total([groupe.bilan for groupe in groupes]), tenue, len(lignes))


def _lignes(
    projets: list[Projet],
    par_projet: dict[int, QuorumDossier],
    choix: Mapping[int, tuple[str, Decimal]],
    utilisateur: Any,
    instant: datetime,
    situation: Situation,
) -> list[LigneTableau]:
    evaluations: dict[int, list[Evaluation]] = defaultdict(list)
    for evaluation in Evaluation.objects.filter(projet__in=projets).only("projet_id", "evaluateur_id", "etat", "note"):
        evaluations[evaluation.projet_id].append(evaluation)
    lignes = []
    for projet in projets:
        siennes = evaluations[projet.pk]
        vue = vue_de(utilisateur, projet, siennes, instant, situation)
        actives = [e for e in siennes if e.etat not in EVALUATIONS_SORTIES]
        notes = [e.note for e in actives if e.etat == EtatEvaluation.SOUMISE and e.note is not None]
        valeur, montant = choix.get(projet.pk, ("", ZERO))
        lignes.append(
            LigneTableau(
                projet,
                str(projet.numero).removeprefix(f"{projet.appel.code}-"),
                (sum(notes, ZERO) / len(notes)).quantize(CENTIEME) if vue.notes and notes else None,
                dispersion(notes) if vue.dispersion else None,
                _("{n} sur {total}").format(n=len(notes), total=len(actives)),
                par_projet[projet.pk],
                valeur,
                montant,
            )
        )
    return lignes


def _enveloppes(seance: Seance, projets: list[Projet]) -> list[tuple[Enveloppe, Decimal]]:
    """Celles de l'entente, chacune avec les décisions déjà préparées pour des demandes hors du tableau (une requête)."""
    parts = (
        PartPreparee.objects.filter(enveloppe=OuterRef("pk"))
        .exclude(preparee__projet__in=[p.pk for p in projets])
        .order_by()
        .values("enveloppe")
        .annotate(total=Sum("montant"))
    )
    enveloppes = Enveloppe.objects.filter(entente=seance.entente_id).annotate(ailleurs=Subquery(parts.values("total")))
    return [(enveloppe, enveloppe.ailleurs or ZERO) for enveloppe in enveloppes.order_by("ordre", "pk")]


def _groupe(enveloppe: Enveloppe, ailleurs: Decimal, lignes: list[LigneTableau], tri: str) -> Groupe:
    lu = bilan(enveloppe.dotation, enveloppe.engage, ailleurs, [ligne.proposition for ligne in lignes])
    barre = barre_enveloppe(
        dotation=enveloppe.dotation, engage=enveloppe.engage, verse=enveloppe.verse, propose=lu.propose
    )
    return Groupe(enveloppe, lu, barre, _trier(lignes, tri))


def _trier(lignes: list[LigneTableau], tri: str) -> list[LigneTableau]:
    if tri == "numero":
        return sorted(lignes, key=lambda ligne: ligne.numero)
    if tri == "demande":
        return sorted(lignes, key=lambda ligne: (-(ligne.projet.montant_demande or ZERO), ligne.numero))
    rang = {p.numero: i for i, p in enumerate(par_note(ligne.proposition for ligne in lignes))}
    return sorted(lignes, key=lambda ligne: rang[ligne.numero])


def _total(bilans: list[Bilan]) -> Bilan:
    noms = ("dotation", "accorde", "ailleurs", "propose", "en_zone")
    return Bilan(**{nom: sum((getattr(b, nom) for b in bilans), ZERO) for nom in noms})


def _avis(groupe: Groupe, regionales: list[Enveloppe], bilans: dict[int, Bilan]) -> list[str]:
    """Le dépassement, au cent : combien, ce qui le ferait rentrer, et ce que l'enveloppe régionale couvrirait (R14)."""
    manque = groupe.bilan.manque
    if not manque:
        return []
    phrases = [
        _("{enveloppe} dépasse son enveloppe de {manque} : {propose} proposés, {disponible} disponibles.").format(
            enveloppe=groupe.enveloppe,
            manque=argent_cents(manque),
            propose=argent_cents(groupe.bilan.propose),
            disponible=argent_cents(groupe.bilan.disponible),
        )
    ]
    baisses = [
        _("{numero} ramené à {montant}").format(numero=p.numero, montant=argent_cents(reste))
        if reste
        else _("{numero} en liste d’attente").format(numero=p.numero)
        for p, reste in pour_rentrer(manque, [ligne.proposition for ligne in groupe.lignes])
    ]
    if baisses:
        phrases.append(_("Tiendrait : {baisses}.").format(baisses=", ".join(baisses)))
    for enveloppe in regionales:
        lu = bilans.get(enveloppe.pk)
        reste = lu.reste if lu else enveloppe.disponible
        if enveloppe.pk != groupe.enveloppe.pk and reste >= manque:
            phrases.append(
                _("Sinon, un virement de {enveloppe}, où il reste {reste}, avec un motif.").format(
                    enveloppe=enveloppe, reste=argent_cents(reste)
                )
            )
    phrases.append(_("Tant que l’écart demeure, ce scénario s’enregistre, mais ne peut pas être retenu."))
    return phrases


def _tient(groupe: Groupe) -> str:
    """« Ce qui tient encore dans l'enveloppe », en une phrase; vide s'il n'y a rien à ajouter."""
    reste = groupe.bilan.reste
    trouve = ce_qui_tient(reste, [ligne.proposition for ligne in groupe.lignes])
    if reste <= 0 or not (trouve.seuls or trouve.en_partie):
        return ""
    if trouve.en_partie:
        return _(
            "Rien ne tient en entier dans les {reste} qui restent; {numero} tient en partie, jusqu’à {reste}."
        ).format(reste=argent_cents(reste), numero=trouve.en_partie.numero)
    nommes = [
        (_("le reste de {numero} ({manque})") if p.octroie else _("{numero} en entier ({manque})")).format(
            numero=p.numero, manque=argent_cents(p.manque)
        )
        for p in trouve.seuls[:4]
    ]
    if len(trouve.seuls) > len(nommes):
        suite = len(trouve.seuls) - len(nommes)
        nommes.append(_("{n} de plus").format(n=compter(suite, _("demande"), _("demandes"))))
    phrase = _("Ce qui tient encore dans les {reste} : {liste}.").format(
        reste=argent_cents(reste), liste=_(", ou ").join(nommes)
    )
    if len(trouve.ensemble) == 1:
        return phrase
    return (
        phrase
        + " "
        + _("Ensemble, dans l’ordre des notes, {liste} tiennent : il resterait {reste}.").format(
            liste=_(" et ").join(p.numero for p in trouve.ensemble)
            if len(trouve.ensemble) == 2  # noqa: PLR2004
            else compter(len(trouve.ensemble), _("demande"), _("demandes")),
            reste=argent_cents(trouve.reste),
        )
    )


@dataclass(frozen=True)
class LigneComparee:
    """Une demande dans deux scénarios."""

    projet: Projet
    numero: str
    a: str
    montant_a: Decimal
    b: str
    montant_b: Decimal

    @property
    def differe(self) -> bool:
        return (self.a, self.montant_a) != (self.b, self.montant_b)


@dataclass(frozen=True)
class GroupeCompare:
    """Une enveloppe dans deux scénarios."""

    enveloppe: Enveloppe
    a: Bilan
    b: Bilan
    lignes: list[LigneComparee]


def comparer(a: Tableau, b: Tableau) -> list[GroupeCompare]:
    """Côte à côte, enveloppe par enveloppe; les demandes qui diffèrent d'abord."""
    mots = {**{c.value: str(c.label) for c in ChoixScenario}, "": "–"}
    autres = b.lignes
    groupes = []
    for ga, gb in zip(a.groupes, b.groupes, strict=True):
        lignes = []
        for ligne in ga.lignes:
            autre = autres[ligne.projet.pk]
            lignes.append(
                LigneComparee(
                    ligne.projet, ligne.numero, mots[ligne.choix], ligne.montant, mots[autre.choix], autre.montant
                )
            )
        lignes.sort(key=lambda li: not li.differe)
        groupes.append(GroupeCompare(ga.enveloppe, ga.bilan, gb.bilan, lignes))
    return groupes
