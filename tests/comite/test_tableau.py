"""Le tableau du comité : règles pures, page, scénarios enregistrés et comparés, requêtes égales (R14, R26, R55)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from comite.models import Scenario, Seance
from comite.regles.tableau import Proposition, bilan, ce_qui_tient, ligne_valide, par_note, pour_rentrer
from comite.requetes.tableau import choix_de, tableau
from comite.services.scenarios import enregistrer_scenario
from comite.services.seances import Point, ecrire_ordre_du_jour
from projets.models import DecisionPreparee, DeclarationInteret, Projet
from socle.horloge import maintenant
from tests.comite.test_seance_tenue import demande, ouverte, presents, scenario
from tests.comite.test_services import acteur, soumettre
from tests.outils.personnes import client, personne

D = Decimal
montants = st.decimals(min_value="0.01", max_value="500000", places=2)


def prop(numero: str, demande: int | str, choix: str = "", montant: int | str = 0, note: int | None = None, **suite):
    return Proposition(numero, D(demande), choix, D(montant), None if note is None else D(note), **suite)


def test_le_bilan_additionne_les_octrois_et_la_part_en_zone() -> None:
    lu = bilan(
        D("498906"),
        D("372409"),
        D("0"),
        [
            prop("19", 70_000, "accepter", 70_000, en_zone=True),
            prop("20", 70_000, "partie", 35_000),
            prop("21", 10_000, "attente"),
        ],
    )
    assert (lu.disponible, lu.propose, lu.reste, lu.manque) == (D(126_497), D(105_000), D(21_497), 0)
    assert lu.part_en_zone == D(70_000) / D(105_000)
    assert bilan(D(1), D(0), D(0), []).part_en_zone is None


def test_maria_chapdelaine_deux_fois_70_000_pour_126_497() -> None:
    propositions = [
        prop("19", 70_000, "accepter", 70_000, 82),
        prop("20", 70_000, "accepter", 70_000, 78),
        prop("22", 44_500, "attente", 0, 63),
    ]
    lu = bilan(D("498906"), D("372409"), D(0), propositions)
    assert lu.manque == D("13503")
    assert [(p.numero, reste) for p, reste in pour_rentrer(lu.manque, propositions)] == [("20", D("56497"))]
    assert ce_qui_tient(lu.reste, propositions).seuls == ()


def test_ce_qui_tient_seul_ensemble_et_en_partie() -> None:
    propositions = [
        prop("21", 112_000, "partie", 82_750, 74),
        prop("06", 68_900, "attente", 0, 66),
        prop("14", 140_000, "refuser", 0, 48),
        prop("99", 900_000, "", 0, 40),
    ]
    trouve = ce_qui_tient(D(279_843), propositions)
    assert [(p.numero, p.manque) for p in trouve.seuls] == [("21", D(29_250)), ("06", D(68_900))]
    assert trouve.reste == D(181_693)
    partie = ce_qui_tient(D(5), propositions)
    assert (partie.seuls, partie.en_partie.numero) == ((), "21")


def test_sans_note_visible_la_demande_vient_apres() -> None:
    assert [p.numero for p in par_note([prop("1", 1), prop("3", 1, note=50), prop("2", 1)])] == ["3", "1", "2"]


@given(st.lists(st.tuples(montants, st.booleans()), max_size=12), montants)
def test_ce_qui_tient_ensemble_ne_depasse_jamais(demandes: list[tuple[D, bool]], reste: D) -> None:
    propositions = [prop(str(i), d, "attente" if a else "") for i, (d, a) in enumerate(demandes)]
    trouve = ce_qui_tient(reste, propositions)
    assert trouve.reste == reste - sum((p.manque for p in trouve.ensemble), D(0)) >= 0
    assert all(p.manque <= reste for p in trouve.seuls)


@given(st.lists(montants, min_size=1, max_size=12), st.data())
def test_les_baisses_effacent_exactement_le_depassement(octrois: list[D], data: st.DataObject) -> None:
    exces = data.draw(st.decimals(min_value="0.01", max_value=sum(octrois), places=2))
    propositions = [prop(str(i), o, "accepter", o, i) for i, o in enumerate(octrois)]
    baisses = pour_rentrer(exces, propositions)
    assert sum(p.montant - reste for p, reste in baisses) == exces
    assert all(0 <= reste < p.montant for p, reste in baisses)


def test_une_ligne_valide() -> None:
    assert ligne_valide("accepter", D(5), D(5))
    assert not ligne_valide("accepter", D(0), D(0))
    assert ligne_valide("partie", D("4.99"), D(5))
    assert not ligne_valide("partie", D(5), D(5))
    assert ligne_valide("attente", D(0), D(5))
    assert not ligne_valide("refuser", D(1), D(5))


# Pages -------------------------------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


@pytest.fixture
def seance(rien_de_prepare: None) -> Seance:
    return Seance.objects.select_related("appel", "entente__mandataire", "territoire").get(etat="preparee")


def adresse(seance: Seance, acte: str = "tableau", suite: str = "") -> str:
    return reverse(f"admin:comite_seance_{acte}", args=[seance.pk]) + suite


def texte(reponse) -> str:
    assert reponse.status_code == 200
    return reponse.content.decode().replace("\u00a0", " ")


def saisie(nom: str = "Scénario A", version: int = 0, **lignes: tuple[str, str]) -> dict[str, str]:
    donnees = {"nom": nom, "version": str(version), "enregistrer": "1"}
    for cle, (choix, montant) in lignes.items():
        pk = demande(cle).pk
        donnees |= {f"choix_{pk}": choix, f"montant_{pk}": montant}
    return donnees


def test_le_tableau_enregistre_un_scenario_sans_rien_adopter(seance: Seance) -> None:
    c = client("coordination")
    assert "Scénario A" in texte(c.get(adresse(seance)))
    reponse = c.post(adresse(seance), saisie(MC=("accepter", ""), CH=("partie", "40 000,50 $"), DR=("attente", "")))
    essai = Scenario.objects.get(seance=seance)
    assert reponse.url.endswith(f"?element={essai.pk}")
    assert choix_de(essai) == {
        demande("MC").pk: ("accepter", D(126_497)),
        demande("CH").pk: ("partie", D("40000.50")),
        demande("DR").pk: ("attente", D(0)),
    }
    assert not DecisionPreparee.objects.exists()
    page = texte(c.get(reponse.url))
    assert "40 000,50" in page
    assert "<script>" not in page


def test_changer_de_choix_remplace_le_montant_laisse(seance: Seance) -> None:
    c = client("coordination")
    essai = scenario(seance, CH=("partie", 40_000), MC=("accepter", 126_497))
    donnees = saisie("Essai", 1, CH=("accepter", "40 000"), MC=("attente", "126 497"))
    assert c.post(adresse(seance, suite=f"?element={essai.pk}"), donnees).status_code == 302
    assert choix_de(essai) == {demande("CH").pk: ("accepter", D(52_000)), demande("MC").pk: ("attente", D(0))}


def test_une_saisie_fautive_revient_telle_quelle_et_se_nomme(seance: Seance) -> None:
    ch = demande("CH")
    for choix, ecrit, message in (
        ("partie", "", "inscrivez un montant moindre que 52"),
        ("partie", "99 999", "inscrivez un montant moindre que 52"),
        ("accepter", "40 000", "pour moins, choisissez « En partie »"),
        ("refuser", "12", "ne porte pas de montant"),
        ("partie", "beaucoup", "beaucoup"),
        ("", "500", "aucun choix"),
    ):
        page = texte(client("coordination").post(adresse(seance), saisie(CH=(choix, ecrit)))).replace("\u00a0", " ")
        assert "Il y a un problème" in page
        assert f'href="#montant_{ch.pk}"' in page
        assert message in page.replace("&#x27;", "’"), (choix, ecrit)
        assert f'value="{ecrit}"' in page
    assert not Scenario.objects.filter(seance=seance).exists()


def test_un_depassement_se_dit_au_cent_avec_ce_qui_rentrerait(seance: Seance) -> None:
    Projet.objects.filter(pk=demande("MC").pk).update(montant_demande=D("140000.00"))
    c = client("coordination")
    reponse = c.post(adresse(seance), saisie(MC=("accepter", "")))
    page = texte(c.get(reponse.url)).replace("\u00a0", " ")
    assert "Maria-Chapdelaine dépasse son enveloppe de 13 503,00 $" in page
    assert "MC-0002 ramené à 126 497,00 $" in page
    assert "ne peut pas être retenu" in page


def test_copier_et_comparer(seance: Seance) -> None:
    c, essai = client("coordination"), scenario(seance, nom="Scénario A", CH=("accepter", 52_000))
    donnees = saisie("Scénario B", 1, CH=("partie", "10 000")) | {"copier": "1"}
    assert c.post(adresse(seance, suite=f"?element={essai.pk}"), donnees).status_code == 302
    assert list(seance.scenarios.values_list("nom", flat=True)) == ["Scénario A", "Scénario B"]
    assert choix_de(essai) == {demande("CH").pk: ("accepter", D(52_000))}
    page = texte(c.get(adresse(seance, "comparer")))
    assert "Diffère" in page
    assert "Scénario B : proposé" in page
    assert "Il y a un problème" in texte(c.get(adresse(seance, "comparer", "?a=0&b=0")))


def test_le_tri_et_un_element_d_ailleurs(seance: Seance) -> None:
    c = client("coordination")
    for tri in ("note", "numero", "demande", "zzz"):
        texte(c.get(adresse(seance, suite=f"?tri={tri}")))
    ailleurs = Scenario.objects.exclude(seance=seance).first()
    assert c.get(adresse(seance, suite=f"?element={ailleurs.pk}")).status_code == 404
    assert c.get(adresse(seance, "retenir", f"?element={ailleurs.pk}")).status_code == 404
    assert c.get(adresse(seance, suite="?element=x")).status_code == 404


def test_r26_la_note_et_l_ecart_suivent_la_visibilite(seance: Seance) -> None:
    """Dossier clos : la coordination les voit; une évaluation reste due : rien; retirée elle-même : rien."""

    def lignes():
        lu = tableau(seance, {}, personne("coordination"), maintenant())
        return {ligne.projet.enveloppe.lettres: ligne for groupe in lu.groupes for ligne in groupe.lignes}

    assert (lignes()["DR"].note, lignes()["DR"].ecart) == (None, None)
    assert lignes()["CH"].note is not None or lignes()["MC"].note is not None
    soumettre("evaluation1", 12, 40, 28)
    soumettre("evaluation2", 15, 50, 35)
    assert (lignes()["DR"].note, lignes()["DR"].ecart.etendue) == (D("90.00"), D("20.00"))
    DeclarationInteret.objects.create(
        entente=seance.entente,
        projet=demande("DR"),
        utilisateur=personne("coordination"),
        lien="conflit",
        origine="personne",
        inscrite_par=personne("coordination"),
        declaree_le=maintenant() - timedelta(minutes=1),
    )
    assert lignes()["DR"].note is None


def test_retenir_par_la_page_dit_d_abord_ce_qui_change_et_ce_qui_est_saute(seance: Seance) -> None:
    c = client("coordination")
    assert c.get(adresse(seance, "retenir")).url == adresse(seance)
    essai = scenario(ouverte(seance), MC=("accepter", 126_497), CH=("partie", 40_000))
    page = c.get(adresse(seance, "retenir", f"?element={essai.pk}"))
    assert "Décision préparée : Accepter" in texte(page)
    assert "déjà recommandé autre chose" in texte(page)
    formulaire = page.context["formulaire"]
    donnees = {"signature": formulaire["signature"].value(), "exercice": formulaire["exercice"].value()}
    assert c.post(adresse(seance, "retenir", f"?element={essai.pk}"), donnees).status_code == 302
    assert list(DecisionPreparee.objects.values_list("projet__enveloppe__code", flat=True)) == ["02-2024/MC"]
    assert "ne change plus" in texte(c.get(adresse(seance, suite=f"?element={essai.pk}")))


def test_les_actes_de_la_seance_passent_par_leur_page(seance: Seance) -> None:
    c = client("coordination")
    feuille = texte(c.get(adresse(seance, "presences")))
    assert "Présidence du comité" in feuille
    refus = texte(c.post(adresse(seance, "ouvrir")))
    assert "prenez les présences" in refus
    champs = list(c.get(adresse(seance, "presences")).context["formulaire"].fields)
    assert c.post(adresse(seance, "presences"), dict.fromkeys(champs, "present")).status_code == 302
    assert c.post(adresse(seance, "ouvrir")).status_code == 302
    presence = seance.presences.filter(utilisateur=None).first()
    donnees = {"presence": presence.pk, "projet": demande("CH").pk, "nature": ""}
    assert c.post(adresse(seance, "retrait"), donnees).status_code == 302
    assert "déjà retiré" in texte(c.post(adresse(seance, "retrait"), donnees))
    assert c.post(adresse(seance, "lever")).status_code == 302
    lecture = texte(c.get(reverse("admin:comite_seance_change", args=[seance.pk])))
    assert "le quorum est atteint" in lecture
    assert "Levée" in lecture
    assert c.post(adresse(seance, "proces_verbal")).status_code == 302
    assert "Ce champ est obligatoire" in texte(c.post(adresse(seance, "rouvrir"), {"motif": ""}))
    assert c.post(adresse(seance, "rouvrir"), {"motif": "Une erreur"}).status_code == 302


def test_autant_de_requetes_pour_une_demande_que_pour_trois(seance: Seance) -> None:
    c, comptes = client("coordination"), []
    projets = list(Projet.objects.filter(appel=seance.appel, etat__in=["recommande", "en_evaluation"]).order_by("id"))
    Projet.objects.filter(pk=projets[0].pk).update(montant_demande=D(2_000_000))  # un dépassement, dès le premier
    presents(seance, 6)
    for nombre in (1, 3):
        points = [Point("projet", 10, projet) for projet in projets[:nombre]]
        ecrire_ordre_du_jour(seance=seance, points=points, **acteur("coordination"))
        choix = {projets[0].pk: ("accepter", D(2_000_000))}
        enregistrer_scenario(
            seance=seance, scenario=None, nom=f"{nombre}", version=0, choix=choix, **acteur("coordination")
        )
        c.get(adresse(seance))
        with CaptureQueriesContext(connection) as requetes:
            texte(c.get(adresse(seance)))
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1]
    assert comptes[1] <= 15, "\n".join(r["sql"][:160] for r in requetes)
