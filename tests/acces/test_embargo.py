"""R28 : une décision prise et non communiquée ne paraît nulle part avant l'annonce; après, elle y est."""

import re
from collections import deque
from datetime import timedelta
from html import unescape
from io import BytesIO

import pypdf
import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from appels.models import Appel
from appels.services.annonces import annoncer_prevus, programmer_annonce
from projets.models import Decision, Projet
from projets.services.lettres import relire_lettre
from socle.horloge import maintenant
from tests.outils.personnes import client, personne
from tests.projets.test_decisions import decider, part

pytestmark = pytest.mark.django_db
TEMOIN, SOMME = "zzTEMOINzz", re.compile(r"31[\s\u00a0\u202f]?337")
LIEN = re.compile(r'href="([^"#]+)')
DEPARTS = {
    "anonyme": (
        "/",
        "/appels/",
        "/appels/fil.atom",
        "/appels/agenda.ics",
        "/alliances/",
        "/etat/",
        "/verifier/",
        "/sante",
    ),
    "organismes": ("/projets/", "/mon-espace/"),
    "promoteur": ("/projets/",),
    "evaluation1": ("/comite/", "/comite/devenus/", "/comite/liens/"),
}
HORS = ("/compte/logout", "/admin/", "/statique", "/static", "/projets/nouveau/")
LIMITE = 400


@pytest.fixture
def decision() -> Decision:
    """Un octroi partiel au témoin, sa lettre relue, l'annonce programmée pour dans une heure."""
    instant = maintenant()
    Appel.objects.filter(code="02-2024-1").update(
        ouverture=instant - timedelta(days=60), fermeture=instant - timedelta(days=1)
    )
    projet = Projet.objects.select_related("enveloppe", "entente").get(
        entente__code="02-2024", etat="recommande", enveloppe__code="02-2024/MC"
    )
    decision = decider(
        projet,
        part("31337.00"),
        resolution=f"CA-{TEMOIN}",
        motif_public=f"Motif {TEMOIN}",
        conditions=f"Condition {TEMOIN}",
    )
    relire_lettre(lettre=decision.lettre, auteur=personne("coordination"), instant=instant)
    programmer_annonce(
        appel=projet.appel, quand=instant + timedelta(hours=1), auteur=personne("coordination"), instant=instant
    )
    return decision


def texte(reponse: HttpResponse) -> str:
    """Ce qu'une réponse laisse lire, PDF compris."""
    corps = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
    if corps.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(corps)).pages)
    return unescape(corps.decode(errors="ignore"))


def parcourir(c: Client, departs: tuple[str, ...]) -> dict[str, str]:
    """Toutes les pages qu'on atteint de lien en lien, sans rien poster."""
    lues: dict[str, str] = {}
    file = deque(departs)
    while file and len(lues) < LIMITE:
        adresse = file.popleft()
        if adresse in lues or adresse.startswith(HORS):
            continue
        reponse = c.get(adresse)
        lues[adresse] = texte(reponse)
        if reponse.status_code in {301, 302}:
            file.append(reponse.url)
        elif "html" in reponse.get("Content-Type", ""):
            file.extend(lien for lien in LIEN.findall(lues[adresse]) if lien.startswith("/") and lien not in lues)
    return lues


def fuites(lues: dict[str, str]) -> list[str]:
    return [adresse for adresse, lu in lues.items() if TEMOIN in lu or SOMME.search(lu)]


@pytest.mark.parametrize("role", DEPARTS)
def test_rien_avant_l_annonce(role: str, decision: Decision) -> None:
    lues = parcourir(client(role), DEPARTS[role])
    assert len(lues) >= len(DEPARTS[role])
    assert fuites(lues) == []


def test_le_parcours_passe_par_les_pages_qui_le_diraient(decision: Decision) -> None:
    """L'essai peut échouer : le public et le promoteur passent par les pages où la décision paraîtra."""
    suivi = decision.projet.get_absolute_url()
    siennes = parcourir(client("organismes"), (*DEPARTS["organismes"], suivi))
    assert suivi in siennes
    assert "En évaluation" in siennes[suivi]
    assert fuites(siennes) == []
    publiques = parcourir(client("anonyme"), DEPARTS["anonyme"])
    assert {"/alliances/02/", "/appels/02-2024-1/", "/appels/fil.atom", "/appels/agenda.ics"} <= set(publiques)


def test_tout_parait_a_l_annonce(decision: Decision) -> None:
    assert annoncer_prevus(maintenant() + timedelta(hours=2)) == 1
    suivi = client("organismes").get(decision.projet.get_absolute_url())
    assert TEMOIN in texte(suivi)
    Appel.objects.filter(code="02-2024-1").update(annonce_le=maintenant() - timedelta(minutes=1))
    assert "/alliances/02/" in fuites(parcourir(client("anonyme"), DEPARTS["anonyme"]))


@pytest.mark.parametrize("role", ["evaluation1", "promoteur", "anonyme"])
def test_exports_rapport_et_communique_ne_servent_que_l_equipe(role: str, decision: Decision) -> None:
    c, cle = client(role), decision.projet.appel_id
    for nom in ("rapport_appel", "communique", "exporter", "changelist"):
        reponse = c.get(reverse(f"admin:projets_projet_{nom}"), {"appel": cle, "format": "xlsx"})
        assert reponse.status_code in {302, 403}
        assert not fuites({nom: texte(reponse)})


def test_le_communique_n_existe_avant_l_annonce_que_pour_la_coordination(decision: Decision) -> None:
    adresse = f"{reverse('admin:projets_projet_communique')}?appel={decision.projet.appel_id}"
    for role in ("finances", "secretariat", "tresorerie", "agent"):
        assert not fuites({role: texte(client(role).get(adresse))})
    assert fuites({"coordination": texte(client("coordination").get(adresse))})
