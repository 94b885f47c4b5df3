"""L'examen d'admissibilité : verdict dérivé des points, motif public, examen défait, gestes en double."""

import pytest
from django.urls import reverse

from projets.enums import ResultatPoint
from projets.models import ExamenAdmissibilite, LigneDepense, Projet
from projets.regles.admissibilite import POINTS, exclusions, motif_propose, verdict
from projets.requetes import frise
from projets.requetes.admissibilite import exclusions_calculees, proposer
from projets.services.admissibilite import admettre_sans_ecart, defaire_examen, examiner_admissibilite
from socle.erreurs import Refus
from socle.etats import transitions_de
from socle.horloge import maintenant
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db
OUI, NON, SANS = ResultatPoint.VERIFIE, ResultatPoint.NON, ResultatPoint.SANS_OBJET


def acteur(nom: str = "coordination") -> dict:
    return {"auteur": personne(nom), "instant": maintenant()}


@pytest.fixture
def projet() -> Projet:
    return Projet.objects.select_related("entente__mandataire").filter(entente__code="02-2024", etat="depose").first()


def points(**exceptions: str) -> dict[str, tuple[str, str]]:
    return {point.code: (exceptions.get(point.code, OUI), "") for point in POINTS}


@pytest.mark.parametrize("point", POINTS, ids=lambda p: p.code)
def test_un_non_exclut_seulement_si_le_point_exclut(point) -> None:
    resultats = dict.fromkeys([p.code for p in POINTS], OUI) | {point.code: NON}
    assert verdict(resultats) is (not point.exclut)
    assert [p.code for p in exclusions(resultats)] == ([point.code] if point.exclut else [])
    assert bool(motif_propose(resultats)) is point.exclut


def test_sans_objet_vaut_verifie_et_un_point_muet_ne_conclut_pas() -> None:
    assert verdict(dict.fromkeys([p.code for p in POINTS], SANS)) is True
    assert verdict({p.code: OUI for p in POINTS[1:]}) is None
    assert verdict({p.code: "peut-être" for p in POINTS}) is None


def test_l_examen_range_chaque_point_et_son_verdict(projet: Projet) -> None:
    examen = examiner_admissibilite(
        projet=projet, points=points(recurrent=NON) | {"but": (OUI, "Lu en entier")}, motif="", **acteur()
    )
    projet.refresh_from_db()
    assert (projet.etat, examen.admissible, examen.points.count()) == ("admissible", True, len(POINTS))
    assert examen.points.get(code="but").note == "Lu en entier"
    assert examen.depot == projet.depots.latest("rang")


def test_une_exclusion_demande_un_motif_que_l_organisme_lit(projet: Projet) -> None:
    with pytest.raises(Refus, match="Écrivez le motif") as refus:
        examiner_admissibilite(projet=projet, points=points(immobilisations=NON), motif=" ", **acteur())
    assert refus.value.champ == "motif"
    assert not ExamenAdmissibilite.objects.filter(projet=projet).exists()
    secret = points(immobilisations=NON) | {"immobilisations": (NON, "CANARI-NOTE-POINT")}
    examiner_admissibilite(projet=projet, points=secret, motif="Un achat de bâtiment.", **acteur())
    projet.refresh_from_db()
    assert projet.etat == "non_admissible"
    page = client("organismes").get(projet.get_absolute_url()).content.decode()
    assert "Un achat de bâtiment." in page
    assert "CANARI-NOTE-POINT" not in page
    assert "CANARI-NOTE-POINT" in client("coordination").get(_dossier(projet)).content.decode()


def _dossier(projet: Projet) -> str:
    return reverse("admin:projets_projet_change", args=[projet.pk])


def test_un_point_sans_resultat_est_refuse(projet: Projet) -> None:
    incomplets = points()
    del incomplets["delai"]
    with pytest.raises(Refus, match="il manque «\u00a0La demande est arrivée avant l’échéance\u00a0»") as refus:
        examiner_admissibilite(projet=projet, points=incomplets, motif="", **acteur())
    assert refus.value.champ == "resultat_delai"


