"""« Cette semaine » : séances et échéances des sept prochains jours, ce qui manque à chacune, qui joindre."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alliances.enums import EtatAvis
from alliances.models import AvisSectoriel, PlanTravail
from appels.models import Appel, EtapeCalendrier
from comite.models import Seance
from portail.semaine import Affaire, cette_semaine
from projets.models import DemandePrecision, Evaluation, Projet, RapportProjet
from socle.formats import jour_local
from socle.horloge import maintenant
from tests.outils.personnes import ROLES, client, personne

pytestmark = pytest.mark.django_db
DEUX_JOURS = timedelta(days=2)


@pytest.fixture(autouse=True)
def semaine_vide() -> None:
    """Rien ne tombe dans les sept jours, sauf ce que l'essai y met."""
    loin = maintenant() + timedelta(days=60)
    Seance.objects.update(debut=loin)
    Appel.objects.update(fermeture=loin + timedelta(days=1), reponse_visee=None)
    Evaluation.objects.update(limite=loin)
    DemandePrecision.objects.update(limite=loin)
    Projet.objects.filter(depose_le__isnull=False, etat__in=["depose", "admissible", "non_admissible"]).update(
        depose_le=maintenant() - timedelta(days=300)
    )
    RapportProjet.objects.update(du_le=jour_local(loin))
    PlanTravail.objects.filter(etat="brouillon").update(echeance=jour_local(loin))
    AvisSectoriel.objects.update(attendu_le=jour_local(loin))
    EtapeCalendrier.objects.update(jour=jour_local(loin))


def affaires(nom: str = "coordination") -> list[Affaire]:
    semaine = cette_semaine(personne(nom), maintenant())
    return [affaire for _jour, siennes in semaine.jours for affaire in siennes] if semaine else []


def seule(quoi: str) -> Affaire:
    (trouvee,) = [affaire for affaire in affaires() if affaire.quoi == quoi]
    assert client("coordination").get(trouvee.url.partition("#")[0]).status_code == 200
    return trouvee


def manque(affaire: Affaire) -> str:
    return ", ".join(affaire.manque or []).replace("\u00a0", " ")


def test_une_semaine_libre_le_dit() -> None:
    assert affaires() == []
    page = client("coordination").get("/admin/").content.decode()
    assert "Aucune séance ni échéance dans les sept prochains jours." in page


@pytest.mark.parametrize("nom", [nom for nom in ROLES if nom not in {"anonyme", "coordination"}])
def test_la_coordination_seule(nom: str) -> None:
    """Sans ce rôle, rien; coordonner une autre Alliance ne montre rien de celle-ci."""
    Seance.objects.update(debut=maintenant() + DEUX_JOURS)
    semaine = cette_semaine(personne(nom), maintenant())
    assert semaine is None if nom != "coordination.lanaudiere" else semaine.total == 0


def test_la_seance_dit_ce_qui_lui_manque_et_qui_preside() -> None:
    seance = Seance.objects.get(etat="preparee")
    Seance.objects.filter(pk=seance.pk).update(debut=maintenant() + DEUX_JOURS)
    projets = Projet.objects.filter(points__seance=seance)
    ouvertes = Evaluation.objects.filter(projet__in=projets, etat__in=["assignee", "en_cours"]).count()
    lue = seule("Séance du comité")
    assert f"{ouvertes} évaluation" in manque(lue)
    assert lue.joindre.fonction == "Présidence du comité"
    assert lue.joindre.courriel == "evaluation2@demo.example"
    assert lue.heure
    seance.points.all().delete()
    assert manque(seule("Séance du comité")) == "Ordre du jour à écrire"
    Seance.objects.filter(pk=seance.pk).update(debut=maintenant() + timedelta(days=8))
    assert affaires() == []


def test_l_etape_du_calendrier_sauf_le_jour_de_sa_seance() -> None:
    seance = Seance.objects.get(etat="preparee")
    etape = EtapeCalendrier.objects.filter(appel=seance.appel_id, libelle__icontains="comité").first()
    EtapeCalendrier.objects.filter(pk=etape.pk).update(jour=jour_local(maintenant() + DEUX_JOURS))
    lue = seule(etape.libelle)
    assert (lue.manque, lue.joindre.telephone) == (None, seance.appel.contact_telephone)
    Seance.objects.filter(pk=seance.pk).update(debut=maintenant() + DEUX_JOURS)
    assert [affaire.quoi for affaire in affaires()] == ["Séance du comité"]


