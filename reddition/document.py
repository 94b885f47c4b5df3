"""Ce que montre le PDF d'une reddition, calculé des rangées figées : chiffres clés, barres, tableaux, notes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from alliances.enums import NatureEnveloppe, Origine
from reddition.comparaison import COLONNES, LigneFigee, Version, changements
from reddition.exports import COMPTES, GENRES, SOURCES, contenu, rangees_de, totaliser
from reddition.models import Controle, LigneReddition, Reddition
from reddition.regles import Apport, Rangee, Somme, sommer
from socle import qr
from socle.argent import ZERO
from socle.courriels import adresse_absolue
from socle.exercices import bornes
from socle.formats import TIRET, argent, argent_cents, compter, date_longue, jour_local, nombre, pourcentage
from socle.graphiques import Barre, barre_enveloppe, barre_simple
from socle.referentiel.ministere import FONDS, nom_du_ministere

BARRES_MAX = 9
GRAND = Decimal(100_000_000)  # au-delà, les colonnes de montants passent au petit corps
COURT = 8


@dataclass(frozen=True)
class ChiffreCle:
    """Un chiffre, son titre et sa définition en une ligne."""

    titre: str
    valeur: str
    definition: str


@dataclass(frozen=True)
class Ligne:
    """Une ligne de tableau, en mots : libellé, cellules chiffrées, sorte (ligne, sous_total, total), appel de note."""

    libelle: str
    cellules: Sequence[str]
    sorte: str = "ligne"
    appel: str = ""


@dataclass(frozen=True)
class Groupe:
    """Un territoire de l'annexe : ses projets (ligne figée, cellules) et son sous-total."""

    nom: str
    lignes: Sequence[tuple[LigneReddition, Sequence[str]]]
    projets: int
    sous_total: Sequence[str]


def contexte(reddition: Reddition) -> dict[str, Any]:
    """Le contexte du gabarit `pdf/reddition/reddition.html`."""
    c = contenu(reddition)
    rangees = rangees_de(c["lignes"])
    projets = [e for e in c["enveloppes"] if e.get("nature") != NatureEnveloppe.ADMINISTRATION]
    lien = adresse_absolue(reddition.get_absolute_url())
    notes = notes_d_origine(c["enveloppes"], reddition.entente.montant)
    montants = [c["total"].total, *c["total_enveloppes"].values()]
    return {
        **c,
        "debut_fin": bornes(reddition.exercice),
        "fuseau": c["mandataire"].fuseau,
        "precedente": reddition.remplace,
        "fonds": FONDS,
        "ministere": nom_du_ministere(jour_local(reddition.deposee_le or reddition.compilee_le)),
        "resume": resume(c["total"], projets, rangees),
        "cles": chiffres_cles(c["total"], totaliser(projets), bornes(reddition.exercice)[1]),
        "barres": barres(c["enveloppes"]),
        "sources": provenance(c["total"], c["provenance"]),
        "changements": _depuis_la_precedente(reddition, c["total"], c["lignes"]),
        "tableau_territoires": par_territoire(c["enveloppes"], rangees, c["total"], notes),
        "tableau_priorites": par_priorite(c["priorites"], c["total"]),
        "notes": list(notes.values()),
        "tableau_soldes": soldes_des_enveloppes(c["enveloppes"]),
        "annexe": annexe(c["groupes"], c["total"]),
        "larges": any(abs(montant) >= GRAND for montant in montants),
        "cents": _places(*[e["dotation_cumul"] for e in c["enveloppes"]]) > 0,
        "court": COURT,
        "controles": [_controle(k) for k in c["controles"]],
        "manques": sum(1 for k in c["controles"] if not k.tenu),
        "lien": lien,
        "qr": qr.chemin_svg(lien),
    }


def resume(total: Somme, enveloppes: Sequence[Mapping[str, Any]], rangees: Iterable[Rangee]) -> str:
    """Deux phrases : ce que l'exercice a soutenu, ce que le milieu a ajouté."""
    if not total.nouveaux:
        phrases = [_("Aucun nouveau projet dans cet exercice.")]
    else:
        soutenus = {r.enveloppe for r in rangees if r.nouveau}
        territoires = sum(1 for e in enveloppes if e["libelle"] in soutenus and e.get("nature") == "territoriale")
        regional = any(e["libelle"] in soutenus and e.get("nature") == "regionale" for e in enveloppes)
        projets = compter(total.nouveaux, _("nouveau projet"), _("nouveaux projets"))
        lieux = [_("dans {n}").format(n=compter(territoires, "territoire", "territoires"))] if territoires else []
        lieux += [_("à l’échelle régionale")] if regional else []
        phrases = [_("L’exercice compte {projets}.").format(projets=" ".join([projets, _(" et ").join(lieux)]).strip())]
    if total.levier is not None:
        phrases.append(
            _("Pour chaque dollar du Fonds, le milieu en ajoute {levier}.").format(levier=argent_cents(total.levier))
        )
    if total.personnes:
        phrases.append(
            _("Les rapports acceptés dans l’exercice comptent {personnes}.").format(
                personnes=compter(total.personnes, _("personne rejointe"), _("personnes rejointes"))
            )
        )
    return " ".join(phrases)


