"""Les PDF balisés d'un appel, produits par un travailleur : le guide, et de quoi produire le formulaire vierge (projets)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from appels.models import Appel
from appels.requetes.page import avec_la_page, contexte_page
from appels.services.guide import ACCES_GUIDE, GENRE
from socle.documents.fichiers import ranger
from socle.documents.pdf import pdf_de
from socle.horloge import maintenant
from socle.models import Fichier, Travail
from socle.travaux import Avancement, production


def produire_document(
    appel: Appel,
    avancement: Avancement,
    *,
    gabarit: str,
    nom: str,
    acces: str,
    champ: str,
    contexte: dict[str, Any],
    instant: datetime,
) -> Fichier:
    """Deux étapes vraies : mettre en page, ranger; `champ` de l'appel mène ensuite à ce fichier."""
    avancement.prevoir(2, _("Mise en page"))
    contenu = pdf_de(gabarit, {**contexte, "mandataire": appel.entente.mandataire, "instant": instant})
    avancement.avancer(_("Rangement"))
    fichier = ranger(
        contenu,
        nom=f"{nom}-{appel.code}.pdf",
        type_mime="application/pdf",
        acces=acces,
        objet_id=appel.pk,
        instant=instant,
        gabarit=nom,
    )
    Appel.objects.filter(pk=appel.pk).update(**{champ: fichier})
    avancement.avancer()
    return fichier


@production(GENRE)
def produire_guide(travail: Travail, avancement: Avancement) -> Fichier:
    """Le guide : les données de l'appel, puis les textes de la coordination."""
    instant = maintenant()
    appel = avec_la_page(Appel.objects.all()).prefetch_related("textes").get(pk=travail.parametres["appel_id"])
    return produire_document(
        appel,
        avancement,
        gabarit="pdf/appels/guide.html",
        nom="guide",
        acces=ACCES_GUIDE,
        champ="guide",
        contexte={**contexte_page(appel, instant), "textes": appel.textes.all()},
        instant=instant,
    )
