"""Lire le contenu d'un dépôt en mots, et dire ce qui a changé d'un dépôt à l'autre (R22, R56)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as L  # noqa: N812

from appels.enums import NatureProjet
from appels.questions import COLONNES
from comptes.enums import FormeJuridique
from projets.enums import CategorieDepense, GenreFinancement, SourceFinancement
from socle.argent import ZERO
from socle.formats import argent_cents, date_longue, taille

Contenu = Mapping[str, Any]
Noms = Mapping[str, Mapping[str, str]]  # « territoire » et « priorite » : code → libellé

TEXTES = {
    "titre": L("Titre du projet"),
    "territoire": L("Territoire"),
    "priorite": L("Priorité principale"),
    "nature": L("Nature"),
    "zone_visee": L("Dans une zone où se concentre la pauvreté"),
    "zone": L("Zone où se concentre la pauvreté"),
    "debut": L("Début"),
    "fin": L("Fin"),
    "montant_demande": L("Montant demandé"),
    "resume_public": L("Résumé public"),
    "besoin": L("Besoin"),
    "objectifs": L("Objectifs"),
    "clienteles": L("Personnes visées"),
    "personnes_visees": L("Nombre de personnes visées"),
    "participation": L("Participation des personnes concernées"),
    "ancrage": L("Ancrage dans le milieu"),
    "partenaires": L("Partenaires"),
    "perennite": L("Pérennité"),
}
LISTES = {
    "activites": L("Activités"),
    "resultats": L("Résultats attendus"),
    "depenses": L("Dépenses"),
    "financements": L("Financement"),
    "pieces": L("Pièces jointes"),
}
TITRES = {**TEXTES, **LISTES}
RECITS = (
    "resume_public",
    "besoin",
    "objectifs",
    "clienteles",
    "participation",
    "ancrage",
    "partenaires",
    "perennite",
)  # les réponses longues, dans l'ordre de lecture


@dataclass(frozen=True)
class Difference:
    """Un champ changé : ce qu'il disait, ce qu'il dit; pour une liste, les lignes ôtées et ajoutées."""

    cle: str
    titre: str
    avant: str = ""
    apres: str = ""
    otees: list[str] = field(default_factory=list)
    ajoutees: list[str] = field(default_factory=list)

    @property
    def est_liste(self) -> bool:
        return self.cle in LISTES


def lire_texte(contenu: Contenu, cle: str, noms: Noms) -> str:
    """La réponse à `cle`, en mots; vide si rien n'est inscrit."""
    brut = contenu.get(cle)
    if brut in (None, "", "None"):
        return ""
    if cle in noms:
        return noms[cle].get(brut, str(brut))
    if cle in {"debut", "fin"}:
        return date_longue(date.fromisoformat(brut))
    if cle == "montant_demande":
        return argent_cents(Decimal(brut))
    if cle == "nature":
        return str(dict(NatureProjet.choices).get(brut, brut))
    if isinstance(brut, bool):
        return _("oui") if brut else _("non")
    return str(brut)


def _jour(brut: str | None) -> date | None:
    return date.fromisoformat(brut) if brut else None


def activites(contenu: Contenu) -> list[dict[str, Any]]:
    return [
        {"libelle": a["libelle"], "debut": _jour(a.get("debut")), "fin": _jour(a.get("fin"))}
        for a in contenu.get("activites", ())
    ]


def depenses(contenu: Contenu) -> list[dict[str, Any]]:
    """Chaque dépense : catégorie en mots, précision, montant."""
    categories = dict(CategorieDepense.choices)
    return [
        {**d, "categorie": str(categories.get(d["categorie"], d["categorie"])), "montant": Decimal(d["montant"])}
        for d in contenu.get("depenses", ())
    ]


def financements(contenu: Contenu) -> list[dict[str, Any]]:
    """Chaque contribution : source et genre en mots, nom, montant."""
    sources, genres = dict(SourceFinancement.choices), dict(GenreFinancement.choices)
    return [
        {
            **f,
            "source": str(sources.get(f["source"], f["source"])),
            "genre": str(genres.get(f["genre"], f["genre"])),
            "montant": Decimal(f["montant"]),
        }
        for f in contenu.get("financements", ())
    ]


def total(rangees: Iterable[Mapping[str, Any]]) -> Decimal:
    return sum((rangee["montant"] for rangee in rangees), ZERO)


def forme_en_mots(contenu: Contenu) -> str:
    forme = contenu["organisme"].get("forme", "")
    return str(dict(FormeJuridique.choices).get(forme, forme))


def _lignes(contenu: Contenu, cle: str) -> list[str]:
    """Une ligne lisible par rangée d'une liste."""
    if cle == "activites":
        return [
            _ligne(a["libelle"], *(date_longue(a[b]) for b in ("debut", "fin") if a[b])) for a in activites(contenu)
        ]
    if cle == "resultats":
        return [_ligne(r["indicateur"], r.get("cible")) for r in contenu.get("resultats", ())]
    if cle == "depenses":
        return [_ligne(d["categorie"], d.get("libelle"), argent_cents(d["montant"])) for d in depenses(contenu)]
    if cle == "financements":
        return [
            _ligne(
                f["source"],
                f.get("nom"),
                f["genre"],
                _("confirmé") if f.get("confirme") else "",
                argent_cents(f["montant"]),
            )
            for f in financements(contenu)
        ]
    return [_ligne(p["nom"], taille(p["taille"]), p["sha256"][:12]) for p in contenu.get("pieces", ())]


def _ligne(*morceaux: Any) -> str:
    return ", ".join(str(morceau) for morceau in morceaux if morceau not in (None, ""))


def differences(avant: Contenu, apres: Contenu, noms: Noms) -> list[Difference]:
    """Ce qui a changé, champ par champ, dans l'ordre du formulaire."""
    trouvees = []
    for cle, titre in TEXTES.items():
        lus = [lire_texte(contenu, cle, noms) for contenu in (avant, apres)]
        if lus[0] != lus[1]:
            trouvees.append(Difference(cle, str(titre), lus[0], lus[1]))
    trouvees += _reponses_changees(avant, apres)
    for cle, titre in LISTES.items():
        anciennes, nouvelles = _lignes(avant, cle), _lignes(apres, cle)
        otees, ajoutees = _sans(anciennes, nouvelles), _sans(nouvelles, anciennes)
        if otees or ajoutees:
            trouvees.append(Difference(cle, str(titre), otees=otees, ajoutees=ajoutees))
    return trouvees


def reponses(contenu: Contenu) -> list[dict[str, str]]:
    """Les réponses aux questions propres de l'appel, telles que déposées : section, question, réponse en mots."""
    return [r for r in contenu.get("reponses", ()) if r["cle"] not in COLONNES]


def _reponses_changees(avant: Contenu, apres: Contenu) -> list[Difference]:
    lues = [{r["cle"]: r for r in reponses(contenu)} for contenu in (avant, apres)]
    changees = []
    for cle in {**lues[0], **lues[1]}:
        une, autre = (lue.get(cle, {}).get("reponse", "–") for lue in lues)
        if une != autre:
            changees.append(Difference(cle, (lues[1].get(cle) or lues[0][cle])["question"], une, autre))
    return changees


def _sans(lignes: Iterable[str], autres: Iterable[str]) -> list[str]:
    """Les lignes absentes des autres, doublons comptés."""
    restantes = list(autres)
    gardees = []
    for ligne in lignes:
        if ligne in restantes:
            restantes.remove(ligne)
        else:
            gardees.append(ligne)
    return gardees
