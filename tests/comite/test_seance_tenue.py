"""La séance tenue : présences, quorum, retraits, états, scénarios retenus, procès-verbal (R14, R25, R27)."""

from decimal import Decimal

import pikepdf
import pytest

from alliances.models import Comite
from comite.enums import EtatPresence, EtatSeance
from comite.etats import SEANCE
from comite.exports import contexte_proces_verbal
from comite.models import Scenario, Seance
from comite.requetes.retenue import prevision
from comite.requetes.tenue import appeles, quorums, tenue_de
from comite.services.declarations import declarer_interet
from comite.services.scenarios import enregistrer_scenario, retenir_scenario
from comite.services.seances import ecrire_ordre_du_jour
from comite.services.tenue import (
    demander_proces_verbal,
    ecrire_presences,
    lever_seance,
    ouvrir_seance,
    retirer_en_seance,
    rouvrir_seance,
)
from projets.models import DecisionPreparee, DeclarationInteret, Projet, Recommandation
from socle import travaux
from socle.documents.fichiers import peut_lire
from socle.documents.pdf import mettre_en_page, rendre_html
from socle.erreurs import Refus
from socle.horloge import maintenant
from socle.models import TransitionEtat
from tests.comite.test_services import acteur, soumettre
from tests.documents.lecture import defauts_ua
from tests.outils.personnes import ROLES, personne

pytestmark = pytest.mark.django_db
COORDO = "coordination"


@pytest.fixture
def seance(rien_de_prepare: None) -> Seance:
    """Celle à venir : six points, dont six demandes de l'appel; le comité fixe un quorum de cinq."""
    return Seance.objects.select_related("appel", "entente__mandataire", "territoire").get(etat="preparee")


def presents(seance: Seance, nombre: int) -> None:
    feuille = appeles(seance)
    etats = {a.cle: EtatPresence.PRESENT if i < nombre else EtatPresence.ABSENT for i, a in enumerate(feuille)}
    ecrire_presences(seance=seance, etats=etats, **acteur(COORDO))


def ouverte(seance: Seance, nombre: int = 6) -> Seance:
    presents(seance, nombre)
    return ouvrir_seance(seance=seance, **acteur(COORDO))


def demande(lettres: str) -> Projet:
    return Projet.objects.select_related("enveloppe", "entente__mandataire", "appel", "organisme").get(
        appel__code="02-2024-1", enveloppe__code=f"02-2024/{lettres}", etat__in=["recommande", "en_evaluation"]
    )


def scenario(seance: Seance, nom: str = "Essai", **choix: tuple[str, int]) -> Scenario:
    return enregistrer_scenario(
        seance=seance,
        scenario=None,
        nom=nom,
        version=0,
        choix={demande(cle).pk: (valeur, Decimal(montant)) for cle, (valeur, montant) in choix.items()},
        **acteur(COORDO),
    )


def retenir(essai: Scenario, **motifs: str) -> Scenario:
    return retenir_scenario(
        scenario=essai,
        signature=prevision(Seance.objects.get(pk=essai.seance_id), essai).signature,
        exercice="2026-2027",
        motifs={demande(cle).pk: motif for cle, motif in motifs.items()},
        **acteur(COORDO),
    )


def test_la_feuille_reunit_le_comite_ses_sieges_et_qui_evalue_sans_doublon(seance: Seance) -> None:
    analyse = Comite.objects.get(entente=seance.entente, type="analyse")
    analyse.sieges.create(entente=seance.entente, rang=1, etat="pourvu", depuis=analyse.depuis)
    analyse.sieges.create(entente=seance.entente, rang=2, etat="vacant", depuis=analyse.depuis)
    noms = [a.nom for a in appeles(seance)]
    assert len(noms) == len(set(noms)) == 7
    assert sum("personne experte" in nom for nom in noms) == 1
    assert "Comité 1 (démonstration)" in noms
    assert "Comité 2 (démonstration)" not in noms, "il y siège déjà, à la présidence"


def test_sans_quorum_la_seance_ne_s_ouvre_pas(seance: Seance) -> None:
    with pytest.raises(Refus, match="prenez les présences"):
        ouvrir_seance(seance=seance, **acteur(COORDO))
    presents(seance, 4)
    with pytest.raises(Refus, match="4 votants présents, 5 requis"):
        ouvrir_seance(seance=seance, **acteur(COORDO))
    presents(seance, 5)
    assert ouvrir_seance(seance=seance, **acteur(COORDO)).quorum == 5


def test_le_quorum_fige_ne_suit_plus_le_comite(seance: Seance) -> None:
    rangee = ouverte(seance)
    Comite.objects.filter(entente=seance.entente, type="analyse").update(quorum=12)
    assert tenue_de(rangee).requis == 5
    assert tenue_de(rangee).atteint