def chiffres_cles(total: Somme, soldes: Mapping[str, Decimal], fin: Any) -> list[ChiffreCle]:
    """Les six chiffres de la synthèse, chacun défini."""
    dotation, engage = soldes.get("dotation_cumul", ZERO), soldes.get("engage_cumul", ZERO)
    taux = pourcentage(engage / dotation, 1) if dotation else TIRET
    au = date_longue(fin)
    return [
        ChiffreCle(
            _("Accordé"),
            argent(total.accorde),
            _(
                "Réservé par résolution dans l’exercice. Au cumul : {taux} des enveloppes de projets ({dotation})."
            ).format(taux=taux, dotation=argent(dotation)),
        ),
        ChiffreCle(
            _("Nouveaux projets"),
            nombre(total.nouveaux),
            _("Chacun est compté une fois, dans l’exercice de son octroi, même s’il touche deux territoires."),
        ),
        ChiffreCle(
            _("Versé"),
            argent(total.verse),
            _("Payé aux organismes dans l’exercice; {cumul} au cumul, au {au}.").format(
                cumul=argent(total.verse_cumul), au=au
            ),
        ),
        ChiffreCle(
            _("Partenaires"),
            argent(total.partenaires),
            _("{argent} en argent et {nature} en biens, services et bénévolat.").format(
                argent=argent(total.partenaires_argent), nature=argent(total.partenaires_nature)
            ),
        ),
        ChiffreCle(
            _("Levier"),
            TIRET if total.levier is None else nombre(total.levier, 2),
            _("Dollars des partenaires pour chaque dollar du Fonds accordé dans l’exercice."),
        ),
        ChiffreCle(
            _("Disponible"),
            argent(soldes.get("fermeture", ZERO)),
            _("Enveloppes de projets, moins l’accordé, au {au}.").format(au=au),
        ),
    ]


def barres(enveloppes: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, Barre]]:
    """Une barre par enveloppe, au cumul, sur une échelle commune; au-delà de neuf, les dernières se réunissent."""
    vues = [dict(e) for e in enveloppes if e["dotation_cumul"]]
    if len(vues) > BARRES_MAX:
        autres = vues[BARRES_MAX - 1 :]
        reunies = {"libelle": _("{n} autres enveloppes").format(n=len(autres)), **totaliser(autres)}
        vues = [*vues[: BARRES_MAX - 1], reunies]
    echelle = max((e["dotation_cumul"] for e in vues), default=ZERO)
    return [
        (
            e["libelle"],
            _("{engage} sur {dotation}").format(
                engage=nombre(e["engage_cumul"], _places(e["engage_cumul"], e["dotation_cumul"])),
                dotation=argent(e["dotation_cumul"]),
            ),
            barre_enveloppe(
                dotation=e["dotation_cumul"], engage=e["engage_cumul"], verse=e["verse_cumul"], echelle=echelle
            ),
        )
        for e in vues
    ]


def provenance(total: Somme, apports: Sequence[Apport]) -> list[tuple[str, str, Barre]]:
    """Le Fonds, les partenaires en argent du plus grand au plus petit, puis tout ce qui est en nature."""
    nature = sum((a.montant for a in apports if a.genre == "nature"), ZERO)
    en_argent = sorted((a for a in apports if a.genre == "argent"), key=lambda a: -a.montant)
    sommes = [(_("FQIS"), "verse", total.accorde), *[(str(SOURCES[a.source]), "argent", a.montant) for a in en_argent]]
    sommes += [(str(GENRES["nature"]), "nature", nature)] if nature else []
    echelle = max((montant for _t, _g, montant in sommes), default=ZERO)
    lues = []
    for titre, genre, montant in sommes:
        part = pourcentage(montant / total.total, 1) if total.total else TIRET
        texte = f"{argent(montant)} · {part}"
        barre = barre_simple(montant=montant, echelle=echelle, genre=genre, texte=f"{titre}, {argent(montant)}, {part}")
        lues.append((titre, texte, barre))
    return lues if total.total else []


def _places(*montants: Decimal | None) -> int:
    """Deux décimales si l'un des montants a des cents, sinon aucune."""
    return 2 if any(m is not None and m != m.to_integral_value() for m in montants) else 0


