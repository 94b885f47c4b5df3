"""Documents PDF d'un projet, produits par un travailleur."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from appels.models import Appel
from appels.productions import produire_document
from appels.services.guide import ACCES_FORMULAIRE, GENRE_FORMULAIRE
from projets.exports import contexte_accuse, contexte_convention, contexte_dossier, contexte_formulaire, contexte_lettre
from projets.models import Convention, Depot, Lettre, Projet
from projets.requetes import dossier_complet
from projets.services.pieces import ACCES_PIECE
from socle.documents.fichiers import ranger
from socle.documents.pdf import pdf_de
from socle.horloge import maintenant
from socle.models import Fichier, Travail
from socle.travaux import Avancement, production


def _produire(
    travail: Travail, avancement: Avancement, projet: Projet, gabarit: str, nom: str, contexte: dict[str, Any]
) -> Fichier:
    """Deux étapes vraies : mettre en page, ranger."""
    avancement.prevoir(2, _("Mise en page"))
    contenu = pdf_de(
        f"pdf/projets/{gabarit}.html",
        {"projet": projet, "appel": projet.appel, "mandataire": projet.entente.mandataire, **contexte},
    )
    avancement.avancer(_("Rangement"))
    fichier = ranger(
        contenu,
        nom=f"{nom}-{projet.numero}.pdf",
        type_mime="application/pdf",
        acces=ACCES_PIECE,
        objet_id=projet.pk,
        instant=maintenant(),
        gabarit=gabarit,
    )
    avancement.avancer()
    return fichier


@production(GENRE_FORMULAIRE)
def produire_formulaire(travail: Travail, avancement: Avancement) -> Fichier:
    """Le formulaire vierge d'un appel, à lire ou à remplir au stylo."""
    appel = (
        Appel.objects.select_related("entente__mandataire")
        .prefetch_related("pieces_requises")
        .get(pk=travail.parametres["appel_id"])
    )
    return produire_document(
        appel,
        avancement,
        gabarit="pdf/projets/formulaire.html",
        nom="formulaire",
        acces=ACCES_FORMULAIRE,
        champ="formulaire_pdf",
        contexte=contexte_formulaire(appel),
        instant=maintenant(),
    )


def _projet(pk: int) -> Projet:
    return dossier_complet(Projet.objects.all()).get(pk=pk)


def _du_depot(champ: str, nom: str, contexte: Callable[[Depot, Projet], dict[str, Any]]) -> Callable[..., Fichier]:
    def produire(travail: Travail, avancement: Avancement) -> Fichier:
        depot = Depot.objects.select_related("deposant").get(pk=travail.parametres["objet_id"])
        projet = _projet(depot.projet_id)
        fichier = _produire(travail, avancement, projet, champ, nom, contexte(depot, projet))
        setattr(depot, champ, fichier)
        depot.save(update_fields=[champ])
        return fichier

    return produire


production("projets.accuse")(_du_depot("accuse", "accuse", contexte_accuse))
production("projets.dossier")(_du_depot("dossier", "demande", contexte_dossier))


@production("projets.lettre")
def produire_lettre(travail: Travail, avancement: Avancement) -> Fichier:
    lettre = (
        Lettre.objects.select_related("decision", "envoyee_par")
        .prefetch_related("decision__lignes__enveloppe")
        .get(pk=travail.parametres["objet_id"])
    )
    projet = _projet(lettre.decision.projet_id)
    lettre.fichier = _produire(travail, avancement, projet, "lettre", "lettre", contexte_lettre(lettre, projet))
    lettre.save(update_fields=["fichier"])
    return lettre.fichier


@production("projets.convention")
def produire_convention(travail: Travail, avancement: Avancement) -> Fichier:
    convention = (
        Convention.objects.prefetch_related("versements")
        .select_related("rapport", "promoteur_signe_par", "mandataire_signe_par")
        .get(pk=travail.parametres["objet_id"])
    )
    projet = _projet(convention.projet_id)
    contexte = contexte_convention(convention, projet)
    convention.fichier = _produire(travail, avancement, projet, "convention", "convention", contexte)
    convention.save(update_fields=["fichier"])
    return convention.fichier


from projets.productions import lots, rapport_appel  # noqa: E402,F401 — inscrit leurs productions