def test_un_ordre_du_jour_sans_demande_ne_s_ouvre_pas(seance: Seance) -> None:
    presents(seance, 6)
    ecrire_ordre_du_jour(seance=seance, points=[], **acteur(COORDO))
    with pytest.raises(Refus, match="aucune demande"):
        ouvrir_seance(seance=seance, **acteur(COORDO))


@pytest.mark.parametrize(("hors_quorum", "atteint"), [(True, False), (False, True)])
def test_r25_un_interet_declare_en_seance_retire_vote_et_quorum(
    seance: Seance, hors_quorum: bool, atteint: bool
) -> None:
    """Cinq présents, cinq requis : un membre déclare son lien depuis son espace, séance ouverte."""
    type(seance.appel).objects.filter(pk=seance.appel_id).update(retrait_hors_quorum=hors_quorum)
    seance.refresh_from_db()
    presents(seance, 6)
    absent = seance.presences.filter(utilisateur=None).first()
    ecrire_presences(seance=seance, etats={f"m{absent.membre_id}": "absent"}, **acteur(COORDO))
    rangee, projet = ouvrir_seance(seance=seance, **acteur(COORDO)), demande("DR")
    tenue = tenue_de(rangee)
    avant = quorums(rangee, tenue, [projet])[projet.pk]
    assert (avant.votent, avant.comptent, avant.atteint) == (5, 5, True)
    declarer_interet(projet=projet, nature="conseil", **acteur("evaluation1"))
    apres = quorums(rangee, tenue, [projet])[projet.pk]
    assert (apres.votent, apres.atteint) == (4, atteint)
    assert [p.utilisateur for p in apres.retires] == [personne("evaluation1")]


def test_un_retrait_inscrit_efface_les_notes_et_va_au_registre(seance: Seance) -> None:
    soumettre("evaluation1", 12, 40, 28)
    ouverte(seance)
    projet, presence = demande("DR"), seance.presences.get(utilisateur=personne("evaluation1"))
    retirer_en_seance(presence=presence, projet=projet, nature="proche", **acteur(COORDO))
    sienne = projet.evaluations.get(evaluateur=personne("evaluation1"))
    assert (sienne.etat, sienne.note, sienne.notes.count()) == ("retiree", None, 0)
    registre = DeclarationInteret.objects.get(projet=projet, utilisateur=personne("evaluation1"), lien="conflit")
    assert registre.origine == "coordination"
    with pytest.raises(Refus, match="déjà retiré"):
        retirer_en_seance(presence=presence, projet=projet, nature="", **acteur(COORDO))


def test_un_retrait_refuse_hors_de_l_ordre_du_jour_et_apres_la_levee(seance: Seance) -> None:
    rangee = ouverte(seance)
    presence = seance.presences.filter(utilisateur=None).first()
    ailleurs = Projet.objects.filter(appel__code="02-2024-1", etat="depose").exclude(points__seance=seance).first()
    with pytest.raises(Refus, match="pas à l’ordre du jour"):
        retirer_en_seance(presence=presence, projet=ailleurs, nature="", **acteur(COORDO))
    lever_seance(seance=rangee, **acteur(COORDO))
    with pytest.raises(Refus, match="levée"):
        retirer_en_seance(presence=presence, projet=demande("DR"), nature="", **acteur(COORDO))


@pytest.mark.parametrize("nom", [nom for nom in ROLES if nom != "anonyme"])
@pytest.mark.parametrize("etat", EtatSeance.values)
def test_etat_et_role(seance: Seance, etat: str, nom: str) -> None:
    """Seule la coordination du mandataire agit, et seulement d'où la table le permet."""
    attendues = {"preparee": ["ouvrir"], "ouverte": ["lever"], "levee": ["rouvrir"]}[etat] if nom == COORDO else []
    seance.etat = etat
    assert [t.action for t in SEANCE.actions_possibles(seance, personne(nom))] == attendues
    assert {t.action for t in SEANCE.transitions} == {"ouvrir", "lever", "rouvrir"}


def test_chaque_geste_refuse_qui_n_est_pas_de_la_coordination(seance: Seance) -> None:
    essai, presence = None, None
    presents(seance, 6)
    presence = seance.presences.first()
    essai = scenario(seance, MC=("accepter", 126_497))
    for nom in ("secretariat", "evaluation1", "finances", "coordination.lanaudiere"):
        a = acteur(nom)
        for geste in (
            lambda a=a: ecrire_presences(seance=seance, etats={}, **a),
            lambda a=a: retirer_en_seance(presence=presence, projet=demande("DR"), nature="", **a),
            lambda a=a: ouvrir_seance(seance=seance, **a),
            lambda a=a: enregistrer_scenario(seance=seance, scenario=None, nom="X", version=0, choix={}, **a),
            lambda a=a: retenir_scenario(scenario=essai, signature="", exercice="2026-2027", motifs={}, **a),
            lambda a=a: demander_proces_verbal(seance=seance, **a),
        ):
            with pytest.raises(Refus) as refus:
                geste()
            assert refus.value.code == "permission"


