"""Préparer un appel : le créer, écrire ses renseignements, son dépôt, son calendrier, qui appeler."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from alliances.enums import EtatEntente
from alliances.models import Entente
from alliances.services.gestes import exiger_textes, poser
from appels.enums import Famille, ModeDepot
from appels.models import Appel, EtapeCalendrier, PeriodeDepot
from appels.models.appel import TERME
from appels.services.gestes import nom_du_champ, noter, ouvrir, refuser_si_publie
from comptes.enums import FormeJuridique
from socle.erreurs import Refus
from socle.etats import noter_transition, verifier_droit
from socle.formats import fin_exclusive

CONTACT = ("contact_nom", "contact_courriel", "contact_telephone", "contact_heures", "soir_telephone", "soir_heures")
FORMES = [forme for forme in FormeJuridique.values if forme != FormeJuridique.ENTREPRISE]


@dataclass(frozen=True)
class Periode:
    """Une période de dépôt à écrire; `fermeture` est exclusive."""

    ouverture: datetime
    fermeture: datetime
    reponse_visee: date | None = None


def rang_suivant(entente: Entente) -> int:
    """Le rang du prochain appel de l'entente."""
    return (Appel.objects.filter(entente=entente).aggregate(m=Max("rang"))["m"] or 0) + 1


def dernier_appel(entente: Entente) -> Appel | None:
    """Le dernier appel du mandataire, toutes ententes : ce qu'on en reprend se corrige ensuite."""
    return Appel.objects.filter(entente__mandataire=entente.mandataire).order_by("-ouverture", "-id").first()


def fuseau_de(entente: Entente) -> str:
    """Le fuseau que partagent les territoires de l'entente, sinon celui du mandataire."""
    fuseaux = set(entente.territoires.values_list("fuseau", flat=True))
    return fuseaux.pop() if len(fuseaux) == 1 else entente.mandataire.fuseau


@transaction.atomic
def creer_appel(
    *,
    entente: Entente,
    titre: str,
    ouverture: datetime,
    fermeture: datetime,
    auteur: Any,
    instant: datetime,
    terme: str = "",
) -> Appel:
    """Ouvre un appel en préparation, au rang suivant; code, fuseau, contact et nom propre viennent de l'entente et du dernier appel.

    Refuse : une entente close, un titre vide, une fin qui précède l'ouverture, ou deux créations au même instant.
    """
    verifier_droit(auteur, "appels.creer_appel", entente, _("Créer un appel"))
    if entente.etat == EtatEntente.CLOSE:
        raise Refus(_("L’entente {code} est close : elle ne reçoit plus d’appel.").format(code=entente), code="etat")
    exiger_textes(titre=(titre, _("Donnez un titre à l’appel.")))
    _verifier_dates(ouverture, fermeture)
    precedent, mandataire, rang = dernier_appel(entente), entente.mandataire, rang_suivant(entente)
    try:
        with transaction.atomic():
            appel = Appel.objects.create(
                entente=entente,
                rang=rang,
                code=f"{entente.code}-{rang}",
                titre=titre.strip(),
                terme=terme.strip() or (precedent.terme if precedent else TERME),
                ouverture=ouverture,
                fermeture=fermeture,
                fuseau=fuseau_de(entente),
                fin_max_projet=entente.fin,
                formes_admissibles=FORMES,
                **_contact_initial(precedent, mandataire),
            )
    except IntegrityError as erreur:
        raise Refus(
            _("Un autre appel de cette entente vient d’être créé : rechargez la page."), code="course"
        ) from erreur
    noter_transition(appel, action="creer", de="", vers=appel.etat, auteur=auteur, instant=instant)
    return appel


def _contact_initial(precedent: Appel | None, mandataire: Any) -> dict[str, str]:
    if precedent is not None:
        return {nom: getattr(precedent, nom) for nom in CONTACT}
    return {
        "contact_nom": mandataire.enseigne[:120],
        "contact_courriel": mandataire.courriel,
        "contact_telephone": mandataire.telephone,
    }


@transaction.atomic
def ecrire_renseignements(
    *,
    appel: Appel,
    titre: str,
    terme: str,
    resume: str,
    formes_admissibles: Sequence[str],
    fin_max_projet: date,
    suite_jours: int,
    auteur: Any,
    instant: datetime,
) -> Appel:
    """Écrit ce que l'appel est. Publié, seuls le titre et le résumé se corrigent; le reste a été annoncé."""
    rangee = ouvrir(appel, Famille.RENSEIGNEMENTS, auteur)
    exiger_textes(titre=(titre, _("Donnez un titre à l’appel.")), terme=(terme, _("Dites comment l’appel se nomme.")))
    champs = {
        "titre": titre.strip(),
        "terme": " ".join(terme.split()).lower(),
        "resume": resume.strip(),
        "formes_admissibles": list(formes_admissibles),
        "fin_max_projet": fin_max_projet,
        "suite_jours": suite_jours,
    }
    refuser_si_publie(rangee, "terme", "formes_admissibles", "fin_max_projet", "suite_jours", valeurs=champs)
    changes = [nom for nom, valeur in champs.items() if valeur != getattr(rangee, nom)]
    poser(rangee, **champs)
    noms = ", ".join(nom_du_champ(nom) for nom in changes)
    noter(rangee, Famille.RENSEIGNEMENTS, auteur=auteur, instant=instant, detail=noms)
    return rangee