def colonne(montants: Iterable[Decimal | None]) -> list[str]:
    """Une colonne de montants sans symbole; les cents n'y paraissent que s'il y en a; aucune somme : « – »."""
    montants = list(montants)
    places = _places(*montants)
    return [nombre(m, places) if m else TIRET for m in montants]


def comptes(nombres: Iterable[int]) -> list[str]:
    """Une colonne de nombres d'objets."""
    return [nombre(n) if n else TIRET for n in nombres]


def leviers(sommes: Iterable[Somme]) -> list[str]:
    """La colonne du levier, au centième (R40)."""
    return [TIRET if s.levier is None else nombre(s.levier, 2) for s in sommes]


def par_territoire(
    enveloppes: Sequence[Mapping[str, Any]], rangees: Sequence[Rangee], total: Somme, notes: Mapping[str, Any]
) -> list[Ligne]:
    """Les territoires et leur sous-total, puis le régional, l'administration, et le total de l'entente."""
    par_nom: dict[str, list[Rangee]] = {}
    for rangee in rangees:
        par_nom.setdefault(rangee.enveloppe, []).append(rangee)
    territoriales = [e for e in enveloppes if e.get("nature", "territoriale") == NatureEnveloppe.TERRITORIALE]
    autres = [e for e in enveloppes if e not in territoriales]
    lues: list[tuple[str, str, Somme, Mapping[str, Any]]] = [
        (e["libelle"], "ligne", sommer("", par_nom.get(e["libelle"], [])), e) for e in [*territoriales, *autres]
    ]
    if autres and len(territoriales) > 1:
        internes = [r for e in territoriales for r in par_nom.get(e["libelle"], [])]
        libelle = _("{n} territoires").format(n=len(territoriales))
        lues.insert(len(territoriales), (libelle, "sous_total", sommer("", internes), totaliser(territoriales)))
    lues.append((_("Total de l’entente"), "total", total, totaliser(enveloppes)))
    sommes, soldes = [lue[2] for lue in lues], [lue[3] for lue in lues]
    taux = [e.get("engage_cumul", ZERO) / e["dotation_cumul"] if e.get("dotation_cumul") else None for e in soldes]
    cellules = zip(
        comptes(s.nouveaux for s in sommes),
        colonne(e.get("dotation_cumul", ZERO) for e in soldes),
        colonne(s.accorde for s in sommes),
        [pourcentage(t, 1) if t else TIRET for t in taux],
        colonne(s.verse for s in sommes),
        colonne(e.get("fermeture", ZERO) for e in soldes),
        colonne(s.partenaires for s in sommes),
        leviers(sommes),
        strict=True,
    )
    return [
        Ligne(libelle, rangee, sorte, notes.get(e.get("origine", ""), ("",))[0])
        for (libelle, sorte, _somme, e), rangee in zip(lues, cellules, strict=True)
    ]


def par_priorite(priorites: Sequence[Somme], total: Somme) -> list[Ligne]:
    """Une ligne par priorité, de la plus accordée à la moins, et sa part; puis le total."""
    sommes = [*sorted(priorites, key=lambda s: (-s.accorde, s.libelle)), total]
    cellules = zip(
        comptes(s.nouveaux for s in sommes),
        colonne(s.accorde for s in sommes),
        [pourcentage(s.accorde / total.accorde, 1) if s.accorde else TIRET for s in sommes],
        colonne(s.verse for s in sommes),
        colonne(s.partenaires for s in sommes),
        colonne(s.total for s in sommes),
        leviers(sommes),
        strict=True,
    )
    lignes = [Ligne(s.libelle, rangee) for s, rangee in zip(sommes, cellules, strict=True)]
    return [*lignes[:-1], Ligne(_("Total"), lignes[-1].cellules, "total")]


def soldes_des_enveloppes(enveloppes: Sequence[Mapping[str, Any]]) -> list[Ligne]:
    """Ouverture, dotation, accordé, versé, fermeture; puis le total."""
    lues = [*enveloppes, {"libelle": _("Total"), **totaliser(enveloppes)}]
    cles = ("ouverture", "dotation", "engage", "verse", "fermeture")
    cellules = zip(*[colonne(e[cle] for e in lues) for cle in cles], strict=True)
    lignes = [Ligne(e["libelle"], rangee) for e, rangee in zip(lues, cellules, strict=True)]
    return [*lignes[:-1], Ligne(lignes[-1].libelle, lignes[-1].cellules, "total")]


