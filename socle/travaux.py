"""Travaux longs : demandés par une requête, exécutés par Celery, progression vraie (étapes faites sur total)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from socle import courriels
from socle.boite import Demande, mettre_en_file
from socle.horloge import maintenant
from socle.models.fichier import Fichier
from socle.models.travail import EtatTravail, Travail


class TravailAnnule(Exception):
    """La personne a annulé : la production s'arrête à l'étape en cours."""


class Avancement:
    """Ce qu'une production appelle à chaque étape; l'écran lit les mêmes nombres."""

    def __init__(self, travail: Travail) -> None:
        self.travail = travail

    def prevoir(self, total: int, etape: str = "", *, deja: int = 0) -> None:
        """Annonce le nombre d'étapes; `deja` : celles qu'un passage précédent a faites pour de bon."""
        self._ecrire(fait=deja, total=max(1, total), etape=etape)

    def avancer(self, etape: str = "", pas: int = 1) -> None:
        """Une étape de plus est faite; lève `TravailAnnule` si l'on a annulé entre-temps."""
        self._ecrire(fait=self.travail.fait + pas, total=self.travail.total, etape=etape)

    def _ecrire(self, **valeurs: Any) -> None:
        if not Travail.objects.filter(pk=self.travail.pk, etat=EtatTravail.EN_COURS).update(**valeurs):
            raise TravailAnnule
        for nom, valeur in valeurs.items():
            setattr(self.travail, nom, valeur)


Production = Callable[[Travail, Avancement], Fichier | None]
_productions: dict[str, Production] = {}


def production(genre: str) -> Callable[[Production], Production]:
    """Enregistre la fonction qui exécute les travaux `genre` (module `productions.py` d'une app)."""

    def enregistrer(fonction: Production) -> Production:
        _productions[genre] = fonction
        return fonction

    return enregistrer


@dataclass(frozen=True)
class Commande:
    """Un travail à demander : son genre, ce qu'on en lit, ses paramètres (JSON); le reste, comme `demander`."""

    genre: str
    libelle: str
    parametres: dict[str, Any]
    retour: str = ""
    aviser: bool = False
    uuid: UUID | None = None


def demander(
    genre: str,
    *,
    libelle: str,
    parametres: dict[str, Any],
    demande_par: Any,
    instant: datetime,
    mandataire_code: str = "",
    retour: str = "",
    aviser: bool = False,
    uuid: UUID | None = None,
) -> Travail:
    """Crée le travail et sa rangée d'envoi, dans la transaction en cours.

    `retour` : la page d'où il est demandé; `aviser` : un courriel à la fin; `uuid` : donné par le formulaire, il empêche un
    double clic d'en demander deux.
    """
    commande = Commande(genre, libelle, parametres, retour, aviser, uuid)
    return demander_plusieurs(commande, demande_par=demande_par, instant=instant, mandataire_code=mandataire_code)[0]


def demander_plusieurs(
    *commandes: Commande, demande_par: Any, instant: datetime, mandataire_code: str = ""
) -> list[Travail]:
    """Comme `demander`, pour plusieurs travaux, en deux écritures."""
    with transaction.atomic(savepoint=any(commande.uuid for commande in commandes)):
        travaux = Travail.objects.bulk_create(
            Travail(
                uuid=commande.uuid or uuid4(),
                retour=commande.retour[:300],
                aviser=commande.aviser,
                genre=commande.genre,
                libelle=commande.libelle[:200],
                parametres=commande.parametres,
                demande_par=demande_par,
                demande_le=instant,
                mandataire_code=mandataire_code,
            )
            for commande in commandes
        )
        mettre_en_file(
            *(
                Demande("socle.executer_travail", {"travail_id": travail.pk}, cle=f"travail:{travail.pk}")
                for travail in travaux
            ),
            instant=instant,
        )
    return travaux


def executer(travail_id: int) -> None:
    """Exécute le travail; rejoué après un arrêt brutal, il recommence à zéro et remplace le résultat."""
    travail = Travail.objects.select_related("demande_par").get(pk=travail_id)
    travail.etat, travail.debute_le = EtatTravail.EN_COURS, maintenant()
    if not Travail.objects.filter(pk=travail_id, etat__in=[EtatTravail.EN_ATTENTE, EtatTravail.EN_COURS]).update(
        etat=travail.etat, debute_le=travail.debute_le
    ):
        return  # fini, ou annulé à l'instant : une annulation ne s'écrase pas
    try:
        fichier = _productions[travail.genre](travail, Avancement(travail))
    except TravailAnnule:
        return
    except Exception as erreur:
        Travail.objects.filter(pk=travail.pk).update(
            etat=EtatTravail.ECHEC,
            erreur=str(erreur)[:2000],
            termine_le=maintenant(),
            etape=_("La production a échoué. Demandez-la de nouveau; si l’échec se répète, écrivez à la coordination."),
        )
        raise
    with transaction.atomic():
        fini = Travail.objects.filter(pk=travail.pk, etat=EtatTravail.EN_COURS).update(
            etat=EtatTravail.TERMINE, fichier=fichier, fait=travail.total, termine_le=maintenant(), etape=""
        )
        if fini and travail.aviser and travail.demande_par is not None:
            _aviser(travail, travail.demande_par.email)


def _aviser(travail: Travail, adresse: str) -> None:
    """Prévient la personne que c'est prêt : elle a pu fermer la page."""
    courriels.ecrire(
        "socle/travail_fini",
        destinataire=adresse,
        instant=maintenant(),
        cle=f"travail:{travail.pk}:{travail.reprises}",
        objet=_("C’est prêt : {libelle}").format(libelle=travail.libelle)[:200],
        objet_lie=travail,
        mandataire_code=travail.mandataire_code,
        contexte={"travail": travail, "lien": courriels.adresse_absolue(travail.get_absolute_url())},
    )


def reprendre(travail: Travail, instant: datetime) -> bool:
    """Remet en file un travail annulé ou en échec; un lot continue où il en était. Faux s'il n'était pas à reprendre."""
    with transaction.atomic():
        repris = Travail.objects.filter(pk=travail.pk, etat__in=[EtatTravail.ANNULE, EtatTravail.ECHEC]).update(
            etat=EtatTravail.EN_ATTENTE, erreur="", etape="", termine_le=None, reprises=F("reprises") + 1
        )
        if repris:
            travail.refresh_from_db()
            cle = f"travail:{travail.pk}:{travail.reprises}"
            mettre_en_file(Demande("socle.executer_travail", {"travail_id": travail.pk}, cle=cle), instant=instant)
    return bool(repris)


def annuler(travail: Travail) -> bool:
    """Annule un travail non fini; vrai s'il l'était encore."""
    return bool(
        Travail.objects.filter(pk=travail.pk, etat__in=[EtatTravail.EN_ATTENTE, EtatTravail.EN_COURS]).update(
            etat=EtatTravail.ANNULE, termine_le=maintenant()
        )
    )
