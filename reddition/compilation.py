"""Compiler une reddition : lire le grand livre et les projets, sans rien écrire (R38, R39)."""

from collections import defaultdict
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from alliances.enums import SUR_DOTATION, SUR_ENGAGE, SUR_VERSE
from alliances.models import Entente, Mouvement
from projets.enums import EtatRapport
from projets.enums import GenreFinancement as G
from projets.models import Projet, RapportProjet
from reddition.models import LigneReddition
from reddition.regles import (
    Apport,
    DepenseHorsProjet,
    Identite,
    Rangee,
    grouper,
    partager,
    reunir,
    sommer,
    totaliser_hors_projet,
)
from socle.argent import ZERO
from socle.exercices import bornes
from socle.horloge import EST


@dataclass(frozen=True)
class RangeeProjet:
    """Une rangée et les mots qu'on fige avec elle."""

    rangee: Rangee
    projet: Projet
    etat: str


@dataclass(frozen=True)
class SoldeEnveloppe:
    """Une enveloppe dans l'exercice : ce qu'elle avait, ce qui y est entré et sorti, ce qui reste."""

    code: str
    libelle: str
    ouverture: Decimal
    dotation: Decimal
    engage: Decimal
    verse: Decimal
    fermeture: Decimal
    dotation_cumul: Decimal
    engage_cumul: Decimal
    verse_cumul: Decimal
    nature: str
    origine: str


@dataclass(frozen=True)
class Compilation:
    """Tout ce qu'une reddition dira, calculé une fois."""

    entente: Entente
    exercice: str
    rangees: list[RangeeProjet]
    enveloppes: list[SoldeEnveloppe]
    provenance: list[Apport]
    hors_projet: list[DepenseHorsProjet]
    identites: list[Identite]

    @property
    def chiffres(self) -> dict[str, Any]:
        """Figures figées : totaux, par territoire, par priorité, par enveloppe, par provenance; montants en chaînes."""
        nues = [r.rangee for r in self.rangees]
        return {
            "total": _figer(sommer("Total", nues)),
            "territoires": [_figer(s) for s in grouper(nues, "enveloppe", [e.libelle for e in self.enveloppes])],
            "priorites": [_figer(s) for s in grouper(nues, "priorite", sorted({r.priorite for r in nues}))],
            "enveloppes": [{c: str(v) for c, v in asdict(e).items()} for e in self.enveloppes],
            "provenance": [{c: str(v) for c, v in asdict(a).items()} for a in self.provenance],
            "hors_projet": [{c: str(v) for c, v in asdict(d).items()} for d in self.hors_projet],
        }


def _figer(somme: Any) -> dict[str, Any]:
    valeurs = {**asdict(somme), "total": somme.total, "levier": somme.levier}
    return {cle: str(v) if isinstance(v, Decimal) else v for cle, v in valeurs.items()}


def compiler(entente: Entente, exercice: str) -> Compilation:
    """Lit les mouvements jusqu'à l'exercice compris; rend rangées, soldes et identités."""
    rangees = _rangees(entente, exercice)
    enveloppes = _soldes(entente, exercice)
    provenance = provenance_de(rangees)
    hors_projet = _hors_projet(entente, exercice)
    controles = identites(entente, exercice, rangees, enveloppes, provenance, hors_projet)
    return Compilation(entente, exercice, rangees, enveloppes, provenance, hors_projet, controles)


def provenance_de(lignes: list[RangeeProjet]) -> list[Apport]:
    """Les apports des projets comptés dans l'exercice, réunis par source et par genre."""
    comptes = {ligne.projet.pk: ligne.projet for ligne in lignes if ligne.rangee.nouveau}
    return reunir(apport for projet in comptes.values() for apport in _apports(projet, _rapport_accepte(projet)))


def _somme(types: tuple[str, ...], condition: Q) -> Sum:
    return Sum("montant", filter=Q(type__in=types) & condition, default=ZERO)


def _rangees(entente: Entente, exercice: str) -> list[RangeeProjet]:
    dans, jusqua = Q(exercice=exercice), Q(exercice__lte=exercice)
    lignes = (
        Mouvement.objects.filter(entente=entente, engagement__libre=False)
        .values("engagement__octroi__decision__projet", "enveloppe_id")
        .annotate(
            accorde_exercice=_somme(SUR_ENGAGE, dans),
            accorde_cumul=_somme(SUR_ENGAGE, jusqua),
            verse_exercice=_somme(SUR_VERSE, dans),
            verse_cumul=_somme(SUR_VERSE, jusqua),
            avant=_somme(SUR_ENGAGE, Q(exercice__lt=exercice, montant__gt=0)),
            engages=_somme(SUR_ENGAGE, dans & Q(montant__gt=0)),
        )
        .order_by("enveloppe__ordre", "enveloppe_id", "engagement__octroi__decision__projet__numero")
    )
    par_projet: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for ligne in lignes:
        if ligne["accorde_cumul"] or ligne["verse_cumul"] or ligne["accorde_exercice"]:
            par_projet[ligne["engagement__octroi__decision__projet"]].append(ligne)
    projets = (
        Projet.objects.filter(pk__in=par_projet)
        .select_related("organisme", "priorite", "convention__rapport", "enveloppe")
        .prefetch_related("financements")
    )
    libelles = dict(entente.enveloppes.values_list("pk", "libelle"))
    rangees = [
        r
        for projet in projets.order_by("numero")
        for r in _rangees_du_projet(projet, par_projet[projet.pk], exercice, libelles)
    ]
    ordre = {pk: rang for rang, pk in enumerate(libelles)}
    return sorted(rangees, key=lambda r: (ordre[r.rangee.enveloppe_id], r.projet.numero))


