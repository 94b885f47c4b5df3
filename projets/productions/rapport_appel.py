"""Le rapport d'un appel en PDF balisé, dans la portée de qui le demande."""

from django.utils.translation import gettext as _

from appels.models import Appel
from comptes.models import Utilisateur
from projets.models import Projet
from projets.requetes.rapport_appel import rapport_de_l_appel
from projets.services.exports import ACCES_TRAVAIL
from projets.services.rapport_appel import GENRE
from socle.documents.fichiers import ranger
from socle.documents.pdf import pdf_de
from socle.horloge import maintenant
from socle.models import Fichier, Travail
from socle.travaux import Avancement, production


@production(GENRE)
def produire_rapport(travail: Travail, avancement: Avancement) -> Fichier:
    """Deux étapes vraies : mettre en page, ranger. Le droit perdu entre-temps, le rapport est vide."""
    personne, instant = Utilisateur.objects.get(pk=travail.demande_par_id), maintenant()
    appel = Appel.objects.select_related("entente__mandataire").get(pk=travail.parametres["appel_id"])
    permis = personne.has_perm("projets.exporter_projets")
    projets = Projet.objects.visibles_pour(personne) if permis else Projet.objects.none()
    avancement.prevoir(2, _("Mise en page"))
    contenu = pdf_de(
        "pdf/projets/rapport_appel.html",
        {
            "appel": appel,
            "mandataire": appel.entente.mandataire,
            "instant": instant,
            "rapport": rapport_de_l_appel(appel, projets),
        },
    )
    avancement.avancer(_("Rangement"))
    fichier = ranger(
        contenu,
        nom=f"rapport-{appel.code}.pdf",
        type_mime="application/pdf",
        acces=ACCES_TRAVAIL,
        objet_id=travail.pk,
        instant=instant,
        depose_par=travail.demande_par,
        gabarit="rapport_appel",
    )
    avancement.avancer()
    return fichier
