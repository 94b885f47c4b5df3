"""Qui lit les fichiers du comité : un cahier, son membre et la coordination; un papier recopié, la coordination seule."""

from typing import Any

from comite.models import CahierSeance, Seance
from comite.requetes.ordre_du_jour import cahier_perime
from comite.services.papier import ACCES_PAPIER
from comite.services.seances import ACCES_CAHIER
from comite.services.tenue import ACCES_PV
from projets.models import Evaluation
from socle.documents.fichiers import acces_fichier
from socle.models import Fichier


@acces_fichier(ACCES_CAHIER)
def lire_cahier(utilisateur: Any, fichier: Fichier) -> bool:
    """Un retrait déclaré depuis le ferme à son membre (R25); à une autre personne, ses propres notes encore dues (R26)."""
    cahier = CahierSeance.objects.visibles_pour(utilisateur).filter(pk=fichier.objet_id, fichier=fichier).first()
    if cahier is None:
        return False
    if cahier.membre_id == utilisateur.pk:
        return not cahier_perime(cahier)
    siennes = Evaluation.objects.filter(projet__points__seance=cahier.seance_id, evaluateur=utilisateur)
    return not siennes.exclude(etat__in=["soumise", "remplacee"]).exists()


@acces_fichier(ACCES_PAPIER)
def lire_papier(utilisateur: Any, fichier: Fichier) -> bool:
    """Le papier porte des notes : qui doit encore les siennes sur ce dossier ne l'ouvre pas (R26)."""
    evaluation = Evaluation.objects.select_related("entente__mandataire").filter(pk=fichier.objet_id).first()
    if evaluation is None or not utilisateur.has_perm("projets.saisir_notes_papier", evaluation):
        return False
    sienne = Evaluation.objects.filter(projet=evaluation.projet_id, evaluateur=utilisateur)
    return not sienne.exclude(etat__in=["soumise", "remplacee"]).exists()


@acces_fichier(ACCES_PV)
def lire_proces_verbal(utilisateur: Any, fichier: Fichier) -> bool:
    """La coordination de la séance : il nomme des retraits et des montants sous embargo (R28)."""
    return Seance.objects.visibles_pour(utilisateur).filter(pk=fichier.objet_id, proces_verbal=fichier).exists()
