"""Déclarer un intérêt dans un dossier de la séance, qu'on ait ou non à le noter (R25)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from comptes.models import Utilisateur
from projets.enums import EVALUATIONS_SORTIES, EtatEvaluation, LienOrganisme, OrigineDeclaration
from projets.models import DeclarationInteret, Projet
from projets.services.evaluations import se_retirer
from socle.erreurs import Refus
from socle.etats import verifier_droit


@transaction.atomic
def declarer_interet(*, projet: Projet, nature: str, auteur: Utilisateur, instant: datetime) -> Projet:
    """Retire la personne d'un dossier : ni note, ni vote, ni quorum; son évaluation, si elle en a une, s'efface.

    Refuse qui n'est pas du comité, et une évaluation soumise que le comité a déjà fait sienne.
    """
    verifier_droit(auteur, "comite.declarer", projet, _("Déclarer un intérêt"))
    evaluation = projet.evaluations.filter(evaluateur=auteur).exclude(etat__in=EVALUATIONS_SORTIES).first()
    if evaluation is not None:
        se_retirer(evaluation=evaluation, nature=nature, auteur=auteur, instant=instant)
        return projet
    if (
        projet.evaluations.filter(evaluateur=auteur, etat=EtatEvaluation.RETIREE).exists()
        or DeclarationInteret.objects.filter(projet=projet, utilisateur=auteur, lien=LienOrganisme.CONFLIT).exists()
    ):
        raise Refus(_("Vous vous êtes déjà retiré du dossier {numero}.").format(numero=projet.numero), code="deja")
    DeclarationInteret.objects.create(
        entente_id=projet.entente_id,
        projet=projet,
        utilisateur=auteur,
        lien=LienOrganisme.CONFLIT,
        nature=nature,
        origine=OrigineDeclaration.PERSONNE,
        inscrite_par=auteur,
        declaree_le=instant,
    )
    return projet