def test_ouvrir_lever_rouvrir_se_tracent_et_la_levee_fige_tout(seance: Seance) -> None:
    rangee = lever_seance(seance=ouverte(seance), **acteur(COORDO))
    for geste in (
        lambda: presents(seance, 5),
        lambda: scenario(rangee, DR=("refuser", 0)),
        lambda: ecrire_ordre_du_jour(seance=seance, points=[], **acteur(COORDO)),
    ):
        with pytest.raises(Refus, match="levée"):
            geste()
    with pytest.raises(Refus, match="pourquoi"):
        rouvrir_seance(seance=rangee, motif=" ", **acteur(COORDO))
    rouvrir_seance(seance=rangee, motif="Une présence oubliée.", **acteur(COORDO))
    actes = TransitionEtat.objects.filter(objet_type="comite.seance", objet_id=seance.pk).order_by("id")
    assert list(actes.values_list("action", flat=True))[-4:] == ["presences", "ouvrir", "lever", "rouvrir"]
    assert actes.last().motif == "Une présence oubliée."


def test_un_scenario_refuse_un_montant_qui_ne_va_pas_avec_son_choix(seance: Seance) -> None:
    for valeur, montant in (("accepter", 1), ("partie", 126_497), ("partie", 0), ("refuser", 5), ("attente", 5)):
        with pytest.raises(Refus, match="ne va pas avec"):
            scenario(seance, MC=(valeur, montant))
    with pytest.raises(Refus, match="Donnez un nom"):
        scenario(seance, nom=" ", MC=("accepter", 126_497))
    scenario(seance, MC=("accepter", 126_497))
    with pytest.raises(Refus, match="s’appelle déjà"):
        scenario(seance, MC=("accepter", 126_497))


def test_personne_n_ecrase_le_scenario_d_un_autre(seance: Seance) -> None:
    essai = scenario(seance, MC=("accepter", 126_497))
    suite = {"seance": seance, "scenario": essai, "nom": "Essai", "choix": {}, **acteur(COORDO)}
    assert enregistrer_scenario(version=1, **suite).version == 2
    with pytest.raises(Refus, match="rien n’est écrasé"):
        enregistrer_scenario(version=1, **suite)


def test_retenir_prepare_ce_qui_est_dit_et_saute_le_reste(seance: Seance) -> None:
    soumettre("evaluation1", 12, 40, 28)
    soumettre("evaluation2", 12, 40, 28)
    rangee = ouverte(seance)
    essai = scenario(rangee, MC=("accepter", 126_497), CH=("partie", 40_000), DR=("refuser", 0))
    lue = prevision(rangee, essai)
    assert {c.projet.enveloppe.lettres for c in lue.changements} == {"MC", "DR"}
    raisons = {s.projet.numero.split("-")[3]: s.raison for s in lue.sauts}
    assert "déjà recommandé autre chose" in raisons["CH"]
    assert all("devant le comité" in r or "Aucun choix" in r for cle, r in raisons.items() if cle != "CH")
    with pytest.raises(Refus, match="motif") as refus:
        retenir(essai)
    assert refus.value.champ == f"motif_{demande('DR').pk}"
    assert not DecisionPreparee.objects.exists(), "tout ou rien"
    dr, ch, mc = demande("DR"), demande("CH"), demande("MC")
    retenir(essai, DR="Le projet ne répond à aucune priorité du plan.")
    recommandation = Recommandation.objects.get(projet=dr)
    assert (recommandation.sens, recommandation.montant) == ("refuser", 0)
    assert DecisionPreparee.objects.get(projet=dr).motif_public.startswith("Le projet")
    parts = DecisionPreparee.objects.get(projet=mc).parts.values_list("enveloppe__code", "exercice", "montant")
    assert list(parts) == [("02-2024/MC", "2026-2027", Decimal(126_497))]
    assert not DecisionPreparee.objects.filter(projet=ch).exists()
    essai.refresh_from_db()
    assert essai.retenu_par == personne(COORDO)
    for projet in (mc, dr):
        projet.enveloppe.refresh_from_db()
        assert projet.enveloppe.engage == 0, "retenir ne bouge pas d'argent (R27)"
    with pytest.raises(Refus, match="Rien ne changerait"):
        retenir_scenario(
            scenario=essai,
            signature=prevision(rangee, essai).signature,
            exercice="2026-2027",
            motifs={},
            **acteur(COORDO),
        )
    with pytest.raises(Refus, match="retenu"):
        enregistrer_scenario(seance=rangee, scenario=essai, nom="Essai", version=1, choix={}, **acteur(COORDO))
    with pytest.raises(Refus, match="déjà retenu"):
        retenir(scenario(rangee, nom="Autre", CH=("accepter", 52_000)))


