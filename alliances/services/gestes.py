"""Ce que les services du plan et de la gouvernance partagent : prendre une rangée, laisser une trace, lire une date."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from alliances.models import Entente, Territoire
from socle.erreurs import Refus
from socle.etats import noter_transition, verifier_droit

M = TypeVar("M", bound=models.Model)


def prendre(objet: M, permission: str, geste: Any, auteur: Any) -> M:
    """La rangée verrouillée, son entente chargée; refuse qui n'a pas `permission` sur elle."""
    rangee = (
        type(objet)
        ._base_manager.select_for_update(of=("self",), no_key=True)
        .select_related("entente__mandataire")
        .get(pk=objet.pk)
    )
    verifier_droit(auteur, permission, rangee, geste)
    return rangee


def tracer(objet: models.Model, geste: Any, *, auteur: Any, instant: datetime, detail: str = "") -> None:
    """Un geste qui ne change pas l'état paraît quand même à l'historique, en mots."""
    noter_transition(objet, action="geste", de="", vers=str(geste)[:40], auteur=auteur, instant=instant, motif=detail)


def poser(objet: models.Model, **champs: Any) -> None:
    """Écrit ces champs, et eux seuls."""
    for nom, valeur in champs.items():
        setattr(objet, nom, valeur)
    objet.save(update_fields=list(champs))


def ranger(modele: type[M], objet: M | None, **champs: Any) -> M:
    """Crée la rangée, ou écrit ces champs sur celle qui existe (déjà verrouillée)."""
    if objet is None:
        return modele._default_manager.create(**champs)
    poser(objet, **champs)
    return objet


def exiger_textes(**textes: tuple[str, str]) -> None:
    """Refuse le premier texte vide; chaque valeur est (texte, message du refus)."""
    for champ, (texte, message) in textes.items():
        if not texte.strip():
            raise Refus(message, code="vide", champ=champ)


def verifier_territoire(entente: Entente, territoire: Territoire | None) -> None:
    """Refuse un territoire d'une autre entente."""
    if territoire is not None and territoire.entente_id != entente.pk:
        raise Refus(
            _("Ce territoire n’est pas de l’entente {entente} : choisissez-en un autre.").format(entente=entente),
            code="entente",
            champ="territoire",
        )


def verifier_meme_entente(entente: Entente, objets: Sequence[Any], champ: str) -> None:
    """Refuse un choix qui vient d'une autre entente."""
    if any(objet.entente_id != entente.pk for objet in objets):
        raise Refus(
            _("Un de ces choix n’est pas de l’entente {entente} : relisez la page.").format(entente=entente),
            code="entente",
            champ=champ,
        )


def verifier_dates(depuis: date, jusqua: date | None) -> None:
    """Refuse une fin qui précède le début."""
    if jusqua is not None and jusqua < depuis:
        raise Refus(_("La fin vient avant le début : vérifiez les deux dates."), code="dates", champ="jusqua")
