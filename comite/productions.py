"""Les cahiers de séance, un PDF par membre, chacun le sien, et le procès-verbal, produits par un travailleur."""

from typing import Any

from django.utils.translation import gettext as _

from comite.exports import contexte_cahier, contexte_proces_verbal
from comite.models import CahierSeance, Seance
from comite.services.seances import ACCES_CAHIER, GENRE_CAHIER, GENRE_CAHIERS
from comite.services.tenue import ACCES_PV, GENRE_PV
from comptes.models import Utilisateur
from socle.documents.fichiers import ranger
from socle.documents.pdf import pdf_de
from socle.horloge import maintenant
from socle.models import Fichier, Travail
from socle.travaux import Avancement, production


def _seance(cle: int) -> Seance:
    return (
        Seance.objects.select_related("appel", "entente__mandataire", "territoire")
        .prefetch_related("appel__criteres", "appel__phases_comite")
        .get(pk=cle)
    )


def produire_cahier(seance: Seance, membre: Any) -> Fichier:
    """Met en page et range le cahier d'un membre; ce qu'il voit se lit à l'instant où il se produit."""
    instant = maintenant()
    contenu = pdf_de("pdf/comite/cahier.html", contexte_cahier(seance, membre, instant))
    cahier, _neuf = CahierSeance.objects.get_or_create(entente_id=seance.entente_id, seance=seance, membre_id=membre.pk)
    cahier.fichier = ranger(
        contenu,
        nom=f"cahier-{seance.appel.code}-{seance.debut:%Y-%m-%d}-{membre.pk}.pdf",
        type_mime="application/pdf",
        acces=ACCES_CAHIER,
        objet_id=cahier.pk,
        instant=instant,
        gabarit="cahier",
    )
    cahier.produit_le = instant
    cahier.save(update_fields=["fichier", "produit_le"])
    return cahier.fichier


@production(GENRE_CAHIERS)
def produire_cahiers(travail: Travail, avancement: Avancement) -> None:
    """Une étape par membre; repris après un arrêt, il remplace chacun par son cahier à jour."""
    seance, membres = _seance(travail.parametres["seance_id"]), travail.parametres["membres"]
    avancement.prevoir(len(membres), _("Mise en page"))
    for membre in Utilisateur.objects.filter(pk__in=membres).order_by("nom", "pk"):
        produire_cahier(seance, membre)
        avancement.avancer(_("Cahier de {membre}").format(membre=membre))


@production(GENRE_CAHIER)
def produire_mon_cahier(travail: Travail, avancement: Avancement) -> Fichier:
    """Le cahier d'un seul membre, rendu à qui l'a demandé."""
    avancement.prevoir(1, _("Mise en page"))
    membre = Utilisateur.objects.get(pk=travail.parametres["membres"][0])
    fichier = produire_cahier(_seance(travail.parametres["seance_id"]), membre)
    avancement.avancer()
    return fichier


@production(GENRE_PV)
def produire_proces_verbal(travail: Travail, avancement: Avancement) -> Fichier:
    """Le procès-verbal d'une séance levée; refait, il remplace l'ancien."""
    avancement.prevoir(1, _("Mise en page"))
    seance, instant = _seance(travail.parametres["seance_id"]), maintenant()
    contenu = pdf_de("pdf/comite/proces_verbal.html", contexte_proces_verbal(seance, instant))
    seance.proces_verbal = ranger(
        contenu,
        nom=f"proces-verbal-{seance.appel.code}-{seance.debut:%Y-%m-%d}.pdf",
        type_mime="application/pdf",
        acces=ACCES_PV,
        objet_id=seance.pk,
        instant=instant,
        gabarit="proces_verbal",
    )
    seance.pv_produit_le = instant
    seance.save(update_fields=["proces_verbal", "pv_produit_le"])
    avancement.avancer()
    return seance.proces_verbal
