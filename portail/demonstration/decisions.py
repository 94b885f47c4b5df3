"""Alliance 02 : une décision préparée qui attend sa résolution, un modèle de lettre de l'entente."""

from datetime import datetime

from alliances.models import Entente
from comptes.models import Utilisateur
from projets.enums import GenreLettre, SensDecision
from projets.models import DecisionPreparee, Projet
from projets.publipostage import modele_type
from projets.services.decisions import Part
from projets.services.lettres import ecrire_modele
from projets.services.preparation import preparer_decision
from socle.exercices import exercice_de
from socle.horloge import EST

RENCONTRE = (
    "Nous vous invitons à une rencontre d’une heure, en personne ou par téléphone, pour préparer une prochaine demande."
)


def charger_decisions(personnes: dict[str, Utilisateur], instant: datetime) -> None:
    """Une fois : la première demande recommandée de l'appel courant a sa décision préparée."""
    entente = Entente.objects.get(code="02-2024")
    projet = (
        Projet.objects.filter(entente=entente, etat="recommande")
        .select_related("enveloppe__entente", "recommandation")
        .order_by("numero")
        .first()
    )
    if projet is None or DecisionPreparee.objects.filter(entente=entente).exists():
        return
    coordination, exercice = personnes["coordination"], exercice_de(instant.astimezone(EST).date())
    preparer_decision(
        projet=projet,
        sens=SensDecision.ACCEPTER,
        parts=[Part(projet.enveloppe, exercice, projet.recommandation.montant)],
        conditions="",
        motif_public="",
        auteur=coordination,
        instant=instant,
    )
    objet, corps = modele_type(GenreLettre.REFUS)
    ecrire_modele(
        entente=entente,
        genre=GenreLettre.REFUS,
        objet=objet,
        corps=f"{corps}\n\n{RENCONTRE}",
        auteur=coordination,
        instant=instant,
    )