def test_les_evaluations_par_membre() -> None:
    due = Evaluation.objects.filter(entente__code="02-2024", etat__in=["assignee", "en_cours"]).first()
    siennes = Evaluation.objects.filter(
        entente__code="02-2024", etat__in=["assignee", "en_cours"], evaluateur=due.evaluateur
    )
    siennes.update(limite=maintenant() + DEUX_JOURS)
    lue = seule("Évaluations à remettre")
    assert manque(lue).startswith(f"{siennes.count()} évaluation")
    assert due.projet.numero in lue.objet
    assert (lue.joindre.fonction, lue.joindre.courriel) == (str(due.evaluateur), due.evaluateur.email)


def test_les_pieces_dont_le_delai_finit() -> None:
    incomplets = client("coordination").get("/admin/projets/projet/?pieces=manquantes&etat__exact=depose")
    projet = incomplets.context_data["cl"].result_list[0]
    delai = timedelta(days=projet.appel.suite_jours)
    Projet.objects.filter(pk=projet.pk).update(depose_le=maintenant() + DEUX_JOURS - delai)
    lue = seule("Fin du délai des pièces")
    assert (lue.objet, lue.joindre.telephone) == (projet.numero, projet.organisme.telephone)
    assert lue.joindre.fonction == f"Direction, {projet.organisme}"
    Projet.objects.filter(pk=projet.pk).update(depose_le=maintenant() - delai - DEUX_JOURS)
    assert affaires() == []


def test_precisions_rapports_plans_avis_et_depots() -> None:
    """Chaque genre d'échéance a sa ligne, à son jour, avec de quoi joindre."""
    bientot, jour = maintenant() + DEUX_JOURS, jour_local(maintenant() + DEUX_JOURS)
    demande = DemandePrecision.objects.filter(projet__entente__code="02-2024", etat="ouverte").first()
    DemandePrecision.objects.filter(pk=demande.pk).update(limite=bientot)
    assert seule("Précisions attendues").joindre.fonction == f"Direction, {demande.projet.organisme}"
    rapport = RapportProjet.objects.filter(entente__mandataire__code="02", etat="brouillon").first()
    RapportProjet.objects.filter(pk=rapport.pk).update(du_le=jour)
    assert seule("Rapport final").objet == rapport.convention.projet.numero
    plan = PlanTravail.objects.filter(entente__code="02-2024", etat="brouillon").first()
    PlanTravail.objects.filter(pk=plan.pk).update(echeance=jour)
    assert seule("Plan à déposer").jour == jour
    avis = AvisSectoriel.objects.filter(entente__mandataire__code="02").first()
    AvisSectoriel.objects.filter(pk=avis.pk).update(attendu_le=jour, etat=EtatAvis.DEMANDE)
    assert seule("Avis sectoriel").joindre.courriel == avis.courriel
    appel = Appel.objects.get(code="02-2024-1")
    Appel.objects.filter(pk=appel.pk).update(fermeture=bientot, reponse_visee=jour)
    brouillons = appel.projets.filter(etat="brouillon").count()
    assert f"{brouillons} demande" in manque(seule("Fin du dépôt"))
    assert "sans décision" in manque(seule("Réponse visée"))
    assert seule("Réponse visée").joindre.fonction == "Secrétariat de l’instance"
    page = client("coordination").get("/admin/").content.decode()
    assert "Cette semaine" in page
    assert 'href="mailto:' in page
    instants = [affaire.instant for affaire in affaires()]
    assert instants == sorted(instants)


def test_autant_de_requetes_pour_une_echeance_que_pour_plusieurs() -> None:
    bientot, qui = maintenant() + DEUX_JOURS, personne("coordination")
    Seance.objects.filter(etat="preparee").update(debut=bientot)
    dues = Evaluation.objects.filter(entente__code="02-2024", etat__in=["assignee", "en_cours"])
    rapports = RapportProjet.objects.filter(entente__mandataire__code="02", etat="brouillon")

    def compter(nombre: int) -> int:
        Evaluation.objects.filter(pk__in=list(dues.values_list("pk", flat=True)[:nombre])).update(limite=bientot)
        cles = list(rapports.values_list("pk", flat=True)[:nombre])
        RapportProjet.objects.filter(pk__in=cles).update(du_le=jour_local(bientot))
        with CaptureQueriesContext(connection) as requetes:
            cette_semaine(qui, maintenant())
        return len(requetes)

    cette_semaine(qui, maintenant())
    assert compter(1) == compter(3) <= 18
