"""Ce que les projets font quand une app du bas l'annonce : prévenir les brouillons, les passer au formulaire publié."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from appels.models import FormulaireVersion, ProlongationDepot
from appels.signaux import depot_prolonge, formulaire_publie
from projets.enums import EtatProjet
from projets.models import Projet
from socle import courriels


@receiver(depot_prolonge)
def prevenir_les_brouillons(
    sender: type[ProlongationDepot], prolongation: ProlongationDepot, instant: datetime, **_autres: Any
) -> None:
    """Un courriel par membre de chaque organisme dont la demande n'est pas déposée, dans la transaction de l'acte."""
    appel = prolongation.appel
    brouillons = Projet.objects.filter(appel=appel, etat=EtatProjet.BROUILLON).select_related(
        "organisme", "entente__mandataire"
    )
    for projet in brouillons.prefetch_related("organisme__adhesions__utilisateur").order_by("id"):
        for adhesion in projet.organisme.adhesions.all():
            if adhesion.retiree_le is None and adhesion.utilisateur.is_active:
                courriels.ecrire(
                    "projets/prolongation",
                    destinataire=adhesion.utilisateur.email,
                    objet=_("Plus de temps pour déposer : {titre}").format(titre=projet.titre),
                    contexte={
                        "projet": projet,
                        "appel": appel,
                        "prolongation": prolongation,
                        "lien": courriels.adresse_absolue(projet.get_absolute_url()),
                    },
                    instant=instant,
                    cle=f"prolongation:{prolongation.pk}:{projet.pk}:{adhesion.utilisateur_id}",
                    objet_lie=projet,
                    mandataire_code=projet.entente.mandataire.code,
                )


@receiver(formulaire_publie)
def passer_les_brouillons(
    sender: type[FormulaireVersion], version: FormulaireVersion, instant: datetime, **_autres: Any
) -> None:
    """Les brouillons de l'appel passent à la version, réponses gardées; les demandes déposées gardent la leur."""
    Projet.objects.filter(appel=version.appel_id, etat=EtatProjet.BROUILLON).update(formulaire=version)
