"""Fichiers : réception vérifiée, rangement sous UUID, service en pièce jointe à qui en a le droit (décision 9)."""

import hashlib
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO, Any

import pikepdf
import puremagic
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.http import FileResponse
from django.utils.translation import gettext as _
from PIL import Image

from socle import antivirus
from socle.documents import photos
from socle.erreurs import Refus
from socle.formats import taille as taille_lisible
from socle.models.fichier import EtatAnalyse, Fichier

TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".heic": photos.HEIC,
    ".heif": photos.HEIC,
}
# Une image montrée à tout le monde : jamais SVG, qui peut porter un script.
IMAGES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}
# Ce qui se montre dans la page : jamais SVG ni HTML, qui peuvent porter un script.
APERCUS = ("application/pdf", "image/png", "image/jpeg", "image/webp")
# Le document n'entre que dans nos propres pages; le lecteur de PDF du navigateur n'a que sa mise en forme.
CSP_APERCU = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Ce qu'une archive de ce genre contient toujours.
COEURS = {
    TYPES[".docx"]: {"[Content_Types].xml", "word/document.xml"},
    TYPES[".xlsx"]: {"[Content_Types].xml", "xl/workbook.xml"},
    TYPES[".odt"]: {"mimetype", "content.xml"},
    TYPES[".ods"]: {"mimetype", "content.xml"},
}
MARQUES_HEIC = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")
PIXELS_MAX = 64_000_000  # un téléphone récent en prend 50 millions
TAILLE_MAX_DOSSIER = 100_000_000
MORCEAU = 1 << 20
ZIP_ENTREES_MAX = 2_000
ZIP_OCTETS_MAX = 200 * 1024 * 1024

Predicat = Callable[[Any, Fichier], bool]
_predicats: dict[str, Predicat] = {}
_perissables: set[str] = set()


def acces_fichier(genre: str, *, perissable: bool = False) -> Callable[[Predicat], Predicat]:
    """Enregistre qui peut lire les fichiers dont `acces == genre` (module `acces_fichiers.py` d'une app).

    `perissable` : ces fichiers se refont à volonté; ils s'effacent passé un délai (socle/peremption.py).
    """

    def enregistrer(predicat: Predicat) -> Predicat:
        _predicats[genre] = predicat
        if perissable:
            _perissables.add(genre)
        return predicat

    return enregistrer


def genres_perissables() -> frozenset[str]:
    """Les genres qui s'effacent avec le temps; aucun par défaut."""
    return frozenset(_perissables)


def peut_lire(utilisateur: Any, fichier: Fichier) -> bool:
    """Refus par défaut : un genre d'accès inconnu n'ouvre rien, un fichier refusé à l'analyse non plus."""
    predicat = _predicats.get(fichier.acces)
    return predicat is not None and fichier.analyse != EtatAnalyse.REFUSE and predicat(utilisateur, fichier)


def ranger(
    contenu: bytes,
    *,
    nom: str,
    type_mime: str,
    acces: str,
    instant: datetime,
    objet_id: int | None = None,
    depose_par: Any = None,
    analyse: str = EtatAnalyse.SAIN,
    **metadonnees: Any,
) -> Fichier:
    """Range des octets produits ou déjà vérifiés; l'empreinte SHA-256 est calculée ici."""
    fichier = Fichier(
        nom=nom[:200],
        type_mime=type_mime,
        taille=len(contenu),
        empreinte=hashlib.sha256(contenu).hexdigest(),
        acces=acces,
        objet_id=objet_id,
        depose_par=depose_par,
        cree_le=instant,
        analyse=analyse,
        metadonnees=metadonnees,
    )
    fichier.contenu.save(nom, ContentFile(contenu), save=False)
    fichier.save()
    return fichier


def ranger_flux(
    source: IO[bytes], *, nom: str, type_mime: str, acces: str, instant: datetime, **champs: Any
) -> Fichier:
    """Range un long fichier produit, lu par morceaux : ni son empreinte ni son rangement ne le tiennent en mémoire."""
    empreinte, octets = hashlib.sha256(), 0
    source.seek(0)
    while morceau := source.read(MORCEAU):
        empreinte.update(morceau)
        octets += len(morceau)
    source.seek(0)
    fichier = Fichier(
        nom=nom[:200],
        type_mime=type_mime,
        taille=octets,
        empreinte=empreinte.hexdigest(),
        acces=acces,
        cree_le=instant,
        analyse=EtatAnalyse.SAIN,
        **champs,
    )
    fichier.contenu.save(nom, File(source), save=False)
    fichier.save()
    return fichier


def copier(fichier: Fichier, *, acces: str, objet_id: int, depose_par: Any, instant: datetime) -> Fichier:
    """Une copie indépendante d'un fichier déjà vérifié, pour un autre propriétaire; l'origine peut s'effacer."""
    with fichier.contenu.open("rb") as source:
        contenu = source.read()
    return ranger(
        contenu,
        nom=fichier.nom,
        type_mime=fichier.type_mime,
        acces=acces,
        objet_id=objet_id,
        depose_par=depose_par,
        instant=instant,
        analyse=fichier.analyse,
        origine=str(fichier.uuid),
    )


