"""L'organisme : l'inscrire, tenir sa fiche, confirmer une correction proposée (décision 10)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from comptes.enums import EtatDemande
from comptes.models import Adhesion, CorrectionOrganisme, Organisme, Utilisateur
from comptes.requetes import courriels_des_membres
from socle import courriels
from socle.erreurs import Refus
from socle.etats import noter_transition, verifier_droit

CORRIGEABLES = ("nom", "neq", "forme", "adresse", "ville", "code_postal", "telephone", "courriel")


@transaction.atomic
def creer_organisme(*, utilisateur: Utilisateur, instant: datetime, **champs: Any) -> Organisme:
    """Crée l'organisme; la personne en devient membre, avec le mandat de déposer et la signature.

    Refuse un NEQ déjà inscrit (R44) : on rejoint un organisme par invitation, ou par une demande qu'un membre confirme.
    """
    neq = champs.get("neq")
    if neq and Organisme.objects.filter(neq=neq).exists():
        raise Refus(
            _(
                "Un organisme est déjà inscrit avec le NEQ {neq}. Demandez à l’un de ses membres de vous inviter, ou"
                " demandez à le rejoindre."
            ).format(neq=neq),
            code="neq_pris",
            champ="neq",
        )
    organisme = Organisme.objects.create(**champs, cree_le=instant)
    Adhesion.objects.create(
        utilisateur=utilisateur, organisme=organisme, mandat_de_deposer=True, signataire=True, depuis=instant
    )
    utilisateur.__dict__.pop("portees", None)
    return organisme


@transaction.atomic
def modifier_organisme(*, organisme: Organisme, auteur: Utilisateur, **champs: Any) -> Organisme:
    """Met à jour la fiche de l'organisme. Refuse un NEQ porté par un autre organisme."""
    verifier_droit(auteur, "comptes.modifier_organisme", organisme, _("Modifier la fiche"))
    neq = champs.get("neq")
    if neq and Organisme.objects.filter(neq=neq).exclude(pk=organisme.pk).exists():
        raise Refus(
            _("Un autre organisme est déjà inscrit avec le NEQ {neq}. Vérifiez-le au Registre des entreprises.").format(
                neq=neq
            ),
            code="neq_pris",
            champ="neq",
        )
    for nom, valeur in champs.items():
        setattr(organisme, nom, valeur)
    organisme.save(update_fields=list(champs))
    return organisme


@transaction.atomic
def proposer_correction(
    *, organisme: Organisme, champs: dict[str, Any], motif: str, nom_auteur: str, auteur: Utilisateur, instant: datetime
) -> CorrectionOrganisme:
    """Propose des valeurs à la fiche; rien ne change avant qu'un membre confirme. Le droit se vérifie chez l'appelant.

    `nom_auteur` : qui propose, tel que l'organisme le lira. Refuse : rien de changé, sans motif, une correction en attente.
    """
    Organisme.objects.select_for_update(no_key=True).get(pk=organisme.pk)
    changes = {
        nom: v for nom, v in champs.items() if nom in CORRIGEABLES and (v or "") != (getattr(organisme, nom) or "")
    }
    if not changes:
        raise Refus(_("Aucune valeur ne change : corrigez au moins un champ."), code="vide")
    if not motif.strip():
        raise Refus(_("Dites d’où vient la correction : l’organisme le lira."), code="motif", champ="motif")
    if organisme.corrections.filter(etat=EtatDemande.EN_ATTENTE).exists():
        raise Refus(_("Une correction attend déjà la réponse de l’organisme."), code="attente")
    correction = CorrectionOrganisme.objects.create(
        organisme=organisme,
        champs=changes,
        motif=motif.strip(),
        propose_par_nom=nom_auteur,
        proposee_par=auteur,
        proposee_le=instant,
    )
    noter_transition(correction, action="proposer", de="", vers=correction.etat, auteur=auteur, instant=instant)
    for adresse in courriels_des_membres([organisme.pk]).get(organisme.pk, ()):
        courriels.ecrire(
            "comptes/correction",
            destinataire=adresse,
            objet=_("Une correction à confirmer : {organisme}").format(organisme=organisme.nom),
            instant=instant,
            cle=f"correction:{correction.pk}:{adresse}",
            objet_lie=organisme,
            contexte={
                "organisme": organisme,
                "correction": correction,
                "lien": courriels.adresse_absolue(reverse("comptes:organisme", args=[organisme.uuid])),
            },
        )
    return correction


@transaction.atomic
def trancher_correction(
    *, correction: CorrectionOrganisme, confirmer: bool, auteur: Utilisateur, instant: datetime
) -> CorrectionOrganisme:
    """Confirme (la fiche change) ou refuse. Refuse une correction déjà tranchée, ou un NEQ pris entre-temps."""
    correction = (
        CorrectionOrganisme.objects.select_for_update(of=("self",)).select_related("organisme").get(pk=correction.pk)
    )
    verifier_droit(auteur, "comptes.modifier_organisme", correction.organisme, _("Confirmer la correction"))
    if correction.etat != EtatDemande.EN_ATTENTE:
        raise Refus(_("Cette correction est déjà tranchée."), code="etat")
    if confirmer:
        modifier_organisme(organisme=correction.organisme, auteur=auteur, **correction.champs)
    depart, correction.etat = correction.etat, EtatDemande.CONFIRMEE if confirmer else EtatDemande.REFUSEE
    correction.traitee_par, correction.traitee_le = auteur, instant
    correction.save(update_fields=["etat", "traitee_par", "traitee_le"])
    noter_transition(correction, action="trancher", de=depart, vers=correction.etat, auteur=auteur, instant=instant)
    return correction
