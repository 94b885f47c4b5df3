"""Préparer la décision : la coordination propose, l'instance adopte, son secrétariat consigne une résolution pour plusieurs demandes (R27)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from alliances.requetes.instances import instance_de
from comptes.models import Utilisateur
from projets.enums import EtatProjet
from projets.models import Decision, DecisionPreparee, PartPreparee, Projet
from projets.services.decisions import Part, decider_projet, verifier_parts
from socle.erreurs import Refus
from socle.etats import noter_transition, verifier_droit
from socle.horloge import EST

PREPARABLES = (EtatProjet.RECOMMANDE, EtatProjet.NON_RECOMMANDE, EtatProjet.LISTE_ATTENTE)


@transaction.atomic
def preparer_decision(
    *,
    projet: Projet,
    sens: str,
    parts: Sequence[Part],
    conditions: str,
    motif_public: str,
    auteur: Utilisateur,
    instant: datetime,
) -> DecisionPreparee:
    """Écrit, ou récrit, ce qui sera proposé à l'instance; l'argent ne bouge pas avant la résolution.

    Refuse une demande qui n'attend pas de décision, un octroi sans part, un refus sans motif.
    """
    projet = (
        Projet.objects.select_for_update(of=("self",), no_key=True)
        .select_related("entente", "enveloppe")
        .get(pk=projet.pk)
    )
    verifier_droit(auteur, "projets.preparer_decision", projet, _("Préparer la décision"))
    if projet.etat not in PREPARABLES:
        raise Refus(_("Cette demande n’attend pas de décision : relisez la page."), code="etat")
    verifier_parts(projet, sens, parts, motif_public)
    jour = instant.astimezone(EST).date()
    preparee, _neuve = DecisionPreparee.objects.update_or_create(
        projet=projet,
        defaults={
            "entente": projet.entente,
            "instance": instance_de(projet.entente, projet.enveloppe.territoire_id if projet.enveloppe else None, jour),
            "sens": sens,
            "conditions": conditions.strip(),
            "motif_public": motif_public.strip(),
            "preparee_par": auteur,
            "preparee_le": instant,
        },
    )
    preparee.parts.all().delete()
    PartPreparee.objects.bulk_create(
        PartPreparee(
            entente=projet.entente,
            preparee=preparee,
            enveloppe=part.enveloppe,
            exercice=part.exercice,
            montant=part.montant,
        )
        for part in parts
    )
    noter_transition(
        projet,
        action="preparer",
        de=projet.etat,
        vers=projet.etat,
        auteur=auteur,
        instant=instant,
        motif=str(preparee)[:300],
    )
    return preparee


@transaction.atomic
def retirer_preparation(*, preparee: DecisionPreparee, auteur: Utilisateur, instant: datetime) -> Projet:
    """Retire la proposition : la demande attend de nouveau."""
    projet = preparee.projet
    verifier_droit(auteur, "projets.preparer_decision", projet, _("Retirer la décision préparée"))
    preparee.delete()
    noter_transition(
        projet, action="retirer_preparation", de=projet.etat, vers=projet.etat, auteur=auteur, instant=instant, motif=""
    )
    return projet


@transaction.atomic
def adopter_decisions(
    *,
    preparees: Iterable[DecisionPreparee],
    resolution: str,
    adoptee_le: date,
    auteur: Utilisateur,
    instant: datetime,
) -> list[Decision]:
    """Consigne une résolution qui adopte les décisions préparées : toutes, ou aucune.

    Refuse une liste vide; une personne qui a préparé l'une d'elles (la coordination prépare, le secrétariat consigne); et tout
    ce que `decider_projet` refuse, en nommant la demande.
    """
    choisies = list(
        DecisionPreparee.objects.filter(pk__in=[preparee.pk for preparee in preparees])
        .select_related("projet__entente")
        .prefetch_related("parts__enveloppe__entente")
        .order_by("projet_id")
    )
    if not choisies:
        raise Refus(_("Choisissez au moins une décision préparée."), code="vide", champ="preparees")
    return [_adopter(preparee, resolution, adoptee_le, auteur, instant) for preparee in choisies]


def _adopter(
    preparee: DecisionPreparee, resolution: str, adoptee_le: date, auteur: Utilisateur, instant: datetime
) -> Decision:
    projet = preparee.projet
    if preparee.preparee_par_id == auteur.pk:
        raise Refus(
            _("Vous avez préparé la décision de la demande {numero} : une autre personne la consigne.").format(
                numero=projet.numero
            ),
            code="meme_personne",
        )
    try:
        return decider_projet(
            projet=projet,
            sens=preparee.sens,
            resolution=resolution,
            adoptee_le=adoptee_le,
            parts=[Part(part.enveloppe, part.exercice, part.montant) for part in preparee.parts.all()],
            motif_public=preparee.motif_public,
            conditions=preparee.conditions,
            auteur=auteur,
            instant=instant,
        )
    except Refus as refus:
        if refus.champ in {"resolution", "adoptee_le"}:
            raise
        raise Refus(_("{numero} : {raison}").format(numero=projet.numero, raison=refus), code=refus.code) from refus
