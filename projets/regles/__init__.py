"""Règles d'affaires d'une demande, pures : des valeurs, un constat. Chaque règle cite son numéro."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal

from django.utils.translation import gettext as _

from alliances.parametres import ParametresAide
from appels.enums import Gravite
from projets.enums import DANS_LE_CUMUL, CategorieDepense, ConditionVersement, SourceFinancement
from socle.argent import CENT, ZERO, arrondir, rapport, repartir
from socle.formats import argent_cents, compter, date_longue, pourcentage

CENT_POUR_CENT = 100
NON_ADMISSIBLES = (CategorieDepense.IMMOBILISATIONS, CategorieDepense.MISSION_GLOBALE)


@dataclass(frozen=True)
class Constat:
    """Le résultat d'une règle : conforme ou non, en mots et en nombres, et où corriger."""

    regle: str
    conforme: bool
    titre: str
    detail: str = ""
    gravite: str = Gravite.AVERTIT
    section: str = "budget"
    champ: str = ""

    @property
    def numerotee(self) -> bool:
        """Le constat vient d'une règle numérotée, pas d'une réponse ou d'une pièce qui manque."""
        return self.regle.startswith("R")


@dataclass(frozen=True)
class Depense:
    categorie: str
    montant: Decimal
    engagee_le: date | None = None


@dataclass(frozen=True)
class Financement:
    source: str
    montant: Decimal


@dataclass(frozen=True)
class Demande:
    """Les nombres d'une demande, sans la base."""

    montant: Decimal | None
    depenses: Sequence[Depense]
    financements: Sequence[Financement]
    debut: date | None = None
    fin: date | None = None
    fin_max: date | None = None
    acceptation: date | None = None

    @property
    def total_depenses(self) -> Decimal:
        return sum((d.montant for d in self.depenses), ZERO)

    @property
    def total_financements(self) -> Decimal:
        return sum((f.montant for f in self.financements), ZERO)

    @property
    def admissible(self) -> Decimal:
        """Dépenses admissibles (R3)."""
        return sum(
            (d.montant for d in self.depenses if depense_admissible(d.categorie, d.engagee_le, self.acceptation)), ZERO
        )

    @property
    def autres_publics(self) -> Decimal:
        """Ce qui compte dans le cumul, hors FQIS (R9)."""
        return sum((f.montant for f in self.financements if f.source in DANS_LE_CUMUL), ZERO)

    @property
    def ecart(self) -> Decimal:
        """Dépenses moins financement, aide comprise : zéro quand le budget est équilibré (R13)."""
        return self.total_depenses - (self.montant or ZERO) - self.total_financements

    @property
    def taux(self) -> Decimal | None:
        """Aide demandée ÷ dépenses admissibles (R8)."""
        return self.montant / self.admissible if self.montant is not None and self.admissible else None

    @property
    def cumul(self) -> Decimal | None:
        """Fonds publics ÷ dépenses admissibles (R9)."""
        if self.montant is None or not self.admissible:
            return None
        return (self.montant + self.autres_publics) / self.admissible

    @property
    def levier(self) -> Decimal | None:
        """Autres sources ÷ aide demandée (R40)."""
        return rapport(self.total_financements, self.montant) if self.montant else None


def depense_admissible(categorie: str, engagee_le: date | None, acceptation: date | None) -> bool:
    """R3 : ni mission globale, ni immobilisation, ni dépense d'avant l'acceptation (le jour même est admis)."""
    if categorie in NON_ADMISSIBLES:
        return False
    return engagee_le is None or acceptation is None or engagee_le >= acceptation


def aide_maximale(admissible: Decimal, autres_publics: Decimal, cumul_max: Decimal) -> Decimal:
    """R9 : le plus grand FQIS qui respecte le cumul, au cent, jamais négatif."""
    maximum = (admissible * cumul_max - autres_publics).quantize(CENT, rounding=ROUND_FLOOR)
    return max(maximum, ZERO)


def maximum_demandable(demande: Demande, aide: ParametresAide) -> Decimal | None:
    """Le plus que les bornes permettent, selon les montants inscrits (R7, R8, R9); nul si rien ne borne ou rien d'inscrit."""
    if not demande.admissible:
        return None
    bornes = [aide.plafond] if aide.plafond is not None else []
    if aide.taux_max is not None:
        bornes.append((demande.admissible * aide.taux_max).quantize(CENT, rounding=ROUND_FLOOR))
    if aide.cumul_max is not None:
        bornes.append(aide_maximale(demande.admissible, demande.autres_publics, aide.cumul_max))
    return min(bornes) if bornes else None


