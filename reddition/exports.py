"""Le contenu du PDF et du XLSX d'une reddition, tirés des mêmes rangées figées."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as L  # noqa: N812

from reddition.models import LigneReddition, Reddition
from reddition.regles import Apport, DepenseHorsProjet, Rangee, Somme, grouper, sommer, totaliser_hors_projet
from socle.argent import ZERO
from socle.documents.xlsx import Cellule, Colonne, Feuille
from socle.formats import argent_cents, date_longue, jour_local

ARGENT, ENTIER, NOMBRE, TAUX = "argent", "entier", "nombre", "taux"
MOTS = {"code", "libelle", "nature", "origine"}
MONTANTS_HORS_PROJET = ("engage", "verse", "engage_cumul", "verse_cumul")
COMPTES = {"unique"}  # contrôles dont les valeurs sont des projets, non des dollars
SOURCES = {
    "promoteur": L("Promoteurs"),
    "municipal": L("Municipalités et MRC"),
    "quebec": L("Québec, autres programmes"),
    "federal": L("Canada"),
    "philanthropie": L("Fondations et dons"),
    "autre": L("Autres partenaires"),
    "rapport": L("Selon les rapports acceptés"),
    "": L("Partenaires"),
}
GENRES = {"argent": L("En argent"), "nature": L("Biens, services et bénévolat")}


def rangees_de(lignes: Iterable[LigneReddition]) -> list[Rangee]:
    """Les rangées figées, dans la forme que les règles savent sommer."""
    return [
        Rangee(
            projet_id=ligne.projet_id,
            enveloppe_id=ligne.enveloppe_id,
            enveloppe=ligne.enveloppe.libelle,
            priorite=ligne.priorite,
            accorde_exercice=ligne.accorde_exercice,
            accorde_cumul=ligne.accorde_cumul,
            verse_exercice=ligne.verse_exercice,
            verse_cumul=ligne.verse_cumul,
            partenaires_argent=ligne.partenaires_argent,
            partenaires_nature=ligne.partenaires_nature,
            personnes=ligne.personnes,
            nouveau=ligne.nouveau,
        )
        for ligne in lignes
    ]


def contenu(reddition: Reddition) -> dict[str, Any]:
    """Tout ce que montrent l'écran, le PDF et le XLSX : sommes, enveloppes, lignes, contrôles."""
    lignes = list(
        reddition.lignes.select_related("enveloppe", "projet").order_by("enveloppe__ordre", "enveloppe__code", "numero")
    )
    rangees = rangees_de(lignes)
    enveloppes = [
        {c: v if c in MOTS else Decimal(v) for c, v in e.items()} for e in reddition.chiffres.get("enveloppes", [])
    ]
    hors_projet = [
        DepenseHorsProjet(d["reference"], d["enveloppe"], *(Decimal(d[nom]) for nom in MONTANTS_HORS_PROJET))
        for d in reddition.chiffres.get("hors_projet", [])
    ]
    return {
        "reddition": reddition,
        "entente": reddition.entente,
        "mandataire": reddition.entente.mandataire,
        "lignes": lignes,
        "total": sommer("Total", rangees),
        "territoires": grouper(rangees, "enveloppe", [str(e["libelle"]) for e in enveloppes]),
        "priorites": grouper(rangees, "priorite", sorted({r.priorite for r in rangees})),
        "enveloppes": enveloppes,
        "total_enveloppes": totaliser(enveloppes),
        "provenance": _provenance(reddition),
        "hors_projet": hors_projet,
        "total_hors_projet": totaliser_hors_projet(hors_projet),
        "controles": list(reddition.controles.all()),
        "groupes": _par_enveloppe(lignes),
    }


def totaliser(enveloppes: list[dict[str, Any]]) -> dict[str, Decimal]:
    """Une somme par colonne de montants."""
    cles = [cle for cle in (enveloppes[0] if enveloppes else {}) if cle not in MOTS]
    return {cle: sum((e[cle] for e in enveloppes), ZERO) for cle in cles}


def _provenance(reddition: Reddition) -> list[Apport]:
    """Les apports figés; une version d'avant leur relevé n'a que l'argent et la nature."""
    figee = reddition.chiffres.get("provenance")
    if figee is not None:
        return [Apport(a["source"], a["genre"], Decimal(a["montant"])) for a in figee]
    total = reddition.chiffres.get("total", {})
    apports = [Apport("", genre, Decimal(total.get(f"partenaires_{genre}", 0))) for genre in GENRES]
    return [apport for apport in apports if apport.montant]


