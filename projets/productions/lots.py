"""Ce qu'un lot produit : l'export d'une sélection, et l'archive des dossiers. En flux, dans la portée de qui demande."""

import tempfile
from collections.abc import Iterator
from typing import IO, Any

from django.db.models import Prefetch, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from comptes.models import Utilisateur
from projets.exports.liste import colonnes, feuille, rangees
from projets.models import PieceJointe, Projet
from projets.services.exports import ACCES_TRAVAIL, voit_le_comite
from socle.documents.archives import TYPE_CSV, TYPE_ZIP, Archive, ecrire_csv, nom_sur
from socle.documents.fichiers import ranger_flux
from socle.documents.xlsx import TYPE_MIME, ecrire_grand_classeur
from socle.horloge import maintenant
from socle.models import Fichier, Travail
from socle.models.fichier import EtatAnalyse
from socle.travaux import Avancement, production

ETAPES = 20  # la progression d'un export, quel que soit son nombre de rangées
EN_MEMOIRE = 8 << 20
DOSSIERS = 50  # dossiers lus à la fois


def _demandes(travail: Travail, permission: str) -> QuerySet[Projet]:
    """La sélection, refiltrée par la portée présente de la personne; le droit perdu entre-temps, rien n'en sort."""
    personne = Utilisateur.objects.get(pk=travail.demande_par_id)
    if not personne.has_perm(permission):
        return Projet.objects.none()
    return Projet.objects.visibles_pour(personne).deposes().filter(pk__in=travail.parametres["objets"])


def _ranger(travail: Travail, contenu: IO[bytes], nom: str, type_mime: str) -> Fichier:
    return ranger_flux(
        contenu,
        nom=nom,
        type_mime=type_mime,
        acces=ACCES_TRAVAIL,
        instant=maintenant(),
        objet_id=travail.pk,
        depose_par=travail.demande_par,
    )


@production("projets.exporter")
def exporter(travail: Travail, avancement: Avancement) -> Fichier:
    """La sélection en XLSX ou en CSV, en vingt étapes : le nombre de requêtes ne suit pas celui des rangées."""
    projets = _demandes(travail, "projets.exporter_projets")
    format_voulu = QueryDict(travail.parametres.get("saisie", "")).get("format", "xlsx")
    comite = voit_le_comite(Utilisateur.objects.get(pk=travail.demande_par_id))
    avancement.prevoir(ETAPES, _("Lecture des demandes"))
    pas = max(1, len(travail.parametres["objets"]) // ETAPES)
    lues = _suivies(rangees(projets, comite), avancement, pas)
    with tempfile.SpooledTemporaryFile(max_size=EN_MEMOIRE) as sortie:
        if format_voulu == "csv":
            ecrire_csv(sortie, [c.titre for c in colonnes(comite)], lues)
            return _ranger(travail, sortie, _("demandes") + ".csv", TYPE_CSV)
        ecrire_grand_classeur(sortie, [feuille(projets, comite, lues)], titre=_("Demandes déposées"), auteur="")
        return _ranger(travail, sortie, _("demandes") + ".xlsx", TYPE_MIME)


def _suivies(lues: Iterator[tuple[Any, ...]], avancement: Avancement, pas: int) -> Iterator[tuple[Any, ...]]:
    for rang, rangee in enumerate(lues, start=1):
        if rang % pas == 0 and rang // pas < ETAPES:
            avancement.avancer(_("Écriture des demandes"))
        yield rangee


@production("projets.archive")
def archiver(travail: Travail, avancement: Avancement) -> Fichier:
    """Un dossier par demande : la demande et son accusé en PDF, les pièces; un sommaire CSV dit ce qui manque."""
    projets = _demandes(travail, "projets.archiver_projets")
    cles = list(projets.order_by("numero").values_list("pk", flat=True))
    avancement.prevoir(len(cles) + 1, _("Lecture des dossiers"))
    sommaire: list[tuple[Any, ...]] = []
    with tempfile.TemporaryFile() as sortie:
        with Archive(sortie) as archive:
            for debut in range(0, len(cles), DOSSIERS):
                for projet in _dossiers(cles[debut : debut + DOSSIERS]):
                    sommaire += _un_dossier(archive, projet)
                    avancement.avancer(str(projet.numero))
            entetes = [_("Numéro"), _("Titre"), _("Organisme"), _("Document"), _("Fichier"), _("SHA-256"), _("État")]
            archive.ecrire("sommaire.csv", _csv(entetes, sommaire))
        avancement.avancer(_("Rangement"))
        nom = f"dossiers-{maintenant():%Y-%m-%d}.zip"
        return _ranger(travail, sortie, nom, TYPE_ZIP)


def _dossiers(cles: list[int]) -> QuerySet[Projet]:
    return (
        Projet.objects.filter(pk__in=cles)
        .select_related("organisme")
        .prefetch_related(
            "depots__accuse",
            "depots__dossier",
            Prefetch("pieces", PieceJointe.objects.select_related("fichier", "requise")),
        )
        .order_by("numero")
    )


def _un_dossier(archive: Archive, projet: Projet) -> Iterator[tuple[Any, ...]]:
    """Les documents d'une demande; une pièce infectée, ou un PDF pas encore prêt, est nommé sans être copié."""
    dossier = nom_sur(f"{projet.numero} {projet.titre}", longueur=70)
    depot = next(iter(projet.depots.all()), None)
    documents: list[tuple[str, str, Fichier | None]] = []
    if depot is not None:
        documents = [
            (_("Demande"), "demande.pdf", depot.dossier),
            (_("Accusé de réception"), "accuse.pdf", depot.accuse),
        ]
    documents += [
        (str(piece.requise or _("Pièce jointe")), nom_sur(piece.fichier.nom), piece.fichier)
        for piece in projet.pieces.all()
    ]
    for document, nom, fichier in documents:
        yield (
            projet.numero,
            projet.titre,
            projet.organisme.nom,
            document,
            *_copier(archive, dossier, nom, fichier),
        )


def _copier(archive: Archive, dossier: str, nom: str, fichier: Fichier | None) -> tuple[str, str, str]:
    if fichier is None:
        return "", "", _("Pas encore produit")
    if fichier.analyse == EtatAnalyse.REFUSE:
        return "", fichier.empreinte, _("Infecté : non copié")
    try:
        return archive.ajouter(dossier, nom, fichier), fichier.empreinte, _("Copié")
    except FileNotFoundError:
        return "", fichier.empreinte, _("Introuvable au rangement")


def _csv(entetes: list[str], lignes: list[tuple[Any, ...]]) -> bytes:
    with tempfile.SpooledTemporaryFile(max_size=EN_MEMOIRE) as tampon:
        ecrire_csv(tampon, entetes, lignes)
        tampon.seek(0)
        return tampon.read()
