"""Ce que partagent les services d'un appel : le prendre, vérifier son gel, noter ce qui change."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from alliances.services.gestes import tracer
from appels.enums import EtatAppel, Famille
from appels.models import Appel
from appels.regles.gel import raison_du_gel
from socle.erreurs import Refus
from socle.etats import noter_transition, verifier_droit


def verrouiller(appel: Appel) -> Appel:
    """La rangée à jour, verrouillée, son entente chargée."""
    return (
        Appel.objects.select_for_update(of=("self",), no_key=True)
        .select_related("entente__mandataire")
        .get(pk=appel.pk)
    )


def ouvrir(appel: Appel, famille: Famille, auteur: Any) -> Appel:
    """La rangée verrouillée; refuse qui ne prépare pas cet appel, ou une famille gelée dans son état (décision 8)."""
    rangee = verrouiller(appel)
    verifier_droit(auteur, "appels.preparer_appel", rangee, famille.label)
    if raison := raison_du_gel(rangee.etat, famille):
        raise Refus(raison, code="gele")
    return rangee


def noter(appel: Appel, famille: Famille, *, auteur: Any, instant: datetime, detail: str = "") -> None:
    """Laisse une ligne à l'historique. En préparation, seulement la famille; après la publication, ce qui a changé."""
    tracer(appel, famille.label, auteur=auteur, instant=instant, detail=detail[:300])


def noter_geste(appel: Appel, action: str, libelle: str, *, auteur: Any, instant: datetime, detail: str = "") -> None:
    """Un geste nommé à l'historique (`action` le code, `libelle` ce qu'on lit), sans changer d'état."""
    noter_transition(appel, action=action, de="", vers=libelle[:40], auteur=auteur, instant=instant, motif=detail)


def nom_du_champ(nom: str) -> str:
    """Le nom d'un champ de l'appel, tel qu'on le lit."""
    champ: Any = Appel._meta.get_field(nom)
    return str(champ.verbose_name)


def refuser_si_publie(appel: Appel, *noms: str, valeurs: dict[str, Any]) -> None:
    """Après la publication, ces champs d'une famille libre ne changent plus : qui peut déposer, jusqu'à quand, quoi compléter."""
    if appel.etat == EtatAppel.BROUILLON:
        return
    for nom in noms:
        if valeurs[nom] != getattr(appel, nom):
            raise Refus(
                _("L’appel est publié : « {champ} » ne change plus. Le titre et le résumé, eux, se corrigent.").format(
                    champ=nom_du_champ(nom)
                ),
                code="gele",
                champ=nom,
            )
