"""Confier au comité, déclarer un intérêt, noter, recommander (R24 à R27)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from alliances.models import Affectation, Mandataire
from appels.enums import PhaseComite
from appels.models import Appel
from comptes.enums import Role
from comptes.models import Utilisateur
from projets.conflits import conflits_certains
from projets.enums import EtatEvaluation, LienOrganisme, OrigineDeclaration, SensDecision
from projets.etats import EVALUATION, PROJET
from projets.models import DeclarationInteret, Evaluation, Note, Projet, Recommandation
from projets.regles import note_ponderee
from socle import courriels
from socle.argent import ZERO
from socle.erreurs import Refus
from socle.horloge import EST


def comite_du_jour(mandataire: Mandataire, instant: datetime) -> list[Utilisateur]:
    """Les personnes affectées au comité du mandataire ce jour-là, par nom."""
    affectations = (
        Affectation.objects.en_vigueur(instant.astimezone(EST).date())
        .filter(role=Role.EVALUATION, mandataire=mandataire)
        .select_related("utilisateur")
        .order_by("utilisateur__nom", "utilisateur_id")
    )
    return list({affectation.utilisateur_id: affectation.utilisateur for affectation in affectations}.values())


def membres_du_comite(projet: Projet, instant: datetime) -> list[Utilisateur]:
    """Les membres du comité du mandataire, ce jour-là, sans ceux qu'un conflit certain écarte (R25)."""
    membres = comite_du_jour(projet.entente.mandataire, instant)
    ecartes = conflits_certains(projet, membres, instant)
    return [membre for membre in membres if membre.pk not in ecartes]


@transaction.atomic
def assigner_evaluations(
    *,
    projet: Projet,
    evaluateurs: Iterable[Utilisateur],
    auteur: Utilisateur,
    instant: datetime,
    limite: datetime | None = None,
) -> list[Evaluation]:
    """Confie la demande à des membres du comité, à remettre avant `limite` (par défaut, le début de la mise en commun).

    Refuse : une liste vide, une personne hors du comité, un conflit certain, une limite passée.
    """
    choisis = list(evaluateurs)
    _verifier_choix(projet, choisis, instant)
    if limite is not None and limite <= instant:
        raise Refus(_("La date limite est déjà passée : choisissez-en une autre."), code="limite", champ="limite")
    PROJET.appliquer(projet, "confier", auteur=auteur, instant=instant)
    depot = projet.depots.latest("rang")
    limite = limite or limite_par_defaut(projet.appel, instant)
    evaluations = []
    for personne in choisis:
        evaluation, neuve = Evaluation.objects.get_or_create(
            projet=projet,
            evaluateur=personne,
            defaults={"entente": projet.entente, "depot": depot, "assignee_le": instant, "limite": limite},
        )
        if evaluation.etat == EtatEvaluation.REMPLACEE:
            evaluation = EVALUATION.appliquer(
                evaluation, "reconfier", auteur=auteur, instant=instant, depot=depot, assignee_le=instant, limite=limite
            )
            neuve = True
        if neuve:
            _aviser(evaluation, instant)
        evaluations.append(evaluation)
    return evaluations


def limite_par_defaut(appel: Appel, instant: datetime) -> datetime | None:
    """Le début de la mise en commun, s'il est daté et à venir."""
    debuts = [p.debut for p in appel.phases_comite.all() if p.genre == PhaseComite.COMMUN and p.debut > instant]
    return debuts[0] if debuts else None


def _verifier_choix(projet: Projet, choisis: list[Utilisateur], instant: datetime) -> None:
    if not choisis:
        raise Refus(_("Choisissez au moins une personne du comité."), code="vide", champ="evaluateurs")
    membres = {membre.pk for membre in comite_du_jour(projet.entente.mandataire, instant)}
    ecartes = conflits_certains(projet, choisis, instant)
    for personne in choisis:
        if personne.pk not in membres:
            raise Refus(
                _("{personne} n’est pas du comité ce jour-là : relisez la page.").format(personne=personne),
                code="comite",
                champ="evaluateurs",
            )
        if raison := ecartes.get(personne.pk):
            raise Refus(
                _("{personne} {raison} : cette demande ne peut pas lui être confiée (R25).").format(
                    personne=personne, raison=raison
                ),
                code="conflit",
                champ="evaluateurs",
            )


def _aviser(evaluation: Evaluation, instant: datetime) -> None:
    projet = evaluation.projet
    courriels.ecrire(
        "projets/evaluation",
        destinataire=evaluation.evaluateur.email,
        instant=instant,
        cle=f"evaluation:{evaluation.pk}:{evaluation.assignee_le.timestamp()}",
        objet=_("Une demande à évaluer : {numero}").format(numero=projet.numero),
        objet_lie=projet,
        mandataire_code=projet.entente.mandataire.code,
        contexte={
            "projet": projet,
            "evaluation": evaluation,
            "lien": courriels.adresse_absolue(evaluation.get_absolute_url()),
        },
    )


