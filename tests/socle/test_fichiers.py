"""Fichiers : ce qui se joint, ce qui se refuse et pourquoi, comment un fichier se télécharge (décision 9)."""

import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from projets.models import Projet
from socle.documents.fichiers import ranger, recevoir, verifier
from socle.erreurs import Refus
from socle.horloge import maintenant
from socle.models import Fichier
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db


def pdf(**options: object) -> bytes:
    tampon = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(tampon, **options)
    return tampon.getvalue()


def archive(*noms: str, octets: bytes = b"<x/>") -> bytes:
    tampon = BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as zip_:
        for nom in noms:
            zip_.writestr(nom, octets)
    return tampon.getvalue()


def image(format_: str) -> bytes:
    tampon = BytesIO()
    Image.new("RGB", (4, 4)).save(tampon, format_)
    return tampon.getvalue()


def png_geant() -> bytes:
    """Un en-tête de 50 000 × 50 000 pixels : 2,5 milliards, en quelques octets."""

    def morceau(genre: bytes, corps: bytes) -> bytes:
        return struct.pack(">I", len(corps)) + genre + corps + struct.pack(">I", zlib.crc32(genre + corps))

    entete = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + morceau(b"IHDR", entete) + morceau(b"IDAT", zlib.compress(b"")) + morceau(b"IEND", b"")
    )


def bombe() -> bytes:
    """300 Mo annoncés dans une archive de quelques centaines d'octets; personne ne la décompresse."""
    octets = bytearray(archive("[Content_Types].xml", "word/document.xml"))
    for debut in [i for i in range(len(octets)) if octets[i : i + 4] == b"PK\x01\x02"]:
        octets[debut + 24 : debut + 28] = struct.pack("<I", 150 * 1024 * 1024)
    return bytes(octets)


BUREAU = archive("[Content_Types].xml", "word/document.xml")
ACCEPTES: dict[str, Callable[[], bytes]] = {
    "rapport.pdf": pdf,
    "RAPPORT.PDF": pdf,
    "budget.docx": lambda: BUREAU,
    "budget.xlsx": lambda: archive("[Content_Types].xml", "xl/workbook.xml"),
    "lettre.odt": lambda: archive("mimetype", "content.xml"),
    "tableau.ods": lambda: archive("mimetype", "content.xml"),
    "plan.png": lambda: image("PNG"),
    "photo.jpg": lambda: image("JPEG"),
    "photo.jpeg": lambda: image("JPEG"),
    # deux formats à la fois : il s'ouvre comme PDF, se range comme PDF, se télécharge comme PDF
    "polyglotte.pdf": lambda: pdf() + archive("x.html"),
}
TYPE, CONTENU = "n’est pas d’un type accepté", "ne correspond pas à son extension"
REFUSES: dict[str, tuple[Callable[[], bytes], str]] = {
    "vide.pdf": (lambda: b"", "est vide (0 octet)"),
    "page.html": (lambda: b"<html></html>", TYPE),
    "dessin.svg": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", TYPE),
    "macro.docm": (lambda: BUREAU, TYPE),
    "programme.exe": (lambda: b"MZ", TYPE),
    "sans-extension": (pdf, TYPE),
    "facture.pdf.html": (pdf, TYPE),
    "page.pdf": (lambda: b"<html><script>alert(1)</script></html>", CONTENU),
    "faux.pdf": (lambda: b"%PDF-1.7\n<html><script>alert(1)</script></html>", CONTENU),
    "decale.pdf": (lambda: b"GIF89a" + pdf(), CONTENU),
    "tronque.pdf": (lambda: b"%PDF-1.7\n1 0 obj", CONTENU),
    "svg.png": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", CONTENU),
    "png.jpg": (lambda: image("PNG"), CONTENU),
    "coupe.png": (lambda: image("PNG")[:61], CONTENU),
    "texte.docx": (lambda: b"Bonjour", CONTENU),
    "quelconque.docx": (lambda: archive("notes.txt"), CONTENU),
    "abime.docx": (lambda: BUREAU[:60], CONTENU),
    "executable.xlsx": (lambda: b"MZ" + BUREAU, CONTENU),
    "protege.pdf": (
        lambda: pdf(encryption=pikepdf.Encryption(owner="a", user="b")),
        "est protégé par un mot de passe",
    ),
    "macro.docx": (lambda: archive("[Content_Types].xml", "word/vbaProject.bin"), "contient des macros ou du code"),
    "script.odt": (lambda: archive("mimetype", "Scripts/a.js"), "contient des macros ou du code"),
    "page.docx": (lambda: archive("[Content_Types].xml", "word/a.HTML"), "contient des macros ou du code"),
    "xlm.xlsx": (
        lambda: archive("[Content_Types].xml", "xl/workbook.xml", "xl/macrosheets/sheet1.xml"),
        "contient des macros ou du code",
    ),
    "basic.odt": (
        lambda: archive("mimetype", "content.xml", "Basic/Standard/Module1.xml"),
        "contient des macros ou du code",
    ),
    "activex.docx": (
        lambda: archive("[Content_Types].xml", "word/document.xml", "word/activeX/activeX1.xml"),
        "contient des macros ou du code",
    ),
    "classeur.docx": (lambda: archive("[Content_Types].xml", "xl/workbook.xml"), CONTENU),
    "chiffre.docx": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "est protégé par un mot de passe"),
    "bombe.docx": (bombe, "une fois décompressé"),
    "milliers.docx": (
        lambda: archive("[Content_Types].xml", *(f"{n}" for n in range(2001)), octets=b""),
        "une fois décompressé",
    ),
    "geant.png": (png_geant, "plus de 64 millions de pixels"),
}


