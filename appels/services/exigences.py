"""Ce qu'un appel offre et demande : montants, bornes et gravités, pièces, grille."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from alliances.models import Enveloppe
from alliances.parametres import ParametresAide
from alliances.services.gestes import exiger_textes, poser, ranger, verifier_meme_entente
from appels.enums import EtatAppel, Famille, Gravite
from appels.models import Appel, AppelEnveloppe, Critere, PieceRequise
from appels.regles.bornes import LIBELLES
from appels.regles.conditions import Condition
from appels.regles.echelle import EchelleIllisible, lire_echelle
from appels.regles.gravites import CODES, PAR_DEFAUT
from appels.regles.grille import TOTAL_POIDS
from appels.services.gestes import noter, ouvrir, verrouiller
from appels.services.guide import demander_documents
from socle.erreurs import Refus
from socle.etats import verifier_droit
from socle.formats import argent


@transaction.atomic
def ecrire_offres(*, appel: Appel, offres: Mapping[Enveloppe, Decimal | None], auteur: Any, instant: datetime) -> Appel:
    """Remplace les enveloppes offertes; nul : montant à venir. Refuse plus que le disponible, une autre entente, un appel publié."""
    rangee = ouvrir(appel, Famille.MONTANTS, auteur)
    verifier_meme_entente(rangee.entente, list(offres), "")
    for enveloppe, offert in offres.items():
        _verifier_disponible(enveloppe, offert)
    rangee.offres.all().delete()
    AppelEnveloppe.objects.bulk_create(
        [
            AppelEnveloppe(entente_id=rangee.entente_id, appel=rangee, enveloppe=enveloppe, offert=offert, ordre=ordre)
            for ordre, (enveloppe, offert) in enumerate(offres.items())
        ]
    )
    noter(rangee, Famille.MONTANTS, auteur=auteur, instant=instant)
    return rangee


@transaction.atomic
def preciser_montants(
    *, appel: Appel, montants: Mapping[AppelEnveloppe, Decimal], auteur: Any, instant: datetime
) -> Appel:
    """Donne leur valeur aux montants annoncés « à venir ». Refuse un montant déjà annoncé, ou plus que le disponible."""
    rangee = verrouiller(appel)
    verifier_droit(auteur, "appels.modifier_appel", rangee, _("Préciser un montant à venir"))
    if rangee.etat not in {EtatAppel.PUBLIE, EtatAppel.ANALYSE}:
        raise Refus(_("L’appel n’est pas en cours : ses montants ne se précisent plus."), code="etat")
    if not montants:
        raise Refus(_("Inscrivez au moins un montant."), code="vide")
    details = []
    for offre, montant in montants.items():
        verrouillee = (
            AppelEnveloppe.objects.select_for_update(of=("self",)).select_related("enveloppe").get(pk=offre.pk)
        )
        if verrouillee.appel_id != rangee.pk or verrouillee.offert is not None:
            raise Refus(_("Ce montant est déjà annoncé : il ne change plus."), code="gele", champ=f"offert_{offre.pk}")
        _verifier_disponible(verrouillee.enveloppe, montant, f"offert_{offre.pk}")
        poser(verrouillee, offert=montant)
        details.append(f"{verrouillee.enveloppe} : {argent(montant)}")
    noter(rangee, Famille.MONTANTS, auteur=auteur, instant=instant, detail="; ".join(details))
    demander_documents(rangee, instant=instant)
    return rangee


def _verifier_disponible(enveloppe: Enveloppe, offert: Decimal | None, champ: str = "") -> None:
    if offert is not None and offert > enveloppe.disponible:
        raise Refus(
            _("{enveloppe} : {offert} offerts, mais {disponible} disponibles au grand livre; {trop} de trop.").format(
                enveloppe=enveloppe,
                offert=argent(offert),
                disponible=argent(enveloppe.disponible),
                trop=argent(offert - enveloppe.disponible),
            ),
            code="disponible",
            champ=champ or f"offert_{enveloppe.pk}",
        )


@transaction.atomic
def ecrire_parametres(
    *,
    appel: Appel,
    bornes: Mapping[str, Decimal | int | None],
    gravites: Mapping[str, str],
    auteur: Any,
    instant: datetime,
) -> Appel:
    """Surcharge les bornes de l'entente et fixe la gravité des règles; une borne absente reste héritée, nulle ne s'applique pas.

    Refuse : une gravité ou une règle inconnue, un plancher au-dessus du plafond, un appel publié (décision 8).
    """
    rangee = ouvrir(appel, Famille.PARAMETRES, auteur)
    if set(gravites) - CODES or set(gravites.values()) - set(Gravite.values):
        raise Refus(_("Une gravité n’est pas de la liste : relisez la page."), code="gravite")
    ecrites: dict[str, Any] = {
        nom: str(valeur) if isinstance(valeur, Decimal) else valeur for nom, valeur in bornes.items()
    }
    heritees = rangee.entente.aide
    if fixees := {r: g for r, g in gravites.items() if heritees.gravite(r, PAR_DEFAUT) != g}:
        ecrites["gravites"] = {**dict(heritees.gravites), **fixees}
    aide = ParametresAide.lire(ecrites, heritees)
    if aide.plancher is not None and aide.plafond is not None and aide.plancher > aide.plafond:
        raise Refus(
            _("L’aide minimale ({plancher}) dépasse l’aide maximale ({plafond}).").format(
                plancher=argent(aide.plancher), plafond=argent(aide.plafond)
            ),
            code="bornes",
            champ="plancher",
        )
    poser(rangee, parametres=ecrites)
    noter(
        rangee,
        Famille.PARAMETRES,
        auteur=auteur,
        instant=instant,
        detail="; ".join(str(LIBELLES[nom]) for nom in LIBELLES if nom in ecrites),
    )
    return rangee


@transaction.atomic
def ecrire_piece(
    *,
    appel: Appel,
    piece: PieceRequise | None,
    libelle: str,
    aide: str,
    gravite: str,
    conditions: Iterable[Condition],
    auteur: Any,
    instant: datetime,
) -> PieceRequise:
    """Ajoute une pièce exigée, ou récrit la sienne. Refuse un libellé vide, un appel publié."""
    rangee = ouvrir(appel, Famille.PIECES, auteur)
    exiger_textes(libelle=(libelle, _("Nommez la pièce.")))
    champs: dict[str, Any] = {
        "libelle": libelle.strip(),
        "aide": aide.strip(),
        "gravite": gravite,
        "conditions": [condition.ecrire() for condition in conditions],
    }
    if piece is None:
        dernier = rangee.pieces_requises.aggregate(m=Max("ordre"))["m"]
        champs |= {
            "entente_id": rangee.entente_id,
            "appel": rangee,
            "code": _code_libre(rangee, libelle),
            "ordre": 0 if dernier is None else dernier + 1,
        }
    ecrite = ranger(PieceRequise, piece, **champs)
    noter(rangee, Famille.PIECES, auteur=auteur, instant=instant, detail=ecrite.libelle)
    return ecrite


def _code_libre(appel: Appel, libelle: str) -> str:
    base = slugify(libelle).replace("-", "_")[:26] or "piece"
    pris = set(appel.pieces_requises.values_list("code", flat=True))
    return next(c for c in (base, *(f"{base}_{n}" for n in range(2, 100))) if c not in pris)


@transaction.atomic
def retirer_piece_exigee(*, piece: PieceRequise, auteur: Any, instant: datetime) -> Appel:
    """N'exige plus cette pièce. Refuse un appel publié."""
    rangee = ouvrir(piece.appel, Famille.PIECES, auteur)
    libelle = piece.libelle
    piece.delete()
    noter(rangee, Famille.PIECES, auteur=auteur, instant=instant, detail=_("Retirée : {nom}").format(nom=libelle))
    return rangee