def _par_enveloppe(lignes: list[LigneReddition]) -> list[tuple[str, list[LigneReddition], Somme]]:
    groupes: dict[str, list[LigneReddition]] = {}
    for ligne in lignes:
        groupes.setdefault(ligne.enveloppe.libelle, []).append(ligne)
    return [(nom, groupe, sommer(nom, rangees_de(groupe))) for nom, groupe in groupes.items()]


def feuilles(reddition: Reddition) -> list[Feuille]:
    """Les feuilles du XLSX : synthèse, territoires, priorités, provenance, enveloppes, projets, contrôles."""
    c = contenu(reddition)
    titre = f"{reddition.entente.code} – {reddition.exercice} – version {reddition.version}"
    return [
        _synthese(c, titre),
        _sommes("Territoires", _("Territoire"), c["territoires"], c["total"], titre),
        _sommes("Priorités", _("Priorité principale"), c["priorites"], c["total"], titre),
        _feuille_provenance(c, titre),
        _enveloppes(c, titre),
        *([_hors_projet(c, titre)] if c["hors_projet"] else []),
        _projets(c, titre),
        _controles(c, titre),
    ]


def _synthese(c: dict[str, Any], titre: str) -> Feuille:
    r, total = c["reddition"], c["total"]
    rangees = [
        (_("Projets comptés dans l’exercice"), Cellule(total.nouveaux, ENTIER)),
        (_("Projets suivis (feuille « Projets »)"), Cellule(total.projets, ENTIER)),
        (_("FQIS accordé"), total.accorde),
        (_("FQIS versé"), total.verse),
        (_("Contributions des partenaires"), total.partenaires),
        (_("FQIS et partenaires"), total.total),
        (_("Levier (dollars des partenaires par dollar du FQIS)"), Cellule(total.levier, NOMBRE)),
        (_("Personnes rejointes (rapports acceptés dans l’exercice)"), Cellule(total.personnes, ENTIER)),
    ]
    notes = (
        _("Figée à la séquence {n} du grand livre, tête de chaîne {t}").format(n=r.sequence, t=r.tete or "–"),
        _("Empreinte SHA-256 : {e}").format(e=r.empreinte),
        _("Déposée le {date}").format(date=date_longue(jour_local(r.deposee_le)) if r.deposee_le else "–"),
    )
    return Feuille(
        "Synthèse", titre, [Colonne(_("Chiffre"), largeur=56), Colonne(_("Valeur"), ARGENT)], rangees, notes=notes
    )


def _sommes(nom: str, premiere: str, sommes: list[Somme], total: Somme, titre: str) -> Feuille:
    colonnes = [
        Colonne(premiere, largeur=40),
        Colonne(_("Projets"), ENTIER),
        Colonne(_("Accordé"), ARGENT),
        Colonne(_("Versé"), ARGENT),
        Colonne(_("Partenaires"), ARGENT),
        Colonne(_("Total"), ARGENT),
        Colonne(_("Levier"), NOMBRE),
        Colonne(_("Part de l’accordé"), TAUX),
    ]

    def rangee(s: Somme) -> tuple[Any, ...]:
        part = s.accorde / total.accorde if total.accorde else None
        return (s.libelle, s.nouveaux, s.accorde, s.verse, s.partenaires, s.total, s.levier, part)

    return Feuille(nom, titre, colonnes, [rangee(s) for s in sommes], totaux=rangee(total))


def _feuille_provenance(c: dict[str, Any], titre: str) -> Feuille:
    colonnes = [Colonne(_("Source"), largeur=40), Colonne(_("Genre"), largeur=30), Colonne(_("Montant"), ARGENT)]
    rangees = [(_("FQIS (accordé dans l’exercice)"), str(GENRES["argent"]), c["total"].accorde)]
    rangees += [(str(SOURCES[a.source]), str(GENRES[a.genre]), a.montant) for a in c["provenance"]]
    return Feuille("Provenance", titre, colonnes, rangees, totaux=(_("Total"), "", c["total"].total))


