"""Le fil d'un dossier : écrire à l'autre côté, marquer lu. Rien ne s'efface."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from alliances.requetes.adresses import coordinations
from comptes.models import Utilisateur
from comptes.requetes import courriels_des_membres
from projets.models import LectureFil, Message, Projet
from socle import courriels
from socle.erreurs import Refus
from socle.etats import verifier_droit

LONGUEUR_MAX = 5000


@transaction.atomic
def ecrire_message(*, projet: Projet, texte: str, auteur: Utilisateur, instant: datetime) -> Message:
    """Ajoute un message au fil et prévient l'autre côté par courriel, sans y répéter le message.

    Refuse : un message vide ou trop long, une personne qui n'est ni de l'organisme ni de la coordination. Le même texte
    envoyé deux fois de suite par la même personne (double clic, page relue) n'est écrit qu'une fois.
    """
    verifier_droit(auteur, "projets.ecrire_message", projet, _("Écrire un message"))
    texte = texte.replace("\r\n", "\n").strip()
    if not texte:
        raise Refus(_("Écrivez votre message."), code="vide", champ="texte")
    if len(texte) > LONGUEUR_MAX:
        raise Refus(
            _("Votre message compte {n} caractères; le maximum est {maximum}. Coupez-le en deux.").format(
                n=len(texte), maximum=LONGUEUR_MAX
            ),
            code="long",
            champ="texte",
        )
    Projet.objects.select_for_update(of=("self",), no_key=True).get(pk=projet.pk)
    dernier = Message.objects.filter(projet=projet).order_by("-id").first()
    if dernier is not None and (dernier.auteur_id, dernier.texte) == (auteur.pk, texte):
        return dernier
    message = Message.objects.create(
        entente=projet.entente,
        projet=projet,
        auteur=auteur,
        de_l_organisme=projet.organisme_id in auteur.portees.organismes,
        texte=texte,
        instant=instant,
    )
    marquer_lu(projet=projet, lecteur=auteur)
    for adresse in _destinataires(message, instant):
        _aviser(message, adresse, instant)
    return message


@transaction.atomic
def marquer_lu(*, projet: Projet, lecteur: Utilisateur) -> None:
    """Note que la personne a lu le fil jusqu'au dernier message; sans message, ne fait rien."""
    dernier = Message.objects.filter(projet=projet).order_by("-id").first()
    if dernier is not None:
        LectureFil.objects.update_or_create(projet=projet, utilisateur=lecteur, defaults={"dernier": dernier})


def _destinataires(message: Message, instant: datetime) -> tuple[str, ...]:
    projet = message.projet
    if message.de_l_organisme:
        mandataire = projet.entente.mandataire_id
        return coordinations([mandataire], instant).get(mandataire, ()) or (projet.appel.contact_courriel,)
    return courriels_des_membres([projet.organisme_id]).get(projet.organisme_id, ())


def _aviser(message: Message, adresse: str, instant: datetime) -> None:
    projet = message.projet
    page = "projets:messages" if not message.de_l_organisme else "admin:projets_projet_messages"
    cle = projet.uuid if not message.de_l_organisme else projet.pk
    courriels.ecrire(
        "projets/message",
        destinataire=adresse,
        instant=instant,
        cle=f"message:{message.pk}:{adresse}",
        objet=_("Un message vous attend : {numero}").format(numero=projet.numero),
        objet_lie=projet,
        mandataire_code=projet.entente.mandataire.code,
        contexte={
            "projet": projet,
            "de": projet.organisme.nom if message.de_l_organisme else projet.entente.mandataire.enseigne,
            "lien": courriels.adresse_absolue(reverse(page, args=[cle])),
        },
    )
