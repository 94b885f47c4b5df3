"""La gouvernance : instances, comités, membres, sièges de personnes expertes de vécu, partenaires.

Un siège change d'état; il ne porte le nom de personne, et rien ne le relie à un membre.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alliances.enums import EtatSiege, RoleMembre
from alliances.models import (
    Comite,
    Entente,
    InstanceDecisionnelle,
    MembreComite,
    Partenaire,
    SiegeVecu,
    Territoire,
)
from alliances.services.gestes import (
    exiger_textes,
    poser,
    prendre,
    ranger,
    tracer,
    verifier_dates,
    verifier_territoire,
)
from comptes.enums import Role
from comptes.models import Utilisateur
from socle.erreurs import Refus
from socle.etats import verifier_droit
from socle.formats import date_longue
from socle.horloge import EST

GERER = "alliances.gerer_gouvernance"


@transaction.atomic
def ecrire_comite(
    *,
    entente: Entente,
    comite: Comite | None,
    type: str,  # noqa: A002 — le nom du champ
    nom: str,
    territoire: Territoire | None,
    mandat: str,
    quorum: int | None,
    depuis: date,
    jusqua: date | None,
    auteur: Utilisateur,
    instant: datetime,
) -> Comite:
    """Crée un comité, ou récrit son nom, son mandat, son quorum et ses dates. Refuse un quorum nul ou des dates inversées."""
    verifier_droit(auteur, GERER, entente, _("Écrire un comité"))
    if comite is not None:
        comite = prendre(comite, GERER, _("Modifier le comité"), auteur)
    exiger_textes(nom=(nom, _("Nommez le comité.")))
    verifier_territoire(entente, territoire)
    verifier_dates(depuis, jusqua)
    if quorum == 0:
        raise Refus(
            _("Un quorum compte au moins un membre votant; laissez vide s’il n’est pas fixé."),
            code="quorum",
            champ="quorum",
        )
    ecrit = ranger(
        Comite,
        comite,
        entente=entente,
        type=type,
        nom=nom.strip(),
        territoire=territoire,
        mandat=mandat.strip(),
        quorum=quorum,
        depuis=depuis,
        jusqua=jusqua,
    )
    tracer(ecrit, _("Comité modifié") if comite else _("Comité créé"), auteur=auteur, instant=instant)
    return ecrit


@transaction.atomic
def ecrire_membre(
    *, comite: Comite, membre: MembreComite | None, auteur: Utilisateur, instant: datetime, **champs: Any
) -> MembreComite:
    """Ajoute un membre au comité, ou récrit sa fiche (nom, organisation, secteur, rôle, vote, groupe d'âge, territoire, dates).

    Refuse : un vote donné à qui observe, une deuxième présidence, un début avant celui du comité, un membre d'ailleurs.
    """
    comite = prendre(comite, GERER, _("Écrire un membre"), auteur)
    if membre is not None and membre.comite_id != comite.pk:
        raise Refus(_("Cette personne n’est pas de ce comité : relisez la page."), code="comite")
    exiger_textes(nom=(champs["nom"], _("Nommez la personne, ou sa fonction.")))
    verifier_territoire(comite.entente, champs["territoire"])
    verifier_dates(champs["depuis"], champs["jusqua"])
    if champs["role"] == RoleMembre.OBSERVATION and champs["vote"]:
        raise Refus(_("Une personne qui observe n’a pas droit de vote."), code="vote", champ="vote")
    _verifier_presidence(comite, membre, champs)
    _verifier_compte(comite, membre, champs.get("utilisateur"))
    ecrit = ranger(MembreComite, membre, entente=comite.entente, comite=comite, **champs)
    geste = _("Membre modifié") if membre else _("Membre ajouté")
    tracer(comite, geste, auteur=auteur, instant=instant, detail=ecrit.nom)
    return ecrit


def _verifier_compte(comite: Comite, membre: MembreComite | None, compte: Utilisateur | None) -> None:
    """Un compte évalue pour ce mandataire, et n'est relié qu'à une fiche du comité."""
    if compte is None:
        return
    affectations = compte.affectations.filter(
        role=Role.EVALUATION, mandataire=comite.entente.mandataire_id, retiree_le__isnull=True
    )
    if not affectations.exists():
        raise Refus(
            _("Ce compte n’a pas le rôle de membre de comité : donnez-le-lui d’abord (Accès)."),
            code="compte",
            champ="utilisateur",
        )
    if comite.membres.filter(utilisateur=compte).exclude(pk=membre.pk if membre else None).exists():
        raise Refus(_("Ce compte est déjà relié à un autre membre du comité."), code="compte", champ="utilisateur")


def _verifier_presidence(comite: Comite, membre: MembreComite | None, champs: dict[str, Any]) -> None:
    """Une présidence à la fois."""
    if champs["role"] != RoleMembre.PRESIDENCE:
        return
    autres = comite.membres.filter(role=RoleMembre.PRESIDENCE).exclude(pk=membre.pk if membre else None)
    for autre in autres:
        if (autre.jusqua is None or autre.jusqua >= champs["depuis"]) and (
            champs["jusqua"] is None or autre.depuis <= champs["jusqua"]
        ):
            raise Refus(
                _("{nom} préside déjà ce comité à ces dates : mettez fin à son mandat d’abord.").format(nom=autre.nom),
                code="presidence",
                champ="role",
            )


@transaction.atomic
def terminer_membre(*, membre: MembreComite, jusqua: date, auteur: Utilisateur, instant: datetime) -> MembreComite:
    """Met fin à un mandat, ce jour compris. Refuse une fin avant le début, et un mandat déjà terminé."""
    comite = prendre(membre.comite, GERER, _("Mettre fin à un mandat"), auteur)
    membre = MembreComite.objects.get(pk=membre.pk)
    if membre.jusqua is not None and membre.jusqua < instant.astimezone(EST).date():
        raise Refus(
            _("Ce mandat est déjà terminé, depuis le {date}.").format(date=date_longue(membre.jusqua)), code="fini"
        )
    verifier_dates(membre.depuis, jusqua)
    poser(membre, jusqua=jusqua)
    tracer(comite, _("Mandat terminé"), auteur=auteur, instant=instant, detail=membre.nom)
    return membre


@transaction.atomic
def ajouter_siege(*, comite: Comite, auteur: Utilisateur, instant: datetime) -> SiegeVecu:
    """Ouvre un siège de personne experte de vécu, vacant (R43)."""
    comite = prendre(comite, GERER, _("Ouvrir un siège"), auteur)
    dernier = comite.sieges.order_by("-rang").first()
    siege = SiegeVecu.objects.create(
        entente=comite.entente,
        comite=comite,
        rang=dernier.rang + 1 if dernier else 1,
        depuis=instant.astimezone(EST).date(),
    )
    tracer(comite, _("Siège ouvert"), auteur=auteur, instant=instant, detail=_("Siège {n}").format(n=siege.rang))
    return siege


@transaction.atomic
def changer_siege(*, siege: SiegeVecu, etat: str, auteur: Utilisateur, instant: datetime) -> SiegeVecu:
    """Change l'état du siège : vacant, invitation faite, pourvu. Aucun nom n'est demandé ni rangé (R43).

    Refuse l'état qu'il a déjà.
    """
    comite = prendre(siege.comite, GERER, _("Changer un siège"), auteur)
    siege = SiegeVecu.objects.get(pk=siege.pk)
    if siege.etat == etat:
        raise Refus(_("Le siège est déjà dans cet état."), code="etat", champ="etat")
    avant = siege.get_etat_display()
    poser(siege, etat=etat, depuis=instant.astimezone(EST).date())
    tracer(
        comite,
        _("Siège changé"),
        auteur=auteur,
        instant=instant,
        detail=_("Siège {n} : {avant} → {apres}").format(n=siege.rang, avant=avant, apres=EtatSiege(etat).label),
    )
    return siege


@transaction.atomic
def ecrire_instance(
    *,
    entente: Entente,
    instance: InstanceDecisionnelle | None,
    genre: str,
    nom: str,
    territoire: Territoire | None,
    depuis: date,
    jusqua: date | None,
    auteur: Utilisateur,
    instant: datetime,
) -> InstanceDecisionnelle:
    """Inscrit l'instance qui décide (R27), pour l'entente ou un territoire, ou la récrit. Refuse des dates inversées."""
    verifier_droit(auteur, GERER, entente, _("Écrire une instance"))
    if instance is not None:
        instance = prendre(instance, GERER, _("Modifier l’instance"), auteur)
    exiger_textes(nom=(nom, _("Nommez l’instance.")))
    verifier_territoire(entente, territoire)
    verifier_dates(depuis, jusqua)
    ecrite = ranger(
        InstanceDecisionnelle,
        instance,
        entente=entente,
        genre=genre,
        nom=nom.strip(),
        territoire=territoire,
        depuis=depuis,
        jusqua=jusqua,
    )
    tracer(ecrite, _("Instance modifiée") if instance else _("Instance inscrite"), auteur=auteur, instant=instant)
    return ecrite


@transaction.atomic
def ecrire_partenaire(
    *,
    entente: Entente,
    partenaire: Partenaire | None,
    nom: str,
    famille: str,
    auteur: Utilisateur,
    instant: datetime,
) -> Partenaire:
    """Inscrit un partenaire dans une des huit familles, ou le récrit. Refuse un nom déjà pris dans l'entente."""
    verifier_droit(auteur, GERER, entente, _("Écrire un partenaire"))
    if partenaire is not None:
        partenaire = prendre(partenaire, GERER, _("Modifier le partenaire"), auteur)
    exiger_textes(nom=(nom, _("Nommez le partenaire.")))
    autres = Partenaire.objects.filter(entente=entente, nom=nom.strip()).exclude(
        pk=partenaire.pk if partenaire else None
    )
    if autres.exists():
        raise Refus(_("Ce partenaire est déjà inscrit dans cette entente."), code="double", champ="nom")
    ecrit = ranger(Partenaire, partenaire, entente=entente, nom=nom.strip(), famille=famille)
    tracer(ecrit, _("Partenaire modifié") if partenaire else _("Partenaire inscrit"), auteur=auteur, instant=instant)
    return ecrit