def test_r14_une_enveloppe_depassee_ne_se_retient_pas_et_le_manque_est_dit_au_cent(seance: Seance) -> None:
    Projet.objects.filter(pk=demande("MC").pk).update(montant_demande=Decimal("126497.01"))
    Recommandation.objects.filter(projet=demande("MC")).update(montant=Decimal("126497.01"))
    rangee = ouverte(seance)
    essai = enregistrer_scenario(
        seance=rangee,
        scenario=None,
        nom="Trop",
        version=0,
        choix={demande("MC").pk: ("accepter", Decimal("126497.01"))},
        **acteur(COORDO),
    )
    with pytest.raises(Refus, match="il manque 0,01") as refus:
        retenir(essai)
    assert "126\u00a0497,01" in str(refus.value)
    assert not DecisionPreparee.objects.exists()


def test_r25_un_dossier_sans_quorum_est_saute(seance: Seance) -> None:
    presents(seance, 6)
    absent = seance.presences.filter(utilisateur=None).first()
    ecrire_presences(seance=seance, etats={f"m{absent.membre_id}": "absent"}, **acteur(COORDO))
    rangee = ouvrir_seance(seance=seance, **acteur(COORDO))
    essai = scenario(rangee, MC=("accepter", 126_497), CH=("accepter", 52_000))
    autre = seance.presences.filter(utilisateur=None, etat="present").first()
    retirer_en_seance(presence=autre, projet=demande("MC"), nature="", **acteur(COORDO))
    lue = prevision(rangee, essai)
    assert [c.projet.enveloppe.lettres for c in lue.changements] == ["CH"]
    assert any("4 comptent, 5 requis (1\u00a0retrait)" in s.raison for s in lue.sauts)


def test_un_apercu_perime_et_une_seance_fermee_refusent(seance: Seance) -> None:
    essai = scenario(seance, MC=("accepter", 126_497))
    with pytest.raises(Refus, match="pas encore ouverte"):
        retenir(essai)
    rangee = ouverte(seance)
    ancienne = prevision(rangee, essai).signature
    enregistrer_scenario(
        seance=rangee,
        scenario=essai,
        nom="Essai",
        version=1,
        choix={demande("CH").pk: ("accepter", Decimal(52_000))},
        **acteur(COORDO),
    )
    with pytest.raises(Refus, match="a changé depuis"):
        retenir_scenario(scenario=essai, signature=ancienne, exercice="2026-2027", motifs={}, **acteur(COORDO))


def test_le_proces_verbal_dit_tout_sauf_les_notes(seance: Seance) -> None:
    rangee = ouverte(seance)
    with pytest.raises(Refus, match="levez-la"):
        demander_proces_verbal(seance=rangee, **acteur(COORDO))
    presence = seance.presences.filter(utilisateur=None).first()
    retirer_en_seance(presence=presence, projet=demande("CH"), nature="", **acteur(COORDO))
    levee = lever_seance(seance=rangee, **acteur(COORDO))
    travail = demander_proces_verbal(seance=levee, **acteur(COORDO))
    travaux.executer(travail.pk)
    seance.refresh_from_db()
    assert not seance.pv_perime
    with seance.proces_verbal.contenu.open("rb") as octets, pikepdf.open(octets) as pdf:
        assert not defauts_ua(pdf)
        assert "Procès-verbal" in str(pdf.docinfo["/Title"])
    html = rendre_html("pdf/comite/proces_verbal.html", contexte_proces_verbal(seance, maintenant()))
    assert str(presence) in html
    assert "6 votants présents, 5 requis" in html
    assert "52\u00a0000,00" in html
    assert "Liste d’attente" not in html
    notes = {f"{e.note}".replace(".", ",") for p in (demande("MC"), demande("CH")) for e in p.evaluations.all()}
    assert notes
    assert not any(note in html for note in notes)
    assert mettre_en_page(html).pages
    assert peut_lire(personne(COORDO), seance.proces_verbal)
    for nom in ("secretariat", "evaluation1", "promoteur", "ministere", "coordination.lanaudiere"):
        assert not peut_lire(personne(nom), seance.proces_verbal)
    rouvrir_seance(seance=seance, motif="Correction", **acteur(COORDO))
    seance.refresh_from_db()
    assert seance.pv_perime
    assert seance.levee_le is None