def test_un_examen_defait_reste_et_la_frise_l_oublie(projet: Projet) -> None:
    examiner_admissibilite(projet=projet, points=points(mission=NON), motif="Mission globale.", **acteur())
    with pytest.raises(Refus, match="Dites pourquoi"):
        defaire_examen(projet=projet, motif="  ", **acteur())
    defaire_examen(projet=projet, motif="Le budget a été mal lu.", **acteur())
    projet = Projet.objects.select_related("appel", "entente__mandataire").get(pk=projet.pk)
    ancien = projet.examens.get()
    assert (projet.etat, ancien.admissible, ancien.defait_motif) == ("depose", False, "Le budget a été mal lu.")
    assert "Mission globale." not in [jalon.detail for jalon in frise(projet)]
    examiner_admissibilite(projet=projet, points=points(), motif="", **acteur())
    assert list(projet.examens.values_list("admissible", flat=True)) == [True, False]
    assert [t.action for t in transitions_de([projet])[:3]] == ["admettre", "defaire_examen", "ecarter"]
    page = client("coordination").get(_dossier(projet)).content.decode()
    assert "Le budget a été mal lu." in page
    suivi = client("organismes").get(projet.get_absolute_url()).content.decode()
    assert "Le budget a été mal lu." not in suivi
    assert "Mission globale." not in suivi


def test_on_ne_juge_pas_deux_fois(projet: Projet) -> None:
    perime = Projet.objects.get(pk=projet.pk)
    examiner_admissibilite(projet=projet, points=points(), motif="", **acteur())
    with pytest.raises(Refus, match="l’état a changé"):
        examiner_admissibilite(projet=perime, points=points(mission=NON), motif="Non.", **acteur())
    assert projet.examens.count() == 1


@pytest.mark.parametrize("nom", ["organismes", "secretariat", "finances", "agent", "ministere", "evaluation1"])
def test_seule_la_coordination_juge(projet: Projet, nom: str) -> None:
    with pytest.raises(Refus, match="Votre rôle ne permet pas"):
        examiner_admissibilite(projet=projet, points=points(), motif="", **acteur(nom))


def test_le_calcul_propose_et_l_ecart_se_tranche_une_a_une(projet: Projet) -> None:
    assert exclusions_calculees(projet) == []
    proposes = proposer(projet)
    assert (proposes["organisme"].resultat, proposes["delai"].resultat) == (OUI, OUI)
    assert proposes["but"].resultat == "", "un point qui se juge n'a pas de proposition"
    projet.depenses.all().delete()
    LigneDepense.objects.create(projet=projet, categorie="immobilisations", montant=50_000)
    assert exclusions_calculees(projet) == ["immobilisations"]
    with pytest.raises(Refus, match="À examiner une à une\u00a0: La demande ne finance pas d’immobilisations"):
        admettre_sans_ecart(projet=projet, **acteur())


def test_une_immobilisation_payee_par_d_autres_se_juge(projet: Projet) -> None:
    """L'aide ne la paie pas : la dépense peut rester au budget (R3)."""
    LigneDepense.objects.create(projet=projet, categorie="immobilisations", montant=1)
    proposition = proposer(Projet.objects.get(pk=projet.pk))["immobilisations"]
    assert (proposition.resultat, proposition.ecart) == ("", False)
    assert "peuvent les payer" in proposition.note


def test_la_page_propose_puis_consigne(projet: Projet) -> None:
    c, adresse = client("coordination"), reverse("admin:projets_projet_admissibilite", args=[projet.pk])
    page = c.get(adresse).content.decode()
    assert page.count('class="point') == len(POINTS)
    reponse = c.post(adresse, {"motif": ""})
    assert "Dites un résultat pour «\u00a0Le projet lutte contre la pauvreté" in reponse.content.decode()
    saisie = {f"resultat_{point.code}": OUI for point in POINTS}
    refusee = c.post(adresse, {**saisie, "resultat_mission": NON, "motif": ""}).content.decode()
    assert "Écrivez le motif de la non-admissibilité" in refusee
    assert c.post(adresse, {**saisie, "motif": ""}).status_code == 302
    projet.refresh_from_db()
    assert projet.etat == "admissible"
