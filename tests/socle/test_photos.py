"""Une photo prise au téléphone est un document : HEIC, orientation, position retirée, plusieurs photos en un PDF."""

from io import BytesIO

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from projets.models import Projet
from socle.documents.fichiers import recevoir, reunir_photos
from socle.documents.photos import COTE_MAX
from socle.erreurs import Refus
from socle.horloge import maintenant
from socle.models import Fichier
from tests.outils.fichiers import octets

pytestmark = pytest.mark.django_db
GPS, ORIENTATION = 0x8825, 0x0112


def photo(format_: str = "JPEG", taille: tuple[int, int] = (60, 40), orientation: int = 6) -> bytes:
    """Une photo couchée (rouge à gauche, bleue à droite), avec une position GPS."""
    image = Image.new("RGB", taille, (0, 0, 255))
    image.paste((255, 0, 0), (0, 0, taille[0] // 2, taille[1]))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS).update({1: "N", 2: (48.0, 25.0, 0.0)})
    tampon = BytesIO()
    image.save(tampon, format_, exif=exif)
    return tampon.getvalue()


def joindre(nom: str, contenu: bytes) -> Fichier:
    projet = Projet.objects.get(entente__code="02-2024", etat="brouillon")
    return recevoir(
        SimpleUploadedFile(nom, contenu), acces="projet", objet_id=projet.pk, depose_par=None, instant=maintenant()
    )


def ouvrir(fichier: Fichier) -> Image.Image:
    return Image.open(BytesIO(octets(fichier)))


@pytest.mark.parametrize(("nom", "format_"), [("photo.jpg", "JPEG"), ("photo.png", "PNG")])
def test_l_orientation_est_appliquee_et_la_position_retiree(nom: str, format_: str) -> None:
    contenu = photo(format_)
    assert Image.open(BytesIO(contenu)).getexif().get_ifd(GPS), "le témoin porte une position"
    fichier = joindre(nom, contenu)
    image = ouvrir(fichier)
    assert image.size == (40, 60), "tournée d'un quart de tour"
    assert not image.getexif()
    rouge = image.convert("RGB").getpixel((20, 5))
    assert rouge[0] > 200 > rouge[2], "le rouge, à gauche, est passé en haut"


def test_une_photo_heic_devient_un_jpeg_que_tout_le_monde_ouvre() -> None:
    fichier = joindre("IMG_0042.HEIC", photo("HEIF", orientation=1))
    assert (fichier.nom, fichier.type_mime) == ("IMG_0042.jpg", "image/jpeg")
    image = ouvrir(fichier)
    assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (60, 40), {})
    assert fichier.taille == len(octets(fichier))


def test_une_grande_photo_est_reduite() -> None:
    fichier = joindre("grande.jpg", photo(taille=(6000, 3000), orientation=1))
    assert ouvrir(fichier).size == (COTE_MAX, COTE_MAX // 2)


def test_une_image_sans_rien_a_retirer_garde_ses_octets() -> None:
    tampon = BytesIO()
    Image.new("RGB", (8, 8)).save(tampon, "PNG")
    assert octets(joindre("plan.png", tampon.getvalue())) == tampon.getvalue()


@pytest.mark.parametrize("contenu", [b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40, b"GIF89a", photo("JPEG")])
def test_un_faux_heic_est_refuse(contenu: bytes) -> None:
    with pytest.raises(Refus, match="ne correspond pas à son extension"):
        joindre("faux.heic", contenu)


def test_une_photo_coupee_est_refusee_en_mots() -> None:
    with pytest.raises(Refus, match="ne correspond pas"):
        joindre("coupee.jpg", photo()[:-200])


def test_plusieurs_photos_font_un_seul_pdf() -> None:
    photos = [SimpleUploadedFile("a.jpg", photo()), SimpleUploadedFile("b.heic", photo("HEIF"))]
    fichier = reunir_photos(photos, acces="projet", objet_id=1, depose_par=None, instant=maintenant())
    assert fichier.type_mime == "application/pdf"
    with pikepdf.open(BytesIO(octets(fichier))) as pdf:
        assert len(pdf.pages) == 2
