"""La présidence dans son espace : le tableau de la séance en lecture et l'écart des notes, à elle seule (R25, R26)."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alliances.models import Affectation, MembreComite
from comite.models import Scenario, Seance
from comite.requetes.presidence import preside
from comite.requetes.tableau import tableau
from comite.services.scenarios import enregistrer_scenario
from projets.models import DeclarationInteret, PartPreparee, Projet
from socle.horloge import maintenant
from tests.comite.test_services import acteur
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def seance() -> Seance:
    return Seance.objects.select_related("appel", "entente__mandataire").get(etat="preparee")


def demandes(seance: Seance) -> list[Projet]:
    return list(
        Projet.objects.filter(points__seance=seance).select_related("enveloppe", "organisme").order_by("points__ordre")
    )


def retenir(seance: Seance, choix: dict[int, tuple[str, Decimal]], nom: str = "Scénario A") -> Scenario:
    return enregistrer_scenario(seance=seance, scenario=None, nom=nom, version=0, choix=choix, **acteur("coordination"))


def adresse(seance: Seance, suite: str = "") -> str:
    return reverse("comite:tableau", args=[seance.pk]) + suite


def se_retirer_de(projet: Projet, nom: str = "evaluation2") -> None:
    DeclarationInteret.objects.create(
        entente_id=projet.entente_id,
        projet=projet,
        utilisateur=personne(nom),
        lien="conflit",
        nature="emploi",
        declaree_le=maintenant(),
        inscrite_par=personne(nom),
    )


def test_qui_preside_lit_le_tableau_les_autres_non(seance: Seance) -> None:
    """evaluation2 préside; un autre membre a 403, et perdre la présidence ferme la page."""
    assert client("evaluation2").get(adresse(seance)).status_code == 200
    assert client("evaluation1").get(adresse(seance)).status_code == 403
    for nom in ("coordination", "organismes", "ministere", "coordination.lanaudiere"):
        assert client(nom).get(adresse(seance)).status_code == 404
    assert client("anonyme").get(adresse(seance)).status_code == 302
    MembreComite.objects.filter(utilisateur=personne("evaluation2"), role="presidence").update(role="membre")
    assert not preside(personne("evaluation2"), seance, maintenant())
    assert client("evaluation2").get(adresse(seance)).status_code == 403


def test_une_session_par_code_ne_vaut_que_chez_son_mandataire(seance: Seance) -> None:
    """Présider chez un autre mandataire n'ouvre rien à qui n'y a plus de rôle au comité, ou y entre par le code d'ailleurs."""
    Affectation.objects.filter(utilisateur=personne("evaluation2"), mandataire=seance.entente.mandataire).update(
        retiree_le=maintenant()
    )
    assert preside(personne("evaluation2"), seance, maintenant())
    c = client("evaluation2")
    assert c.get(adresse(seance)).status_code == 404
    assert c.get(reverse("comite:ecarts", args=[seance.appel.code])).status_code == 404
    assert adresse(seance) not in c.get("/comite/").content.decode()


def test_la_page_de_la_seance_et_l_accueil_y_menent_elle_seule(seance: Seance) -> None:
    lien, ecarts = adresse(seance), reverse("comite:ecarts", args=[seance.appel.code])
    for nom, voit in (("evaluation2", True), ("evaluation1", False)):
        c = client(nom)
        for page in ("/comite/", seance.get_absolute_url()):
            lue = c.get(page).content.decode()
            assert (f'href="{lien}"' in lue) is voit, (nom, page)
            assert (f'href="{ecarts}"' in lue) is voit, (nom, page)


def test_le_tableau_dit_enveloppe_octroye_propose_reste_et_part_en_zone(seance: Seance) -> None:
    projet = demandes(seance)[0]
    Projet.objects.filter(pk=projet.pk).update(zone_visee=True)
    retenir(seance, {projet.pk: ("accepter", projet.montant_demande)})
    page = client("evaluation2").get(adresse(seance)).content.decode().replace("\u00a0", " ")
    for titre in ("Dotation", "Octroyé", "Proposé", "Reste", "En zone visée"):
        assert f'data-titre="{titre}"' in page
    assert "« Scénario A » n’est qu’un scénario" in page
    assert projet.titre in page
    assert "Accepter" in page
    assert "100 %" in page
    assert "<form method" not in page.partition("<h1>")[2].partition("</main>")[0], "rien ne s'y change"


