"""Un volume de dossiers déposés, pour mesurer : écrit en lots, aux mêmes contraintes que les vrais."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from alliances.models import Entente, Enveloppe
from appels.models import Appel
from comptes.models import Organisme, Utilisateur
from portail.demonstration.appels import creer_appel
from portail.demonstration.organismes import MODELES
from projets.contenu import empreinte_de
from projets.enums import EtatEvaluation, EtatProjet, LienOrganisme
from projets.models import Depot, Evaluation, LigneDepense, LigneFinancement, PieceJointe, Projet
from socle.documents.fichiers import ranger
from socle.models import Fichier

RANG, LOT = 9, 500
PIECE = "piece-de-mesure.pdf"
# Une file d'analyse vraisemblable : surtout au comité, le reste à chaque étape d'avant la décision.
ETATS = (
    EtatProjet.EN_EVALUATION,
    EtatProjet.EN_EVALUATION,
    EtatProjet.EN_EVALUATION,
    EtatProjet.ADMISSIBLE,
    EtatProjet.RECOMMANDE,
    EtatProjet.DEPOSE,
    EtatProjet.NON_ADMISSIBLE,
)
OFFRE = {"CH": Decimal(100_000), "JQ": Decimal(100_000), "LE": Decimal(100_000)}


def charger_volume(nombre: int, instant: datetime) -> int:
    """Complète l'appel `02-2024-9` jusqu'à `nombre` demandes en évaluation; rend combien sont neuves."""
    entente = Entente.objects.select_related("mandataire__region").get(code="02-2024")
    appel = Appel.objects.filter(entente=entente, rang=RANG).first() or creer_appel(
        entente=entente,
        rang=RANG,
        titre="Appel de mesure",
        ouverture=instant - timedelta(days=200),
        fermeture=instant - timedelta(days=100),
        fin_max=entente.fin,
        reponse=instant.date(),
        offres=OFFRE,
        auteur=Utilisateur.objects.get(email="coordination@demo.example"),
    )
    deja = appel.dernier_numero
    for debut in range(deja, nombre, LOT):
        _lot(appel, range(debut, min(debut + LOT, nombre)), instant)
    return max(0, nombre - deja)


@transaction.atomic
def _lot(appel: Appel, rangs: range, instant: datetime) -> None:
    entente = appel.entente
    enveloppes = list(Enveloppe.objects.filter(offres__appel=appel).order_by("ordre"))
    organismes = list(Organisme.objects.filter(nom__startswith="Organisme de démonstration").order_by("id"))
    priorites = list(entente.priorites.order_by("ordre"))
    auteur = Utilisateur.objects.get(email="organismes@demo.example")
    responsable = Utilisateur.objects.get(email="coordination@demo.example")
    requises = list(appel.pieces_requises.order_by("ordre"))
    projets = Projet.objects.bulk_create(
        _projet(
            appel,
            rang,
            enveloppes[rang % len(enveloppes)],
            organismes[rang % len(organismes)],
            auteur,
            instant,
            priorites[rang % len(priorites)],
            responsable,
        )
        for rang in rangs
    )
    LigneDepense.objects.bulk_create(
        LigneDepense(projet=p, categorie=categorie, montant=Decimal(montant), ordre=ordre)
        for p in projets
        for ordre, (categorie, montant) in enumerate((("salaires", 30_000), ("materiel", 10_000)))
    )
    LigneFinancement.objects.bulk_create(
        LigneFinancement(projet=p, source="promoteur", montant=Decimal(10_000), confirme=True) for p in projets
    )
    depots = Depot.objects.bulk_create(_depot(projet, auteur) for projet in projets)
    fichier = Fichier.objects.filter(nom=PIECE).first() or ranger(
        b"%PDF-1.4 mesure", nom=PIECE, type_mime="application/pdf", acces="projet", instant=instant
    )
    PieceJointe.objects.bulk_create(
        PieceJointe(projet=projet, requise=requise, fichier=fichier, jointe_le=projet.depose_le)
        for rang, projet in enumerate(projets)
        for requise in requises[: len(requises) - (rang % 3 == 0)]
    )
    comite = list(
        Utilisateur.objects.filter(
            email__in=["evaluation1@demo.example", "evaluation2@demo.example", "finances@demo.example"]
        )
    )
    Evaluation.objects.bulk_create(
        Evaluation(
            entente=entente,
            projet=depot.projet,
            depot=depot,
            evaluateur=membre,
            etat=EtatEvaluation.SOUMISE,
            lien=LienOrganisme.AUCUN,
            note=Decimal(60 + (depot.projet_id + rang) % 40),
            assignee_le=instant,
            soumise_le=instant,
        )
        for depot in depots
        for rang, membre in enumerate(comite)
    )
    Appel.objects.filter(pk=appel.pk).update(dernier_numero=rangs.stop)


def _projet(
    appel: Appel,
    rang: int,
    enveloppe: Enveloppe,
    organisme: Organisme,
    auteur: Utilisateur,
    instant: datetime,
    priorite: object,
    responsable: Utilisateur,
) -> Projet:
    modele, depose = MODELES[rang % len(MODELES)], appel.fermeture - timedelta(minutes=1 + rang % 40_000)
    return Projet(
        entente=appel.entente,
        appel=appel,
        organisme=organisme,
        enveloppe=enveloppe,
        priorite=priorite,
        titre=f"{modele.titre} {rang + 1}",
        numero=f"{appel.entente.code}-{appel.rang}-{enveloppe.lettres}-{rang + 1:04d}",
        etat=ETATS[rang % len(ETATS)],
        responsable=responsable if rang % 3 else None,
        zone_visee=rang % 4 == 0,
        resume_public=modele.resume,
        besoin=modele.besoin,
        clienteles=modele.clienteles,
        montant_demande=Decimal(8_000 + rang % 12 * 10_000),
        debut=instant.date(),
        fin=instant.date() + timedelta(days=300),
        cree_par=auteur,
        cree_le=depose,
        enregistre_le=depose,
        depose_le=depose,
    )


def _depot(projet: Projet, auteur: Utilisateur) -> Depot:
    contenu = {
        "version": 1,
        "appel": projet.appel.code,
        "titre": projet.titre,
        "montant_demande": str(projet.montant_demande),
    }
    return Depot(
        projet=projet,
        rang=1,
        instant=projet.depose_le,
        contenu=contenu,
        empreinte=empreinte_de(contenu),
        deposant=auteur,
    )