@transaction.atomic
def ecrire_grille(*, appel: Appel, criteres: Iterable[dict[str, Any]], auteur: Any, instant: datetime) -> Appel:
    """Remplace les critères. Refuse un poids hors de 1 à 100, un total au-dessus de 100 (R24), une échelle illisible, un seuil
    au-dessus du maximum, un appel publié.

    Un total sous 100 s'enregistre : la grille est alors incomplète, et l'appel ne se publie pas.
    """
    rangee = ouvrir(appel, Famille.GRILLE, auteur)
    criteres = list(criteres)
    total = sum(c["poids"] for c in criteres)
    if total > TOTAL_POIDS:
        raise Refus(
            _("Les poids totalisent {total} : {trop} de trop. Ils doivent faire 100 (R24).").format(
                total=total, trop=total - TOTAL_POIDS
            ),
            code="poids",
        )
    ecrits = [_critere(ordre, critere) for ordre, critere in enumerate(criteres)]
    rangee.criteres.all().delete()
    Critere.objects.bulk_create(
        [
            Critere(entente_id=rangee.entente_id, appel=rangee, code=f"critere_{ordre + 1}", ordre=ordre, **champs)
            for ordre, champs in enumerate(ecrits)
        ]
    )
    noter(rangee, Famille.GRILLE, auteur=auteur, instant=instant, detail=_("{n} critères").format(n=len(criteres)))
    return rangee


def _critere(ordre: int, critere: Mapping[str, Any]) -> dict[str, Any]:
    """Les champs d'un critère : son échelle en mots lue, son seuil vérifié."""
    champs = {nom: critere[nom] for nom in ("libelle", "question", "poids", "maximum")}
    try:
        paliers = lire_echelle(critere.get("echelle") or "", champs["maximum"])
    except EchelleIllisible as erreur:
        raise Refus(str(erreur), code="echelle", champ=f"echelle_{ordre}") from erreur
    seuil = critere.get("seuil")
    if seuil is not None and seuil > champs["maximum"]:
        raise Refus(
            _("Le seuil ({seuil}) dépasse la note maximale ({maximum}).").format(
                seuil=seuil, maximum=champs["maximum"]
            ),
            code="seuil",
            champ=f"seuil_{ordre}",
        )
    return {
        **champs,
        "consigne": (critere.get("consigne") or "").strip(),
        "mots": [{"note": palier.note, "mot": palier.mot} for palier in paliers],
        "seuil": seuil,
    }
