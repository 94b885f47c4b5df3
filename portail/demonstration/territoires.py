"""Territoires, délégations et contacts de la démonstration; aucun montant n'est inventé : sans montant publié, pas de dotation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alliances.enums import GenreInstance, PorteeTerritoire, Pouvoir
from alliances.models import (
    Communaute,
    ContactTerritoire,
    Delegation,
    Entente,
    InstanceDecisionnelle,
    Territoire,
    ZoneVisee,
)
from socle.models import Mrc


@dataclass(frozen=True)
class Lieu:
    """Un territoire : lettres, nom, codes de ses MRC."""

    lettres: str
    nom: str
    mrc: tuple[str, ...] = ()


MRC_02 = {
    "BS": ("941", "942"),
    "CH": ("941", "942"),
    "JQ": ("941", "942"),
    "LE": ("93",),
    "DR": ("91",),
    "MC": ("92",),
}
LANAUDIERE = (
    Lieu("DA", "D’Autray", ("52",)),
    Lieu("JO", "Joliette", ("61",)),
    Lieu("MO", "Montcalm", ("63",)),
    Lieu("AS", "L’Assomption", ("60",)),
    Lieu("MA", "Matawinie", ("62",)),
    Lieu("LM", "Les Moulins", ("64",)),
)
COTE_NORD = (
    Lieu("HC", "La Haute-Côte-Nord", ("95",)),
    Lieu("MG", "Manicouagan", ("96",)),
    Lieu("SR", "Sept-Rivières", ("971",)),
    Lieu("CP", "Caniapiscau", ("972",)),
    Lieu("MI", "Minganie", ("981",)),
    Lieu("GO", "Le Golfe-du-Saint-Laurent", ("982",)),
)
NOMS_DES_MRC = {
    "HC": "MRC de La Haute-Côte-Nord",
    "MG": "MRC de Manicouagan",
    "SR": "MRC de Sept-Rivières",
    "CP": "MRC de Caniapiscau",
    "MI": "MRC de Minganie",
    "GO": "MRC du Golfe-du-Saint-Laurent",
}
MONTREAL = (
    Lieu("AC", "Ahuntsic-Cartierville"),
    Lieu("AN", "Anjou"),
    Lieu("CN", "Côte-des-Neiges–Notre-Dame-de-Grâce"),
    Lieu("LA", "Lachine"),
    Lieu("LS", "LaSalle"),
    Lieu("PM", "Le Plateau-Mont-Royal"),
    Lieu("SO", "Le Sud-Ouest"),
    Lieu("IB", "L’Île-Bizard–Sainte-Geneviève"),
    Lieu("MH", "Mercier–Hochelaga-Maisonneuve"),
    Lieu("MN", "Montréal-Nord"),
    Lieu("OU", "Outremont"),
    Lieu("PR", "Pierrefonds-Roxboro"),
    Lieu("RP", "Rivière-des-Prairies–Pointe-aux-Trembles"),
    Lieu("RO", "Rosemont–La Petite-Patrie"),
    Lieu("SL", "Saint-Laurent"),
    Lieu("SE", "Saint-Léonard"),
    Lieu("VE", "Verdun"),
    Lieu("VM", "Ville-Marie"),
    Lieu("VS", "Villeray–Saint-Michel–Parc-Extension"),
)
MOTIF_ZONE = "Indice de défavorisation matérielle et sociale (démonstration)"
ZONES_02 = (("CH", "Secteur visé de Chicoutimi (démonstration)"), ("JQ", "Secteur visé de Jonquière (démonstration)"))


def charger_territoires() -> None:
    """Tous les territoires de la démonstration; relancé, ne change rien."""
    mrc = {m.code: m for m in Mrc.objects.all()}
    for code in ("02-2017", "02-2024"):
        _alliance_02(Entente.objects.get(code=code), mrc)
    _deleguer_maria_chapdelaine()
    _lanaudiere(mrc)
    _cote_nord(mrc)
    _ajouter(Entente.objects.get(code="06-2017"), MONTREAL, mrc)
    _nord_iles_et_nations(mrc)


def _ajouter(
    entente: Entente, lieux: Sequence[Lieu], mrc: Mapping[str, Mrc], portee: str = PorteeTerritoire.LOCALE
) -> dict[str, Territoire]:
    """Les territoires de l'entente, par lettres; le fuseau vient de leurs MRC, sinon du mandataire."""
    territoires = {}
    for ordre, lieu in enumerate(lieux):
        siennes = [mrc[code] for code in lieu.mrc]
        territoire, _neuf = Territoire.objects.get_or_create(
            entente=entente,
            code=lieu.lettres,
            defaults={
                "nom": lieu.nom,
                "ordre": ordre,
                "portee": portee,
                "fuseau": siennes[0].fuseau if siennes else entente.mandataire.fuseau,
            },
        )
        territoire.mrc.add(*siennes)
        territoires[lieu.lettres] = territoire
    return territoires


