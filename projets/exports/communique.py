"""Le communiqué d'un appel : ses octrois par territoire, le total, la mention de visibilité (R28, R29). Des données et un texte à copier."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from appels.enums import EtatAppel
from appels.models import Appel
from projets.exports import visibilite
from projets.models import Projet
from projets.requetes.decisions import octrois
from socle.argent import ZERO
from socle.formats import argent, compter, instant_long, jour_long, telephone


@dataclass
class Groupe:
    """Un territoire : ses projets, et ce que son enveloppe leur accorde."""

    nom: str
    projets: list[tuple[Projet, Decimal]] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        return sum((montant for _projet, montant in self.projets), ZERO)


def est_annonce(appel: Appel, instant: datetime) -> bool:
    """Les décisions de l'appel sont publiques (R28)."""
    return appel.etat == EtatAppel.ANNONCE and appel.annonce_le is not None and appel.annonce_le <= instant


def groupes_d_octrois(projets: QuerySet[Projet]) -> list[Groupe]:
    """Les octrois par enveloppe, dans leur ordre; un projet payé par deux territoires paraît sous chacun (trois requêtes)."""
    lus = octrois(projets).prefetch_related("decision__lignes__enveloppe")
    groupes: dict[int, tuple[int, Groupe]] = {}
    for projet in lus:
        parts: dict[int, Decimal] = {}
        for ligne in projet.decision.lignes.all():
            enveloppe = ligne.enveloppe
            groupes.setdefault(enveloppe.pk, (enveloppe.ordre, Groupe(str(enveloppe.libelle))))
            parts[enveloppe.pk] = parts.get(enveloppe.pk, ZERO) + ligne.montant
        for cle, montant in parts.items():
            groupes[cle][1].projets.append((projet, montant))
    return [groupe for _ordre, groupe in sorted(groupes.values(), key=lambda paire: paire[0])]


def contexte_communique(appel: Appel, instant: datetime) -> dict[str, Any]:
    """Les groupes, les totaux, la mention; `texte` : le même communiqué, sans mise en forme, à copier."""
    mandataire, annonce = appel.entente.mandataire, est_annonce(appel, instant)
    quand = appel.annonce_le if annonce else (appel.annonce_prevue or instant)
    groupes = groupes_d_octrois(Projet.objects.filter(appel=appel))
    nombre = len({projet.pk for groupe in groupes for projet, _montant in groupe.projets})
    total = sum((groupe.total for groupe in groupes), ZERO)
    vu = visibilite(mandataire, quand)
    mention = _("Ces projets sont réalisés avec la participation financière du {ministere}, dans le cadre du {fonds}.")
    contexte = {
        "appel": appel,
        "mandataire": mandataire,
        "annonce": annonce,
        "jour": jour_long(quand, appel.fuseau),
        "prevue": instant_long(appel.annonce_prevue, appel.fuseau) if appel.annonce_prevue else "",
        "groupes": groupes,
        "nombre": nombre,
        "total": total,
        "chapeau": _("{mandataire} annonce {total} pour {projets}, à la suite de l’appel « {appel} ».").format(
            mandataire=mandataire.enseigne,
            total=argent(total),
            projets=compter(nombre, _("projet"), _("projets")),
            appel=appel.titre,
        ),
        "mention": mention.format(**vu),
    }
    return {**contexte, "texte": "\n".join(_texte(contexte))}


def _texte(contexte: dict[str, Any]) -> Iterable[str]:
    appel = contexte["appel"]
    if not contexte["annonce"]:
        yield _("SOUS EMBARGO – NE PAS DIFFUSER")
        yield ""
    yield _("Le {date}").format(date=contexte["jour"])
    yield ""
    yield contexte["chapeau"]
    for groupe in contexte["groupes"]:
        yield ""
        yield f"{groupe.nom} – {argent(groupe.total)}"
        for projet, montant in groupe.projets:
            yield f"• {projet.organisme.nom}, « {projet.titre} » : {argent(montant)}"
    yield ""
    yield contexte["mention"]
    yield ""
    yield _("Renseignements : {nom}, {telephone}, {courriel}").format(
        nom=appel.contact_nom, telephone=telephone(appel.contact_telephone), courriel=appel.contact_courriel
    )
