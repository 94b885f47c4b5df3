"""Partager les demandes, remplacer une personne, changer une limite, relancer, rouvrir : les gestes de la coordination."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from appels.models import Appel
from comite.models import Relance
from comite.requetes.assignation import apercu_equilibre
from comptes.models import Utilisateur
from projets.enums import EtatEvaluation
from projets.etats import EVALUATION
from projets.models import Evaluation, Projet
from projets.services.evaluations import assigner_evaluations
from socle import courriels
from socle.erreurs import Refus
from socle.etats import noter_transition, verifier_droit
from socle.formats import jour_local


@transaction.atomic
def assigner_equilibre(
    *,
    appel: Appel,
    par_demande: int,
    limite: datetime | None,
    signature: str,
    auteur: Utilisateur,
    instant: datetime,
) -> int:
    """Applique le partage relu (`signature`); rend combien d'évaluations se confient.

    Refuse si le partage a changé depuis l'aperçu (une demande, une charge, une déclaration), ou s'il n'y a rien à confier.
    """
    verifier_droit(auteur, "comite.conduire", appel, _("Partager les demandes"))
    list(Projet.objects.select_for_update(no_key=True).filter(appel=appel).order_by("pk").values_list("pk"))
    apercu = apercu_equilibre(appel, par_demande, instant)
    if apercu.signature != signature:
        raise Refus(
            _("La situation a changé depuis l’aperçu : relisez le partage ci-dessous, puis confirmez."), code="change"
        )
    if not apercu.total:
        raise Refus(_("Il n’y a rien à confier : chaque demande a déjà assez de personnes."), code="vide")
    for ligne in apercu.lignes:
        if ligne.recevront:
            assigner_evaluations(
                projet=ligne.projet, evaluateurs=ligne.recevront, limite=limite, auteur=auteur, instant=instant
            )
    noter_transition(
        appel,
        action="partager",
        de="",
        vers=_("{n} évaluations confiées").format(n=apercu.total)[:40],
        auteur=auteur,
        instant=instant,
    )
    return apercu.total


@transaction.atomic
def remplacer_evaluateur(
    *, evaluation: Evaluation, remplacant: Utilisateur, motif: str, auteur: Utilisateur, instant: datetime
) -> Evaluation:
    """Retire la demande à une personne (ou remplace qui s'est retiré) et la confie à une autre; rend la nouvelle évaluation.

    Les notes en cours de la première s'effacent; les deux personnes reçoivent un courriel. Refuse une évaluation soumise,
    un motif vide, la même personne, un conflit certain.
    """
    if not motif.strip():
        raise Refus(_("Dites pourquoi la personne est remplacée."), code="vide", champ="motif")
    if remplacant.pk == evaluation.evaluateur_id:
        raise Refus(_("Choisissez une autre personne."), code="meme", champ="remplacant")
    verifier_droit(auteur, "projets.conduire_evaluation", evaluation, _("Remplacer la personne"))
    limite = evaluation.limite if evaluation.limite and evaluation.limite > instant else None
    if evaluation.etat != EtatEvaluation.RETIREE:
        remplacee = EVALUATION.appliquer(
            evaluation,
            "remplacer",
            auteur=auteur,
            instant=instant,
            motif=motif.strip(),
            commentaire="",
            note=None,
            soumise_le=None,
        )
        remplacee.notes.all().delete()
        _ecrire("comite/remplacee", remplacee, _("Une demande ne vous est plus confiée : {numero}"), instant)
    projet = Projet.objects.select_related("entente__mandataire", "appel", "organisme", "enveloppe").get(
        pk=evaluation.projet_id
    )
    return assigner_evaluations(projet=projet, evaluateurs=[remplacant], limite=limite, auteur=auteur, instant=instant)[
        0
    ]


@transaction.atomic
def changer_limite(*, evaluation: Evaluation, limite: datetime, auteur: Utilisateur, instant: datetime) -> Evaluation:
    """Donne une autre date limite à une évaluation qui reste à soumettre. Refuse une date passée, ou une évaluation remise."""
    rangee = _prendre(evaluation, auteur, _("Changer la date limite"))
    _exiger_ouverte(rangee)
    if limite <= instant:
        raise Refus(_("Cette date est déjà passée : choisissez-en une autre."), code="limite", champ="jour")
    rangee.limite = limite
    rangee.save(update_fields=["limite"])
    noter_transition(
        rangee,
        action="limite",
        de="",
        vers=_("limite : {jour}").format(jour=jour_local(limite).isoformat())[:40],
        auteur=auteur,
        instant=instant,
    )
    return rangee


@transaction.atomic
def relancer(*, evaluations: Iterable[Evaluation], auteur: Utilisateur, instant: datetime) -> int:
    """Un courriel par évaluation encore ouverte, et sa trace; une seule relance par jour. Rend combien sont parties.

    Refuse si aucune ne peut partir : toutes remises, ou déjà relancées aujourd'hui.
    """
    parties = 0
    for evaluation in evaluations:
        rangee = _prendre(evaluation, auteur, _("Relancer"))
        if not rangee.ouverte or _relancee_le(rangee, instant):
            continue
        Relance.objects.create(entente_id=rangee.entente_id, evaluation=rangee, auteur=auteur, instant=instant)
        _ecrire("comite/relance", rangee, _("Évaluation attendue : {numero}"), instant)
        noter_transition(rangee, action="relancer", de="", vers=_("relancée"), auteur=auteur, instant=instant)
        parties += 1
    if not parties:
        raise Refus(
            _("Aucune relance n’est partie : les évaluations sont remises, ou relancées plus tôt aujourd’hui."),
            code="vide",
        )
    return parties


@transaction.atomic
def rouvrir_evaluation(*, evaluation: Evaluation, motif: str, auteur: Utilisateur, instant: datetime) -> Evaluation:
    """Rend à la personne une évaluation soumise; ses notes restent, sa note sur 100 se refera.

    Refuse un motif vide, une demande qui n'est plus devant le comité, des notes closes.
    """
    if not motif.strip():
        raise Refus(_("Dites pourquoi l’évaluation est rouverte."), code="vide", champ="motif")
    rouverte = EVALUATION.appliquer(
        evaluation, "rouvrir", auteur=auteur, instant=instant, motif=motif.strip(), note=None, soumise_le=None
    )
    _ecrire("comite/rouverte", rouverte, _("Évaluation rouverte : {numero}"), instant, motif=motif.strip())
    return rouverte


def _prendre(evaluation: Evaluation, auteur: Utilisateur, geste: str) -> Evaluation:
    rangee = (
        Evaluation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("projet__appel", "projet__entente__mandataire", "evaluateur", "entente__mandataire")
        .get(pk=evaluation.pk)
    )
    verifier_droit(auteur, "projets.conduire_evaluation", rangee, geste)
    return rangee


def _exiger_ouverte(evaluation: Evaluation) -> None:
    if not evaluation.ouverte:
        raise Refus(_("Cette évaluation n’est plus à remettre : relisez la page."), code="etat")


def _relancee_le(evaluation: Evaluation, instant: datetime) -> bool:
    derniere = evaluation.relances.order_by("-instant").first()
    return derniere is not None and jour_local(derniere.instant) == jour_local(instant)


def _ecrire(genre: str, evaluation: Evaluation, objet: str, instant: datetime, **contexte: str) -> None:
    projet = evaluation.projet
    courriels.ecrire(
        genre,
        destinataire=evaluation.evaluateur.email,
        objet=objet.format(numero=projet.numero),
        instant=instant,
        cle=f"{genre}:{evaluation.pk}:{instant.timestamp()}",
        objet_lie=projet,
        mandataire_code=projet.entente.mandataire.code,
        contexte={
            "projet": projet,
            "appel": projet.appel,
            "evaluation": evaluation,
            "lien": courriels.adresse_absolue(evaluation.get_absolute_url()),
            **contexte,
        },
    )