@transaction.atomic
def ecrire_depot(
    *,
    appel: Appel,
    mode: str,
    ouverture: datetime,
    fermeture: datetime,
    auteur: Any,
    instant: datetime,
    jusqua_epuisement: bool = False,
    reponse_visee: date | None = None,
    periodes: Sequence[Periode] = (),
) -> Appel:
    """Écrit quand on dépose. À plusieurs périodes, l'appel va de la première ouverture à la dernière fermeture.

    Refuse : des dates à l'envers, des périodes qui se chevauchent, un appel publié (il se prolonge), une réponse avant la fin.
    """
    rangee = ouvrir(appel, Famille.DEPOT, auteur)
    if mode == ModeDepot.PERIODES:
        periodes = sorted(periodes, key=lambda p: p.ouverture)
        _verifier_periodes(periodes, rangee.fuseau)
        ouverture, fermeture = periodes[0].ouverture, periodes[-1].fermeture
    else:
        periodes = ()
        _verifier_dates(ouverture, fermeture)
    if reponse_visee is not None and reponse_visee <= fermeture.date():
        raise Refus(_("La réponse visée vient avant la fin du dépôt."), code="dates", champ="reponse_visee")
    poser(
        rangee,
        mode=mode,
        ouverture=ouverture,
        fermeture=fermeture,
        jusqua_epuisement=jusqua_epuisement and mode == ModeDepot.CONTINU,
        reponse_visee=reponse_visee,
    )
    rangee.periodes.all().delete()
    PeriodeDepot.objects.bulk_create(
        [
            PeriodeDepot(
                entente_id=rangee.entente_id,
                appel=rangee,
                rang=rang,
                ouverture=p.ouverture,
                fermeture=p.fermeture,
                reponse_visee=p.reponse_visee,
            )
            for rang, p in enumerate(periodes, start=1)
        ]
    )
    noter(rangee, Famille.DEPOT, auteur=auteur, instant=instant, detail=str(ModeDepot(mode).label))
    return rangee


def _verifier_dates(ouverture: datetime, fermeture: datetime) -> None:
    if fermeture <= ouverture:
        raise Refus(_("La fin du dépôt vient avant l’ouverture."), code="dates", champ="dernier_jour")


def _verifier_periodes(periodes: Sequence[Periode], fuseau: str) -> None:
    if not periodes:
        raise Refus(_("Inscrivez les périodes de dépôt, au moins deux."), code="vide")
    for periode in periodes:
        _verifier_dates(periode.ouverture, periode.fermeture)
        if periode.reponse_visee is not None and periode.reponse_visee <= periode.fermeture.date():
            raise Refus(_("Une réponse visée vient avant la fin de sa période."), code="dates")
    for avant, apres in pairwise(periodes):
        if apres.ouverture < avant.fermeture:
            raise Refus(
                _("Deux périodes se chevauchent : l’une finit le {fin}, la suivante ouvre avant.").format(
                    fin=fin_exclusive(avant.fermeture, fuseau)
                ),
                code="chevauchement",
            )


@transaction.atomic
def ecrire_calendrier(*, appel: Appel, etapes: Iterable[dict[str, Any]], auteur: Any, instant: datetime) -> Appel:
    """Remplace les étapes annoncées; chacune a un libellé et un moment (des mots, ou une date, ou deux). Permis après la publication."""
    rangee = ouvrir(appel, Famille.CALENDRIER, auteur)
    neuves = []
    for ordre, etape in enumerate(etapes):
        if not etape["libelle"].strip() or not (etape["quand"].strip() or etape["jour"]):
            raise Refus(_("Chaque étape a un libellé et un moment : des mots ou une date."), code="vide")
        if etape["jusqua"] and (etape["jour"] is None or etape["jusqua"] < etape["jour"]):
            raise Refus(_("Une étape finit avant de commencer : vérifiez ses deux dates."), code="dates")
        neuves.append(EtapeCalendrier(entente_id=rangee.entente_id, appel=rangee, ordre=ordre, **etape))
    rangee.etapes.all().delete()
    EtapeCalendrier.objects.bulk_create(neuves)
    noter(rangee, Famille.CALENDRIER, auteur=auteur, instant=instant, detail="; ".join(str(e) for e in neuves))
    return rangee


@transaction.atomic
def ecrire_contact(*, appel: Appel, auteur: Any, instant: datetime, **valeurs: str) -> Appel:
    """Écrit qui appeler, le jour et le soir de l'échéance : une fonction, jamais une personne. Permis en tout temps."""
    rangee = ouvrir(appel, Famille.CONTACT, auteur)
    poser(rangee, **{nom: valeurs[nom].strip() for nom in CONTACT})
    noter(rangee, Famille.CONTACT, auteur=auteur, instant=instant, detail=valeurs["contact_nom"])
    return rangee
