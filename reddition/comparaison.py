"""Ce qui a changé d'une version de reddition à la suivante, lu de leurs seules rangées figées (R41)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from reddition.regles import Somme
from socle.formats import argent_cents, nombre

MAXIMUM = 7
COLONNES = ("accorde_exercice", "verse_exercice", "partenaires_argent", "partenaires_nature")


@dataclass(frozen=True)
class LigneFigee:
    """Une rangée figée : son projet, sa priorité, ses montants, dans l'ordre de `COLONNES`."""

    numero: str
    priorite: str
    montants: tuple[Decimal, ...]


@dataclass(frozen=True)
class Version:
    """Une version figée : ses totaux, ses rangées par (numéro, enveloppe), ses textes par titre."""

    total: Somme
    lignes: Mapping[tuple[str, int], LigneFigee]
    textes: Mapping[str, str]


def changements(avant: Version, apres: Version) -> list[str]:
    """Une phrase par changement, les totaux d'abord; vide si rien n'a bougé."""
    phrases = [*_totaux(avant.total, apres.total), *_projets(avant, apres)]
    phrases += [
        _("Texte modifié : {titre}.").format(titre=titre)
        for titre, texte in apres.textes.items()
        if texte != avant.textes.get(titre)
    ]
    if len(phrases) <= MAXIMUM:
        return phrases
    reste = len(phrases) - MAXIMUM + 1
    return [*phrases[: MAXIMUM - 1], _("Et {n} autres changements, à lire au classeur XLSX.").format(n=nombre(reste))]


def _totaux(avant: Somme, apres: Somme) -> list[str]:
    lus: tuple[tuple[str, str, Callable[[Decimal | int], str]], ...] = (
        ("nouveaux", _("Projets comptés"), nombre),
        ("accorde", _("Accordé"), argent_cents),
        ("verse", _("Versé"), argent_cents),
        ("partenaires", _("Partenaires"), argent_cents),
        ("personnes", _("Personnes rejointes"), nombre),
    )
    phrases = []
    for champ, titre, ecrire in lus:
        ancien, nouveau = getattr(avant, champ), getattr(apres, champ)
        if ancien != nouveau:
            signe = "+" if nouveau > ancien else "−"
            phrases.append(
                _("{titre} : {signe} {ecart} (de {ancien} à {nouveau}).").format(
                    titre=titre,
                    signe=signe,
                    ecart=ecrire(abs(nouveau - ancien)),
                    ancien=ecrire(ancien),
                    nouveau=ecrire(nouveau),
                )
            )
    return phrases


def _projets(avant: Version, apres: Version) -> list[str]:
    ajoutes = sorted({cle[0] for cle in apres.lignes} - {cle[0] for cle in avant.lignes})
    retires = sorted({cle[0] for cle in avant.lignes} - {cle[0] for cle in apres.lignes})
    phrases = []
    if ajoutes:
        phrases.append(_("Projets ajoutés : {numeros}.").format(numeros=_citer(ajoutes)))
    if retires:
        phrases.append(_("Projets retirés : {numeros}.").format(numeros=_citer(retires)))
    communes = [(cle, avant.lignes[cle], ligne) for cle, ligne in apres.lignes.items() if cle in avant.lignes]
    priorites = sorted({cle[0] for cle, ancienne, ligne in communes if ancienne.priorite != ligne.priorite})
    if priorites:
        phrases.append(
            _("Priorité principale corrigée : {numeros}. Le total ne change pas.").format(numeros=_citer(priorites))
        )
    montants = sorted({cle[0] for cle, ancienne, ligne in communes if ancienne.montants != ligne.montants})
    if montants:
        phrases.append(_("Montants corrigés : {numeros}.").format(numeros=_citer(montants)))
    return phrases


def _citer(numeros: list[str]) -> str:
    """Trois numéros au plus, puis le compte."""
    if len(numeros) <= 3:  # noqa: PLR2004
        return ", ".join(numeros)
    return _("{premiers} et {n} autres").format(premiers=", ".join(numeros[:3]), n=len(numeros) - 3)
