"""Le dossier suivi depuis sa liste : place, précédente, suivante; filtres et tri gardés, jusque dans les actes."""

from html import unescape
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projets.admin.suivi import VENUE, place_dans_la_liste
from projets.models import Projet
from socle.horloge import maintenant
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db
LISTE = "/admin/projets/projet/"


def requete(question: str, nom: str = "coordination"):
    lue = RequestFactory().get(f"{LISTE}?{question}")
    lue.user, lue.arrivee = personne(nom), maintenant()
    return lue


def dans_l_ordre(question: str, nom: str = "coordination") -> list[int]:
    """Les demandes de la liste, telles que sa page les donne."""
    classe = admin.site._registry[Projet]
    return [projet.pk for projet in classe.get_changelist_instance(requete(question, nom)).queryset]


def place(projet: int, question: str, nom: str = "coordination"):
    classe = admin.site._registry[Projet]
    return place_dans_la_liste(requete(urlencode({VENUE: question}), nom), classe, Projet.objects.get(pk=projet))


def dossier(projet: int, question: str = "") -> str:
    adresse = reverse("admin:projets_projet_change", args=[projet])
    return f"{adresse}?{urlencode({VENUE: question})}" if question else adresse


@pytest.mark.parametrize(
    "question",
    [
        "p=1",
        "etat__exact=accepte",
        "etat__exact=depose&o=5",
        "o=-5",
        "o=7",
        "o=-2.3",
        "q=organisme",
        "pieces=manquantes",
        "etape=accordees&o=-9",
        "responsable=aucun",
    ],
)
def test_la_place_suit_la_liste_filtree_et_triee(question: str) -> None:
    """Chaque demande, la première, la dernière : le même rang et les mêmes voisines que dans la liste."""
    cles = dans_l_ordre(question)
    assert len(cles) > 1
    for rang in {0, 1, len(cles) // 2, len(cles) - 1}:
        lue = place(cles[rang], question)
        assert (lue.rang, lue.total) == (rang + 1, len(cles))
        assert lue.precedente == (dossier(cles[rang - 1], question) if rang else "")
        assert lue.suivante == (dossier(cles[rang + 1], question) if rang + 1 < len(cles) else "")


def test_sans_liste_rien_et_hors_de_la_liste_le_lien_de_retour() -> None:
    classe, projet = admin.site._registry[Projet], Projet.objects.filter(etat="depose").first()
    assert place_dans_la_liste(requete(""), classe, projet) is None
    lue = place(projet.pk, "etat__exact=accepte")
    assert (lue.rang, lue.suivante, lue.liste) == (None, "", f"{LISTE}?etat__exact=accepte")
    page = client("coordination").get(dossier(projet.pk, "etat__exact=accepte")).content.decode()
    assert "n’est plus dans la liste filtrée" in page


@pytest.mark.parametrize("question", ["inconnu=1", "appel__id__exact=x", "q=%00", "o=99", "organisme__nom=x"])
def test_une_adresse_abimee_ouvre_quand_meme_le_dossier(question: str) -> None:
    projet = Projet.objects.filter(entente__code="02-2024", etat="depose").first()
    assert client("coordination").get(dossier(projet.pk, question)).status_code == 200


def test_la_portee_borne_la_place() -> None:
    """L'agent ne suit que les demandes de son territoire."""
    cles = dans_l_ordre("p=1", "agent")
    assert 0 < len(cles) < len(dans_l_ordre("p=1"))
    assert place(cles[0], "p=1", "agent").total == len(cles)


def test_la_page_va_de_l_une_a_l_autre_et_revient_a_la_liste() -> None:
    c, question = client("coordination"), "etat__exact=depose&o=5"
    premiere, deuxieme = dans_l_ordre(question)[:2]
    liste = unescape(c.get(f"{LISTE}?{question}").content.decode())
    assert f'href="{dossier(premiere, question)}"' in liste
    page = unescape(c.get(dossier(premiere, question)).content.decode())
    assert f'rel="next" href="{dossier(deuxieme, question)}"' in page
    assert f'href="{LISTE}?{question}"' in page
    assert 'rel="prev"' not in page
    sans = unescape(c.get(LISTE).content.decode())
    assert f"{VENUE}=p%3D1" in sans


def test_un_acte_fait_ou_annule_garde_la_liste() -> None:
    c, question = client("coordination"), "etat__exact=depose"
    projet = dans_l_ordre(question)[0]
    page = unescape(c.get(dossier(projet, question)).content.decode())
    acte = f"{reverse('admin:projets_projet_note', args=[projet])}?{urlencode({VENUE: question})}"
    assert f'href="{acte}"' in page
    assert f'href="{dossier(projet, question)}"' in unescape(c.get(acte).content.decode())
    fait = c.post(acte, {"genre": "appel", "interlocuteur": "Direction", "texte": "Rappeler jeudi."})
    assert (fait.status_code, fait["Location"]) == (302, dossier(projet, question))
    Projet.objects.filter(pk=projet).update(responsable=None)
    ailleurs = c.post(reverse("admin:projets_projet_prendre", args=[projet]))
    assert ailleurs["Location"] == dossier(projet)


def test_suivre_la_liste_coute_un_nombre_fixe_de_requetes() -> None:
    classe = admin.site._registry[Projet]
    for question in ("p=1", "etat__exact=accepte"):
        projet, lue = Projet.objects.get(pk=dans_l_ordre(question)[0]), requete(urlencode({VENUE: question}))
        assert Projet.objects.visibles_pour(lue.user).exists()  # ses rôles et ses organismes sont lus
        with CaptureQueriesContext(connection) as requetes:
            assert place_dans_la_liste(lue, classe, projet).rang == 1
        assert len(requetes) <= 2, [r["sql"] for r in requetes]  # au plus les pièces exigées, puis la place
