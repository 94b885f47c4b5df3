"""Rapport final : écrire, soumettre, renvoyer, accepter; le solde se calcule et le reste revient à l'enveloppe (R33)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alliances.services import grand_livre
from comptes.models import Utilisateur
from projets.enums import EtatRapport, EtatVersement
from projets.etats import RAPPORT, VERSEMENT
from projets.models import Convention, DepenseReelle, RapportProjet, ResultatAttendu
from projets.regles import depense_admissible, solde_final
from projets.sections import demande_de
from projets.services.conventions import completer_si_finie
from projets.services.versements import engagements_de
from socle import courriels
from socle.argent import ZERO
from socle.erreurs import Refus
from socle.etats import verifier_droit
from socle.exercices import exercice_de
from socle.formats import argent_cents
from socle.horloge import EST

MODIFIABLE = (EtatRapport.BROUILLON, EtatRapport.A_CORRIGER)


@transaction.atomic
def enregistrer_rapport(
    *,
    rapport: RapportProjet,
    champs: Mapping[str, Any],
    reelles: Mapping[int, Decimal],
    obtenus: Mapping[int, int | None],
    auteur: Utilisateur,
) -> RapportProjet:
    """Enregistre le rapport : textes, réel par dépense (clé de la dépense) et par résultat. Refuse un rapport soumis."""
    rapport = (
        RapportProjet.objects.select_for_update(of=("self",), no_key=True)
        .select_related("convention__projet")
        .get(pk=rapport.pk)
    )
    verifier_droit(auteur, "projets.modifier_rapport", rapport, _("Écrire le rapport"))
    if rapport.etat not in MODIFIABLE:
        raise Refus(
            _("Ce rapport est soumis : il ne se modifie plus, sauf si la coordination demande une correction."),
            code="etat",
        )
    projet = rapport.convention.projet
    acceptation = projet.decision.adoptee_le
    total = ZERO
    for depense in projet.depenses.all():
        montant = reelles.get(depense.pk, ZERO)
        DepenseReelle.objects.update_or_create(depense=depense, defaults={"rapport": rapport, "montant": montant})
        total += montant if depense_admissible(depense.categorie, depense.engagee_le, acceptation) else ZERO
    for resultat in projet.resultats.filter(pk__in=obtenus):
        ResultatAttendu.objects.filter(pk=resultat.pk).update(obtenu=obtenus[resultat.pk])
    for nom, valeur in {**champs, "depenses_reelles": total}.items():
        setattr(rapport, nom, valeur)
    rapport.save(update_fields=[*champs, "depenses_reelles"])
    return rapport


@transaction.atomic
def soumettre_rapport(*, rapport: RapportProjet, auteur: Utilisateur, instant: datetime) -> RapportProjet:
    """Soumet le rapport. Refuse s'il manque ce qui a été réalisé, les personnes rejointes ou les dépenses réelles."""
    manques = [
        nom
        for nom, vide in (
            (_("ce qui a été réalisé"), not rapport.realisations.strip()),
            (_("le nombre de personnes rejointes"), rapport.personnes_rejointes is None),
            (_("les dépenses réelles"), not rapport.depenses_reelles),
        )
        if vide
    ]
    if manques:
        raise Refus(
            _("Il manque : {liste}. Remplissez, enregistrez, puis soumettez.").format(liste=", ".join(manques)),
            code="incomplet",
        )
    return RAPPORT.appliquer(
        rapport, "soumettre", auteur=auteur, instant=instant, soumis_le=instant, soumis_par=auteur, correction=""
    )


@transaction.atomic
def renvoyer_rapport(
    *, rapport: RapportProjet, correction: str, auteur: Utilisateur, instant: datetime
) -> RapportProjet:
    """Demande une correction, dite en mots. Refuse sans explication."""
    if not correction.strip():
        raise Refus(_("Écrivez ce qui est à corriger : l’organisme le lira."), code="motif", champ="correction")
    rapport = RAPPORT.appliquer(
        rapport, "renvoyer", auteur=auteur, instant=instant, correction=correction, motif=correction
    )
    projet = rapport.convention.projet
    courriels.ecrire(
        "projets/correction",
        destinataire=(rapport.soumis_par.email if rapport.soumis_par else projet.organisme.courriel),
        instant=instant,
        objet=_("Rapport à corriger : {numero}").format(numero=projet.numero),
        objet_lie=projet,
        cle=f"correction:{rapport.pk}:{instant.isoformat()}",
        mandataire_code=projet.entente.mandataire.code,
        contexte={"projet": projet, "rapport": rapport, "lien": courriels.adresse_absolue(projet.get_absolute_url())},
    )
    return rapport


