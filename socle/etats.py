"""Moteur d'états : des tables de transitions en données, une seule façon de les appliquer.

Le moteur verrouille la rangée, vérifie l'état de départ, la permission et les gardes, pose l'état, et écrit la
transition au journal. Boutons, actions de l'admin et services lisent la même table.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from socle.erreurs import Refus
from socle.models.journal import TransitionEtat

M = TypeVar("M", bound=models.Model)
Garde = Callable[[Any, datetime], str | None]


@dataclass(frozen=True)
class Transition:
    """Une action permise : d'où, vers où, qui (`permission`), à quelles conditions (`gardes`).

    Une garde reçoit (objet, instant) et rend `None`, ou la raison du refus en français.
    """

    action: str
    libelle: str
    de: tuple[str, ...]
    vers: str
    permission: str
    gardes: tuple[Garde, ...] = ()


@dataclass(frozen=True)
class Machine:
    """La table des transitions d'un objet, et son champ d'état."""

    objet: str
    transitions: tuple[Transition, ...]
    champ: str = "etat"
    _par_action: dict[str, Transition] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_par_action", {t.action: t for t in self.transitions})

    def transition(self, action: str) -> Transition:
        return self._par_action[action]

    def actions_possibles(self, objet: models.Model, utilisateur: Any) -> list[Transition]:
        """Les transitions offertes à `utilisateur` dans l'état présent (les gardes parleront au moment d'agir)."""
        etat = getattr(objet, self.champ)
        return [t for t in self.transitions if etat in t.de and utilisateur.has_perm(t.permission, objet)]

    def appliquer(
        self,
        objet: M,
        action: str,
        *,
        auteur: Any,
        instant: datetime,
        motif: str = "",
        verrouille: bool = False,
        **champs: Any,
    ) -> M:
        """Fait passer `objet` par `action`; rend la rangée verrouillée et à jour.

        `champs` sont posés avec l'état. `verrouille` : `objet` est déjà la rangée verrouillée de cette transaction. Refuse (`Refus`) : état de départ, permission, garde. Exige une transaction.
        `auteur` nul : le système agit (aucune permission à vérifier).
        """
        if not transaction.get_connection().in_atomic_block:
            raise RuntimeError("Une transition s'applique dans une transaction.")
        regle = self._par_action[action]
        rangee = objet if verrouille else _verrouiller(objet)
        depart = getattr(rangee, self.champ)
        if depart not in regle.de:
            raise Refus(
                _(
                    "« {action} » n’est plus possible : l’état a changé entre-temps (« {etat} »). Relisez la page."
                ).format(action=regle.libelle, etat=etat_lisible(rangee, self.champ)),
                code="etat",
            )
        verifier_droit(auteur, regle.permission, rangee, regle.libelle)
        for garde in regle.gardes:
            if raison := garde(rangee, instant):
                raise Refus(raison, code="garde")
        for nom, valeur in {**champs, self.champ: regle.vers}.items():
            setattr(rangee, nom, valeur)
            setattr(objet, nom, valeur)
        rangee.save(update_fields=[*champs, self.champ])
        noter_transition(rangee, action=action, de=depart, vers=regle.vers, auteur=auteur, instant=instant, motif=motif)
        return rangee


def _verrouiller(objet: M) -> M:
    return type(objet)._base_manager.select_for_update(of=("self",), no_key=True).get(pk=objet.pk)


def verifier_droit(auteur: Any, permission: str, objet: models.Model, action: Any) -> None:
    """Refuse (`Refus`) qui n'a pas `permission` sur `objet`. `auteur` nul : le système agit."""
    if auteur is not None and not auteur.has_perm(permission, objet):
        raise Refus(_("Votre rôle ne permet pas cette action : « {action} ».").format(action=action), code="permission")


def etat_lisible(objet: models.Model, champ: str = "etat") -> str:
    """Libellé de l'état, en français."""
    return str(getattr(objet, f"get_{champ}_display")())


def noter_transition(
    objet: models.Model, *, action: str, de: str, vers: str, auteur: Any, instant: datetime, motif: str = ""
) -> TransitionEtat:
    """Ajoute une ligne au journal des transitions (ajout seul)."""
    return TransitionEtat.objects.create(
        objet_type=objet._meta.label_lower,
        objet_id=objet.pk,
        action=action,
        de=de,
        vers=vers,
        auteur=auteur,
        instant=instant,
        motif=motif,
    )


def transitions_de(objets: Iterable[models.Model]) -> models.QuerySet[TransitionEtat]:
    """Le journal des objets donnés (tous du même modèle), du plus récent au plus ancien."""
    objets = list(objets)
    if not objets:
        return TransitionEtat.objects.none()
    return (
        TransitionEtat.objects.filter(
            objet_type=objets[0]._meta.label_lower, objet_id__in=[objet.pk for objet in objets]
        )
        .select_related("auteur")
        .order_by("-instant", "-id")
    )


def journal_lisible(objet: models.Model, nombre: int = 30) -> list[TransitionEtat]:
    """Les dernières transitions de l'objet; `lu` porte le passage en mots : « En évaluation → Recommandé ».

    `actes_au_journal`, sur le modèle, nomme les actes qui ne changent pas l'état : action → titre.
    """
    etats = dict(getattr(objet._meta.get_field("etat"), "flatchoices", ())) if hasattr(objet, "etat") else {}
    transitions = list(transitions_de([objet])[:nombre])
    for transition in transitions:
        mots = [str(etats.get(etat, etat)) for etat in (transition.de, transition.vers) if etat]
        transition.lu = " → ".join(mots)
        if titre := getattr(objet, "actes_au_journal", {}).get(transition.action):
            transition.lu = str(titre) if transition.de == transition.vers else f"{titre} : {transition.lu}"
    return transitions
