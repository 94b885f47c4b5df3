"""Questions et réponses publiques d'un appel : posées par le public ou la coordination, publiées par elle, jamais de nom."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alliances.services.gestes import exiger_textes, poser
from appels.enums import EtatAppel, EtatQuestion
from appels.models import Appel, QuestionPublique
from appels.services.gestes import noter_geste, verrouiller
from appels.services.guide import demander_guide
from socle.erreurs import Refus
from socle.etats import verifier_droit

PAR_HEURE = 20  # questions en attente, par appel : au-delà, c'est un abus ou une panne, et la coordination ne suit plus


@transaction.atomic
def poser_question(*, appel: Appel, question: str, instant: datetime) -> QuestionPublique:
    """Reçoit une question du public, que la coordination lira. Rien ne dit qui la pose.

    Refuse : un texte vide, un appel qui n'est plus en dépôt, la même question en attente, ou trop de questions en une heure.
    """
    exiger_textes(question=(question, _("Écrivez votre question.")))
    appel = verrouiller(appel)
    if appel.etat != EtatAppel.PUBLIE or instant >= appel.fin_du_depot:
        raise Refus(_("Cet appel ne prend plus de questions : le dépôt est terminé."), code="ferme")
    recues = appel.questions.filter(etat=EtatQuestion.RECUE, du_public=True)
    texte = question.replace("\r\n", "\n").strip()
    if recues.filter(question=texte).exists():
        raise Refus(
            _("Cette question est déjà reçue : la coordination y répondra ici."), code="double", champ="question"
        )
    if recues.filter(posee_le__gt=instant - timedelta(hours=1)).count() >= PAR_HEURE:
        raise Refus(
            _(
                "L’appel a reçu beaucoup de questions depuis une heure. Réessayez plus tard, ou appelez la coordination."
            ),
            code="abus",
        )
    return QuestionPublique.objects.create(
        entente_id=appel.entente_id, appel=appel, question=texte, du_public=True, posee_le=instant
    )


@transaction.atomic
def publier_reponse(
    *, appel: Appel, question: QuestionPublique | None, texte: str, reponse: str, auteur: Any, instant: datetime
) -> QuestionPublique:
    """Publie une question et sa réponse, ou corrige celle qui l'est; sans `question`, la coordination pose la sienne.

    Le texte se relit avant : un nom, un courriel ou un téléphone qui s'y trouve se retire. Refuse un vide, un appel annulé.
    """
    verifier_droit(auteur, "appels.modifier_appel", appel, _("Répondre à une question"))
    if appel.etat == EtatAppel.ANNULE:
        raise Refus(_("L’appel est annulé : il ne prend plus de questions."), code="etat")
    exiger_textes(texte=(texte, _("Écrivez la question.")), reponse=(reponse, _("Écrivez la réponse.")))
    champs: dict[str, Any] = {
        "question": texte.replace("\r\n", "\n").strip(),
        "reponse": reponse.replace("\r\n", "\n").strip(),
        "etat": EtatQuestion.PUBLIEE,
        "auteur": auteur,
    }
    if question is None:
        question = QuestionPublique.objects.create(
            entente_id=appel.entente_id, appel=appel, posee_le=instant, publiee_le=instant, **champs
        )
    else:
        question = QuestionPublique.objects.select_for_update(of=("self",)).get(pk=question.pk, appel=appel)
        poser(question, publiee_le=question.publiee_le or instant, **champs)
    _noter(appel, _("Réponse publiée"), question, auteur, instant)
    demander_guide(appel, instant=instant)
    return question


@transaction.atomic
def ecarter_question(*, question: QuestionPublique, auteur: Any, instant: datetime) -> QuestionPublique:
    """Écarte une question (hors sujet, personnelle, abusive), ou retire une réponse publiée; elle reste à l'historique de l'appel."""
    verifier_droit(auteur, "appels.modifier_appel", question.appel, _("Écarter une question"))
    question = (
        QuestionPublique.objects.select_for_update(of=("self",))
        .select_related("appel__entente__mandataire")
        .get(pk=question.pk)
    )
    poser(question, etat=EtatQuestion.ECARTEE)
    _noter(question.appel, _("Question écartée"), question, auteur, instant)
    demander_guide(question.appel, instant=instant)
    return question


def _noter(appel: Appel, geste: str, question: QuestionPublique, auteur: Any, instant: datetime) -> None:
    noter_geste(appel, "question", geste, auteur=auteur, instant=instant, detail=question.question[:200])