def evaluer(demande: Demande, aide: ParametresAide) -> list[Constat]:
    """Toutes les règles chiffrées, dans l'ordre de leur numéro."""
    constats = [
        _r3(demande),
        *_r7(demande, aide),
        _r8(demande, aide),
        _r9(demande, aide),
        _r10(demande, aide),
        _r11(demande, aide),
        _r13(demande),
        _r19(demande),
        _duree(demande, aide),
    ]
    return [_avec_gravite(constat, aide) for constat in constats if constat is not None]


def _avec_gravite(constat: Constat, aide: ParametresAide) -> Constat:
    gravite = aide.gravite(constat.regle, constat.gravite)
    return Constat(**{**constat.__dict__, "gravite": gravite})


def _r3(d: Demande) -> Constat:
    exclu = d.total_depenses - d.admissible
    if not exclu:
        return Constat(
            "R3", conforme=True, titre=_("dépenses admissibles"), detail=_("Toutes les dépenses sont admissibles.")
        )
    return Constat(
        "R3",
        conforme=False,
        titre=_("{montant} de dépenses non admissibles").format(montant=argent_cents(exclu)),
        detail=_(
            "L’aide ne paie ni les activités régulières, ni les immobilisations, ni ce qui précède l’acceptation."
            " Ces dépenses peuvent rester au budget, payées par d’autres sources."
        ),
        champ="depenses",
    )


def _r7(d: Demande, aide: ParametresAide) -> Iterable[Constat | None]:
    if d.montant is None:
        return
    if aide.plafond is not None:
        trop = d.montant - aide.plafond
        yield Constat(
            "R7",
            conforme=trop <= 0,
            titre=_("montant sous le plafond")
            if trop <= 0
            else _("{trop} de trop pour cet appel").format(trop=argent_cents(trop)),
            detail=_("Vous demandez {montant}; l’appel accorde au plus {plafond} par projet.{geste}").format(
                montant=argent_cents(d.montant),
                plafond=argent_cents(aide.plafond),
                geste="" if trop <= 0 else " " + _("Réduisez la demande d’autant."),
            ),
            champ="montant_demande",
        )
    if aide.plancher is not None and d.montant < aide.plancher:
        yield Constat(
            "R7",
            conforme=False,
            titre=_("{manque} sous le minimum de cet appel").format(manque=argent_cents(aide.plancher - d.montant)),
            detail=_(
                "Vous demandez {montant}; l’appel accorde au moins {plancher} par projet. Augmentez la demande,"
                " ou écrivez à la coordination."
            ).format(montant=argent_cents(d.montant), plancher=argent_cents(aide.plancher)),
            champ="montant_demande",
        )


def _r8(d: Demande, aide: ParametresAide) -> Constat | None:
    if d.montant is None or aide.taux_max is None or not d.admissible:
        return None
    maximum = (d.admissible * aide.taux_max).quantize(CENT, rounding=ROUND_FLOOR)
    trop = d.montant - maximum
    calcul = _("{montant} ÷ {admissible} = {taux}, maximum {maximum}.").format(
        montant=argent_cents(d.montant),
        admissible=argent_cents(d.admissible),
        taux=pourcentage(d.taux, 2),
        maximum=pourcentage(aide.taux_max),
    )
    if trop <= 0:
        return Constat("R8", conforme=True, titre=_("taux d’aide"), detail=calcul)
    return Constat(
        "R8",
        conforme=False,
        titre=_("Taux d’aide : {trop} de trop").format(trop=argent_cents(trop)),
        detail=_("{calcul} Le FQIS peut donner au plus {maximum} : réduisez la demande.").format(
            calcul=calcul, maximum=argent_cents(maximum)
        ),
        champ="montant_demande",
    )


def _r9(d: Demande, aide: ParametresAide) -> Constat | None:
    if d.montant is None or aide.cumul_max is None or not d.admissible:
        return None
    maximum = aide_maximale(d.admissible, d.autres_publics, aide.cumul_max)
    trop = d.montant - maximum
    cumul = d.cumul
    calcul = _("({montant} + {autres} d’autres fonds publics) ÷ {admissible} = {cumul}, maximum {maximum}.").format(
        montant=argent_cents(d.montant),
        autres=argent_cents(d.autres_publics),
        admissible=argent_cents(d.admissible),
        cumul=pourcentage(cumul, 2),
        maximum=pourcentage(aide.cumul_max),
    )
    if trop <= 0:
        return Constat("R9", conforme=True, titre=_("cumul des aides publiques"), detail=calcul)
    return Constat(
        "R9",
        conforme=False,
        titre=_("Cumul des aides publiques : {trop} de trop").format(trop=argent_cents(trop)),
        detail=_(
            "{calcul} Le FQIS peut donner au plus {maximum}. Réduisez la demande, ou ajoutez une contribution non"
            " gouvernementale."
        ).format(calcul=calcul, maximum=argent_cents(maximum)),
        champ="montant_demande",
    )


