"""Transitions d'une entente : signée, active, suspendue, en clôture, close. « Échue » se déduit de la date."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliances.enums import EtatEntente as E
from alliances.enums import PartieSignataire
from alliances.models import Entente
from alliances.regles.ententes import est_echue
from socle.etats import Machine, Transition
from socle.formats import argent_cents, compter, date_longue
from socle.horloge import EST


def trois_signatures(entente: Entente, _instant: datetime) -> str | None:
    """Le ministère, les élus et le mandataire ont signé."""
    signees = {s.partie for s in entente.signataires.all() if s.signe_le}
    manquent = [str(partie.label).lower() for partie in PartieSignataire if partie not in signees]
    if not manquent:
        return None
    return _("Il manque la signature de : {parties}. Inscrivez sa date, puis activez l’entente.").format(
        parties=", ".join(manquent)
    )


def montant_connu(entente: Entente, _instant: datetime) -> str | None:
    if entente.montant is not None:
        return None
    return _("Le montant de l’entente n’est pas inscrit : inscrivez-le avant de l’activer.")


def fiduciaire_nomme(entente: Entente, _instant: datetime) -> str | None:
    """R54, aussi tenu par la base."""
    mandataire = entente.mandataire
    if mandataire.inscrit_req or mandataire.fiduciaire:
        return None
    return _("Le mandataire n’est pas inscrit au Registre des entreprises : nommez son fiduciaire (R54).")


def entente_echue(entente: Entente, instant: datetime) -> str | None:
    if est_echue(entente.fin, instant.astimezone(EST).date()):
        return None
    return _("L’entente court jusqu’au {fin} : la clôture commence le lendemain.").format(fin=date_longue(entente.fin))


def aucun_engagement_ouvert(entente: Entente, _instant: datetime) -> str | None:
    """Close refusée tant qu'un engagement est ouvert : une convention, une dépense engagée."""
    ouverts = entente.engagements.filter(clos_le__isnull=True, montant__gt=0).order_by("reference")
    nombre = ouverts.count()
    if not nombre:
        return None
    reste = sum((e.montant - e.verse for e in ouverts), start=0)
    return _("{engagements}, {reste} à verser : {references}. Fermez-les d’abord (rapport, dernier versement).").format(
        engagements=compter(nombre, "engagement est encore ouvert", "engagements sont encore ouverts"),
        reste=argent_cents(reste),
        references=", ".join(e.reference for e in ouverts[:5]) + ("…" if nombre > 5 else ""),  # noqa: PLR2004
    )


GERER = "alliances.gerer_entente"
ENTENTE = Machine(
    "entente",
    (
        Transition(
            "activer",
            gettext_lazy("Activer l’entente"),
            (E.BROUILLON,),
            E.ACTIVE,
            GERER,
            (montant_connu, fiduciaire_nomme, trois_signatures),
        ),
        Transition("suspendre", gettext_lazy("Suspendre l’entente"), (E.ACTIVE,), E.SUSPENDUE, GERER),
        Transition("reprendre", gettext_lazy("Reprendre l’entente"), (E.SUSPENDUE,), E.ACTIVE, GERER),
        Transition(
            "ouvrir_cloture",
            gettext_lazy("Commencer la clôture"),
            (E.ACTIVE, E.SUSPENDUE),
            E.EN_CLOTURE,
            GERER,
            (entente_echue,),
        ),
        Transition(
            "clore", gettext_lazy("Clore l’entente"), (E.EN_CLOTURE,), E.CLOSE, GERER, (aucun_engagement_ouvert,)
        ),
    ),
)
EXIGENT_MOTIF = ("suspendre", "reprendre")
