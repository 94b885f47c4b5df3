"""Un battement : chercher ce qui est dû, écrire une rangée de rappel et son courriel, une seule fois."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain

from django.db import transaction
from django.utils.translation import gettext as _

from alliances.models import Entente
from alliances.requetes.adresses import coordinations
from appels.models import Appel
from comptes.requetes import courriels_des_membres
from portail.rappels.communs import AVANCE, Du
from portail.rappels.evaluations import evaluations
from portail.rappels.organismes import adresses, documents
from portail.rappels.paliers import palier_du, paliers_brouillon, paliers_rapport, paliers_reddition
from portail.rappels.plans import plans
from portail.rappels.precisions import precisions
from projets.enums import EtatConvention, EtatProjet, EtatRapport
from projets.models import Projet, RapportProjet
from projets.sections import reste_a_faire
from reddition.enums import EtatReddition
from reddition.models import Reddition
from socle import courriels
from socle.exercices import bornes, exercice_de
from socle.horloge import EST
from socle.models import Rappel

RECUL = timedelta(days=45)


def battre(instant: datetime) -> int:
    """Écrit les rappels dus à `instant`; rend combien sont neufs. Deux battements n'envoient qu'une fois."""
    neufs = 0
    sources = (brouillons, rapports, redditions, plans, precisions, evaluations, documents, adresses)
    for du in chain.from_iterable(source(instant) for source in sources):
        for destinataire in du.destinataires:
            neufs += _inscrire(du, destinataire, instant)
    return neufs


@transaction.atomic
def _inscrire(du: Du, destinataire: str, instant: datetime) -> int:
    rappel, neuf = Rappel.objects.get_or_create(
        objet_type=du.objet._meta.label_lower,
        objet_id=du.objet.pk,
        genre=du.genre,
        palier=du.palier.nom,
        echeance=du.echeance,
        destinataire=destinataire,
        defaults={"cree_le": instant, "mandataire_code": du.mandataire_code},
    )
    if not neuf:
        return 0
    rappel.courriel = courriels.ecrire(
        f"rappels/{du.genre}",
        destinataire=destinataire,
        objet=du.sujet,
        contexte=du.contexte,
        instant=instant,
        cle=f"rappel:{rappel.pk}",
        objet_lie=du.objet,
        mandataire_code=du.mandataire_code,
    )
    rappel.save(update_fields=["courriel"])
    return 1


def brouillons(instant: datetime) -> Iterator[Du]:
    """Demandes non déposées dont l'appel, ou sa période en cours, ferme bientôt; jamais après la fermeture ni l'annulation."""
    appels = Appel.objects.ouverts(instant)
    echeances = {
        appel.pk: appel.fermeture_a(instant) for appel in appels if appel.fermeture_a(instant) <= instant + AVANCE
    }
    projets = list(
        Projet.objects.filter(etat=EtatProjet.BROUILLON, remplace__isnull=True, appel__in=list(echeances))
        .select_related("appel__entente__mandataire", "organisme", "enveloppe", "priorite", "entente__mandataire")
        .order_by("id")
    )
    membres = courriels_des_membres({projet.organisme_id for projet in projets})
    for projet in projets:
        appel = projet.appel
        echeance = echeances[appel.pk]
        palier = palier_du(paliers_brouillon(echeance, appel.fuseau), instant, echeance)
        if palier is None or palier.instant < projet.cree_le:
            continue
        yield Du(
            "brouillon",
            projet,
            palier,
            echeance,
            membres.get(projet.organisme_id, ()),
            _("Votre demande « {titre} » n’est pas encore déposée").format(titre=projet.titre),
            {
                "projet": projet,
                "appel": appel,
                "reste": reste_a_faire(projet),
                "lien": courriels.adresse_absolue(projet.get_absolute_url()),
            },
            projet.entente.mandataire.code,
        )


def rapports(instant: datetime) -> Iterator[Du]:
    """Rapports finaux à remettre, ou en retard; à partir de J+7, la coordination en reçoit copie."""
    jour = instant.astimezone(EST).date()
    dus = list(
        RapportProjet.objects.filter(
            etat__in=[EtatRapport.BROUILLON, EtatRapport.A_CORRIGER],
            convention__etat=EtatConvention.ACTIVE,
            du_le__gte=jour - RECUL,
            du_le__lte=jour + AVANCE,
        ).select_related("convention__projet__organisme", "convention__projet__appel", "entente__mandataire")
    )
    membres = courriels_des_membres({rapport.convention.projet.organisme_id for rapport in dus})
    coordonnees = coordinations({rapport.entente.mandataire_id for rapport in dus}, instant)
    for rapport in dus:
        projet = rapport.convention.projet
        paliers = paliers_rapport(rapport.du_le, projet.appel.fuseau)
        palier = palier_du(paliers, instant)
        if palier is None:
            continue
        destinataires = membres.get(projet.organisme_id, ())
        if palier.nom in {"J+7", "J+15", "J+30"}:
            destinataires += coordonnees.get(rapport.entente.mandataire_id, ())
        yield Du(
            "rapport",
            rapport,
            palier,
            next(p.instant for p in paliers if p.nom == "J"),
            destinataires,
            _("Rapport final à remettre : {numero}").format(numero=projet.numero),
            {
                "projet": projet,
                "rapport": rapport,
                "retard": rapport.du_le < jour,
                "lien": courriels.adresse_absolue(projet.get_absolute_url()),
            },
            rapport.entente.mandataire.code,
        )


def redditions(instant: datetime) -> Iterator[Du]:
    """Redditions de l'exercice fini, pas encore déposées : chaque semaine, du 1er avril au 30 juin."""
    jour = instant.astimezone(EST).date()
    debut_courant = bornes(exercice_de(jour))[0]
    exercice = exercice_de(debut_courant - timedelta(days=1))
    premier, dernier = bornes(exercice)
    deposees = Reddition.objects.filter(
        exercice=exercice, etat__in=[EtatReddition.DEPOSEE, EtatReddition.ACCEPTEE]
    ).values("entente")
    ententes = list(
        Entente.objects.filter(debut__lte=dernier, fin__gte=premier, enveloppes__dotation__gt=0)
        .exclude(pk__in=deposees)
        .distinct()
        .select_related("mandataire")
    )
    coordonnees = coordinations({entente.mandataire_id for entente in ententes}, instant)
    for entente in ententes:
        fuseau = entente.mandataire.fuseau
        paliers = paliers_reddition(exercice, fuseau)
        echeance = paliers[-1].instant
        palier = palier_du(paliers, instant, echeance + timedelta(days=7))
        if palier is None:
            continue
        yield Du(
            "reddition",
            entente,
            palier,
            echeance,
            coordonnees.get(entente.mandataire_id, ()),
            _("Reddition {exercice} à déposer : entente {entente}").format(exercice=exercice, entente=entente.code),
            {"entente": entente, "exercice": exercice, "lien": courriels.adresse_absolue("/admin/")},
            entente.mandataire.code,
        )