@transaction.atomic
def declarer_lien(
    *,
    evaluation: Evaluation,
    lien: str,
    auteur: Utilisateur,
    instant: datetime,
    nature: str = "",
    precision: str = "",
) -> Evaluation:
    """Dit le lien avec l'organisme, avant la lecture. Un intérêt, même découvert ensuite, retire la personne (R25).

    « Je ne sais pas » laisse le dossier fermé : la coordination en parle avec la personne, qui répondra ensuite.
    """
    if lien == LienOrganisme.CONFLIT:
        return se_retirer(evaluation=evaluation, auteur=auteur, instant=instant, nature=nature, precision=precision)
    action = "hesiter" if lien == LienOrganisme.DOUTE else "commencer"
    declaree = EVALUATION.appliquer(evaluation, action, auteur=auteur, instant=instant, lien=lien)
    inscrire_declaration(declaree, lien=lien, nature=nature, precision=precision, auteur=auteur, instant=instant)
    return declaree


def inscrire_declaration(
    evaluation: Evaluation,
    *,
    lien: str,
    auteur: Utilisateur,
    instant: datetime,
    nature: str = "",
    precision: str = "",
    origine: str = OrigineDeclaration.PERSONNE,
) -> DeclarationInteret:
    """Une ligne au registre, dans la transaction de l'acte."""
    return DeclarationInteret.objects.create(
        entente_id=evaluation.entente_id,
        projet_id=evaluation.projet_id,
        utilisateur_id=evaluation.evaluateur_id,
        lien=lien,
        nature=nature if lien != LienOrganisme.AUCUN else "",
        precision=precision.strip() if lien != LienOrganisme.AUCUN else "",
        origine=origine,
        inscrite_par=auteur,
        declaree_le=instant,
    )


@transaction.atomic
def se_retirer(
    *, evaluation: Evaluation, auteur: Utilisateur, instant: datetime, nature: str = "", precision: str = ""
) -> Evaluation:
    """Déclare un intérêt et retire la personne; ses notes et ses commentaires sont effacés (R25).

    Refuse une évaluation soumise dont la demande n'est plus devant le comité.
    """
    return _retirer(
        evaluation, "se_retirer", OrigineDeclaration.PERSONNE, auteur, instant, nature=nature, precision=precision
    )


@transaction.atomic
def inscrire_retrait(
    *,
    evaluation: Evaluation,
    nature: str,
    precision: str,
    auteur: Utilisateur,
    instant: datetime,
    papier: bool = False,
) -> Evaluation:
    """La coordination inscrit le retrait d'une personne qui le lui a dit, ou écrit; mêmes effets, et la trace de qui l'inscrit."""
    origine = OrigineDeclaration.PAPIER if papier else OrigineDeclaration.COORDINATION
    return _retirer(evaluation, "retirer", origine, auteur, instant, nature=nature, precision=precision)


def _retirer(
    evaluation: Evaluation, action: str, origine: str, auteur: Utilisateur, instant: datetime, **lien: str
) -> Evaluation:
    """Le projet est verrouillé d'abord : une recommandation consignée au même moment compte cette évaluation, ou la voit
    retirée, jamais entre les deux."""
    Projet.objects.select_for_update(no_key=True).get(pk=evaluation.projet_id)
    retiree = EVALUATION.appliquer(
        evaluation,
        action,
        auteur=auteur,
        instant=instant,
        lien=LienOrganisme.CONFLIT,
        note=None,
        commentaire="",
        soumise_le=None,
    )
    retiree.notes.all().delete()
    inscrire_declaration(retiree, lien=LienOrganisme.CONFLIT, auteur=auteur, instant=instant, origine=origine, **lien)
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
    ranger_notes(evaluation, notes)
    return evaluation


def ranger_notes(evaluation: Evaluation, notes: Mapping[int, tuple[int | None, str]]) -> None:
    """Écrit les notes d'une évaluation en cours; un critère absent redevient sans réponse."""
    if evaluation.lien != LienOrganisme.AUCUN:
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


@transaction.atomic
def soumettre_evaluation(*, evaluation: Evaluation, auteur: Utilisateur, instant: datetime) -> Evaluation:
    """Fige la note sur 100 (R24).

    Refuse si un critère n'a ni note ni « Je ne sais pas », si rien n'est noté, ou si un commentaire exigé manque.
    """
    note = note_a_soumettre(evaluation)
    return EVALUATION.appliquer(evaluation, "soumettre", auteur=auteur, instant=instant, note=note, soumise_le=instant)


def note_a_soumettre(evaluation: Evaluation) -> Decimal:
    """La note sur 100 d'une évaluation complète; refuse ce qui manque, en le nommant."""
    appel = evaluation.projet.appel
    criteres = list(appel.criteres.all())
    notes = {note.critere_id: note for note in evaluation.notes.all()}
    manquants = [critere.libelle for critere in criteres if critere.pk not in notes]
    if manquants:
        raise Refus(
            _("Il reste à noter : {criteres}. « Je ne sais pas » est une réponse.").format(
                criteres=", ".join(manquants)
            ),
            code="notes",
        )
    muets = [
        critere.libelle
        for critere in criteres
        if notes[critere.pk].valeur is not None and not notes[critere.pk].commentaire.strip()
    ]
    if appel.commentaires_exiges and muets:
        raise Refus(
            _("Cet appel demande un commentaire pour chaque note. Il manque : {criteres}.").format(
                criteres=", ".join(muets)
            ),
            code="commentaires",
        )
    note = note_ponderee((critere.poids, critere.maximum, notes[critere.pk].valeur) for critere in criteres)
    if note is None:
        raise Refus(_("Aucun critère n’est noté : donnez au moins une note, ou demandez à vous retirer."), code="notes")
    return note


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
