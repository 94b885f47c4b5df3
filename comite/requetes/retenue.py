"""Retenir un scénario : ce qui changera, ce qui sera sauté et pourquoi, ce qui dépasse; lu avant, revérifié après (R14, R25, R27)."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from alliances.models import Enveloppe
from comite.enums import OCTROIENT, ChoixScenario
from comite.models import LigneScenario, Scenario, Seance
from comite.requetes.ordre_du_jour import points_de
from comite.requetes.tenue import QuorumDossier, quorums, tenue_de
from projets.enums import EVALUATIONS_OUVERTES, EtatEvaluation, EtatProjet, SensDecision
from projets.models import DecisionPreparee, PartPreparee, Projet, Recommandation
from socle.argent import ZERO
from socle.formats import argent_cents, compter

SENS: dict[str, SensDecision] = {
    ChoixScenario.ACCEPTER: SensDecision.ACCEPTER,
    ChoixScenario.PARTIE: SensDecision.ACCEPTER,
    ChoixScenario.ATTENTE: SensDecision.ATTENTE,
    ChoixScenario.REFUSER: SensDecision.REFUSER,
}


@dataclass(frozen=True)
class Prevision:
    """Une demande du scénario : ce qui lui arrivera."""

    projet: Projet
    ligne: LigneScenario
    effets: tuple[str, ...]

    @property
    def a_motiver(self) -> bool:
        """L'organisme lira pourquoi."""
        return self.ligne.choix not in OCTROIENT


@dataclass(frozen=True)
class Saut:
    """Une demande laissée telle quelle, et pourquoi."""

    projet: Projet
    raison: str


@dataclass(frozen=True)
class Retenue:
    """L'aperçu : les changements, les sauts, les enveloppes dépassées; `signature` l'identifie."""

    changements: tuple[Prevision, ...]
    sauts: tuple[Saut, ...]
    depassements: tuple[str, ...]
    signature: str


@dataclass(frozen=True)
class _Lu:
    """Ce que l'aperçu lit une fois pour toutes les demandes."""

    lignes: dict[int, LigneScenario]
    quorums: dict[int, QuorumDossier]
    requis: int | None
    evaluations: dict[int, tuple[int, int]]
    recommandations: dict[int, Recommandation]
    preparees: dict[int, DecisionPreparee]


def prevision(seance: Seance, scenario: Scenario) -> Retenue:
    """L'aperçu, en un nombre fixe de requêtes, dans l'ordre du jour."""
    projets = [point.projet for point in points_de(seance) if point.projet is not None]
    lu = _lire(seance, scenario, projets)
    changements: list[Prevision] = []
    sauts: list[Saut] = []
    for projet in projets:
        raison = _saut(projet, lu)
        if raison:
            sauts.append(Saut(projet, raison))
        else:
            changements.append(Prevision(projet, lu.lignes[projet.pk], _effets(projet, lu)))
    texte = "|".join(
        [f"{scenario.version}", *(f"{c.projet.pk}:{c.ligne.choix}:{c.ligne.montant}:{c.effets}" for c in changements)]
        + [f"{s.projet.pk}:{s.raison}" for s in sauts]
    )
    return Retenue(
        tuple(changements),
        tuple(sauts),
        tuple(_depassements(changements)),
        hashlib.sha256(texte.encode()).hexdigest(),
    )


def _lire(seance: Seance, scenario: Scenario, projets: list[Projet]) -> _Lu:
    cles = [projet.pk for projet in projets]
    tenue = tenue_de(seance)
    comptes = (
        Projet.objects.filter(pk__in=cles)
        .order_by()
        .annotate(
            ouvertes=Count("evaluations", filter=Q(evaluations__etat__in=EVALUATIONS_OUVERTES)),
            soumises=Count("evaluations", filter=Q(evaluations__etat=EtatEvaluation.SOUMISE)),
        )
    )
    return _Lu(
        {ligne.projet_id: ligne for ligne in scenario.lignes.all()},
        quorums(seance, tenue, projets),
        tenue.requis,
        {pk: (ouvertes, soumises) for pk, ouvertes, soumises in comptes.values_list("pk", "ouvertes", "soumises")},
        {r.projet_id: r for r in Recommandation.objects.filter(projet__in=cles)},
        {d.projet_id: d for d in DecisionPreparee.objects.filter(projet__in=cles).prefetch_related("parts")},
    )


