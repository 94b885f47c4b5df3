"""Faits publiés : cycles, vingt et un mandataires, ententes 2017 et leurs montants (idempotent).

Un montant que personne n'a publié est nul, jamais inventé (décision 4).
"""

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from alliances.enums import Origine
from alliances.models import (
    Avenant,
    Communaute,
    Cycle,
    Entente,
    InstanceDecisionnelle,
    Mandataire,
    MontantPublie,
    Priorite,
)
from socle.models import Mrc, Region
from socle.referentiel.chargement import lire_csv

DOSSIER = Path(__file__).resolve().parents[1] / "donnees"
CYCLES = (
    ("2010-2016", "Alliances pour la solidarité 2010-2016", date(2010, 4, 1), date(2016, 3, 31), "118500000"),
    (
        "2017-2023",
        "Plan d’action 2017-2023, prolongé au 31 mars 2024",
        date(2017, 4, 1),
        date(2024, 3, 31),
        "160100000",
    ),
    ("2024-2029", "Plan d’action 2024-2029", date(2024, 4, 1), date(2029, 3, 31), None),
)
PARTAGES = {
    "10",
    "11",
}  # Nord-du-Québec (trois ententes) et Gaspésie–Îles (deux) : un seul montant publié pour plusieurs
FIN_INITIALE = date(2023, 3, 31)
EXCEPTIONS = {"06": Decimal(50_000_000), "PN": Decimal(4_164_555)}


@transaction.atomic
def charger_publications(instant: datetime) -> None:
    """Écrit ce qui est publié. Ne touche ni aux enveloppes ni au grand livre, ni à la fiche d'un mandataire déjà là."""
    for code, nom, debut, fin, annonce in CYCLES:
        Cycle.objects.update_or_create(
            code=code,
            defaults={
                "nom": nom,
                "debut": debut,
                "fin": fin,
                "montant_annonce": Decimal(annonce) if annonce else None,
                "origine": Origine.PUBLIE if annonce else Origine.INCONNU,
            },
        )
    cycle = Cycle.objects.get(code="2017-2023")
    publies = _montants_publies(cycle)
    regions = {region.code: region for region in Region.objects.all()}
    _charger_communautes()
    presentations, partages = _presentations(), _mrc_des_partages()
    for rangee in lire_csv(DOSSIER / "mandataires.csv"):
        region, code = regions.get(rangee.pop("region_code")), rangee.pop("code")
        mandataire, _neuf = Mandataire.objects.get_or_create(
            code=code, defaults={**rangee, **presentations.get(code, {}), "region": region}
        )
        if code in partages and not mandataire.mrc.exists():
            mandataire.mrc.set(partages[code])
        montant = EXCEPTIONS.get(mandataire.code) or (
            publies.get(region.code) if region and region.code not in PARTAGES else None
        )
        entente, neuve = Entente.objects.get_or_create(
            code=f"{mandataire.code}-2017",
            defaults={
                "mandataire": mandataire,
                "cycle": cycle,
                "debut": cycle.debut,
                "fin": FIN_INITIALE,
                "montant": montant,
                "origine": Origine.PUBLIE if montant else Origine.INCONNU,
            },
        )
        if neuve:
            charger_prolongation(entente, cycle.fin, instant)
        charger_priorites(entente)
        charger_instance(entente)


def _charger_communautes() -> None:
    for rangee in lire_csv(DOSSIER / "communautes.csv"):
        Communaute.objects.get_or_create(nom=rangee["nom"], defaults={"nation": rangee["nation"]})


def _presentations() -> dict[str, dict[str, str]]:
    """Ce que les sources disent d'un mandataire : présentation, qui l'a désigné, fiduciaire."""
    fiches: dict[str, dict[str, str]] = defaultdict(dict)
    for rangee in lire_csv(DOSSIER / "presentations.csv"):
        fiches[rangee["mandataire"]][rangee["champ"]] = rangee["texte"]
    return fiches


def _mrc_des_partages() -> dict[str, list[Mrc]]:
    """Les MRC de chaque mandataire d'une région partagée; les autres couvrent leur région entière."""
    mrc = {m.code: m for m in Mrc.objects.all()}
    dites: dict[str, list[Mrc]] = defaultdict(list)
    for rangee in lire_csv(DOSSIER / "mandataires_mrc.csv"):
        dites[rangee["mandataire"]].append(mrc[rangee["mrc"]])
    return dites


def charger_priorites(entente: Entente) -> None:
    """Les dix priorités d'exemple du plan de travail, pour cette entente."""
    if entente.priorites.exists():
        return
    Priorite.objects.bulk_create(
        Priorite(entente=entente, ordre=rang, **rangee)
        for rang, rangee in enumerate(lire_csv(DOSSIER / "priorites.csv"))
    )


def charger_prolongation(entente: Entente, fin: date, instant: datetime) -> None:
    """L'avenant qui mène l'entente au 31 mars 2024; son montant n'est publié que pour six d'entre elles.

    L'enveloppe ajoutée à tout le Québec (26,1 M$) est annoncée, sa répartition ne l'est pas.
    """
    connus = {r["code"]: Decimal(r["montant"]) for r in lire_csv(DOSSIER / "prolongation_2023_2024.csv")}
    ecart = connus.get(entente.mandataire.code)
    Avenant.objects.create(
        entente=entente,
        numero=1,
        ecart=ecart,
        nouvelle_fin=fin,
        motif="Prolongation du plan d’action et de la mesure des Alliances au 31 mars 2024",
        origine=Origine.PUBLIE if ecart else Origine.INCONNU,
        inscrit_le=instant,
    )
    entente.fin = fin
    if ecart is not None and entente.montant is not None:
        entente.montant, entente.origine = entente.montant + ecart, Origine.CALCULE
    entente.save(update_fields=["fin", "montant", "origine"])


def charger_instance(entente: Entente) -> None:
    """L'instance qui décide pour toute l'entente, si aucune n'est inscrite : le conseil d'administration."""
    if not entente.instances.filter(territoire__isnull=True).exists():
        InstanceDecisionnelle.objects.create(entente=entente, nom="conseil d’administration", depuis=entente.debut)


def _montants_publies(cycle: Cycle) -> dict[str, Decimal]:
    montants = {}
    for rang, rangee in enumerate(lire_csv(DOSSIER / "montants_publies_2017.csv")):
        MontantPublie.objects.update_or_create(
            cycle=cycle,
            libelle=rangee["libelle"],
            defaults={
                "region_code": rangee["region_code"],
                "montant": Decimal(rangee["montant"]),
                "nature": rangee["nature"],
                "rang": rang,
            },
        )
        if rangee["nature"] == "ligne" and rangee["region_code"]:
            montants[rangee["region_code"]] = Decimal(rangee["montant"])
    return montants
