"""Les lettres de décision : rédigées du modèle de l'entente, relues par une personne, puis envoyées, une à une ou en lot (R27, R29)."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from alliances.models import Entente
from appels.models import Appel
from comptes.models import Utilisateur
from projets.enums import EtatEvaluation, EtatLettre, GenreLettre, SensDecision
from projets.models import Decision, Lettre, ModeleLettre, Note, Projet
from projets.publipostage import champs_inconnus, composer, genre_de, modele_type, valeurs_de_la_lettre
from projets.services.documents import demander_document
from socle import courriels
from socle.erreurs import Refus
from socle.etats import verifier_droit

FORCE, FAIBLESSE = Decimal("0.75"), Decimal("0.5")


def modele_en_vigueur(entente: Entente, genre: str) -> tuple[str, str]:
    """L'objet et le texte du genre : la dernière version de l'entente, sinon le modèle type."""
    ecrit = entente.modeles_lettres.filter(genre=genre).order_by("-ecrit_le", "-pk").first()
    return (ecrit.objet, ecrit.corps) if ecrit else modele_type(genre)


@transaction.atomic
def ecrire_modele(
    *, entente: Entente, genre: str, objet: str, corps: str, auteur: Utilisateur, instant: datetime
) -> ModeleLettre:
    """Écrit une version de plus du modèle; les lettres déjà rédigées ne changent pas. Refuse un champ que personne ne sait remplir."""
    verifier_droit(auteur, "projets.ecrire_modele_lettre", entente, _("Écrire un modèle de lettre"))
    if not objet.strip() or not corps.strip():
        raise Refus(_("Un modèle a un objet et un texte."), code="vide", champ="corps")
    if inconnus := champs_inconnus(objet, corps):
        raise Refus(
            _(
                "Ce champ n’existe pas : {champ}. Prenez-en un dans la liste, sans rien changer entre les crochets."
            ).format(champ=", ".join(f"[{nom}]" for nom in inconnus)),
            code="champ",
            champ="corps",
        )
    return ModeleLettre.objects.create(
        entente=entente,
        genre=GenreLettre(genre),
        objet=objet.strip(),
        corps=corps.strip(),
        auteur=auteur,
        ecrit_le=instant,
    )


def rediger_lettre(decision: Decision, projet: Projet) -> Lettre:
    """La lettre à relire, composée du modèle en vigueur; une décision révisée en a une neuve."""
    genre = genre_de(decision, projet)
    objet, corps = modele_en_vigueur(projet.entente, genre)
    retour = retroaction_proposee(projet) if decision.sens != SensDecision.ACCEPTER else ""
    valeurs = valeurs_de_la_lettre(decision, projet, retour)
    lettre, _neuve = Lettre.objects.update_or_create(
        decision=decision,
        defaults={
            "entente": projet.entente,
            "objet": " ".join(composer(objet, valeurs).split())[:200],
            "corps": composer(corps, valeurs),
            "etat": EtatLettre.REDIGEE,
            "fichier": None,
            "courriel": None,
            **dict.fromkeys(("relue_par", "relue_le", "envoyee_par", "envoyee_le")),
        },
    )
    return lettre


def retroaction_proposee(projet: Projet) -> str:
    """Ce que les notes soumises disent des critères, en mots et sans note; une personne la relit toujours."""
    parts: dict[str, list[Decimal]] = {}
    notes = Note.objects.filter(
        evaluation__projet=projet, evaluation__etat=EtatEvaluation.SOUMISE, valeur__isnull=False
    ).select_related("critere")
    for note in notes.order_by("critere__ordre"):
        parts.setdefault(note.critere.libelle, []).append(Decimal(note.valeur or 0) / note.critere.maximum)
    moyennes = {libelle: sum(valeurs, Decimal(0)) / len(valeurs) for libelle, valeurs in parts.items()}
    forces = [libelle for libelle, moyenne in moyennes.items() if moyenne >= FORCE]
    faibles = [libelle for libelle, moyenne in moyennes.items() if moyenne < FAIBLESSE]
    phrases = []
    if forces:
        phrases.append(_("Le comité a apprécié : {criteres}.").format(criteres=", ".join(forces)))
    if faibles:
        phrases.append(
            _("Pour une prochaine demande, il propose de renforcer : {criteres}.").format(criteres=", ".join(faibles))
        )
    return " ".join(phrases)


def _verrouiller(lettre: Lettre) -> Lettre:
    return (
        Lettre.objects.select_for_update(of=("self",), no_key=True)
        .select_related("decision__projet__organisme", "decision__projet__entente__mandataire")
        .get(pk=lettre.pk)
    )


@transaction.atomic
def corriger_lettre(*, lettre: Lettre, objet: str, corps: str, auteur: Utilisateur) -> Lettre:
    """Corrige la lettre, qui redevient à relire. Refuse une lettre partie, ou un champ resté entre crochets."""
    lettre = _verrouiller(lettre)
    verifier_droit(auteur, "projets.envoyer_lettre", lettre.decision.projet, _("Corriger la lettre"))
    if lettre.etat == EtatLettre.ENVOYEE:
        raise Refus(_("Cette lettre est envoyée : elle ne se corrige plus."), code="etat")
    if (lettre.objet, lettre.corps) != (objet, corps):
        lettre.objet, lettre.corps, lettre.etat = objet, corps, EtatLettre.REDIGEE
        lettre.relue_par = lettre.relue_le = None
        lettre.save(update_fields=["objet", "corps", "etat", "relue_par", "relue_le"])
    return lettre


@transaction.atomic
def relire_lettre(*, lettre: Lettre, auteur: Utilisateur, instant: datetime) -> Lettre:
    """Marque la lettre relue : elle peut partir. Refuse une lettre envoyée, ou vide."""
    lettre = _verrouiller(lettre)
    verifier_droit(auteur, "projets.envoyer_lettre", lettre.decision.projet, _("Relire la lettre"))
    if lettre.etat == EtatLettre.ENVOYEE:
        raise Refus(_("Cette lettre est déjà envoyée."), code="etat")
    if not lettre.objet.strip() or not lettre.corps.strip():
        raise Refus(_("La lettre est vide : écrivez-la avant de la marquer relue."), code="vide", champ="corps")
    lettre.etat, lettre.relue_par, lettre.relue_le = EtatLettre.RELUE, auteur, instant
    lettre.save(update_fields=["etat", "relue_par", "relue_le"])
    return lettre


@transaction.atomic
def envoyer_lettre(*, lettre: Lettre, auteur: Utilisateur | None, instant: datetime) -> Lettre:
    """Envoie la lettre relue : un courriel en boîte d'envoi par membre de l'organisme qui a le mandat, le PDF par Celery.

    Refuse une lettre déjà envoyée, ou que personne n'a relue. `auteur` nul : l'heure de l'annonce l'envoie.
    """
    lettre = _verrouiller(lettre)
    projet = lettre.decision.projet
    verifier_droit(auteur, "projets.envoyer_lettre", projet, _("Envoyer la lettre"))
    if lettre.etat == EtatLettre.ENVOYEE:
        raise Refus(_("Cette lettre est déjà envoyée."), code="etat")
    if lettre.etat != EtatLettre.RELUE:
        raise Refus(_("Personne n’a encore relu cette lettre : relisez-la d’abord."), code="relire")
    premier = None
    for adresse in _destinataires(projet):
        courriel = courriels.ecrire(
            "projets/decision",
            destinataire=adresse,
            instant=instant,
            objet=lettre.objet,
            objet_lie=projet,
            cle=f"lettre:{lettre.pk}:{lettre.decision.consignee_le.isoformat()}:{adresse}",
            mandataire_code=projet.entente.mandataire.code,
            contexte={"lettre": lettre, "projet": projet, "lien": courriels.adresse_absolue(projet.get_absolute_url())},
        )
        premier = premier or courriel
    envoyee_par: Utilisateur | None = auteur or lettre.relue_par  # type: ignore[assignment]  # PERSONNE : un champ décrit par dictionnaire
    lettre.etat, lettre.envoyee_le, lettre.envoyee_par, lettre.courriel = (
        EtatLettre.ENVOYEE,
        instant,
        envoyee_par,
        premier,
    )
    lettre.save(update_fields=["etat", "envoyee_le", "envoyee_par", "courriel"])
    demander_document("lettre", projet, objet_id=lettre.pk, demande_par=envoyee_par, instant=instant)
    return lettre


def _destinataires(projet: Projet) -> list[str]:
    adresses = [
        adhesion.utilisateur.email
        for adhesion in projet.organisme.adhesions.filter(retiree_le__isnull=True, mandat_de_deposer=True)
        .select_related("utilisateur")
        .order_by("id")
    ]
    return [adresse for adresse in (adresses or [projet.organisme.courriel]) if adresse]


@transaction.atomic
def envoyer_lettres_relues(*, appel: Appel, instant: datetime) -> list[Lettre]:
    """À l'heure de l'annonce : toutes les lettres relues de l'appel partent; celles que personne n'a relues restent, et se montrent."""
    lettres = Lettre.objects.filter(decision__projet__appel=appel, etat=EtatLettre.RELUE).order_by("pk")
    return [envoyer_lettre(lettre=lettre, auteur=None, instant=instant) for lettre in lettres]