def effacer(fichier: Fichier) -> None:
    """Efface la rangée, et les octets une fois la transaction validée."""
    rangement, nom = fichier.contenu.storage, fichier.contenu.name
    fichier.delete()
    transaction.on_commit(lambda: rangement.delete(nom))


def recevoir(
    televerse: UploadedFile,
    *,
    acces: str,
    objet_id: int,
    depose_par: Any,
    instant: datetime,
    types: Mapping[str, str] = TYPES,
    **metadonnees: Any,
) -> Fichier:
    """Vérifie puis range un fichier téléversé. Refuse (`Refus`), cause par cause, sans rien écrire.

    `types` : extensions permises et leur type (tous ceux d'une pièce jointe, ou `IMAGES`).
    """
    nom = nom_propre(televerse)
    contenu, type_mime = verifier(televerse, nom, types)
    if photos.est_photo(type_mime):
        nom, contenu, type_mime = _preparer_photo(nom, contenu, type_mime)
    fichier = ranger(
        contenu,
        nom=nom,
        type_mime=type_mime,
        acces=acces,
        objet_id=objet_id,
        depose_par=depose_par,
        instant=instant,
        analyse=EtatAnalyse.NON_ANALYSE,
        **metadonnees,
    )
    antivirus.demander(fichier)
    return fichier


def nom_propre(televerse: UploadedFile) -> str:
    """Le nom donné par la personne, sans chemin."""
    return PurePosixPath((televerse.name or "").replace("\\", "/")).name


def _preparer_photo(nom: str, contenu: bytes, type_mime: str) -> tuple[str, bytes, str]:
    """La photo droite, réduite et sans position; une photo HEIC devient un JPEG, que tout le monde ouvre."""
    try:
        contenu, pret = photos.preparer(contenu, type_mime)
    except Exception as erreur:
        raise Refus(MESSAGES["contenu"]().format(nom=nom), code="contenu") from erreur
    return (f"{PurePosixPath(nom).stem}.jpg" if type_mime == photos.HEIC else nom), contenu, pret


def reunir_photos(
    televerses: Iterable[UploadedFile], *, acces: str, objet_id: int, depose_par: Any, instant: datetime
) -> Fichier:
    """Plusieurs photos en un seul PDF, dans l'ordre. Refuse comme `recevoir`, photo par photo, ou un PDF trop lourd."""
    lues = []
    for televerse in televerses:
        nom = nom_propre(televerse)
        contenu, type_mime = verifier(televerse, nom)
        lues.append(_preparer_photo(nom, contenu, type_mime)[1])
    nom = f"photos-{instant:%Y-%m-%d}.pdf"
    pdf = photos.en_pdf(lues)
    return recevoir(
        SimpleUploadedFile(nom, pdf), acces=acces, objet_id=objet_id, depose_par=depose_par, instant=instant
    )


def toutes_photos(televerses: Iterable[UploadedFile]) -> bool:
    """Chaque fichier a l'extension d'une photo."""
    return all(
        photos.est_photo(TYPES.get(PurePosixPath(nom_propre(televerse)).suffix.lower(), "")) for televerse in televerses
    )


def _extensions(types: Mapping[str, str]) -> str:
    """« PDF, DOCX, PNG, JPEG » : les extensions permises, sans leur doublet."""
    return ", ".join(extension[1:].upper() for extension in types if extension not in {".jpg", ".heif"})


def verifier(televerse: UploadedFile, nom: str, types: Mapping[str, str] = TYPES) -> tuple[bytes, str]:
    """Taille, extension, signature, lecture réelle. Rend les octets et le type."""
    maximum = settings.TAILLE_MAX_FICHIER
    if not televerse.size:
        raise Refus(_("« {nom} » est vide (0 octet). Choisissez le fichier rempli.").format(nom=nom), code="vide")
    if televerse.size > maximum:
        raise Refus(
            _("« {nom} » pèse {taille}; le maximum est {maximum}. Réduisez-le, ou joignez-le en deux fichiers.").format(
                nom=nom, taille=taille_lisible(televerse.size), maximum=taille_lisible(maximum)
            ),
            code="taille",
        )
    type_mime = types.get(PurePosixPath(nom).suffix.lower())
    if type_mime is None:
        raise Refus(
            _("« {nom} » n’est pas d’un type accepté. Joignez un fichier {types}.").format(
                nom=nom, types=_extensions(types)
            ),
            code="type",
        )
    contenu = televerse.read()
    try:
        lisible = _lecture_reelle(contenu, type_mime)
    except _Defaut as defaut:
        raise Refus(MESSAGES[defaut.args[0]]().format(nom=nom), code=defaut.args[0]) from defaut
    if not lisible:
        raise Refus(MESSAGES["contenu"]().format(nom=nom), code="contenu")
    return contenu, type_mime


class _Defaut(Exception):
    """Un défaut qui a son propre message : sa clé dans `MESSAGES`."""


