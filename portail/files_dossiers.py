"""Files de l'accueil de l'admin pour les dossiers : à moi, en retard, incomplets, sans responsable."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from appels.models import PieceRequise
from comptes.enums import Role
from projets.enums import A_L_ETUDE
from projets.models import Projet
from projets.requetes.manques import exigences, incomplet
from socle.formats import jour_local


def files_des_dossiers(utilisateur: Any, instant: datetime) -> Iterator[tuple[str, str, QuerySet[Projet], str]]:
    """(titre, geste, demandes, question de la liste), pour la coordination et les agents."""
    if not utilisateur.portees.a_role(Role.COORDINATION, Role.AGENT):
        return
    etude = (
        Projet.objects.visibles_pour(utilisateur)
        .deposes()
        .filter(etat__in=A_L_ETUDE)
        .select_related("organisme")
        .order_by("depose_le", "id")
    )
    yield (
        _("À moi"),
        _("Les dossiers à l’étude dont vous répondez."),
        etude.filter(responsable=utilisateur.pk),
        "responsable=moi",
    )
    if not utilisateur.portees.a_role(Role.COORDINATION):
        return
    yield (
        _("En retard"),
        _("La réponse visée est passée, sans décision."),
        etude.filter(appel__reponse_visee__lt=jour_local(instant)),
        "drapeau=retard",
    )
    requises = PieceRequise.objects.visibles_pour(utilisateur)
    yield (
        _("Incomplets"),
        _("Il manque une pièce exigée : relancer, ou appeler."),
        etude.annotate(manque=incomplet(exigences(requises))).filter(manque=True),
        "pieces=manquantes",
    )
    yield _("Sans responsable"), _("Prendre, ou confier."), etude.filter(responsable=None), "responsable=aucun"
