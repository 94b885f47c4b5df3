"""Le rapport d'un appel, en classeur : une feuille par coupe, et les délais."""

from django.utils.translation import gettext as _

from appels.models import Appel
from projets.requetes.rapport_appel import Ligne, RapportAppel
from socle.documents.xlsx import Colonne, Feuille, ecrire_classeur


def classeur_du_rapport(appel: Appel, rapport: RapportAppel, note: str) -> bytes:
    """Mêmes chiffres qu'à l'écran; les montants et les comptes sont des nombres."""
    titre = _("Rapport de l’appel {code}").format(code=appel.code)
    feuilles = [
        Feuille(
            nom=coupe.titre,
            titre=f"{titre} – {coupe.titre}",
            colonnes=_colonnes(coupe.entete),
            rangees=[_rangee(ligne) for ligne in coupe.lignes],
            totaux=_rangee(rapport.total),
            notes=[note],
        )
        for coupe in rapport.coupes
    ]
    return ecrire_classeur([*feuilles, _delais(titre, rapport, note)], titre=titre, auteur=appel.entente.mandataire.nom)


def _colonnes(entete: str) -> list[Colonne]:
    return [
        Colonne(entete, largeur=40),
        Colonne(_("Reçues"), "entier"),
        Colonne(_("Admissibles"), "entier"),
        Colonne(_("Accordées"), "entier"),
        Colonne(_("Taux d’acceptation"), "taux", largeur=18),
        Colonne(_("Demandé"), "argent"),
        Colonne(_("Accordé"), "argent"),
    ]


def _rangee(ligne: Ligne) -> list:
    return [
        ligne.nom,
        ligne.recues,
        ligne.admissibles,
        ligne.accordees,
        ligne.taux,
        ligne.demande,
        ligne.accorde,
    ]


def _delais(titre: str, rapport: RapportAppel, note: str) -> Feuille:
    delais = rapport.delais
    return Feuille(
        nom=_("Délais"),
        titre=f"{titre} – {_('Délais')}",
        colonnes=[Colonne(_("Du dépôt à la décision"), largeur=40), Colonne(_("Valeur"), "nombre")],
        rangees=[
            [_("Demandes décidées"), len(delais.jours)],
            [_("Délai médian, en jours"), delais.mediane],
            [_("Délai le plus court, en jours"), delais.minimum],
            [_("Délai le plus long, en jours"), delais.maximum],
            [_("Décidées après la réponse visée"), delais.hors_delai],
        ],
        notes=[note],
    )