def test_sans_les_dossiers_dont_elle_s_est_retiree(seance: Seance) -> None:
    """Ni le titre, ni l'organisme, ni le montant, ni ce qu'on lui prépare : nulle part dans la page (R25)."""
    projet, autre = demandes(seance)[:2]
    retenir(seance, {projet.pk: ("accepter", projet.montant_demande), autre.pk: ("accepter", autre.montant_demande)})
    avant = tableau(seance, {}, personne("evaluation2"), maintenant())
    se_retirer_de(projet)
    page = client("evaluation2").get(adresse(seance)).content.decode()
    assert projet.titre not in page
    assert str(projet.organisme) not in page
    assert autre.titre in page
    assert "1 demande dont vous vous retirez" in page.replace("\u00a0", " ")
    apres = tableau(seance, {}, personne("evaluation2"), maintenant(), sans={projet.pk})
    assert projet.pk not in apres.lignes
    assert apres.demandes == avant.demandes - 1


def test_ce_qu_on_prepare_au_dossier_retire_ne_se_deduit_pas(seance: Seance) -> None:
    """La part préparée d'un dossier fermé ne paraît pas non plus dans « proposés hors de ce tableau »."""
    part = PartPreparee.objects.select_related("preparee").first()
    assert part is not None, "la démonstration a une décision préparée"
    cible = part.preparee.projet_id
    if not seance.points.filter(projet=cible).exists():
        point = seance.points.filter(projet__isnull=False).last()
        point.projet_id = cible
        point.save(update_fields=["projet"])
    voisin = next(p for p in demandes(seance) if p.pk != cible)
    Projet.objects.filter(pk=voisin.pk).update(enveloppe=part.enveloppe_id)
    groupe = next(
        g
        for g in tableau(seance, {}, personne("evaluation2"), maintenant(), sans={cible}).groupes
        if g.enveloppe.pk == part.enveloppe_id
    )
    assert (groupe.bilan.ailleurs, groupe.bilan.propose) == (0, 0)


def test_toutes_les_demandes_fermees_et_ordre_du_jour_vide(seance: Seance) -> None:
    for projet in demandes(seance):
        se_retirer_de(projet)
    assert "Vous vous retirez de chaque demande" in client("evaluation2").get(adresse(seance)).content.decode()
    seance.points.all().delete()
    assert "L’ordre du jour n’est pas encore écrit" in client("evaluation2").get(adresse(seance)).content.decode()


def test_le_scenario_nomme_le_retenu_puis_le_dernier(seance: Seance) -> None:
    projet, c = demandes(seance)[0], client("evaluation2")
    a = retenir(seance, {projet.pk: ("attente", D(0))})
    b = retenir(seance, {projet.pk: ("refuser", D(0))}, "Scénario B")
    assert "«\u00a0Scénario B\u00a0»" in c.get(adresse(seance)).content.decode()
    assert "«\u00a0Scénario A\u00a0»" in c.get(adresse(seance, f"?element={a.pk}")).content.decode()
    Scenario.objects.filter(pk=a.pk).update(retenu_le=maintenant(), retenu_par=personne("coordination"))
    assert "«\u00a0Scénario A\u00a0» est retenu" in c.get(adresse(seance)).content.decode()
    assert c.get(adresse(seance, "?element=999999")).status_code == 404
    assert c.get(adresse(seance, "?tri=nimporte")).status_code == 200
    assert b.pk != a.pk


def test_autant_de_requetes_pour_une_demande_que_pour_plusieurs(seance: Seance) -> None:
    c = client("evaluation2")

    def compter() -> int:
        with CaptureQueriesContext(connection) as requetes:
            assert c.get(adresse(seance)).status_code == 200
        return len(requetes)

    compter()
    plusieurs = compter()
    garde = seance.points.filter(projet__isnull=False).first()
    seance.points.filter(projet__isnull=False).exclude(pk=garde.pk).delete()
    assert compter() == plusieurs
    assert plusieurs <= 26
