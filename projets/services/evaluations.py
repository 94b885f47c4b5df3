"""Confier au comité, déclarer un intérêt, noter, recommander (R24 à R27)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from alliances.models import Affectation
from comptes.enums import Role
from comptes.models import Utilisateur
from projets.enums import EtatEvaluation, LienOrganisme, SensDecision
from projets.etats import EVALUATION, PROJET
from projets.models import Evaluation, Note, Projet, Recommandation
from projets.regles import note_ponderee
from socle import courriels
from socle.argent import ZERO
from socle.erreurs import Refus
from socle.horloge import EST


def membres_du_comite(projet: Projet, instant: datetime) -> list[Utilisateur]:
    """Les membres du comité du mandataire, ce jour-là, sans ceux qui sont de l'organisme évalué."""
    affectations = (
        Affectation.objects.en_vigueur(instant.astimezone(EST).date())
        .filter(role=Role.EVALUATION, mandataire=projet.entente.mandataire)
        .exclude(utilisateur__adhesions__in=projet.organisme.adhesions.filter(retiree_le__isnull=True))
        .select_related("utilisateur")
        .order_by("utilisateur__nom")
    )
    return [affectation.utilisateur for affectation in affectations]


@transaction.atomic
def assigner_evaluations(
    *, projet: Projet, evaluateurs: Iterable[Utilisateur], auteur: Utilisateur, instant: datetime
) -> list[Evaluation]:
    """Confie la demande à des membres du comité. Refuse une liste vide, ou une personne qui n'est pas du comité."""
    choisis = list(evaluateurs)
    permis = {membre.pk for membre in membres_du_comite(projet, instant)}
    if not choisis:
        raise Refus(_("Choisissez au moins une personne du comité."), code="vide", champ="evaluateurs")
    if any(personne.pk not in permis for personne in choisis):
        raise Refus(
            _("Une des personnes choisies n’est pas du comité, ou est membre de l’organisme évalué."),
            code="comite",
            champ="evaluateurs",
        )
    PROJET.appliquer(projet, "confier", auteur=auteur, instant=instant)
    depot = projet.depots.latest("rang")
    evaluations = []
    for personne in choisis:
        evaluation, neuve = Evaluation.objects.get_or_create(
            projet=projet,
            evaluateur=personne,
            defaults={"entente": projet.entente, "depot": depot, "assignee_le": instant},
        )
        if neuve:
            _aviser(evaluation, instant)
        evaluations.append(evaluation)
    return evaluations


def _aviser(evaluation: Evaluation, instant: datetime) -> None:
    projet = evaluation.projet
    courriels.ecrire(
        "projets/evaluation",
        destinataire=evaluation.evaluateur.email,
        instant=instant,
        cle=f"evaluation:{evaluation.pk}",
        objet=_("Une demande à évaluer : {numero}").format(numero=projet.numero),
        objet_lie=projet,
        mandataire_code=projet.entente.mandataire.code,
        contexte={"projet": projet, "lien": courriels.adresse_absolue(evaluation.get_absolute_url())},
    )


@transaction.atomic
def declarer_lien(*, evaluation: Evaluation, lien: str, auteur: Utilisateur, instant: datetime) -> Evaluation:
    """Dit le lien avec l'organisme, avant la lecture. Un intérêt, même découvert ensuite, retire la personne (R25)."""
    if lien == LienOrganisme.CONFLIT:
        return se_retirer(evaluation=evaluation, auteur=auteur, instant=instant)
    return EVALUATION.appliquer(evaluation, "commencer", auteur=auteur, instant=instant, lien=lien)


@transaction.atomic
def se_retirer(*, evaluation: Evaluation, auteur: Utilisateur, instant: datetime) -> Evaluation:
    """Déclare un intérêt et retire la personne; ses notes et ses commentaires sont effacés (R25).

    Refuse une évaluation soumise dont la demande n'est plus devant le comité. Le projet est verrouillé d'abord : une
    recommandation consignée au même moment compte cette évaluation, ou la voit retirée, jamais entre les deux.
    """
    Projet.objects.select_for_update(no_key=True).get(pk=evaluation.projet_id)
    retiree = EVALUATION.appliquer(
        evaluation,
        "se_retirer",
        auteur=auteur,
        instant=instant,
        lien=LienOrganisme.CONFLIT,
        note=None,
        commentaire="",
        soumise_le=None,
    )
    retiree.notes.all().delete()
    return retiree