def _part(titre: str, montant: Decimal, admissible: Decimal, borne: str) -> str:
    return _("{titre} : {montant} ÷ {admissible} = {taux}, {borne}.").format(
        titre=titre,
        montant=argent_cents(montant),
        admissible=argent_cents(admissible),
        taux=pourcentage(montant / admissible, 2),
        borne=borne,
    )


def _r10(d: Demande, aide: ParametresAide) -> Constat | None:
    """R10 : la mise de fonds de l'organisme, sur les dépenses admissibles."""
    if aide.mise_min is None or not d.admissible:
        return None
    mise = sum((f.montant for f in d.financements if f.source == SourceFinancement.PROMOTEUR), ZERO)
    minimum = arrondir(d.admissible * aide.mise_min)
    manque = minimum - mise
    calcul = _part(
        _("Votre mise de fonds"), mise, d.admissible, _("minimum {taux}").format(taux=pourcentage(aide.mise_min))
    )
    if manque <= 0:
        return Constat("R10", conforme=True, titre=_("mise de fonds de l’organisme"), detail=calcul)
    return Constat(
        "R10",
        conforme=False,
        titre=_("Mise de fonds : il manque {manque}").format(manque=argent_cents(manque)),
        detail=_("{calcul} Ajoutez {manque} de votre organisme, en argent ou en nature.").format(
            calcul=calcul, manque=argent_cents(manque)
        ),
        champ="financements",
    )


def _r11(d: Demande, aide: ParametresAide) -> Constat | None:
    """R11 : les frais d'administration du projet, sur les dépenses admissibles."""
    if aide.administration_max is None or not d.admissible:
        return None
    frais = sum((x.montant for x in d.depenses if x.categorie == CategorieDepense.ADMINISTRATION), ZERO)
    maximum = (d.admissible * aide.administration_max).quantize(CENT, rounding=ROUND_FLOOR)
    trop = frais - maximum
    calcul = _part(
        _("Frais d’administration"),
        frais,
        d.admissible,
        _("maximum {taux}").format(taux=pourcentage(aide.administration_max)),
    )
    if trop <= 0:
        return Constat("R11", conforme=True, titre=_("frais d’administration"), detail=calcul)
    return Constat(
        "R11",
        conforme=False,
        titre=_("Frais d’administration : {trop} de trop").format(trop=argent_cents(trop)),
        detail=_("{calcul} Réduisez-les à {maximum}.").format(calcul=calcul, maximum=argent_cents(maximum)),
        champ="depenses",
    )


def _r13(d: Demande) -> Constat:
    apport = (d.montant or ZERO) + d.total_financements
    ecart = d.ecart
    calcul = _("Dépenses {depenses}, financement {apport}.").format(
        depenses=argent_cents(d.total_depenses), apport=argent_cents(apport)
    )
    if not ecart:
        return Constat("R13", conforme=True, titre=_("budget équilibré"), detail=calcul)
    geste = (
        _("Il manque {ecart} de financement : ajoutez une contribution ou réduisez les dépenses.")
        if ecart > 0
        else _("Le financement dépasse les dépenses de {ecart} : réduisez la demande ou une contribution.")
    ).format(ecart=argent_cents(abs(ecart)))
    return Constat(
        "R13",
        conforme=False,
        titre=_("Budget non équilibré : écart de {ecart}").format(ecart=argent_cents(abs(ecart))),
        detail=f"{calcul} {geste}",
        champ="depenses",
    )


def _r19(d: Demande) -> Constat | None:
    if d.fin is None or d.fin_max is None:
        return None
    if d.debut is not None and d.fin < d.debut:
        return Constat(
            "R19",
            conforme=False,
            titre=_("La fin précède le début"),
            section="projet",
            champ="fin",
            detail=_("Le projet commencerait le {debut} et finirait le {fin}.").format(
                debut=date_longue(d.debut), fin=date_longue(d.fin)
            ),
        )
    retard = (d.fin - d.fin_max).days
    return Constat(
        "R19",
        conforme=retard <= 0,
        titre=_("fin du projet")
        if retard <= 0
        else _("La fin dépasse la borne de {jours}").format(jours=compter(retard, "jour", "jours")),
        section="projet",
        champ="fin",
        detail=_("Fin prévue le {fin}; l’appel demande au plus tard le {borne}.{geste}").format(
            fin=date_longue(d.fin),
            borne=date_longue(d.fin_max),
            geste="" if retard <= 0 else " " + _("Avancez la date de fin."),
        ),
    )