def _alliance_02(entente: Entente, mrc: Mapping[str, Mrc]) -> None:
    """Leurs MRC, un contact public par territoire, deux zones."""
    for rang, territoire in enumerate(entente.territoires.order_by("ordre")):
        territoire.mrc.add(*[mrc[code] for code in MRC_02[territoire.code]])
        ContactTerritoire.objects.get_or_create(
            entente=entente,
            territoire=territoire,
            defaults={
                "nom": "Agente ou agent territorial (démonstration)",
                "telephone": f"41855501{10 + rang}",
                "courriel": f"{territoire.code.lower()}@demo.example",
                "ordre": rang,
            },
        )
    for ordre, (lettres, nom) in enumerate(ZONES_02):
        ZoneVisee.objects.get_or_create(
            entente=entente,
            nom=nom,
            defaults={
                "territoire": entente.territoires.get(code=lettres),
                "motif": MOTIF_ZONE,
                "ordre": ordre,
            },
        )


def _deleguer_maria_chapdelaine() -> None:
    """Une délégation sans le pouvoir de décider, avec l'enveloppe du territoire : son rapport a des chiffres."""
    territoire = Territoire.objects.select_related("entente").get(entente__code="02-2024", code="MC")
    Delegation.objects.get_or_create(
        entente=territoire.entente,
        territoire=territoire,
        defaults={
            "delegataire": "MRC de Maria-Chapdelaine (démonstration)",
            "enveloppe": territoire.enveloppes.get(),
            "pouvoirs": [Pouvoir.RECEVOIR, Pouvoir.EVALUER, Pouvoir.RENDRE_COMPTE],
            "depuis": territoire.entente.debut,
        },
    )


def _lanaudiere(mrc: Mapping[str, Mrc]) -> None:
    """Six MRC, dans un territoire régional; Matawinie et Les Moulins n'ont pas de montant publié au premier appel."""
    entente = Entente.objects.select_related("mandataire").get(code="14-2017")
    regional = _ajouter(entente, [Lieu("RG", "Lanaudière, projets régionaux")], mrc, portee=PorteeTerritoire.REGIONALE)[
        "RG"
    ]
    territoires = _ajouter(entente, LANAUDIERE, mrc)
    Territoire.objects.filter(pk__in=[t.pk for t in territoires.values()], parent__isnull=True).update(parent=regional)


def _cote_nord(mrc: Mapping[str, Mrc]) -> None:
    """Approche décentralisée : chaque MRC a sa délégation, et son conseil décide."""
    entente = Entente.objects.select_related("mandataire").get(code="09-2017")
    for lettres, territoire in _ajouter(entente, COTE_NORD, mrc).items():
        instance, _neuve = InstanceDecisionnelle.objects.get_or_create(
            entente=entente,
            territoire=territoire,
            defaults={
                "genre": GenreInstance.CONSEIL_MRC,
                "nom": f"conseil de la {NOMS_DES_MRC[lettres]}",
                "depuis": entente.debut,
            },
        )
        Delegation.objects.get_or_create(
            entente=entente,
            territoire=territoire,
            defaults={
                "delegataire": NOMS_DES_MRC[lettres],
                "pouvoirs": [Pouvoir.RECEVOIR, Pouvoir.EVALUER, Pouvoir.DECIDER, Pouvoir.RENDRE_COMPTE],
                "instance": instance,
                "depuis": entente.debut,
            },
        )


def _nord_iles_et_nations(mrc: Mapping[str, Mrc]) -> None:
    """Les Îles à l'heure de l'Atlantique; les communautés cries; les Premières Nations, hors MRC."""
    _ajouter(Entente.objects.get(code="11B-2017"), [Lieu("IL", "Les Îles-de-la-Madeleine", ("01",))], mrc)
    crie = _ajouter(
        Entente.objects.get(code="10B-2017"),
        [Lieu("EI", "Eeyou Istchee", ("993",))],
        mrc,
        portee=PorteeTerritoire.AUTOCHTONE,
    )
    crie["EI"].communautes.add(*Communaute.objects.filter(nation="Crie"))
    _ajouter(
        Entente.objects.get(code="PN-2017"),
        [Lieu("NC", "Communautés des Premières Nations non conventionnées")],
        mrc,
        portee=PorteeTerritoire.AUTOCHTONE,
    )