@transaction.atomic
def enregistrer_notes(
    *,
    evaluation: Evaluation,
    notes: Mapping[int, tuple[int | None, str]],
    commentaire: str,
    auteur: Utilisateur,
    instant: datetime,
) -> Evaluation:
    """Range les notes (critère → valeur ou « Je ne sais pas », commentaire).

    Refuse une note hors de l'échelle, ou une personne qui n'a pas dit son lien avec l'organisme (R25).
    """
    evaluation = EVALUATION.appliquer(evaluation, "commencer", auteur=auteur, instant=instant, commentaire=commentaire)
    if not evaluation.lien:
        raise Refus(
            _("Dites d’abord si vous avez un lien avec cet organisme; la grille s’ouvrira ensuite."), code="lien"
        )
    criteres = {critere.pk: critere for critere in evaluation.projet.appel.criteres.all()}
    evaluation.notes.exclude(critere__in=notes).delete()
    for cle, (valeur, remarque) in notes.items():
        critere = criteres[cle]
        if valeur is not None and not 0 <= valeur <= critere.maximum:
            raise Refus(
                _("« {critere} » se note de 0 à {maximum}; {valeur} n’est pas permis.").format(
                    critere=critere.libelle, maximum=critere.maximum, valeur=valeur
                ),
                code="note",
                champ=f"note_{cle}",
            )
        Note.objects.update_or_create(
            evaluation=evaluation, critere=critere, defaults={"valeur": valeur, "commentaire": remarque}
        )
    return evaluation


@transaction.atomic
def soumettre_evaluation(*, evaluation: Evaluation, auteur: Utilisateur, instant: datetime) -> Evaluation:
    """Fige la note sur 100 (R24). Refuse si un critère n'a ni note ni « Je ne sais pas », ou si rien n'est noté."""
    criteres = list(evaluation.projet.appel.criteres.all())
    notes = {note.critere_id: note.valeur for note in evaluation.notes.all()}
    manquants = [critere.libelle for critere in criteres if critere.pk not in notes]
    if manquants:
        raise Refus(
            _("Il reste à noter : {criteres}. « Je ne sais pas » est une réponse.").format(
                criteres=", ".join(manquants)
            ),
            code="notes",
        )
    note = note_ponderee((critere.poids, critere.maximum, notes[critere.pk]) for critere in criteres)
    if note is None:
        raise Refus(_("Aucun critère n’est noté : donnez au moins une note, ou demandez à vous retirer."), code="notes")
    return EVALUATION.appliquer(evaluation, "soumettre", auteur=auteur, instant=instant, note=note, soumise_le=instant)


def note_moyenne(evaluations: Iterable[Evaluation]) -> Decimal | None:
    """Moyenne des notes soumises, au centième."""
    notes = [e.note for e in evaluations if e.etat == EtatEvaluation.SOUMISE and e.note is not None]
    return (sum(notes, Decimal(0)) / len(notes)).quantize(Decimal("0.01")) if notes else None


@transaction.atomic
def consigner_recommandation(
    *, projet: Projet, sens: str, montant: Decimal, motif: str, auteur: Utilisateur, instant: datetime
) -> Recommandation:
    """Consigne ce que le comité recommande. Refuse tant qu'une évaluation reste à soumettre, ou un montant nul à accepter."""
    accepte = sens == SensDecision.ACCEPTER
    if accepte and montant <= 0:
        raise Refus(_("Inscrivez le montant que le comité recommande."), code="montant", champ="montant")
    PROJET.appliquer(
        projet, "recommander" if accepte else "ne_pas_recommander", auteur=auteur, instant=instant, motif=motif
    )
    return Recommandation.objects.create(
        entente=projet.entente,
        projet=projet,
        sens=sens,
        montant=montant if accepte else ZERO,
        motif=motif,
        auteur=auteur,
        instant=instant,
    )
