"""Courriels : écrits dans la transaction d'affaires, envoyés par le travailleur (décision 17).

SMTP ne permet pas « exactement une fois » : au plus une fois par essai. Un envoi dont on ignore l'issue est marqué
« incertain » et montré; il n'est jamais renvoyé en silence.
"""

import smtplib
from datetime import datetime
from email.utils import make_msgid
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import models
from django.template.loader import render_to_string

from socle.boite import ESSAIS_MAX, Demande, ServiceInjoignable, mettre_en_file
from socle.horloge import maintenant
from socle.models.boite import Courriel, EtatCourriel


class RefusPassager(Exception):
    """Un refus 4xx, sans l'adresse de la personne : les journaux n'en gardent aucune."""


def adresse_absolue(chemin: str) -> str:
    """Adresse complète d'une page, pour un courriel ou un code QR."""
    return f"{settings.ADRESSE_PUBLIQUE}{chemin}"


def ecrire(
    genre: str,
    *,
    destinataire: str,
    objet: str,
    contexte: dict[str, Any],
    instant: datetime,
    cle: str | None = None,
    objet_lie: models.Model | None = None,
    mandataire_code: str = "",
) -> Courriel | None:
    """Écrit le courriel `genre` (gabarit `courriels/<genre>.txt`, mis en page par `courriels/message.html`) et le met en boîte.

    Rend `None` si la clé a déjà servi : rien n'est écrit deux fois. À appeler dans la transaction de l'acte.
    """
    if cle is not None and Courriel.objects.filter(cle=cle).exists():
        return None
    texte = render_to_string(f"courriels/{genre}.txt", {**contexte, "objet": objet}).strip() + "\n"
    return mettre_en_boite(
        genre=genre,
        destinataire=destinataire,
        objet=objet,
        texte=texte,
        html=render_to_string(
            "courriels/message.html", {"objet": objet, "texte": texte, "adresse_portail": settings.ADRESSE_PUBLIQUE}
        ),
        instant=instant,
        cle=cle,
        objet_lie=objet_lie,
        mandataire_code=mandataire_code,
    )


def mettre_en_boite(
    *,
    genre: str,
    destinataire: str,
    objet: str,
    texte: str,
    html: str = "",
    instant: datetime,
    cle: str | None = None,
    objet_lie: models.Model | None = None,
    mandataire_code: str = "",
) -> Courriel:
    """Range un courriel déjà composé et demande son envoi."""
    courriel = Courriel.objects.create(
        genre=genre,
        destinataire=destinataire,
        objet=" ".join(objet.split())[:200],
        texte=texte,
        html=html,
        cle=cle,
        message_id=make_msgid(domain=settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")),
        objet_type=objet_lie._meta.label_lower if objet_lie else "",
        objet_id=objet_lie.pk if objet_lie else None,
        mandataire_code=mandataire_code,
        cree_le=instant,
    )
    mettre_en_file(
        Demande("socle.envoyer_courriel", {"courriel_id": courriel.pk}, cle=f"courriel:{courriel.pk}"), instant=instant
    )
    return courriel


def envoyer(courriel_id: int) -> None:
    """Envoie le courriel au plus une fois par essai. Les refus clairs et passagers lèvent : la boîte réessaiera."""
    courriel = Courriel.objects.get(pk=courriel_id)
    if courriel.etat == EtatCourriel.EN_COURS:
        _marquer(courriel, EtatCourriel.AMBIGU, "Un essai précédent s’est interrompu pendant l’envoi.")
        return
    if courriel.etat != EtatCourriel.A_ENVOYER:
        return
    connexion = get_connection()
    try:
        connexion.open()  # un serveur injoignable échoue ici, avant tout envoi : on peut réessayer sans doute
    except OSError as erreur:
        raise ServiceInjoignable(f"Serveur de courriel injoignable : {erreur}") from erreur
    courriel.essais += 1
    _marquer(courriel, EtatCourriel.EN_COURS)
    try:
        _composer(courriel, connexion).send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refus:
        _apres_refus(courriel, refus)
    except OSError as erreur:  # coupure ou délai après le début de l'envoi : l'issue est inconnue
        _marquer(courriel, EtatCourriel.AMBIGU, str(erreur))
    else:
        courriel.envoye_le = maintenant()
        _marquer(courriel, EtatCourriel.ENVOYE)
    finally:
        connexion.close()


def _composer(courriel: Courriel, connexion: Any) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        courriel.objet,
        courriel.texte,
        to=[courriel.destinataire],
        headers={"Message-ID": courriel.message_id},
        connection=connexion,
    )
    if courriel.html:
        message.attach_alternative(courriel.html, "text/html")
    return message


def _apres_refus(courriel: Courriel, refus: smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused) -> None:
    """Refus du serveur : définitif (5xx, ou 4xx jusqu'au dernier essai), ou passager et la boîte d'envoi réessaie."""
    reponses = (
        list(refus.recipients.values()) if isinstance(refus, smtplib.SMTPRecipientsRefused) else [(refus.smtp_code, "")]
    )
    if courriel.essais >= ESSAIS_MAX or all(code >= 500 for code, _texte in reponses):  # noqa: PLR2004
        _marquer(courriel, EtatCourriel.ECHEC, str(refus))
        return
    _marquer(courriel, EtatCourriel.A_ENVOYER, str(refus))
    codes = ", ".join(str(code) for code, _texte in reponses)
    raise RefusPassager(f"Le serveur de courriel répond {codes} : nouvel essai plus tard.") from None


def _marquer(courriel: Courriel, etat: str, erreur: str = "") -> None:
    courriel.etat, courriel.erreur = etat, erreur[:2000]
    courriel.save(update_fields=["etat", "erreur", "essais", "envoye_le"])
