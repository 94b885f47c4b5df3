"""Confier et noter les demandes d'un appel, par les mêmes services que les écrans : réutilisable par tout appel de la démonstration."""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal

from appels.models import Appel
from comite.requetes.assignation import apercu_equilibre
from comite.services.assignation import assigner_equilibre
from comptes.models import Utilisateur
from projets.enums import EtatEvaluation, LienOrganisme, NatureInteret
from projets.models import Evaluation
from projets.services.evaluations import declarer_lien, enregistrer_notes, soumettre_evaluation

Profil = Callable[[Evaluation], Decimal]  # la part de la note maximale que donne une évaluation, de 0 à 1
COMMENTAIRE = "Projet clair, bien ancré."


def confier_l_appel(
    appel: Appel, coordination: Utilisateur, instant: datetime, *, par_demande: int, limite: datetime | None = None
) -> int:
    """Partage les demandes admissibles entre les membres du comité; rend combien d'évaluations se confient."""
    apercu = apercu_equilibre(appel, par_demande, instant)
    return assigner_equilibre(
        appel=appel,
        par_demande=par_demande,
        limite=limite,
        signature=apercu.signature,
        auteur=coordination,
        instant=instant,
    )


def noter_les_evaluations(
    evaluations: Iterable[Evaluation],
    instant: datetime,
    *,
    profil: Profil | None = None,
    se_retirent: Iterable[int] = (),
    en_retard: Iterable[int] = (),
) -> None:
    """Joue chaque évaluation : lien, notes, soumission.

    `se_retirent` : clés des évaluations dont la personne déclare un intérêt; `en_retard` : clés des personnes qui n'ont rien remis.
    """
    retirees, absentes = set(se_retirent), set(en_retard)
    for evaluation in evaluations:
        personne = evaluation.evaluateur
        if evaluation.etat != EtatEvaluation.ASSIGNEE or personne.pk in absentes:
            continue
        if evaluation.pk in retirees:
            declarer_lien(
                evaluation=evaluation,
                lien=LienOrganisme.CONFLIT,
                nature=NatureInteret.CONSEIL,
                auteur=personne,
                instant=instant,
            )
            continue
        declarer_lien(evaluation=evaluation, lien=LienOrganisme.AUCUN, auteur=personne, instant=instant)
        enregistrer_notes(
            evaluation=evaluation,
            notes=_notes(evaluation, (profil or _profil)(evaluation)),
            commentaire=COMMENTAIRE,
            auteur=personne,
            instant=instant,
        )
        soumettre_evaluation(evaluation=evaluation, auteur=personne, instant=instant)


def _profil(evaluation: Evaluation) -> Decimal:
    """De 0,55 à 0,94, selon la demande et la personne; toujours la même."""
    return Decimal(55 + (evaluation.projet_id * 7 + evaluation.evaluateur_id * 13) % 40) / 100


def _notes(evaluation: Evaluation, part: Decimal) -> dict[int, tuple[int | None, str]]:
    return {
        critere.pk: (min(critere.maximum, round(critere.maximum * part)), COMMENTAIRE)
        for critere in evaluation.projet.appel.criteres.all()
    }
