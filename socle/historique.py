"""Les valeurs d'avant, sur une poignée de tables nommées (décision 19) : un déclencheur les garde à chaque changement.

Le journal des transitions dit l'acte; ceci dit ce que valait chaque champ. Mise à jour en lot et SQL compris.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pghistory
from django.contrib.auth import get_user_model
from django.db import models
from django.utils.translation import gettext as _

from socle.formats import argent_cents, date_longue, instant_court

RELATION = "historique"


def garder(nom: str) -> Callable[[type[models.Model]], type[models.Model]]:
    """Décorateur d'un modèle : chaque changement range la rangée d'avant dans la table `nom` (ajout seul)."""
    return pghistory.track(
        pghistory.UpdateEvent("avant", row=pghistory.Old),
        model_name=nom,
        obj_field=pghistory.ObjForeignKey(related_name=RELATION),
    )


@dataclass(frozen=True)
class Changement:
    """Un champ, avant et après, en mots."""

    champ: str
    avant: str
    apres: str


@dataclass(frozen=True)
class Modification:
    """Un instant, la personne (quand une requête a écrit), les champs changés."""

    instant: datetime
    personne: str
    changements: list[Changement]


def modifications(objet: models.Model, nombre: int = 15) -> list[Modification]:
    """Les dernières modifications de l'objet, de la plus récente à la plus ancienne; rien pour une table non suivie."""
    if not hasattr(objet, RELATION):
        return []
    avant = list(getattr(objet, RELATION).select_related("pgh_context").order_by("-pgh_id")[:nombre])
    apres: list[Any] = [objet, *avant]
    contextes = {ligne.pk: ligne.pgh_context.metadata if ligne.pgh_context else {} for ligne in avant}
    cles = {contexte["user"] for contexte in contextes.values() if contexte.get("user")}
    personnes = get_user_model()._base_manager.in_bulk(cles) if cles else {}
    suivis = [champ for champ in objet._meta.concrete_fields if not champ.primary_key]
    trouvees = []
    for precedente, suivante in zip(avant, apres, strict=False):
        changes = [
            Changement(str(champ.verbose_name), _mots(champ, precedente), _mots(champ, suivante))
            for champ in suivis
            if getattr(precedente, champ.attname) != getattr(suivante, champ.attname)
        ]
        if changes:
            personne = personnes.get(contextes[precedente.pk].get("user"))
            trouvees.append(Modification(precedente.pgh_created_at, str(personne or ""), changes))
    return trouvees


def _mots(champ: models.Field, rangee: Any) -> str:
    valeur = getattr(rangee, champ.attname)
    if valeur in (None, ""):
        return "–"
    if champ.choices:
        return str(dict(champ.flatchoices).get(valeur, valeur))
    if isinstance(valeur, bool):
        return _("oui") if valeur else _("non")
    if isinstance(valeur, Decimal):
        return argent_cents(valeur)
    if isinstance(valeur, datetime):
        return instant_court(valeur)
    if isinstance(valeur, date):
        return date_longue(valeur)
    if champ.is_relation:
        return str(getattr(rangee, champ.name, valeur))
    return str(valeur)