def _hors_projet(entente: Entente, exercice: str) -> list[DepenseHorsProjet]:
    """Les dépenses engagées hors projet, une par engagement, jusqu'à l'exercice compris."""
    dans, jusqua = Q(exercice=exercice), Q(exercice__lte=exercice)
    lignes = (
        Mouvement.objects.filter(jusqua, entente=entente, engagement__libre=True)
        .order_by("enveloppe__ordre", "engagement_id")
        .values("engagement__reference", "enveloppe__libelle", "engagement_id", "enveloppe__ordre")
        .annotate(
            engage=_somme(SUR_ENGAGE, dans),
            verse=_somme(SUR_VERSE, dans),
            engage_cumul=_somme(SUR_ENGAGE, jusqua),
            verse_cumul=_somme(SUR_VERSE, jusqua),
        )
    )
    montants = ("engage", "verse", "engage_cumul", "verse_cumul")
    return [
        DepenseHorsProjet(
            ligne["engagement__reference"], ligne["enveloppe__libelle"], *(ligne[nom] for nom in montants)
        )
        for ligne in lignes
        if any(ligne[nom] for nom in montants)
    ]


def _rangees_du_projet(
    projet: Projet, lignes: list[dict[str, Any]], exercice: str, libelles: dict[int, str]
) -> list[RangeeProjet]:
    """Les montants du projet entier (partenaires, personnes) comptent une fois : dans l'exercice de son octroi, puis du rapport."""
    nouveau = any(ligne["engages"] for ligne in lignes) and not any(ligne["avant"] for ligne in lignes)
    rapport = _rapport_accepte(projet)
    argent, nature = _partenaires(projet, rapport) if nouveau else (ZERO, ZERO)
    accordes = [max(ligne["accorde_cumul"], ZERO) for ligne in lignes]
    argents, natures = partager(argent, accordes), partager(nature, accordes)
    personnes = rapport.personnes_rejointes or 0 if rapport and _accepte_dans(rapport, exercice) else 0
    convention = getattr(projet, "convention", None)
    return [
        RangeeProjet(
            Rangee(
                projet_id=projet.pk,
                enveloppe_id=ligne["enveloppe_id"],
                enveloppe=libelles[ligne["enveloppe_id"]],
                priorite=str(projet.priorite),
                accorde_exercice=ligne["accorde_exercice"],
                accorde_cumul=ligne["accorde_cumul"],
                verse_exercice=ligne["verse_exercice"],
                verse_cumul=ligne["verse_cumul"],
                partenaires_argent=argents[rang],
                partenaires_nature=natures[rang],
                personnes=personnes if rang == 0 else 0,
                nouveau=nouveau,
            ),
            projet,
            str(convention.get_etat_display() if convention else projet.get_etat_display()),
        )
        for rang, ligne in enumerate(lignes)
    ]


def _rapport_accepte(projet: Projet) -> RapportProjet | None:
    convention = getattr(projet, "convention", None)
    rapport = getattr(convention, "rapport", None)
    return rapport if rapport and rapport.etat == EtatRapport.ACCEPTE else None


def _accepte_dans(rapport: RapportProjet, exercice: str) -> bool:
    premier, dernier = bornes(exercice)
    return rapport.accepte_le is not None and premier <= rapport.accepte_le.astimezone(EST).date() <= dernier


def _apports(projet: Projet, rapport: RapportProjet | None) -> list[Apport]:
    """Le réel du rapport accepté, qui ne nomme pas ses sources; à défaut, ce que la demande prévoyait."""
    if rapport is not None:
        return [
            Apport("rapport", G.ARGENT.value, rapport.partenaires_argent),
            Apport("rapport", G.NATURE.value, rapport.partenaires_nature),
        ]
    return [Apport(f.source, f.genre, f.montant) for f in projet.financements.all()]


def _partenaires(projet: Projet, rapport: RapportProjet | None) -> tuple[Decimal, Decimal]:
    """Argent et nature du projet entier."""
    apports = _apports(projet, rapport)
    return (
        sum((a.montant for a in apports if a.genre == G.ARGENT), ZERO),
        sum((a.montant for a in apports if a.genre == G.NATURE), ZERO),
    )