def _duree(d: Demande, aide: ParametresAide) -> Constat | None:
    """R19, durée : le projet finit au plus tard `duree_max_mois` mois après son début, moins un jour."""
    if aide.duree_max_mois is None or d.debut is None or d.fin is None or d.fin < d.debut:
        return None
    limite = rapport_du_le(d.debut, aide.duree_max_mois) - timedelta(days=1)
    tenue, borne = d.fin <= limite, compter(aide.duree_max_mois, "mois", "mois")
    return Constat(
        "R19",
        conforme=tenue,
        titre=_("durée du projet") if tenue else _("Le projet dure plus de {borne}").format(borne=borne),
        section="projet",
        champ="fin",
        detail=_("Du {debut} au {fin}; l’appel finance au plus {borne}, donc jusqu’au {limite}.").format(
            debut=date_longue(d.debut), fin=date_longue(d.fin), borne=borne, limite=date_longue(limite)
        ),
    )


def constat_nombre(deja: int, aide: ParametresAide) -> Constat | None:
    """Le nombre de demandes qu'un organisme peut déposer à l'appel; `deja` : celles qu'il y a déjà déposées."""
    if aide.par_organisme is None:
        return None
    tenu = deja < aide.par_organisme
    borne = compter(aide.par_organisme, "demande", "demandes")
    return Constat(
        "nombre",
        conforme=tenu,
        titre=_("nombre de demandes")
        if tenu
        else _("L’organisme a déjà déposé {n}").format(n=compter(deja, "demande", "demandes")),
        section="organisme",
        detail=_("L’appel accepte au plus {borne} par organisme.").format(borne=borne),
    )


def note_ponderee(reponses: Iterable[tuple[int, int, int | None]]) -> Decimal | None:
    """R24 : Σ (note ÷ maximum × poids), sur 100, au centième; `(poids, maximum, note)` par critère.

    « Je ne sais pas » (note nulle) retire le critère; les poids restants se ramènent à 100. Rend `None` si rien n'est noté.
    """
    notees = [(poids, maximum, note) for poids, maximum, note in reponses if note is not None]
    total = sum(poids for poids, _maximum, _note in notees)
    if not total:
        return None
    points = sum((Decimal(note) * poids / maximum for poids, maximum, note in notees), Decimal(0))
    return arrondir(points * CENT_POUR_CENT / total)


def solde_final(
    *,
    octroi: Decimal,
    reel_admissible: Decimal,
    taux: Decimal,
    verse: Decimal,
    autres_publics: Decimal = ZERO,
    cumul_max: Decimal | None = None,
) -> Decimal:
    """R33 : min(octroi, réel × taux, borne du cumul) − versé; négatif, c'est un recouvrement."""
    bornes = [octroi, arrondir(reel_admissible * taux)]
    if cumul_max is not None:
        bornes.append(aide_maximale(reel_admissible, autres_publics, cumul_max))
    return min(bornes) - verse


def rapport_du_le(fin: date, mois: int) -> date:
    """R32 : `mois` mois après la fin du projet (le dernier jour du mois s'il est plus court)."""
    rang = fin.month - 1 + mois
    annee, mois_final = fin.year + rang // 12, rang % 12 + 1
    return date(annee, mois_final, min(fin.day, monthrange(annee, mois_final)[1]))


@dataclass(frozen=True)
class Tranche:
    """Un versement prévu : son rang, sa part entière, son montant, sa condition."""

    rang: int
    part: int
    montant: Decimal
    condition: str


def tranches(montant: Decimal, parts: Sequence[int]) -> list[Tranche]:
    """R30 : la dernière tranche de plusieurs attend le rapport final; une tranche nulle ne se prévoit pas."""
    montants = repartir(montant, parts)
    return [
        Tranche(
            rang,
            part,
            tranche,
            ConditionVersement.RAPPORT_FINAL if rang == len(montants) > 1 else ConditionVersement.SIGNATURE,
        )
        for rang, (part, tranche) in enumerate(zip(parts, montants, strict=True), start=1)
        if tranche
    ]
