"""Le guide d'un appel : ses textes; son PDF et celui du formulaire vierge, que Celery refait à chaque changement public."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from appels.enums import EtatAppel, Famille
from appels.models import Appel, TexteGuide
from appels.services.gestes import noter, ouvrir
from socle import travaux
from socle.erreurs import Refus
from socle.models import Travail
from socle.models.travail import EtatTravail

GENRE = "appels.guide"
ACCES_GUIDE = "guide_appel"
GENRE_FORMULAIRE = "appels.formulaire"
ACCES_FORMULAIRE = "formulaire_appel"


@transaction.atomic
def ecrire_guide(*, appel: Appel, textes: Iterable[dict[str, Any]], auteur: Any, instant: datetime) -> Appel:
    """Remplace les textes du guide, en texte simple. Permis après la publication : le guide explique, il ne change pas les règles."""
    rangee = ouvrir(appel, Famille.GUIDE, auteur)
    neufs = []
    for ordre, ecrit in enumerate(textes):
        if not ecrit["titre"].strip() or not ecrit["texte"].strip():
            raise Refus(_("Chaque texte du guide a un titre et au moins un paragraphe."), code="vide")
        neufs.append(
            TexteGuide(
                entente_id=rangee.entente_id,
                appel=rangee,
                titre=ecrit["titre"].strip(),
                texte=ecrit["texte"].replace("\r\n", "\n").strip(),
                ordre=ordre,
            )
        )
    rangee.textes.all().delete()
    TexteGuide.objects.bulk_create(neufs)
    noter(rangee, Famille.GUIDE, auteur=auteur, instant=instant, detail="; ".join(texte.titre for texte in neufs))
    demander_guide(rangee, instant=instant)
    return rangee


def demander_guide(appel: Appel, *, instant: datetime) -> Travail | None:
    """Met en file le PDF du guide d'un appel public; rend celui qui attend déjà. Rien pour un appel en préparation."""
    return _demander(GENRE, appel, _("Guide de l’appel {code}"), instant)


def demander_formulaire(appel: Appel, *, instant: datetime) -> Travail | None:
    """Met en file le PDF du formulaire vierge, comme `demander_guide`."""
    return _demander(GENRE_FORMULAIRE, appel, _("Formulaire de l’appel {code}"), instant)


def demander_documents(appel: Appel, *, instant: datetime) -> None:
    """Le guide et le formulaire : ce qui change les deux (échéance, pièces, publication)."""
    demander_guide(appel, instant=instant)
    demander_formulaire(appel, instant=instant)


def _demander(genre: str, appel: Appel, libelle: str, instant: datetime) -> Travail | None:
    if appel.etat in {EtatAppel.BROUILLON, EtatAppel.ANNULE}:
        return None
    attend = Travail.objects.filter(genre=genre, parametres={"appel_id": appel.pk}, etat=EtatTravail.EN_ATTENTE).first()
    return attend or travaux.demander(
        genre,
        libelle=libelle.format(code=appel.code),
        parametres={"appel_id": appel.pk},
        demande_par=None,
        instant=instant,
        mandataire_code=appel.entente.mandataire.code,
    )