DANS_L_EXERCICE = ("accorde_exercice", "verse_exercice", "partenaires_argent", "partenaires_nature")
AU_CUMUL = ("accorde_exercice", "accorde_cumul", "verse_exercice", "verse_cumul", "partenaires")
SOMMES = {"accorde_exercice": "accorde", "verse_exercice": "verse"}


def annexe(groupes: Sequence[tuple[str, list[LigneReddition], Somme]], total: Somme) -> dict[str, Any]:
    """Les projets par territoire. Dès que des sommes viennent d'un exercice d'avant, les cumuls paraissent."""
    titres = {
        "accorde_exercice": _("Accordé"),
        "accorde_cumul": _("Accordé, cumul"),
        "verse_exercice": _("Versé"),
        "verse_cumul": _("Versé, cumul"),
        "partenaires": _("Partenaires"),
        "partenaires_argent": _("Partenaires, argent"),
        "partenaires_nature": _("Partenaires, nature"),
    }
    suivi = total.accorde_cumul != total.accorde or total.verse_cumul != total.verse
    cles = AU_CUMUL if suivi else DANS_L_EXERCICE
    lignes = [ligne for _nom, groupe, _somme in groupes for ligne in groupe]
    sommes = [*[somme for _nom, _groupe, somme in groupes], total]
    colonnes = [
        colonne([*[getattr(x, cle) for x in lignes], *[getattr(s, SOMMES.get(cle, cle)) for s in sommes]])
        for cle in cles
    ]
    cellules = list(zip(*colonnes, strict=True))
    rangees, pieds = iter(cellules[: len(lignes)]), iter(cellules[len(lignes) :])
    return {
        "titres": [titres[cle] for cle in cles],
        "suivi": suivi,
        "groupes": [
            Groupe(nom, [(ligne, next(rangees)) for ligne in groupe], somme.projets, next(pieds))
            for nom, groupe, somme in groupes
        ],
        "total": next(pieds),
    }


def notes_d_origine(enveloppes: Sequence[Mapping[str, Any]], entente: Decimal | None) -> dict[str, tuple[str, str]]:
    """Une note par origine qui n'est pas « publié » : (appel, phrase)."""
    notes: dict[str, tuple[str, str]] = {}
    for e in enveloppes:
        origine = e.get("origine", "")
        if origine in {"", Origine.PUBLIE} or origine in notes:
            continue
        notes[origine] = (str(len(notes) + 1), _note(origine, e, enveloppes, entente))
    return notes


def _note(
    origine: str, enveloppe: Mapping[str, Any], enveloppes: Sequence[Mapping[str, Any]], entente: Decimal | None
) -> str:
    autres = sum((e["dotation_cumul"] for e in enveloppes if e is not enveloppe), ZERO)
    if origine == Origine.DEDUIT and entente is not None and entente - autres == enveloppe["dotation_cumul"]:
        return _(
            "Montant déduit, non publié : entente de {entente}, moins {autres} aux autres enveloppes, reste {reste}."
        ).format(entente=argent(entente), autres=argent(autres), reste=argent(enveloppe["dotation_cumul"]))
    phrases = {
        Origine.DEDUIT: _("Montant déduit d’autres montants; il n’est publié nulle part."),
        Origine.CALCULE: _("Montant calculé à partir de montants publiés."),
        Origine.DEMONSTRATION: _("Montant de démonstration."),
    }
    return phrases.get(Origine(origine), _("Origine du montant inconnue."))


def _controle(controle: Controle) -> dict[str, Any]:
    """Un contrôle en mots : un compte ne s'écrit pas comme de l'argent."""
    places = 0 if controle.code in COMPTES else 2
    return {
        "rang": f"C{controle.rang:02d}",
        "libelle": controle.libelle,
        "calcule": nombre(controle.calcule, places),
        "attendu": nombre(controle.attendu, places),
        "ecart": nombre(controle.calcule - controle.attendu, places),
        "tenu": controle.tenu,
    }


def _depuis_la_precedente(reddition: Reddition, total: Somme, lignes: Sequence[LigneReddition]) -> list[str]:
    if reddition.remplace is None:
        return []
    anciennes = list(reddition.remplace.lignes.select_related("enveloppe"))
    avant = _version(reddition.remplace, sommer("Total", rangees_de(anciennes)), anciennes)
    return changements(avant, _version(reddition, total, lignes))


def _version(reddition: Reddition, total: Somme, lignes: Sequence[LigneReddition]) -> Version:
    return Version(
        total,
        {
            (ligne.numero, ligne.enveloppe_id): LigneFigee(
                ligne.numero, ligne.priorite, tuple(getattr(ligne, colonne) for colonne in COLONNES)
            )
            for ligne in lignes
        },
        {_("faits saillants"): reddition.faits_saillants, _("retombées observées"): reddition.retombees},
    )
