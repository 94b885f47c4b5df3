"""Produire le PDF et le XLSX d'une reddition, avec une progression vraie."""

from django.utils.translation import gettext as _

from reddition.document import contexte
from reddition.enums import ACCES_FICHIER, GenreProduction
from reddition.exports import feuilles
from reddition.models import Production
from socle.documents.fichiers import ranger
from socle.documents.pdf import rendre_html, rendre_pdf
from socle.documents.xlsx import TYPE_MIME, ecrire_classeur
from socle.horloge import maintenant
from socle.models import Fichier, Travail
from socle.travaux import Avancement, production


@production("reddition.document")
def produire(travail: Travail, avancement: Avancement) -> Fichier:
    """Étapes : lire, composer, mettre en page, ranger."""
    avancement.prevoir(4, _("Lecture des chiffres figés"))
    fait = Production.objects.select_related(
        "reddition__entente__mandataire", "reddition__entente__cycle", "reddition__deposee_par", "reddition__remplace"
    ).get(pk=travail.parametres["production_id"])
    reddition = fait.reddition
    if fait.genre == GenreProduction.PDF:
        octets, type_mime = _pdf(fait, avancement), "application/pdf"
    else:
        octets, type_mime = _xlsx(fait, avancement), TYPE_MIME
    fichier = ranger(
        octets,
        nom=f"reddition-{reddition.entente.code}-{reddition.exercice}-v{reddition.version}.{fait.genre}",
        type_mime=type_mime,
        acces=ACCES_FICHIER,
        objet_id=reddition.pk,
        instant=maintenant(),
        sequence=reddition.sequence,
        empreinte_reddition=reddition.empreinte,
    )
    fait.fichier = fichier
    fait.save(update_fields=["fichier"])
    avancement.avancer()
    return fichier


def _pdf(fait: Production, avancement: Avancement) -> bytes:
    donnees = contexte(fait.reddition)
    avancement.avancer(_("Composition"))
    html = rendre_html("pdf/reddition/reddition.html", donnees)
    avancement.avancer(_("Mise en page"))
    octets = rendre_pdf(html)
    avancement.avancer(_("Rangement"))
    return octets


def _xlsx(fait: Production, avancement: Avancement) -> bytes:
    pages = feuilles(fait.reddition)
    avancement.avancer(_("Composition"))
    titre = _("Reddition de comptes {exercice}, entente {entente}, version {version}").format(
        exercice=fait.reddition.exercice, entente=fait.reddition.entente.code, version=fait.reddition.version
    )
    octets = ecrire_classeur(pages, titre=titre, auteur=fait.reddition.entente.mandataire.nom)
    avancement.avancer(_("Mise en page"))
    avancement.avancer(_("Rangement"))
    return octets
