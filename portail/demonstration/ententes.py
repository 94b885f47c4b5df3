"""Ententes de la démonstration : territoires, enveloppes, dotations, avec l'origine de chaque montant."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from alliances.enums import NatureEnveloppe, Origine, PorteeTerritoire
from alliances.models import Entente, Enveloppe, Territoire
from alliances.services import grand_livre
from comptes.models import Utilisateur
from socle.exercices import exercice_de
from socle.horloge import EST


@dataclass(frozen=True)
class Compte:
    """Une enveloppe à doter : lettres, libellé, montant en dollars, origine du montant."""

    lettres: str
    libelle: str
    montant: Decimal
    origine: str = Origine.CALCULE
    nature: str = NatureEnveloppe.TERRITORIALE


TERRITOIRES_02 = (
    ("BS", "La Baie et le Bas-Saguenay"),
    ("CH", "Chicoutimi et les environs"),
    ("JQ", "Jonquière et les environs"),
    ("LE", "Lac-Saint-Jean-Est"),
    ("DR", "Domaine-du-Roy"),
    ("MC", "Maria-Chapdelaine"),
    ("RG", "Enveloppe régionale"),
)


def comptes_02(montants: dict[str, int], origine: str, administration: int, origine_ad: str) -> list[Compte]:
    """Les sept enveloppes de l'Alliance 02 et l'administration."""
    comptes = [
        Compte(
            lettres,
            libelle,
            Decimal(montants[lettres]),
            origine,
            NatureEnveloppe.REGIONALE if lettres == "RG" else NatureEnveloppe.TERRITORIALE,
        )
        for lettres, libelle in TERRITOIRES_02
    ]
    return [
        *comptes,
        Compte(
            "AD", "Administration et coordination", Decimal(administration), origine_ad, NatureEnveloppe.ADMINISTRATION
        ),
    ]


def doter_entente(
    entente: Entente, comptes: list[Compte], *, auteur: Utilisateur, instant: datetime
) -> dict[str, Enveloppe]:
    """Crée territoires et enveloppes, puis les dote au grand livre (idempotent par clé); rend les enveloppes par lettres."""
    enveloppes = {}
    for ordre, compte in enumerate(comptes):
        territoire = None
        if compte.nature == NatureEnveloppe.TERRITORIALE:
            territoire, _neuf = Territoire.objects.get_or_create(
                entente=entente,
                code=compte.lettres,
                defaults={
                    "nom": compte.libelle,
                    "ordre": ordre,
                    "portee": PorteeTerritoire.LOCALE,
                    "fuseau": entente.mandataire.fuseau,
                },
            )
        enveloppe, _neuve = Enveloppe.objects.get_or_create(
            code=f"{entente.code}/{compte.lettres}",
            defaults={
                "entente": entente,
                "libelle": compte.libelle,
                "nature": compte.nature,
                "territoire": territoire,
                "origine": compte.origine,
                "ordre": ordre,
            },
        )
        grand_livre.doter(
            enveloppe,
            compte.montant,
            exercice=exercice_de(instant.astimezone(EST).date()),
            auteur=auteur,
            instant=instant,
            cle=f"dotation:{enveloppe.code}",
            motif="Répartition de l’entente",
        )
        enveloppes[compte.lettres] = enveloppe
    return enveloppes