MESSAGES: dict[str, Callable[[], str]] = {
    "contenu": lambda: _(
        "Le contenu de « {nom} » ne correspond pas à son extension, ou le fichier est abîmé."
        " Ouvrez-le, enregistrez-le de nouveau (de préférence en PDF), puis joignez-le."
    ),
    "protege": lambda: _(
        "« {nom} » est protégé par un mot de passe : personne ne pourrait le lire. Enregistrez-le sans mot de passe,"
        " puis joignez-le."
    ),
    "macros": lambda: _(
        "« {nom} » contient des macros ou du code. Enregistrez-le sans macros (de préférence en PDF), puis joignez-le."
    ),
    "archive": lambda: _(
        "« {nom} » serait démesuré une fois décompressé. Enregistrez-le en PDF, ou réduisez ses images, puis joignez-le."
    ),
    "pixels": lambda: _("« {nom} » compte plus de 64 millions de pixels. Réduisez l’image, puis joignez-la."),
}


def _lecture_reelle(contenu: bytes, type_mime: str) -> bool:
    try:
        if type_mime == "application/pdf":
            return contenu.startswith(b"%PDF-") and _lire_pdf(contenu)
        if type_mime.startswith("image/"):
            return _lire_image(contenu, type_mime)
        return _lire_archive(contenu, type_mime)
    except pikepdf.PasswordError as erreur:
        raise _Defaut("protege") from erreur
    except Image.DecompressionBombError as erreur:
        raise _Defaut("pixels") from erreur
    except _Defaut:
        raise
    except Exception:  # noqa: BLE001 — sur des octets abîmés, chaque lecteur tombe à sa façon (IndexError, SyntaxError…)
        return False


def _lire_pdf(contenu: bytes) -> bool:
    with pikepdf.open(BytesIO(contenu)) as pdf:
        return len(pdf.pages) > 0


def _lire_image(contenu: bytes, type_mime: str) -> bool:
    if type_mime == photos.HEIC:
        if contenu[4:8] != b"ftyp" or contenu[8:12] not in MARQUES_HEIC:
            return False
    elif type_mime not in {trouve.mime_type for trouve in puremagic.magic_string(contenu)}:
        return False
    with Image.open(BytesIO(contenu)) as image:
        if image.width * image.height > PIXELS_MAX:
            raise _Defaut("pixels")
        image.verify()
    return True


def _lire_archive(contenu: bytes, type_mime: str) -> bool:
    """Documents bureautiques : archive bornée, du genre annoncé, sans macro."""
    if contenu.startswith(OLE):  # un DOCX ou un XLSX chiffré n'est plus une archive
        raise _Defaut("protege")
    if not contenu.startswith(b"PK\x03\x04"):
        return False
    with zipfile.ZipFile(BytesIO(contenu)) as archive:
        entrees = archive.infolist()
        noms = {entree.filename for entree in entrees}
        if len(entrees) > ZIP_ENTREES_MAX or sum(entree.file_size for entree in entrees) > ZIP_OCTETS_MAX:
            raise _Defaut("archive")
        if any(_actif(nom.lower()) for nom in noms):
            raise _Defaut("macros")
        return COEURS[type_mime] <= noms


def _actif(nom: str) -> bool:
    """Une entrée qui porte du code : macros de Word, d'Excel (VBA et feuilles XLM) ou de LibreOffice, ActiveX, page ou script."""
    return nom.endswith(("vbaproject.bin", ".js", ".html", ".svg", ".exe", ".dll")) or any(
        dossier in f"/{nom}" for dossier in ("/activex/", "/macrosheets/", "/basic/", "/scripts/")
    )


def servir_image(fichier: Fichier) -> FileResponse:
    """Une image publique, dans la page : type figé, aucun script possible, gardée un jour par le navigateur."""
    reponse = FileResponse(fichier.contenu.open("rb"), content_type=fichier.type_mime)
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["Content-Security-Policy"] = "default-src 'none'; sandbox"
    reponse["Cache-Control"] = "public, max-age=86400"
    return reponse


def servir(fichier: Fichier) -> FileResponse:
    """Réponse de téléchargement : pièce jointe, type figé, aucun script possible."""
    reponse = FileResponse(
        fichier.contenu.open("rb"), as_attachment=True, filename=fichier.nom, content_type=fichier.type_mime
    )
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["Content-Security-Policy"] = "default-src 'none'; sandbox"
    reponse["Cache-Control"] = "private, no-store"
    return reponse


def se_montre(fichier: Fichier) -> bool:
    """Le navigateur sait le montrer sans rien exécuter, et l'analyse ne l'a pas refusé."""
    return fichier.type_mime in APERCUS and fichier.analyse != EtatAnalyse.REFUSE


def servir_apercu(fichier: Fichier) -> FileResponse:
    """Le document seul, dans un cadre de la même origine; à qui l'appelant a vérifié le droit, après `se_montre`."""
    reponse = FileResponse(fichier.contenu.open("rb"), filename=fichier.nom, content_type=fichier.type_mime)
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["X-Frame-Options"] = "SAMEORIGIN"
    reponse["Content-Security-Policy"] = CSP_APERCU
    reponse["Cache-Control"] = "private, no-store"
    return reponse