@pytest.mark.parametrize("nom", ACCEPTES)
def test_ce_qui_se_joint(nom: str) -> None:
    contenu = ACCEPTES[nom]()
    lu, type_mime = verifier(SimpleUploadedFile(nom, contenu), nom)
    assert lu == contenu
    assert type_mime.partition("/")[0] in {"application", "image"}


@pytest.mark.parametrize("nom", REFUSES)
def test_ce_qui_se_refuse_dit_sa_cause(nom: str) -> None:
    fabrique, message = REFUSES[nom]
    avant = Fichier.objects.count()
    with pytest.raises(Refus) as refus:
        recevoir(SimpleUploadedFile(nom, fabrique()), acces="projet", objet_id=1, depose_par=None, instant=maintenant())
    assert re.search(rf"«\s{re.escape(nom)}\s»", str(refus.value))
    assert message in str(refus.value)
    assert Fichier.objects.count() == avant


def test_trop_lourd_dit_le_maximum() -> None:
    televerse = SimpleUploadedFile("gros.pdf", b"")
    televerse.size = 25_000_001
    with pytest.raises(Refus, match=r"le maximum est 25,0\sMo") as refus:
        verifier(televerse, "gros.pdf")
    assert "joignez-le en deux fichiers" in str(refus.value)


def test_une_requete_de_quarante_megaoctets_est_refusee_avant_d_etre_lue() -> None:
    """413, une page française; le corps n'est jamais lu (ici, il n'y en a pas)."""
    projet = Projet.objects.get(entente__code="02-2024", etat="brouillon")
    adresse = reverse("projets:pieces", args=[projet.uuid])
    reponse = client("organismes").generic("POST", adresse, b"x", CONTENT_LENGTH=str(40 * 1024 * 1024))
    page = reponse.content.decode()
    assert (reponse.status_code, reponse["Connection"]) == (413, "close")
    assert 'lang="fr' in page
    assert "25" in page


def test_cent_megaoctets_par_dossier() -> None:
    projet = Projet.objects.get(entente__code="02-2024", etat="brouillon")
    deja = ranger(
        pdf(), nom="a.pdf", type_mime="application/pdf", acces="projet", objet_id=projet.pk, instant=maintenant()
    )
    projet.pieces.create(fichier=deja, jointe_le=maintenant())
    Fichier.objects.filter(pk=deja.pk).update(taille=100_000_000 - 10)
    reponse = client("organismes").post(
        reverse("projets:pieces", args=[projet.uuid]), {"fichier": SimpleUploadedFile("b.pdf", pdf())}
    )
    assert "dépasseraient 100 Mo" in reponse.content.decode()
    assert projet.pieces.count() == 1


@pytest.mark.parametrize("nom", ["../../etc/budget été.pdf", "C:\\Documents\\budget été.pdf"])
def test_le_nom_n_atteint_jamais_le_disque(nom: str) -> None:
    projet = Projet.objects.get(entente__code="02-2024", etat="brouillon")
    televerse = SimpleUploadedFile("x.pdf", pdf())
    televerse._name = nom
    fichier = recevoir(
        televerse, acces="projet", objet_id=projet.pk, depose_par=personne("organismes"), instant=maintenant()
    )
    assert fichier.nom == "budget été.pdf"
    assert fichier.contenu.name == f"{fichier.uuid.hex[:2]}/{fichier.uuid}"


def test_les_en_tetes_d_un_telechargement() -> None:
    projet = Projet.objects.get(entente__code="02-2024", etat="brouillon")
    contenu = pdf()
    fichier = ranger(
        contenu,
        nom='bud"get\r\nX-Piege: 1 été.pdf',
        type_mime="application/pdf",
        acces="projet",
        objet_id=projet.pk,
        instant=maintenant(),
    )
    reponse = client("organismes").get(f"/fichiers/{fichier.uuid}/")
    assert b"".join(reponse.streaming_content) == contenu
    assert reponse["Content-Type"] == "application/pdf"
    assert reponse["Content-Disposition"].startswith("attachment;")
    assert "X-Piege" not in reponse
    assert reponse["X-Content-Type-Options"] == "nosniff"
    assert reponse["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert reponse["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(("acces", "analyse"), [("inconnu", "sain"), ("projet", "refuse")])
def test_un_acces_inconnu_ou_un_fichier_refuse_ne_s_ouvre_pas(acces: str, analyse: str) -> None:
    projet = Projet.objects.get(entente__code="02-2024", etat="brouillon")
    fichier = ranger(
        pdf(),
        nom="a.pdf",
        type_mime="application/pdf",
        acces=acces,
        objet_id=projet.pk,
        instant=maintenant(),
        analyse=analyse,
    )
    assert client("organismes").get(f"/fichiers/{fichier.uuid}/").status_code == 404


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(ACCEPTES)), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=6), st.data()
)
def test_un_fichier_abime_est_refuse_jamais_une_erreur(nom: str, alterations: list, data: st.DataObject) -> None:
    """Des octets changés au hasard, une fin coupée : on lit le fichier ou on le refuse en mots."""
    octets = bytearray(ACCEPTES[nom]())
    for position, valeur in alterations:
        octets[int(position * (len(octets) - 1))] = valeur
    coupe = bytes(octets[: data.draw(st.integers(1, len(octets)))])
    with suppress(Refus):
        assert verifier(SimpleUploadedFile(nom, coupe), nom)[0] == coupe
