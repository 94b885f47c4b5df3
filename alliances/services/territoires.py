"""Les territoires d'une entente : l'arbre, leurs MRC et communautés, leurs contacts publics, leurs zones."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alliances.enums import EtatEntente, PorteeTerritoire
from alliances.models import Communaute, ContactTerritoire, Entente, Territoire, ZoneVisee
from alliances.regles.territoires import fait_une_boucle
from alliances.requetes.couverture import mrc_du_mandataire
from socle.erreurs import Refus
from socle.etats import noter_transition, verifier_droit
from socle.formats import NOMS_FUSEAUX, jour_local
from socle.models import Mrc

DROIT = "alliances.gerer_territoires"
LETTRES = re.compile(r"[A-Z]{2,4}")


@transaction.atomic
def creer_territoire(
    *,
    entente: Entente,
    code: str,
    nom: str,
    auteur: Any,
    instant: datetime,
    portee: str = PorteeTerritoire.LOCALE,
    parent: Territoire | None = None,
    mrc: Iterable[Mrc] = (),
    communautes: Iterable[Communaute] = (),
    fuseau: str = "",
) -> Territoire:
    """Ajoute un territoire à l'entente; ses lettres serviront aux numéros des demandes et ne changent plus.

    Refuse : une entente close, des lettres prises ou mal formées, un parent d'une autre entente, une MRC que le mandataire
    ne couvre pas.
    """
    verifier_droit(auteur, DROIT, entente, _("Ajouter un territoire"))
    _verrouiller(entente)
    code = code.strip().upper()
    if not LETTRES.fullmatch(code):
        raise Refus(
            _("Les lettres d’un territoire sont de deux à quatre majuscules, sans accent : CH, par exemple."),
            code="lettres",
            champ="code",
        )
    if entente.territoires.filter(code=code).exists():
        raise Refus(
            _("Ces lettres servent déjà dans cette entente. Choisissez-en d’autres."), code="pris", champ="code"
        )
    territoire = Territoire(
        entente=entente,
        code=code,
        nom=nom.strip(),
        portee=portee,
        parent=parent,
        fuseau=fuseau or entente.mandataire.fuseau,
        ordre=entente.territoires.count(),
    )
    siennes = list(mrc)
    _verifier(territoire, siennes, instant)
    territoire.save()
    _relier(territoire, siennes, communautes)
    noter_transition(territoire, action="creer", de="", vers="inscrit", auteur=auteur, instant=instant)
    return territoire


@transaction.atomic
def modifier_territoire(
    *,
    territoire: Territoire,
    nom: str,
    auteur: Any,
    instant: datetime,
    portee: str = PorteeTerritoire.LOCALE,
    parent: Territoire | None = None,
    mrc: Iterable[Mrc] = (),
    communautes: Iterable[Communaute] = (),
    fuseau: str = "",
) -> Territoire:
    """Change tout, sauf ses lettres. Refuse ce que `creer_territoire` refuse, et un arbre qui tournerait en rond."""
    verifier_droit(auteur, DROIT, territoire, _("Modifier le territoire"))
    _verrouiller(territoire.entente)
    rangee = Territoire.objects.select_related("entente__mandataire__region").get(pk=territoire.pk)
    rangee.nom, rangee.portee, rangee.parent = nom.strip(), portee, parent
    rangee.fuseau = fuseau or rangee.fuseau
    siennes = list(mrc)
    _verifier(rangee, siennes, instant)
    rangee.save()
    _relier(rangee, siennes, communautes)
    noter_transition(rangee, action="modifier", de="", vers="inscrit", auteur=auteur, instant=instant)
    return rangee


@transaction.atomic
def inscrire_contact(
    *,
    territoire: Territoire,
    nom: str,
    auteur: Any,
    instant: datetime,
    telephone: str = "",
    courriel: str = "",
    heures: str = "",
    contact: ContactTerritoire | None = None,
    retirer: bool = False,
) -> Territoire:
    """Ajoute un contact public au territoire, ou change ou retire `contact`. Refuse un contact qu'on ne peut joindre."""
    verifier_droit(auteur, DROIT, territoire, _("Changer un contact public"))
    if contact is not None and contact.territoire_id != territoire.pk:
        raise Refus(_("Ce contact est d’un autre territoire."), code="contact")
    if retirer and contact is not None:
        contact.delete()
    elif not telephone and not courriel:
        raise Refus(_("Donnez au moins un téléphone ou un courriel."), code="joindre", champ="telephone")
    else:
        rangee = contact or ContactTerritoire(
            entente=territoire.entente, territoire=territoire, ordre=territoire.contacts.count()
        )
        rangee.nom, rangee.telephone, rangee.courriel, rangee.heures = nom, telephone, courriel, heures
        rangee.save()
    noter_transition(territoire, action="contact", de="", vers="inscrit", auteur=auteur, instant=instant, motif=nom)
    return territoire


