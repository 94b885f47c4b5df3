"""La vie de l'Alliance 02 au-delà des projets : signatures, tranches, une dépense de coordination engagée et payée."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from alliances.enums import Origine, PartieSignataire
from alliances.models import Entente, Enveloppe, SignataireEntente, TrancheMinistere
from alliances.services.enveloppes import engager_hors_projet, verser_engagement
from comptes.models import Utilisateur
from socle.argent import repartir
from socle.exercices import exercice_de
from socle.horloge import EST

FONCTIONS = {
    PartieSignataire.MINISTERE: "Direction régionale du ministère (démonstration)",
    PartieSignataire.ELUS: "Présidence de la conférence des préfets (démonstration)",
    PartieSignataire.MANDATAIRE: "Présidence du mandataire (démonstration)",
}
COORDINATION_ANNUELLE = Decimal(96_000)


def charger_contrats(personnes: dict[str, Utilisateur], instant: datetime) -> None:
    """Complète les ententes de l'Alliance 02; ne fait rien si c'est fait."""
    aujourdhui = instant.astimezone(EST).date()
    ententes = {e.code: e for e in Entente.objects.filter(code__in=["02-2017", "02-2024"]).select_related("mandataire")}
    if SignataireEntente.objects.filter(entente__in=ententes.values()).exists():
        return
    for entente, signee_le, montant in (
        (ententes["02-2017"], date(2018, 6, 11), entente_initiale(ententes["02-2017"])),
        (ententes["02-2024"], date(2024, 6, 10), ententes["02-2024"].montant),
    ):
        _signer(entente, signee_le)
        _prevoir(entente, montant, signee_le, aujourdhui)
    _depenser(ententes["02-2024"], personnes)


def entente_initiale(entente: Entente) -> Decimal:
    """Le montant d'avant les avenants connus."""
    return entente.montant - sum((a.ecart or Decimal(0) for a in entente.avenants.all()), Decimal(0))


def _signer(entente: Entente, jour: date) -> None:
    SignataireEntente.objects.bulk_create(
        SignataireEntente(entente=entente, partie=partie, fonction=fonction, signe_le=jour)
        for partie, fonction in FONCTIONS.items()
    )
    entente.signee_le = jour
    entente.save(update_fields=["signee_le"])


def _prevoir(entente: Entente, montant: Decimal, premiere: date, aujourdhui: date) -> None:
    """Cinq tranches égales, une par exercice; celles d'hier sont reçues, les autres prévues."""
    for rang, part in enumerate(repartir(montant, [1] * 5)):
        prevue_le = date(premiere.year + rang, 7, 15)
        recue = prevue_le + timedelta(days=9) < aujourdhui
        TrancheMinistere.objects.create(
            entente=entente,
            exercice=exercice_de(prevue_le),
            prevue=part,
            prevue_le=prevue_le,
            recue=part if recue else None,
            recue_le=prevue_le + timedelta(days=9) if recue else None,
            reference=f"Dépôt {rang + 1} (démonstration)" if recue else "",
            origine=Origine.DEMONSTRATION,
        )


def _depenser(entente: Entente, personnes: dict[str, Utilisateur]) -> None:
    """Le poste de coordination : engagé par la coordination, payé en partie par la trésorerie (R12, R31)."""
    enveloppe = Enveloppe.objects.select_related("entente__mandataire").get(code=f"{entente.code}/AD")
    jour = enveloppe.mouvements.latest("sequence").instant + timedelta(minutes=5)
    engagement = engager_hors_projet(
        enveloppe=enveloppe,
        montant=COORDINATION_ANNUELLE,
        exercice=exercice_de(jour.astimezone(EST).date()),
        reference="Poste de coordination",
        motif="Salaire et charges de l’année",
        auteur=personnes["coordination"],
        instant=jour,
        cle="demonstration:coordination",
    )
    verser_engagement(
        engagement=engagement,
        montant=COORDINATION_ANNUELLE / 4,
        exercice=exercice_de(jour.astimezone(EST).date()),
        paiement="VIR-COORD-1",
        auteur=personnes["tresorerie"],
        instant=jour + timedelta(minutes=5),
        cle="demonstration:coordination:1",
    )
