"""Construire un appel de la démonstration : montants offerts, pièces, grille 15/50/35, calendrier."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from alliances.models import Entente, Enveloppe
from appels.enums import Gravite
from appels.models import Appel, AppelEnveloppe, Critere, EtapeCalendrier, PieceRequise
from appels.services.cycle import publier_appel
from comptes.enums import FormeJuridique
from comptes.models import Utilisateur
from socle.formats import MOIS

GRILLE = (
    ("rayonnement", "Ampleur et rayonnement", "Combien de personnes, et jusqu’où le projet porte-t-il?", 15, 15),
    ("impact", "Impact sur la communauté", "Que change le projet pour les personnes en situation de pauvreté?", 50, 50),
    (
        "faisabilite",
        "Structure financière et faisabilité",
        "Le budget, l’équipe et le calendrier tiennent-ils?",
        35,
        35,
    ),
)
MOTS = ("Pas du tout", "Un peu", "Assez", "Beaucoup")
CONSIGNES = {
    "rayonnement": "Assez de personnes, aux bons endroits.",
    "impact": "Penser d’abord aux personnes qui vivent la pauvreté.",
    "faisabilite": "Le budget est clair, l’équipe peut le faire.",
}
PIECES = (
    (
        "resolution_ca",
        "Résolution du conseil d’administration",
        "Elle appuie la demande et désigne qui la signe.",
        Gravite.SUITE,
    ),
    (
        "rapport_financier",
        "Dernier rapport financier",
        "Compilation, examen ou audit selon l’aide publique totale.",
        Gravite.SUITE,
    ),
    ("lettres_appui", "Lettres d’appui", "Au moins une, d’un partenaire du territoire.", Gravite.AVERTIT),
    ("statuts", "Statuts ou lettres patentes", "Les plus récents.", Gravite.SUITE),
)
CONDITIONS = {"statuts": [{"genre": "dossier"}]}  # R36
FORMES = [forme for forme in FormeJuridique.values if forme != FormeJuridique.ENTREPRISE]


def creer_appel(
    *,
    entente: Entente,
    rang: int,
    titre: str,
    ouverture: datetime,
    fermeture: datetime,
    fin_max: date,
    reponse: date,
    offres: Mapping[str, Decimal],
    auteur: Utilisateur,
    pieces: bool = True,
    parametres: dict | None = None,
) -> Appel:
    """Crée et publie l'appel, à l'instant de son ouverture."""
    mandataire = entente.mandataire
    appel = Appel.objects.create(
        entente=entente,
        code=f"{entente.code}-{rang}",
        rang=rang,
        titre=titre,
        ouverture=ouverture,
        fermeture=fermeture,
        fuseau=mandataire.fuseau,
        fin_max_projet=fin_max,
        reponse_visee=reponse,
        parametres=parametres or {},
        resume=f"Un soutien aux projets qui luttent contre la pauvreté et l’exclusion sociale dans la région : {mandataire.territoire}.",
        contact_nom=mandataire.enseigne,
        contact_courriel=mandataire.courriel or "coordination@demo.example",
        contact_telephone=mandataire.telephone or "4185550100",
        contact_heures="du lundi au vendredi, de 8\u00a0h\u00a030 à 16\u00a0h\u00a030",
        formes_admissibles=FORMES,
    )
    _garnir(appel, offres, pieces, reponse)
    publier_appel(appel=appel, auteur=auteur, instant=ouverture)
    return Appel.objects.select_related("entente__mandataire").get(pk=appel.pk)


def _garnir(appel: Appel, offres: Mapping[str, Decimal], pieces: bool, reponse: date) -> None:
    """Enveloppes offertes, pièces, grille et calendrier."""
    entente, fermeture = appel.entente, appel.fermeture
    enveloppes = {e.lettres: e for e in Enveloppe.objects.filter(entente=entente)}
    for ordre, (lettres, montant) in enumerate(offres.items()):
        AppelEnveloppe.objects.create(
            entente=entente, appel=appel, enveloppe=enveloppes[lettres], offert=montant, ordre=ordre
        )
    for ordre, (code, libelle, aide, gravite) in enumerate(PIECES if pieces else ()):
        PieceRequise.objects.create(
            entente=entente,
            appel=appel,
            code=code,
            libelle=libelle,
            aide=aide,
            gravite=gravite,
            ordre=ordre,
            conditions=CONDITIONS.get(code, []),
        )
    for ordre, (code, libelle, question, poids, maximum) in enumerate(GRILLE):
        Critere.objects.create(
            entente=entente,
            appel=appel,
            code=code,
            libelle=libelle,
            question=question,
            poids=poids,
            maximum=maximum,
            ordre=ordre,
            consigne=CONSIGNES[code],
            mots=echelle(maximum),
            seuil=maximum // 2 if code == "impact" else None,
        )
    for ordre, (quand, libelle) in enumerate(_etapes(fermeture, reponse)):
        EtapeCalendrier.objects.create(entente=entente, appel=appel, quand=quand, libelle=libelle, ordre=ordre)


def echelle(maximum: int) -> list[dict]:
    """Quatre mots, à parts égales de la note maximale."""
    return [{"note": round(maximum * rang / (len(MOTS) - 1)), "mot": mot} for rang, mot in enumerate(MOTS)]


def _etapes(fermeture: datetime, reponse: date) -> list[tuple[str, str]]:
    """Entre la fin du dépôt et la réponse : l'examen, puis le comité."""
    examen = fermeture.date() + timedelta(days=10)
    milieu = fermeture.date() + (reponse - fermeture.date()) / 2
    return [
        (_mois(examen), "Examen de l’admissibilité : on vous écrit s’il manque quelque chose"),
        (_mois(milieu), "Analyse par le comité, puis recommandation à l’instance décisionnelle"),
    ]


def _mois(jour: date) -> str:
    return f"{MOIS[jour.month - 1]} {jour.year}".capitalize()
