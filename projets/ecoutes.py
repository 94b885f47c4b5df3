"""Ce que les projets font quand un appel l'annonce : prévenir les brouillons (R21), les passer au formulaire publié."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from appels.models import Appel, FormulaireVersion, ProlongationDepot
from appels.signaux import appel_annonce, depot_ferme, depot_prolonge, formulaire_publie
from projets.enums import EtatProjet
from projets.models import Projet
from projets.services.lettres import envoyer_lettres_relues
from socle import courriels


@receiver(depot_prolonge)
def prevenir_de_la_prolongation(
    sender: type[ProlongationDepot], prolongation: ProlongationDepot, instant: datetime, **_autres: Any
) -> None:
    """Un courriel par membre de chaque organisme dont la demande n'est pas déposée, dans la transaction de l'acte."""
    _prevenir(
        prolongation.appel,
        "prolongation",
        _("Plus de temps pour déposer : {titre}"),
        f"prolongation:{prolongation.pk}",
        {"prolongation": prolongation},
        instant,
    )


@receiver(depot_ferme)
def prevenir_de_la_fermeture(sender: type[Appel], appel: Appel, instant: datetime, **_autres: Any) -> None:
    """Le dépôt cesse avant l'échéance (appel annulé, fonds épuisés) : chaque brouillon le sait, et reste."""
    _prevenir(
        appel,
        "depot_ferme",
        _("L’appel ne reçoit plus de demandes : {titre}"),
        f"depot_ferme:{appel.pk}:{instant.timestamp()}",
        {},
        instant,
    )


def _prevenir(appel: Appel, genre: str, objet: str, cle: str, contexte: dict[str, Any], instant: datetime) -> None:
    brouillons = Projet.objects.filter(appel=appel, etat=EtatProjet.BROUILLON).select_related(
        "organisme", "entente__mandataire"
    )
    for projet in brouillons.prefetch_related("organisme__adhesions__utilisateur").order_by("id"):
        for adhesion in projet.organisme.adhesions.all():
            if adhesion.retiree_le is None and adhesion.utilisateur.is_active:
                courriels.ecrire(
                    f"projets/{genre}",
                    destinataire=adhesion.utilisateur.email,
                    objet=objet.format(titre=projet.titre),
                    contexte={
                        "projet": projet,
                        "appel": appel,
                        "lien": courriels.adresse_absolue(projet.get_absolute_url()),
                        **contexte,
                    },
                    instant=instant,
                    cle=f"{cle}:{projet.pk}:{adhesion.utilisateur_id}",
                    objet_lie=projet,
                    mandataire_code=projet.entente.mandataire.code,
                )


@receiver(formulaire_publie)
def passer_les_brouillons(
    sender: type[FormulaireVersion], version: FormulaireVersion, instant: datetime, **_autres: Any
) -> None:
    """Les brouillons de l'appel passent à la version, réponses gardées; les demandes déposées gardent la leur."""
    Projet.objects.filter(appel=version.appel_id, etat=EtatProjet.BROUILLON).update(formulaire=version)


@receiver(appel_annonce)
def envoyer_les_lettres(sender: type[Appel], appel: Appel, instant: datetime, **_autres: Any) -> None:
    """Les lettres relues partent avec l'annonce, dans sa transaction; les autres restent à relire."""
    envoyer_lettres_relues(appel=appel, instant=instant)
