"""Notes écrites sur papier : la coordination les recopie, la trace dit qui, au nom de qui, quand, d'après quel papier."""

from collections.abc import Mapping
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from comite.models import SaisiePapier
from comptes.models import Utilisateur
from projets.enums import EtatEvaluation, LienOrganisme, OrigineDeclaration
from projets.etats import EVALUATION
from projets.models import Evaluation
from projets.services.evaluations import inscrire_declaration, inscrire_retrait, note_a_soumettre, ranger_notes
from socle.documents.fichiers import recevoir
from socle.erreurs import Refus
from socle.formats import jour_local

ACCES_PAPIER = "notes_papier"


@transaction.atomic
def saisir_notes_papier(
    *,
    evaluation: Evaluation,
    lien: str,
    notes: Mapping[int, tuple[int | None, str]],
    commentaire: str,
    signee_le: date,
    auteur: Utilisateur,
    instant: datetime,
    nature: str = "",
    numerisation: UploadedFile | None = None,
) -> Evaluation:
    """Recopie un papier et le soumet comme les autres; un lien coché y vaut un retrait (R25).

    Refuse : un papier sans réponse sur le lien, daté de demain ou d'avant l'assignation, des notes incomplètes, ses propres notes
    (elles se donnent en ligne), une personne qui doit elle-même noter ce dossier (R26).
    """
    _verifier(evaluation, lien, signee_le, auteur, instant)
    if lien == LienOrganisme.CONFLIT:
        saisie = inscrire_retrait(
            evaluation=evaluation, nature=nature, precision="", papier=True, auteur=auteur, instant=instant
        )
    else:
        saisie = EVALUATION.appliquer(
            evaluation,
            "recopier",
            auteur=auteur,
            instant=instant,
            motif=_("Papier daté du {jour}").format(jour=signee_le.isoformat()),
            lien=LienOrganisme.AUCUN,
            commentaire=commentaire.strip(),
        )
        inscrire_declaration(
            saisie, lien=LienOrganisme.AUCUN, auteur=auteur, instant=instant, origine=OrigineDeclaration.PAPIER
        )
        ranger_notes(saisie, notes)
        saisie = EVALUATION.appliquer(
            saisie,
            "soumettre_papier",
            auteur=auteur,
            instant=instant,
            note=note_a_soumettre(saisie),
            soumise_le=instant,
        )
    fichier = None
    if numerisation is not None:
        fichier = recevoir(numerisation, acces=ACCES_PAPIER, objet_id=evaluation.pk, depose_par=auteur, instant=instant)
    SaisiePapier.objects.create(
        entente_id=evaluation.entente_id,
        evaluation=evaluation,
        signee_le=signee_le,
        saisie_par=auteur,
        saisie_le=instant,
        numerisation=fichier,
    )
    return saisie


def _verifier(evaluation: Evaluation, lien: str, signee_le: date, auteur: Utilisateur, instant: datetime) -> None:
    if lien not in {LienOrganisme.AUCUN, LienOrganisme.CONFLIT}:
        raise Refus(
            _("Le papier ne dit pas le lien avec l’organisme : appelez la personne avant de recopier ses notes (R25)."),
            code="lien",
            champ="lien",
        )
    if evaluation.evaluateur_id == auteur.pk:
        raise Refus(_("Vos propres notes se donnent dans l’espace du comité."), code="soi")
    sienne = Evaluation.objects.filter(
        projet=evaluation.projet_id,
        evaluateur=auteur,
        etat__in=[EtatEvaluation.ASSIGNEE, EtatEvaluation.EN_COURS, EtatEvaluation.RETIREE],
    )
    if sienne.exists():
        raise Refus(
            _(
                "Vous devez vos propres notes sur ce dossier, ou vous en êtes retiré : une autre personne recopie ce papier (R26)."
            ),
            code="r26",
        )
    jour = jour_local(instant)
    if not jour_local(evaluation.assignee_le) <= signee_le <= jour:
        raise Refus(
            _("Le papier est daté d’avant que la demande soit confiée, ou d’après aujourd’hui : vérifiez la date."),
            code="date",
            champ="signee_le",
        )
