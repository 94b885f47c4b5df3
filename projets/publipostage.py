"""Les lettres à champs : « [titre] », « [montant] »… Un champ inconnu se nomme, jamais ne s'imprime."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as L  # noqa: N812

from projets.enums import GenreLettre, SensDecision
from projets.models import Decision, Projet
from socle.formats import argent_cents, argent_en_lettres, date_longue
from socle.referentiel.ministere import FONDS, nom_du_ministere

CHAMP = re.compile(r"\[([^\[\]\n]{1,40})\]")
CHAMPS: Mapping[str, Any] = {
    "titre": L("titre du projet"),
    "numéro": L("numéro de la demande"),
    "organisme": L("nom de l’organisme"),
    "territoire": L("territoire du projet"),
    "montant": L("montant accordé, en chiffres"),
    "montant en lettres": L("montant accordé, en lettres"),
    "montant demandé": L("montant demandé"),
    "instance": L("instance qui a décidé"),
    "résolution": L("numéro de la résolution"),
    "date": L("date de la résolution"),
    "conditions": L("conditions de l’octroi"),
    "motif": L("motif donné à l’organisme"),
    "rétroaction": L("ce que le comité a retenu, à relire"),
    "fonds": L("nom du fonds"),
    "ministère": L("nom du ministère à cette date"),
    "mandataire": L("nom du mandataire"),
}
VISIBILITE = L(
    "Cette aide provient du [fonds], confié par le [ministère] dans le cadre des Alliances pour la solidarité. Mentionnez-les"
    " dans toute publication au sujet du projet."
)
MODELES: Mapping[str, tuple[Any, tuple[Any, ...]]] = {
    GenreLettre.OCTROI: (
        L("Votre projet « [titre] » est accepté"),
        (
            L(
                "Nous avons le plaisir de vous annoncer que votre projet « [titre] » est accepté. Le [instance] lui accorde une aide de"
                " [montant] ([montant en lettres]), par sa résolution [résolution] du [date]."
            ),
            VISIBILITE,
            "[conditions]",
            L(
                "Prochaine étape : vous recevrez la convention d’aide financière à signer. Aucune dépense antérieure à l’acceptation"
                " n’est admissible."
            ),
        ),
    ),
    GenreLettre.PARTIEL: (
        L("Votre projet « [titre] » est accepté en partie"),
        (
            L(
                "Nous avons le plaisir de vous annoncer que votre projet « [titre] » est accepté en partie. Le [instance] lui accorde une"
                " aide de [montant] ([montant en lettres]), sur les [montant demandé] demandés, par sa résolution [résolution] du [date]."
            ),
            "[motif]",
            VISIBILITE,
            "[conditions]",
            L(
                "Prochaine étape : remettez un budget révisé au montant accordé, dans votre espace. La convention d’aide financière se"
                " prépare ensuite. Aucune dépense antérieure à l’acceptation n’est admissible."
            ),
        ),
    ),
    GenreLettre.ATTENTE: (
        L("Votre projet « [titre] » est sur la liste d’attente"),
        (
            L(
                "Votre projet « [titre] » est sur la liste d’attente, par la résolution [résolution] du [instance], adoptée le [date]."
            ),
            "[motif]",
            "[rétroaction]",
            L("Si un solde se libère dans l’enveloppe de votre territoire, nous communiquerons avec vous."),
        ),
    ),
    GenreLettre.REFUS: (
        L("Décision au sujet de votre projet « [titre] »"),
        (
            L(
                "Nous avons étudié avec attention votre projet « [titre] ». Le [instance] n’a pas pu le retenir, par sa résolution"
                " [résolution] du [date]."
            ),
            L("Motif : [motif]"),
            "[rétroaction]",
            L("La coordination peut vous rencontrer pour en parler et préparer une prochaine demande."),
        ),
    ),
}


def modele_type(genre: str) -> tuple[str, str]:
    """L'objet et le texte d'un genre, quand l'entente n'a pas écrit le sien."""
    objet, paragraphes = MODELES[GenreLettre(genre)]
    return str(objet), "\n\n".join(str(p) for p in paragraphes)


def genre_de(decision: Decision, projet: Projet) -> str:
    """Le genre de lettre que la décision demande."""
    if decision.sens == SensDecision.ACCEPTER:
        partiel = projet.montant_demande is not None and decision.montant < projet.montant_demande
        return GenreLettre.PARTIEL if partiel else GenreLettre.OCTROI
    return GenreLettre.ATTENTE if decision.sens == SensDecision.ATTENTE else GenreLettre.REFUS


def champs_inconnus(*textes: str) -> list[str]:
    """Les champs que personne ne sait remplir, dans l'ordre."""
    return [nom for texte in textes for nom in CHAMP.findall(texte) if nom.lower() not in CHAMPS]


def composer(texte: str, valeurs: Mapping[str, str]) -> str:
    """Remplit les champs; un paragraphe qui ne tient qu'à des champs vides disparaît."""
    paragraphes = []
    for paragraphe in texte.replace("\r\n", "\n").split("\n\n"):
        noms = [nom.lower() for nom in CHAMP.findall(paragraphe)]
        if noms and not any(valeurs.get(nom) for nom in noms):
            continue
        rempli = CHAMP.sub(lambda trouve: valeurs.get(trouve[1].lower(), trouve[0]), paragraphe).strip()
        if rempli:
            paragraphes.append(rempli)
    return "\n\n".join(paragraphes)


def valeurs_de_la_lettre(decision: Decision, projet: Projet, retroaction: str = "") -> dict[str, str]:
    """Les champs d'une décision, en mots."""
    return {
        "titre": projet.titre,
        "numéro": projet.numero or "",
        "organisme": projet.organisme.nom,
        "territoire": projet.enveloppe.libelle if projet.enveloppe else "",
        "montant": argent_cents(decision.montant) if decision.montant else "",
        "montant en lettres": argent_en_lettres(decision.montant) if decision.montant else "",
        "montant demandé": argent_cents(projet.montant_demande),
        "instance": decision.instance,
        "résolution": decision.resolution,
        "date": date_longue(decision.adoptee_le),
        "conditions": _("Conditions : {conditions}").format(conditions=decision.conditions)
        if decision.conditions.strip()
        else "",
        "motif": decision.motif_public.strip(),
        "rétroaction": retroaction,
        "fonds": str(FONDS),
        "ministère": nom_du_ministere(decision.adoptee_le),
        "mandataire": projet.entente.mandataire.nom,
    }
