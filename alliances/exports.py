"""Classeurs des alliances : données pures, rendues par socle."""

from django.utils.translation import gettext as _

from alliances.requetes.soldes import Releve
from socle.documents.xlsx import Cellule, Colonne, Feuille
from socle.formats import instant_court


def feuille_releve(releve: Releve) -> Feuille:
    """Le relevé d'une enveloppe : un mouvement par rangée, les soldes après chacun, les soldes finaux en gras."""
    fin = releve.fin
    return Feuille(
        nom=releve.enveloppe.lettres,
        titre=_("Relevé de l’enveloppe {enveloppe} ({code}) au {instant}").format(
            enveloppe=releve.enveloppe, code=releve.enveloppe.code, instant=instant_court(releve.instant)
        ),
        colonnes=[
            Colonne(_("Séquence"), "entier"),
            Colonne(_("Instant"), largeur=18),
            Colonne(_("Type"), largeur=18),
            Colonne(_("Exercice"), largeur=12),
            Colonne(_("Référence"), largeur=26),
            Colonne(_("Motif"), largeur=40),
            Colonne(_("Montant"), "argent"),
            Colonne(_("Dotation"), "argent"),
            Colonne(_("Engagé"), "argent"),
            Colonne(_("Versé"), "argent"),
            Colonne(_("Disponible"), "argent"),
        ],
        rangees=[
            (
                ligne.mouvement.sequence,
                instant_court(ligne.mouvement.instant),
                ligne.mouvement.get_type_display(),
                ligne.mouvement.exercice,
                ligne.mouvement.reference,
                ligne.mouvement.motif,
                ligne.mouvement.montant,
                ligne.dotation,
                ligne.engage,
                ligne.verse,
                ligne.disponible,
            )
            for ligne in releve.lignes
        ],
        totaux=[
            Cellule(_("Soldes"), "texte"),
            *[""] * 6,
            *([fin.dotation, fin.engage, fin.verse, fin.disponible] if fin else [0, 0, 0, 0]),
        ],
        notes=[
            _("Empreinte du dernier mouvement : {empreinte}").format(empreinte=fin.mouvement.empreinte if fin else "–")
        ],
    )
