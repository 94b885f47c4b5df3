"""Ce qui se passe après un dépôt : une demande de précision ouverte, une répondue, un fil de messages."""

from datetime import datetime, timedelta

from comptes.models import Utilisateur
from projets.models import DemandePrecision, Message, Projet
from projets.services.messages import ecrire_message
from projets.services.precisions import demander_precisions, enregistrer_precisions, repondre_precisions
from socle.formats import jour_local

FIL = (
    ("organismes", "Bonjour, notre lettre d’appui de la municipalité arrivera la semaine prochaine. Est-ce possible?"),
    ("coordination", "Oui : joignez-la dans « Pièces » avant la date limite inscrite à votre accusé."),
    (
        "organismes",
        "Merci. Une autre question : le local est prêté, faut-il l’inscrire comme une contribution en nature?",
    ),
)


def charger_echanges(personnes: dict[str, Utilisateur], instant: datetime) -> None:
    """Sur deux demandes déposées de l'appel du jour; une fois seulement."""
    if DemandePrecision.objects.exists() or Message.objects.exists():
        return
    deposes = Projet.objects.filter(entente__code="02-2024", etat="depose").select_related("entente__mandataire")
    ouvert, repondu = deposes.order_by("depose_le")[:2]
    coordination, promoteur = personnes["coordination"], personnes["organismes"]
    _precision_repondue(repondu, coordination, promoteur, instant - timedelta(days=3))
    demander_precisions(
        projet=ouvert,
        champs=["besoin", "personnes_visees", "depenses"],
        message="Combien de personnes ne sont pas rejointes aujourd’hui?\nLe poste « Déplacements » couvre-t-il aussi le transport des personnes?",
        limite=jour_local(instant, ouvert.appel.fuseau) + timedelta(days=6),
        auteur=coordination,
        instant=instant - timedelta(days=2),
    )
    for rang, (qui, texte) in enumerate(FIL):
        ecrire_message(
            projet=ouvert, texte=texte, auteur=personnes[qui], instant=instant - timedelta(hours=60 - 20 * rang)
        )


def _precision_repondue(projet: Projet, coordination: Utilisateur, promoteur: Utilisateur, instant: datetime) -> None:
    demande = demander_precisions(
        projet=projet,
        champs=["objectifs", "personnes_visees"],
        message="Précisez vos objectifs en nombres.",
        limite=jour_local(instant, projet.appel.fuseau) + timedelta(days=10),
        auteur=coordination,
        instant=instant - timedelta(days=1),
    )
    demande = enregistrer_precisions(
        demande=demande,
        valeurs={
            "objectifs": "Rejoindre 80 personnes, tenir 24 rencontres, former 12 bénévoles.",
            "personnes_visees": 80,
        },
        mot="Nous avons compté avec la table locale.",
        version=0,
        auteur=promoteur,
        instant=instant,
    )
    repondre_precisions(demande=demande, auteur=promoteur, instant=instant)