def _soldes(entente: Entente, exercice: str) -> list[SoldeEnveloppe]:
    dans, avant = Q(exercice=exercice), Q(exercice__lt=exercice)
    sommes = {
        ligne["enveloppe_id"]: ligne
        for ligne in Mouvement.objects.filter(entente=entente)
        .order_by()
        .values("enveloppe_id")
        .annotate(
            dotation=_somme(SUR_DOTATION, dans),
            engage=_somme(SUR_ENGAGE, dans),
            verse=_somme(SUR_VERSE, dans),
            dotation_avant=_somme(SUR_DOTATION, avant),
            engage_avant=_somme(SUR_ENGAGE, avant),
            verse_avant=_somme(SUR_VERSE, avant),
        )
    }
    soldes = []
    for enveloppe in entente.enveloppes.order_by("ordre", "code"):
        s = sommes.get(enveloppe.pk)
        if s is None:
            continue
        ouverture = s["dotation_avant"] - s["engage_avant"]
        soldes.append(
            SoldeEnveloppe(
                code=enveloppe.code,
                libelle=enveloppe.libelle,
                ouverture=ouverture,
                dotation=s["dotation"],
                engage=s["engage"],
                verse=s["verse"],
                fermeture=ouverture + s["dotation"] - s["engage"],
                dotation_cumul=s["dotation_avant"] + s["dotation"],
                engage_cumul=s["engage_avant"] + s["engage"],
                verse_cumul=s["verse_avant"] + s["verse"],
                nature=enveloppe.nature,
                origine=enveloppe.origine,
            )
        )
    return soldes


def _deja_comptes(nouveaux: list[int], exercice: str) -> int:
    """Projets qu'une reddition déposée d'un autre exercice compte déjà."""
    return (
        LigneReddition.objects.filter(projet__in=nouveaux, nouveau=True, reddition__etat__in=["deposee", "acceptee"])
        .exclude(reddition__exercice=exercice)
        .aggregate(n=Count("projet", distinct=True))["n"]
    )


def identites(
    entente: Entente,
    exercice: str,
    lignes: list[RangeeProjet],
    soldes: list[SoldeEnveloppe],
    provenance: list[Apport],
    hors_projet: list[DepenseHorsProjet],
) -> list[Identite]:
    """R39 : les rangées d'un côté; de l'autre, le grand livre lu d'une seule somme, sans passer par les rangées."""
    rangees = [ligne.rangee for ligne in lignes]
    total = sommer("Total", rangees)
    livre = Mouvement.objects.filter(entente=entente).aggregate(
        engage=_somme(SUR_ENGAGE, Q(exercice=exercice)),
        verse=_somme(SUR_VERSE, Q(exercice=exercice)),
        dotation_cumul=_somme(SUR_DOTATION, Q(exercice__lte=exercice)),
        engage_cumul=_somme(SUR_ENGAGE, Q(exercice__lte=exercice)),
    )
    territoires = grouper(rangees, "enveloppe", [e.libelle for e in soldes])
    priorites = grouper(rangees, "priorite", sorted({r.priorite for r in rangees}))
    apports = sum((a.montant for a in provenance), ZERO)
    hors = totaliser_hors_projet(hors_projet)
    depassements = sum((max(r.verse_cumul - r.accorde_cumul, ZERO) for r in rangees), ZERO)
    deja = _deja_comptes([r.projet_id for r in rangees if r.nouveau], exercice)
    return [
        Identite(
            "lignes",
            "Somme des projets, et hors projet = engagements du grand livre",
            total.accorde + hors.engage,
            livre["engage"],
        ),
        Identite(
            "verse",
            "Somme des versements, et hors projet = versements du grand livre",
            total.verse + hors.verse,
            livre["verse"],
        ),
        Identite("total", "FQIS + partenaires = total", total.total + hors.engage, livre["engage"] + apports),
        Identite(
            "territoire",
            "Somme par territoire, et hors projet = total accordé",
            sum((s.accorde for s in territoires), ZERO) + hors.engage,
            livre["engage"],
        ),
        Identite(
            "priorite",
            "Somme par priorité = somme par territoire",
            sum((s.accorde for s in priorites), ZERO),
            sum((s.accorde for s in territoires), ZERO),
        ),
        Identite("provenance", "Somme par provenance = partenaires", apports, total.partenaires),
        Identite("borne", "Versé au-delà de l’accordé", depassements, ZERO),
        Identite(
            "fermeture",
            "Ouverture + mouvements = fermeture",
            sum((s.fermeture for s in soldes), ZERO),
            livre["dotation_cumul"] - livre["engage_cumul"],
        ),
        Identite("unique", "Projets comptés aussi dans un autre exercice", Decimal(deja), ZERO),
    ]
