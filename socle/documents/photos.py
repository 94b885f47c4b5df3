"""Une photo prise au téléphone est un document : HEIC lu, droite, réduite, sans position GPS; plusieurs font un PDF."""

from collections.abc import Iterable
from io import BytesIO

from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

register_heif_opener()

COTE_MAX = 4000  # pixels : une page lisible à 300 points par pouce et plus
QUALITE = 85
TRACES = ("exif", "xmp", "XML:com.adobe.xmp", "photoshop", "comment")
HEIC = "image/heic"


def est_photo(type_mime: str) -> bool:
    return type_mime.startswith("image/")


def preparer(contenu: bytes, type_mime: str) -> tuple[bytes, str]:
    """Rend (octets, type) : l'image redressée, réduite au besoin, sans métadonnées. Sans rien à changer, la même.

    Lève l'erreur de Pillow si l'image ne se décode pas en entier.
    """
    with Image.open(BytesIO(contenu)) as image:
        taille = image.size
        image.draft("RGB", (COTE_MAX, COTE_MAX))  # un grand JPEG se décode réduit, sans remplir la mémoire
        image.load()
        intacte = type_mime != HEIC and max(taille) <= COTE_MAX and not any(image.info.get(t) for t in TRACES)
        if intacte and not image.getexif():
            return contenu, type_mime
        droite = _redresser(image)
        tampon = BytesIO()
        if type_mime == "image/png":
            droite.save(tampon, "PNG", optimize=True)
            return tampon.getvalue(), type_mime
        droite.convert("RGB").save(tampon, "JPEG", quality=QUALITE, optimize=True)
    return tampon.getvalue(), "image/jpeg"


def _redresser(image: Image.Image) -> Image.Image:
    droite = ImageOps.exif_transpose(image)
    droite.thumbnail((COTE_MAX, COTE_MAX))
    propre = Image.new(droite.mode, droite.size)
    if droite.mode == "P" and (palette := droite.getpalette()):
        propre.putpalette(palette)
    propre.paste(droite)
    return propre


def en_pdf(photos: Iterable[bytes]) -> bytes:
    """Les photos, une par page, dans l'ordre reçu."""
    pages = []
    for contenu in photos:
        with Image.open(BytesIO(contenu)) as image:
            pages.append(_redresser(image).convert("RGB"))
    tampon = BytesIO()
    pages[0].save(tampon, "PDF", save_all=True, append_images=pages[1:], resolution=200)
    return tampon.getvalue()
