"""Tenir un dossier : qui en est responsable, dans quelle enveloppe il se range, ce qu'on en a noté, ce qu'on relance."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from alliances.models import Affectation, Enveloppe
from comptes.enums import Role
from comptes.models import Utilisateur
from comptes.requetes import courriels_des_membres
from projets.enums import A_L_ETUDE, DECIDES, EtatProjet, GenreNote
from projets.models import NoteInterne, Projet
from projets.pieces import limite_des_pieces, pieces_recevables
from projets.requetes.manques import pieces_attendues
from socle import courriels
from socle.erreurs import Refus
from socle.etats import noter_transition, verifier_droit
from socle.formats import jour_local
from socle.models import TransitionEtat

LIENS = ("appel", "organisme", "enveloppe", "zone", "responsable", "entente__mandataire")
NOM_MAX = 40  # ce que le journal garde d'un passage
FINIS = (*DECIDES, EtatProjet.RETIRE, EtatProjet.BROUILLON)


def _verrouiller(projet: Projet) -> Projet:
    return Projet.objects.select_for_update(of=("self",), no_key=True).select_related(*LIENS).get(pk=projet.pk)


def responsables_possibles(mandataire_ids: set[int], instant: datetime) -> list[Utilisateur]:
    """Qui peut répondre d'un dossier chez ces mandataires : la coordination et les agents territoriaux en poste."""
    affectations = Affectation.objects.en_vigueur(jour_local(instant)).filter(
        role__in=[Role.COORDINATION, Role.AGENT], mandataire__in=mandataire_ids
    )
    return list(
        Utilisateur.objects.filter(pk__in=affectations.values("utilisateur"), is_active=True).order_by("nom", "email")
    )


def _peut_repondre(personne: Utilisateur, projet: Projet, instant: datetime) -> bool:
    """La coordination du mandataire, ou l'agent du territoire du dossier."""
    territoire = projet.enveloppe.territoire_id if projet.enveloppe else None
    roles = Q(role=Role.COORDINATION)
    if territoire is not None:
        roles |= Q(role=Role.AGENT, territoire=territoire)
    return (
        personne.is_active
        and Affectation.objects.en_vigueur(jour_local(instant))
        .filter(roles, utilisateur=personne, mandataire=projet.entente.mandataire_id)
        .exists()
    )


@transaction.atomic
def confier_responsabilite(
    *, projet: Projet, personne: Utilisateur | None, auteur: Utilisateur, instant: datetime
) -> Projet:
    """Nomme la personne qui répond du dossier, ou n'en nomme aucune; l'acte reste au journal.

    Refuse : une personne hors de la coordination du mandataire et qui n'est pas l'agent du territoire, ou déjà responsable.
    """
    projet = _verrouiller(projet)
    verifier_droit(auteur, "projets.confier_dossier", projet, _("Confier le dossier"))
    if projet.responsable_id == (personne.pk if personne else None):
        raise Refus(
            _("{personne} répond déjà de ce dossier.").format(personne=personne)
            if personne
            else _("Personne ne répond encore de ce dossier."),
            code="deja",
            champ="personne",
        )
    if personne is not None and not _peut_repondre(personne, projet, instant):
        raise Refus(
            _(
                "{personne} n’est ni de la coordination, ni agent de ce territoire : choisissez une personne qui peut lire"
                " ce dossier."
            ).format(personne=personne),
            code="personne",
            champ="personne",
        )
    ancien, projet.responsable = projet.responsable, personne
    projet.save(update_fields=["responsable"])
    noter_transition(
        projet,
        action="confier_dossier",
        de=str(ancien or "")[:NOM_MAX],
        vers=str(personne or _("Personne"))[:NOM_MAX],
        auteur=auteur,
        instant=instant,
        motif=_("Responsable du dossier"),
    )
    return projet


