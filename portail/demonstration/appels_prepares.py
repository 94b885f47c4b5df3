"""Alliance 02 : un appel en préparation, un autre à plusieurs périodes au montant à venir, des questions et un guide."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from alliances.models import Entente, Enveloppe
from appels.enums import GenreCondition, Gravite, ModeDepot
from appels.models import Appel
from appels.regles.conditions import Condition, seuil_francisation
from appels.services import cycle, exigences, guide, preparation, questions
from comptes.models import Utilisateur
from portail.demonstration.agenda import quand
from portail.demonstration.appels import GRILLE
from portail.demonstration.formulaire import preparer_version
from socle.horloge import EST

GUIDE = (
    (
        "À quoi sert cet appel",
        (
            "L’Alliance soutient des projets qui réduisent la pauvreté et l’exclusion sociale dans la région, ou leurs effets.\n\nIl"
            " n’est pas nécessaire d’avoir déjà reçu du soutien. Un premier projet, même petit, est bienvenu."
        ),
    ),
    (
        "Comment préparer une bonne demande",
        (
            "Dites d’abord ce qui change pour les personnes : combien, où, et comment on le saura.\n\nLe budget se lit ligne par ligne."
            " Inscrivez aussi ce que vos partenaires donnent en nature : un local, du temps, du transport."
        ),
    ),
)
REPONSES = (
    (
        "Un organisme peut-il déposer deux demandes?",
        "Oui, si les deux projets sont distincts. Chacun a son budget et sa demande.",
    ),
    (
        "Les salaires sont-ils admissibles?",
        "Oui, pour le temps consacré au projet. Les postes réguliers de l’organisme ne le sont pas : ce sont ses activités courantes.",
    ),
    (
        "Que se passe-t-il si une lettre d’appui arrive en retard?",
        "La demande se dépose sans elle. Vous la joignez ensuite, dans le délai inscrit à côté de la pièce.",
    ),
)
ATTENTE = "Le transport des participants compte-t-il dans les dépenses admissibles?"


def charger_appels_prepares(personnes: dict[str, Utilisateur], instant: datetime) -> None:
    """Une fois : ce qui montre la préparation d'un appel, et ce que le public y lit."""
    entente = Entente.objects.select_related("mandataire").get(code="02-2024")
    if Appel.objects.filter(entente=entente, rang__gt=1).exists():
        return
    coordination, jour = personnes["coordination"], instant.astimezone(EST).date()
    _expliquer(Appel.objects.get(code="02-2024-1"), coordination, instant)
    _periodes(entente, coordination, jour, instant)
    _en_preparation(entente, coordination, jour, instant)


def _expliquer(appel: Appel, coordination: Utilisateur, instant: datetime) -> None:
    """L'appel ouvert a son guide, trois réponses publiées et une question qui attend."""
    textes = [{"titre": titre, "texte": texte} for titre, texte in GUIDE]
    guide.ecrire_guide(appel=appel, textes=textes, auteur=coordination, instant=instant)
    for n, (question, reponse) in enumerate(REPONSES):
        questions.publier_reponse(
            appel=appel,
            question=None,
            texte=question,
            reponse=reponse,
            auteur=coordination,
            instant=instant - timedelta(days=9 - 2 * n),
        )
    questions.poser_question(appel=appel, question=ATTENTE, instant=instant - timedelta(hours=3))


def _periodes(entente: Entente, coordination: Utilisateur, jour: date, instant: datetime) -> None:
    """Un appel d'initiatives à trois périodes, la première en cours; une de ses deux enveloppes est à venir."""
    publie_le = instant - timedelta(days=20)
    appel = preparation.creer_appel(
        entente=entente,
        titre="Petites initiatives des quartiers et des villages",
        terme="appel d’initiatives",
        ouverture=quand(jour - timedelta(days=15), 9),
        fermeture=quand(jour + timedelta(days=200), 0),
        auteur=coordination,
        instant=publie_le,
    )
    commun = {"appel": appel, "auteur": coordination, "instant": publie_le}
    preparation.ecrire_renseignements(
        titre=appel.titre,
        terme=appel.terme,
        resume="De petites sommes, vite : pour essayer une idée avec les gens du voisinage.",
        formes_admissibles=appel.formes_admissibles,
        fin_max_projet=min(jour + timedelta(days=600), entente.fin),
        suite_jours=10,
        **commun,
    )
    debuts = (-15, 60, 135)
    preparation.ecrire_depot(
        mode=ModeDepot.PERIODES,
        ouverture=appel.ouverture,
        fermeture=appel.fermeture,
        periodes=[
            preparation.Periode(
                quand(jour + timedelta(days=n), 9),
                quand(jour + timedelta(days=n + 40), 0),
                jour + timedelta(days=n + 75),
            )
            for n in debuts
        ],
        **commun,
    )
    _exigences(entente, commun, jour)
    exigences.ecrire_grille(criteres=_grille(100), **commun)
    preparation.ecrire_contact(**_contact(appel), **commun)
    cycle.publier_appel(appel=Appel.objects.get(pk=appel.pk), auteur=coordination, instant=publie_le)


def _exigences(entente: Entente, commun: dict[str, Any], jour: date) -> None:
    """Les montants offerts (un à venir), les bornes, deux pièces sous condition."""
    enveloppes = {e.lettres: e for e in Enveloppe.objects.filter(entente=entente)}
    exigences.ecrire_offres(offres={enveloppes["RG"]: Decimal(60_000), enveloppes["LE"]: None}, **commun)
    exigences.ecrire_parametres(
        bornes={"plafond": Decimal(5_000), "par_organisme": 2, "duree_max_mois": 12},
        gravites={"R7": "bloque"},
        **commun,
    )
    exigences.ecrire_piece(
        piece=None,
        libelle="Statuts ou lettres patentes",
        aide="",
        gravite=Gravite.SUITE,
        conditions=[Condition(GenreCondition.DOSSIER)],
        **commun,
    )
    exigences.ecrire_piece(
        piece=None,
        libelle="Attestation de francisation",
        aide="Délivrée par l’Office québécois de la langue française.",
        gravite=Gravite.SUITE,
        conditions=[Condition(GenreCondition.EFFECTIF, seuil=Decimal(seuil_francisation(jour)))],
        **commun,
    )


def _en_preparation(entente: Entente, coordination: Utilisateur, jour: date, instant: datetime) -> None:
    """Un brouillon d'appel : dates et contact inscrits, grille à 85, aucun montant ni résumé."""
    appel = preparation.creer_appel(
        entente=entente,
        titre="Prochain appel : logement et alimentation",
        ouverture=quand(jour + timedelta(days=45), 9),
        fermeture=quand(jour + timedelta(days=110), 0),
        auteur=coordination,
        instant=instant,
        terme="appel de projets",
    )
    exigences.ecrire_grille(appel=appel, criteres=_grille(85), auteur=coordination, instant=instant)
    preparer_version(appel, coordination, instant)


def _grille(total: int) -> list[dict[str, object]]:
    criteres = [
        {"libelle": libelle, "question": question, "poids": poids, "maximum": maximum}
        for _code, libelle, question, poids, maximum in GRILLE
    ]
    return criteres if total == sum(c["poids"] for c in criteres) else criteres[1:]


def _contact(appel: Appel) -> dict[str, str]:
    return {
        **{nom: getattr(appel, nom) for nom in preparation.CONTACT},
        "soir_telephone": "4185550100",
        "soir_heures": "de 16 h 30 à minuit, le dernier soir de chaque période",
    }
