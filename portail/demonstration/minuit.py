"""Le dépôt de minuit moins neuf : un appel qui va fermer, une demande presque prête, une signataire absente.

Les montants sont ceux de l'essai de R9 : 100 000 d'admissible, 15 000 de la MRC, 20 000 du fédéral, au plus 55 000;
la demande est de 60 000, donc 5 000 de trop. Il manque une lettre.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from alliances.models import Entente
from appels.enums import NatureProjet
from appels.models import Appel
from appels.services.depot import prolonger_depot
from comptes.models import Organisme, Utilisateur
from portail.demonstration.appels import creer_appel
from portail.demonstration.organismes import MODELES, charger_organisme
from projets.exigences import exigences_de
from projets.models import Projet
from projets.services.brouillons import Ecriture, creer_brouillon, enregistrer_reponses
from projets.services.pieces import joindre_piece
from socle.horloge import EST

CODE, RANG = "02-2024-8", 8
RESTE = timedelta(minutes=9)
TITRE = "Un toit, une table, un coup de main"


def charger_minuit(personnes: dict[str, Utilisateur], instant: datetime) -> Projet:
    """Crée l'appel et le brouillon; appelé de nouveau, prolonge l'appel : il ferme neuf minutes après `instant`."""
    appel = Appel.objects.filter(code=CODE).select_related("entente__mandataire").first()
    if appel is None:
        appel = _appel(personnes["coordination"], instant)
    elif appel.fermeture < instant + RESTE:
        prolonger_depot(
            appel=appel,
            nouvelle=instant + RESTE,
            motif="Démonstration du dépôt de dernière minute.",
            auteur=personnes["coordination"],
            instant=instant,
        )
        appel.refresh_from_db()
    ouvert = Projet.objects.filter(appel=appel, titre=TITRE, etat="brouillon").first()
    return ouvert or _brouillon(appel, personnes, instant)


def _appel(auteur: Utilisateur, instant: datetime) -> Appel:
    entente = Entente.objects.select_related("mandataire__region").get(code="02-2024")
    return creer_appel(
        entente=entente,
        rang=RANG,
        titre="Appel éclair : agir avant l’hiver",
        ouverture=instant - timedelta(days=10),
        fermeture=instant + RESTE,
        fin_max=min(instant.astimezone(EST).date() + timedelta(days=500), entente.fin),
        reponse=instant.astimezone(EST).date() + timedelta(days=60),
        offres={"CH": Decimal(120_000), "JQ": Decimal(90_000)},
        auteur=auteur,
    )


def _organisme(personnes: dict[str, Utilisateur], entente: Entente, instant: datetime) -> Organisme:
    """Qui écrit a le mandat de déposer, pas la signature; la personne signataire est absente ce soir."""
    organisme = charger_organisme(
        "Maison du partage de la démonstration",
        rang=901,
        region=entente.mandataire.region,
        membre=personnes["promoteur"],
        instant=instant,
    )
    organisme.adhesions.filter(utilisateur=personnes["promoteur"]).update(signataire=False)
    organisme.adhesions.get_or_create(
        utilisateur=personnes["organismes"],
        defaults={"mandat_de_deposer": False, "signataire": True, "depuis": instant},
    )
    for cle in ("promoteur", "organismes"):
        personnes[cle].__dict__.pop("portees", None)
    return organisme


def _brouillon(appel: Appel, personnes: dict[str, Utilisateur], instant: datetime) -> Projet:
    """Quatre cinquièmes des réponses; un budget équilibré, cinq mille de trop au cumul; trois pièces sur quatre."""
    auteur = personnes["promoteur"]
    organisme = _organisme(personnes, appel.entente, instant)
    projet = creer_brouillon(appel=appel, organisme=organisme, titre=TITRE, auteur=auteur, instant=instant)
    jour, modele = instant.astimezone(EST).date(), MODELES[0]
    sections = {
        "projet": {
            "enveloppe": appel.offres.order_by("ordre")[0].enveloppe,
            "priorite": appel.entente.priorites.order_by("ordre")[0],
            "nature": NatureProjet.INTERVENTION,
            "resume_public": "Un repas chaud, un coin pour se reposer et une aide aux démarches, six jours sur sept.",
            "besoin": modele.besoin,
            "clienteles": modele.clienteles,
            "personnes_visees": 240,
            "participation": "Un comité de six personnes qui fréquentent la maison choisit les activités.",
            "ancrage": "La maison existe depuis douze ans dans le quartier.",
            "debut": jour + timedelta(days=45),
            "fin": jour + timedelta(days=400),
        },
        "activites": {
            "activites": [{"libelle": "Ouverture de la halte", "debut": jour + timedelta(days=45), "fin": None}],
            "resultats": [{"indicateur": "Repas servis", "cible": 9000}],
        },
        "budget": {
            "montant_demande": Decimal(60_000),
            "depenses": [
                {"categorie": "salaires", "libelle": "Deux intervenantes", "montant": Decimal("71500.00")},
                {"categorie": "aliments", "libelle": "Repas", "montant": Decimal("28500.00")},
            ],
            "financements": [
                {"source": "municipal", "libelle": "MRC", "genre": "argent", "montant": Decimal(15_000)},
                {"source": "federal", "libelle": "Programme fédéral", "genre": "argent", "montant": Decimal(20_000)},
                {"source": "promoteur", "libelle": "Collecte", "genre": "argent", "montant": Decimal(5_000)},
            ],
        },
    }
    for section, champs in sections.items():
        enregistrer_reponses(
            projet=projet,
            section=section,
            ecritures=[Ecriture(champ, valeur) for champ, valeur in champs.items()],
            auteur=auteur,
            instant=instant,
        )
    for exigence in exigences_de(projet):
        nom = exigence.requise.code if exigence.requise else exigence.question
        if nom != "lettres_appui":
            joindre_piece(projet=projet, televerse=_photo(nom), pour=exigence, auteur=auteur, instant=instant)
    return Projet.objects.get(pk=projet.pk)


def _photo(nom: str) -> SimpleUploadedFile:
    """Une page photographiée, comme on en prend à 23 h 50."""
    octets = BytesIO()
    Image.new("RGB", (640, 828), "white").save(octets, "JPEG")
    return SimpleUploadedFile(f"{nom}.jpg", octets.getvalue(), "image/jpeg")