def _enveloppes(c: dict[str, Any], titre: str) -> Feuille:
    cles = ("ouverture", "dotation", "engage", "verse", "fermeture", "dotation_cumul", "engage_cumul", "verse_cumul")
    noms = (
        _("Ouverture"),
        _("Dotation"),
        _("Accordé"),
        _("Versé"),
        _("Fermeture (disponible)"),
        _("Dotation cumulée"),
        _("Accordé cumulé"),
        _("Versé cumulé"),
    )
    colonnes = [
        Colonne(_("Code"), largeur=14),
        Colonne(_("Enveloppe"), largeur=36),
        *[Colonne(nom, ARGENT) for nom in noms],
    ]
    rangees = [(e["code"], e["libelle"], *[e[cle] for cle in cles]) for e in c["enveloppes"]]
    totaux = ("", _("Total"), *[c["total_enveloppes"].get(cle) for cle in cles])
    return Feuille("Enveloppes", titre, colonnes, rangees, totaux=totaux)


def _hors_projet(c: dict[str, Any], titre: str) -> Feuille:
    colonnes = [
        Colonne(_("Dépense"), largeur=44),
        Colonne(_("Enveloppe"), largeur=36),
        *[Colonne(nom, ARGENT) for nom in (_("Engagé"), _("Versé"), _("Engagé cumulé"), _("Versé cumulé"))],
    ]
    t = c["total_hors_projet"]
    return Feuille(
        "Hors projet",
        titre,
        colonnes,
        [(d.reference, d.enveloppe, d.engage, d.verse, d.engage_cumul, d.verse_cumul) for d in c["hors_projet"]],
        totaux=(_("Total"), "", t.engage, t.verse, t.engage_cumul, t.verse_cumul),
    )


def _projets(c: dict[str, Any], titre: str) -> Feuille:
    colonnes = [
        Colonne(_("Numéro"), largeur=20),
        Colonne(_("Projet"), largeur=44),
        Colonne(_("Organisme"), largeur=40),
        Colonne(_("Territoire"), largeur=30),
        Colonne(_("Priorité"), largeur=28),
        Colonne(_("État"), largeur=18),
        Colonne(_("Accordé"), ARGENT),
        Colonne(_("Accordé cumulé"), ARGENT),
        Colonne(_("Versé"), ARGENT),
        Colonne(_("Versé cumulé"), ARGENT),
        Colonne(_("Partenaires, argent"), ARGENT),
        Colonne(_("Partenaires, nature"), ARGENT),
        Colonne(_("Personnes"), ENTIER),
    ]
    rangees = [
        (
            ligne.numero,
            ligne.titre,
            ligne.organisme,
            ligne.enveloppe.libelle,
            ligne.priorite,
            ligne.etat,
            ligne.accorde_exercice,
            ligne.accorde_cumul,
            ligne.verse_exercice,
            ligne.verse_cumul,
            ligne.partenaires_argent,
            ligne.partenaires_nature,
            ligne.personnes,
        )
        for ligne in c["lignes"]
    ]
    t = c["total"]
    totaux = (
        _("Total"),
        "",
        "",
        "",
        "",
        "",
        t.accorde,
        t.accorde_cumul,
        t.verse,
        t.verse_cumul,
        t.partenaires_argent,
        t.partenaires_nature,
        t.personnes,
    )
    return Feuille("Projets", titre, colonnes, rangees, totaux=totaux)


def _controles(c: dict[str, Any], titre: str) -> Feuille:
    colonnes = [
        Colonne(_("Contrôle"), largeur=50),
        Colonne(_("Calculé"), ARGENT),
        Colonne(_("Attendu"), ARGENT),
        Colonne(_("Écart"), ARGENT),
        Colonne(_("Tenu")),
    ]
    rangees = [
        (
            k.libelle,
            *[
                Cellule(v, ENTIER if k.code in COMPTES else ARGENT)
                for v in (k.calcule, k.attendu, k.calcule - k.attendu)
            ],
            _("oui") if k.tenu else _("non"),
        )
        for k in c["controles"]
    ]
    return Feuille("Contrôles", titre, colonnes, rangees)


def resume(reddition: Reddition) -> str:
    """Une ligne pour une liste : accordé et versé."""
    total = reddition.chiffres.get("total", {})
    return _("accordé {a}, versé {v}").format(
        a=argent_cents(Decimal(total.get("accorde", 0))), v=argent_cents(Decimal(total.get("verse", 0)))
    )