def _saut(projet: Projet, lu: _Lu) -> str:
    """Pourquoi la demande est sautée; vide si elle ne l'est pas."""
    ligne = lu.lignes.get(projet.pk)
    if ligne is None:
        return _("Aucun choix dans ce scénario.")
    if projet.enveloppe is None:
        return _("Aucune enveloppe : choisissez-la dans le dossier.")
    if projet.etat not in {EtatProjet.EN_EVALUATION, EtatProjet.RECOMMANDE, EtatProjet.NON_RECOMMANDE}:
        return _("État « {etat} » : elle n’est pas devant le comité.").format(etat=projet.get_etat_display())
    quorum = lu.quorums[projet.pk]
    if not quorum.atteint:
        return _("Quorum non atteint pour ce dossier : {n} comptent, {requis} requis ({retraits}).").format(
            n=quorum.comptent,
            requis=lu.requis,
            retraits=compter(len(quorum.retires), _("retrait"), _("retraits")),
        )
    if not quorum.votent:
        return _("Personne ne vote sur ce dossier : tous les présents s’en retirent.")
    return _saut_de_recommandation(projet, ligne, lu)


def _saut_de_recommandation(projet: Projet, ligne: LigneScenario, lu: _Lu) -> str:
    if projet.etat == EtatProjet.EN_EVALUATION:
        ouvertes, soumises = lu.evaluations[projet.pk]
        if ouvertes:
            return _("Il reste {n} à remettre.").format(n=compter(ouvertes, _("évaluation"), _("évaluations")))
        return "" if soumises else _("Aucune évaluation n’est remise.")
    recommandation = lu.recommandations.get(projet.pk)
    if recommandation and (recommandation.sens, recommandation.montant) != (SENS[ligne.choix], ligne.montant):
        return _("Le comité a déjà recommandé autre chose : {sens}, {montant}.").format(
            sens=recommandation.get_sens_display(), montant=argent_cents(recommandation.montant)
        )
    preparee = lu.preparees.get(projet.pk)
    if preparee and (preparee.sens, _total(preparee)) == (SENS[ligne.choix], ligne.montant):
        return _("La décision est déjà préparée ainsi.")
    return ""


def _total(preparee: DecisionPreparee) -> Decimal:
    return sum((part.montant for part in preparee.parts.all()), ZERO)


def _effets(projet: Projet, lu: _Lu) -> tuple[str, ...]:
    ligne, effets = lu.lignes[projet.pk], []
    quoi = ligne.get_choix_display()
    if ligne.choix in OCTROIENT:
        quoi = _("{choix}, {montant}").format(choix=quoi, montant=argent_cents(ligne.montant))
    if projet.etat == EtatProjet.EN_EVALUATION:
        effets.append(_("Recommandation consignée : {quoi}").format(quoi=quoi))
    preparee = lu.preparees.get(projet.pk)
    if preparee:
        effets.append(
            _("Décision préparée remplacée : {avant} devient {quoi}").format(
                avant=f"{preparee.get_sens_display()}, {argent_cents(_total(preparee))}", quoi=quoi
            )
        )
    else:
        effets.append(_("Décision préparée : {quoi}").format(quoi=quoi))
    return tuple(effets)


def _depassements(changements: list[Prevision]) -> list[str]:
    """R14, dit au cent : ce que les octrois à préparer demandent de plus que ce que l'enveloppe a encore."""
    demandes: dict[Enveloppe, Decimal] = defaultdict(lambda: ZERO)
    for c in changements:
        if c.ligne.choix in OCTROIENT and c.projet.enveloppe is not None:
            demandes[c.projet.enveloppe] += c.ligne.montant
    remplacees = [c.projet.pk for c in changements]
    ailleurs = dict(
        PartPreparee.objects.filter(enveloppe__in=list(demandes))
        .exclude(preparee__projet__in=remplacees)
        .order_by()
        .values_list("enveloppe")
        .annotate(total=Sum("montant"))
    )
    messages = []
    for enveloppe, demande in demandes.items():
        disponible = enveloppe.disponible - ailleurs.get(enveloppe.pk, ZERO)
        if demande > disponible:
            messages.append(
                _(
                    "{enveloppe} : il manque {manque}; {demande} proposés, {disponible} disponibles. Réduisez une"
                    " proposition, ou virez d’une autre enveloppe avec un motif."
                ).format(
                    enveloppe=enveloppe,
                    manque=argent_cents(demande - disponible),
                    demande=argent_cents(demande),
                    disponible=argent_cents(disponible),
                )
            )
    return messages