@transaction.atomic
def deplacer_projet(
    *, projet: Projet, enveloppe: Enveloppe, motif: str, auteur: Utilisateur, instant: datetime
) -> Projet:
    """Range la demande dans une autre enveloppe de l'entente; son numéro ne change pas.

    Refuse : sans motif, la même enveloppe, une autre entente, une enveloppe d'administration, une demande décidée ou retirée.
    """
    projet = _verrouiller(projet)
    verifier_droit(auteur, "projets.deplacer_projet", projet, _("Déplacer la demande"))
    if projet.etat in FINIS:
        raise Refus(
            _(
                "Cette demande est décidée ou retirée : son enveloppe ne change plus. Une décision se révise par l’instance."
            ),
            code="etat",
        )
    if not motif.strip():
        raise Refus(_("Dites pourquoi la demande change d’enveloppe : le motif reste au dossier."), champ="motif")
    if enveloppe.entente_id != projet.entente_id or enveloppe.nature == "administration":
        raise Refus(
            _("Choisissez une enveloppe territoriale ou régionale de l’entente {entente}.").format(
                entente=projet.entente.code
            ),
            code="enveloppe",
            champ="enveloppe",
        )
    if enveloppe.pk == projet.enveloppe_id:
        raise Refus(_("La demande est déjà dans cette enveloppe."), code="deja", champ="enveloppe")
    ancienne, projet.enveloppe = projet.enveloppe, enveloppe
    projet.save(update_fields=["enveloppe"])
    noter_transition(
        projet,
        action="deplacer",
        de=ancienne.code if ancienne else "",
        vers=enveloppe.code,
        auteur=auteur,
        instant=instant,
        motif=motif.strip(),
    )
    return projet


@transaction.atomic
def noter_appel(
    *, projet: Projet, genre: str, interlocuteur: str, texte: str, auteur: Utilisateur, instant: datetime
) -> NoteInterne:
    """Garde une note interne, souvent un appel téléphonique. L'organisme ne la voit jamais. Refuse une note vide."""
    verifier_droit(auteur, "projets.ecrire_note", projet, _("Écrire une note interne"))
    if not texte.strip():
        raise Refus(_("Écrivez ce qui a été dit ou convenu."), code="vide", champ="texte")
    if genre == GenreNote.APPEL and not interlocuteur.strip():
        raise Refus(
            _("Dites à qui vous avez parlé, par sa fonction : « direction », « comptabilité »…"),
            code="interlocuteur",
            champ="interlocuteur",
        )
    return NoteInterne.objects.create(
        entente_id=projet.entente_id,
        projet=projet,
        genre=genre,
        interlocuteur=interlocuteur.strip(),
        texte=texte.strip(),
        auteur=auteur,
        instant=instant,
    )


@transaction.atomic
def relancer_pieces(*, projet: Projet, mot: str, auteur: Utilisateur, instant: datetime) -> list[str]:
    """Écrit aux membres de l'organisme ce qui manque et jusqu'à quand; rend les adresses.

    Refuse : rien ne manque, le délai est passé, une relance est déjà partie aujourd'hui, aucun membre à qui écrire.
    """
    projet = _verrouiller(projet)
    verifier_droit(auteur, "projets.relancer_pieces", projet, _("Relancer les pièces manquantes"))
    manquantes = pieces_attendues(projet, projet.pieces.all())
    if raison := raison_sans_relance(projet, len(manquantes), instant):
        raise Refus(raison, code="relance")
    jour = jour_local(instant, projet.appel.fuseau)
    deja = TransitionEtat.objects.filter(
        objet_type=Projet._meta.label_lower, objet_id=projet.pk, action="relancer_pieces"
    ).order_by("-instant")
    if (derniere := deja.first()) and jour_local(derniere.instant, projet.appel.fuseau) == jour:
        raise Refus(_("Une relance est déjà partie aujourd’hui."), code="deja")
    adresses = courriels_des_membres([projet.organisme_id]).get(projet.organisme_id, ())
    if not adresses:
        raise Refus(_("Aucun membre actif dans cet organisme : appelez-le."), code="membres")
    for adresse in adresses:
        courriels.ecrire(
            "projets/pieces_manquantes",
            destinataire=adresse,
            instant=instant,
            cle=f"pieces:{projet.pk}:{jour.isoformat()}:{adresse}",
            objet=_("Pièces attendues : {numero}").format(numero=projet.numero),
            objet_lie=projet,
            mandataire_code=projet.entente.mandataire.code,
            contexte={
                "projet": projet,
                "appel": projet.appel,
                "manquantes": manquantes,
                "mot": mot.strip(),
                "limite": limite_des_pieces(projet),
                "lien": courriels.adresse_absolue(reverse("projets:pieces", args=[projet.uuid])),
            },
        )
    noter_transition(
        projet,
        action="relancer_pieces",
        de=projet.etat,
        vers=projet.etat,
        auteur=auteur,
        instant=instant,
        motif=_("Pièces relancées : {pieces}").format(pieces=", ".join(map(str, manquantes))),
    )
    return list(adresses)


def raison_sans_relance(projet: Projet, manquantes: int, instant: datetime) -> str | None:
    """`None` si les pièces se relancent; sinon pourquoi pas."""
    if projet.etat not in A_L_ETUDE:
        return _("La demande n’est plus à l’étude.")
    if not manquantes:
        return _("Aucune pièce exigée ne manque.")
    return pieces_recevables(projet, instant)
