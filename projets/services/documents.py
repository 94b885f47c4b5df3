"""Demander un document PDF d'un projet : une rangée de travail, que Celery exécute (projets/productions.py)."""

from datetime import datetime

from django.utils.translation import gettext_lazy as L  # noqa: N812

from comptes.models import Utilisateur
from projets.models import Depot, Projet
from socle import travaux
from socle.models import Travail
from socle.models.travail import EtatTravail

LIBELLES = {
    "accuse": L("Accusé de réception {numero}"),
    "dossier": L("Demande {numero}"),
    "lettre": L("Lettre de décision {numero}"),
    "convention": L("Convention {numero}"),
}


def demander_documents_du_depot(depot: Depot, *, demande_par: Utilisateur, instant: datetime) -> None:
    """Met en file l'accusé et la demande en PDF d'un dépôt neuf."""
    projet, parametres = depot.projet, {"objet_id": depot.pk}
    travaux.demander_plusieurs(
        *(
            travaux.Commande(f"projets.{genre}", str(LIBELLES[genre]).format(numero=projet.numero), parametres)
            for genre in ("accuse", "dossier")
        ),
        demande_par=demande_par,
        instant=instant,
        mandataire_code=projet.entente.mandataire.code,
    )


def demander_document(
    genre: str, projet: Projet, *, objet_id: int, demande_par: Utilisateur | None, instant: datetime
) -> Travail:
    """Met en file la production `genre` de l'objet (dépôt, lettre ou convention) du projet; rend celle qui attend déjà.

    Une production en cours ne compte pas : elle a pu lire l'objet avant le changement qui la fait redemander.
    """
    attend = Travail.objects.filter(
        genre=f"projets.{genre}",
        parametres={"objet_id": objet_id},
        demande_par=demande_par,
        etat=EtatTravail.EN_ATTENTE,
    ).first()
    return attend or travaux.demander(
        f"projets.{genre}",
        libelle=str(LIBELLES[genre]).format(numero=projet.numero),
        parametres={"objet_id": objet_id},
        demande_par=demande_par,
        instant=instant,
        mandataire_code=projet.entente.mandataire.code,
    )