def solde_de(convention: Convention) -> Decimal:
    """R33 : ce qui reste dû (positif) ou à recouvrer (négatif), d'après le rapport.

    Un versement approuvé se paiera : il compte comme versé, sinon le solde le paierait une seconde fois.
    """
    projet = convention.projet
    demande = demande_de(projet, projet.depenses.all(), projet.financements.all())
    taux = min(convention.montant / demande.admissible, Decimal(1)) if demande.admissible else Decimal(1)
    engages = {EtatVersement.APPROUVE, EtatVersement.PAYE}
    verse = sum((v.montant for v in convention.versements.all() if v.etat in engages), ZERO)
    return solde_final(
        octroi=convention.montant,
        reel_admissible=convention.rapport.depenses_reelles,
        taux=taux,
        verse=verse,
        autres_publics=demande.autres_publics,
        cumul_max=projet.appel.aide.cumul_max,
    )


@transaction.atomic
def accepter_rapport(*, rapport: RapportProjet, auteur: Utilisateur, instant: datetime) -> RapportProjet:
    """Accepte le rapport : le dernier versement devient le solde dû (R33), le reste revient à l'enveloppe.

    Un trop-versé se note au journal, au cent, pour recouvrement. Refuse un rapport non soumis, ou un exercice fermé.
    """
    convention = (
        Convention.objects.select_for_update(of=("self",), no_key=True)
        .select_related("projet__appel")
        .get(pk=rapport.convention_id)
    )
    solde = solde_de(convention)
    motif = (
        _("Trop-versé de {montant}, à recouvrer.").format(montant=argent_cents(-solde))
        if solde < 0
        else _("Rien ne reste dû.")
    )
    rapport = RAPPORT.appliquer(
        convention.rapport,
        "accepter",
        auteur=auteur,
        instant=instant,
        accepte_le=instant,
        motif=motif if solde < 0 else "",
    )
    _ajuster_versements(convention, max(solde, ZERO), motif, auteur, instant)
    _degager_reste(convention, auteur, instant)
    completer_si_finie(convention, instant)
    return rapport


def _ajuster_versements(
    convention: Convention, a_verser: Decimal, motif: str, auteur: Utilisateur, instant: datetime
) -> None:
    for versement in convention.versements.filter(etat=EtatVersement.PREVU).order_by("rang"):
        montant = min(versement.montant, a_verser)
        a_verser -= montant
        if montant == versement.montant:
            continue
        if montant > 0:
            versement.montant = montant
            versement.save(update_fields=["montant"])
            continue
        VERSEMENT.appliquer(versement, "annuler", auteur=auteur, instant=instant, motif=motif)


def _degager_reste(convention: Convention, auteur: Utilisateur, instant: datetime) -> None:
    """Rend à l'enveloppe l'engagé qui ne sera pas versé, du dernier engagement au premier."""
    a_verser = sum(
        (v.montant for v in convention.versements.exclude(etat__in=[EtatVersement.PAYE, EtatVersement.ANNULE])), ZERO
    )
    engagements = engagements_de(convention.projet)
    surplus = sum((e.montant - e.verse for e in engagements), ZERO) - a_verser
    for engagement in reversed(engagements):
        part = min(surplus, engagement.montant - engagement.verse)
        if part > 0:
            grand_livre.degager(
                engagement,
                part,
                exercice=exercice_de(instant.astimezone(EST).date()),
                auteur=auteur,
                instant=instant,
                motif=_("Solde du rapport final"),
                cle=f"solde:{convention.pk}:{engagement.pk}",
            )
            surplus -= part
