"""Le guide d'un appel en PDF balisé, produit par un travailleur."""

from django.utils.translation import gettext as _

from appels.models import Appel
from appels.requetes.page import avec_la_page, contexte_page
from appels.services.guide import ACCES_GUIDE, GENRE
from socle.documents.fichiers import ranger
from socle.documents.pdf import pdf_de
from socle.horloge import maintenant
from socle.models import Fichier, Travail
from socle.travaux import Avancement, production


@production(GENRE)
def produire_guide(travail: Travail, avancement: Avancement) -> Fichier:
    """Deux étapes vraies : mettre en page, ranger; la page de l'appel mène ensuite à ce fichier."""
    instant = maintenant()
    appel = avec_la_page(Appel.objects.all()).prefetch_related("textes").get(pk=travail.parametres["appel_id"])
    avancement.prevoir(2, _("Mise en page"))
    contenu = pdf_de(
        "pdf/appels/guide.html",
        {**contexte_page(appel, instant), "mandataire": appel.entente.mandataire, "textes": appel.textes.all()},
    )
    avancement.avancer(_("Rangement"))
    fichier = ranger(
        contenu,
        nom=f"guide-{appel.code}.pdf",
        type_mime="application/pdf",
        acces=ACCES_GUIDE,
        objet_id=appel.pk,
        instant=instant,
        gabarit="guide",
    )
    Appel.objects.filter(pk=appel.pk).update(guide=fichier)
    avancement.avancer()
    return fichier