@transaction.atomic
def inscrire_zone(
    *,
    territoire: Territoire,
    nom: str,
    auteur: Any,
    instant: datetime,
    motif: str = "",
    retiree_le: date | None = None,
    zone: ZoneVisee | None = None,
) -> Territoire:
    """Ajoute au territoire une zone où se concentre la pauvreté, ou change `zone`; retirée, elle reste aux dossiers (R55).

    Refuse un nom déjà pris dans l'entente.
    """
    verifier_droit(auteur, DROIT, territoire, _("Inscrire une zone"))
    if zone is not None and zone.territoire_id != territoire.pk:
        raise Refus(_("Cette zone est d’un autre territoire."), code="zone")
    rangee = zone or ZoneVisee(
        entente=territoire.entente, territoire=territoire, ordre=territoire.entente.zones.count()
    )
    ecrire_zone(rangee, nom=nom, motif=motif, retiree_le=retiree_le)
    noter_transition(territoire, action="zone", de="", vers="inscrit", auteur=auteur, instant=instant, motif=rangee.nom)
    return territoire


def ecrire_zone(zone: ZoneVisee, *, nom: str, motif: str, retiree_le: date | None = None) -> ZoneVisee:
    """Range la zone, neuve ou changée. Refuse un nom vide, ou déjà pris dans l'entente."""
    zone.nom, zone.motif, zone.retiree_le = nom.strip(), motif.strip(), retiree_le
    if not zone.nom:
        raise Refus(_("Nommez la zone."), code="nom", champ="nom")
    if ZoneVisee.objects.filter(entente=zone.entente, nom=zone.nom).exclude(pk=zone.pk).exists():
        raise Refus(_("Une zone de cette entente porte déjà ce nom."), code="nom", champ="nom")
    zone.save()
    return zone


def _verrouiller(entente: Entente) -> None:
    """Deux changements simultanés de l'arbre se suivent : aucun ne le fait tourner en rond."""
    Entente.objects.select_for_update(of=("self",), no_key=True).get(pk=entente.pk)
    if entente.etat == EtatEntente.CLOSE:
        raise Refus(_("L’entente est close : ses territoires ne changent plus."), code="close")


def _verifier(territoire: Territoire, mrc: list[Mrc], instant: datetime) -> None:
    entente, parent = territoire.entente, territoire.parent
    if territoire.fuseau not in NOMS_FUSEAUX:
        raise Refus(_("Ce fuseau n’est pas connu. Choisissez-en un de la liste."), code="fuseau", champ="fuseau")
    if parent is not None and parent.entente_id != entente.pk:
        raise Refus(_("Un territoire fait partie d’un territoire de la même entente."), code="entente", champ="parent")
    parents = dict(entente.territoires.values_list("pk", "parent_id"))
    if territoire.pk and parent is not None and fait_une_boucle(parents, territoire.pk, parent.pk):
        raise Refus(
            _("« {parent} » fait déjà partie de « {nom} » : un territoire ne peut pas être dans lui-même.").format(
                parent=parent, nom=territoire
            ),
            code="boucle",
            champ="parent",
        )
    jour = min(max(jour_local(instant), entente.debut), entente.fin)
    couvertes = set(mrc_du_mandataire(entente.mandataire, jour).values_list("pk", flat=True))
    if dehors := [m.nom for m in mrc if m.pk not in couvertes]:
        raise Refus(
            _("Le mandataire ne couvre pas {mrc}. Choisissez parmi les MRC de l’entente.").format(
                mrc=", ".join(dehors)
            ),
            code="mrc",
            champ="mrc",
        )


def _relier(territoire: Territoire, mrc: Iterable[Mrc], communautes: Iterable[Communaute]) -> None:
    territoire.mrc.set(mrc)
    territoire.communautes.set(communautes)
