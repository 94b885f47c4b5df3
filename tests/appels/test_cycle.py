"""Copier, prévisualiser, programmer, annuler un appel; rendre le temps d'une panne mesurée."""

import threading
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.urls import reverse

from alliances.models import Entente, Enveloppe
from appels.models import Appel, Interruption
from appels.requetes.dates import dates_a_signaler
from appels.requetes.pannes import prolongation_proposee
from appels.services import cycle, pannes, preparation
from appels.services.copie import copier_appel
from appels.services.depot import prolonger_depot
from portail.tasks import battre_appels, sonder
from projets.models import Projet
from socle import sonde
from socle.erreurs import Refus
from socle.horloge import maintenant
from socle.models import Battement, Courriel
from tests.appels.test_preparation import completer
from tests.outils.personnes import ROLES, client, personne

pytestmark = pytest.mark.django_db
JOUR, MINUTE = timedelta(days=1), timedelta(minutes=1)


def appel(code: str) -> Appel:
    return Appel.objects.select_related("entente__mandataire").get(code=code)


# Copier ------------------------------------------------------------------------------------------------------


def copier(source: str = "02-2024-2", vers: str = "02-2024", **autres) -> Appel:
    return copier_appel(
        **{
            "appel": appel(source),
            "entente": Entente.objects.select_related("mandataire").get(code=vers),
            "titre": "Copie",
            "annees": 1,
            "jours": 0,
            "auteur": personne("coordination"),
            "instant": maintenant(),
            **autres,
        }
    )


def test_la_copie_reprend_tout_sauf_l_etat_les_demandes_les_numeros_et_les_montants() -> None:
    source, copie = appel("02-2024-2"), copier()
    assert (copie.code, copie.etat, copie.dernier_numero, copie.parametres_figes) == ("02-2024-4", "brouillon", 0, None)
    assert copie.copie_de == source
    assert (copie.terme, copie.mode, copie.resume, copie.parametres) == (
        source.terme,
        source.mode,
        source.resume,
        source.parametres,
    )
    assert [p.libelle for p in copie.pieces_requises.all()] == [p.libelle for p in source.pieces_requises.all()]
    assert [p.conditions for p in copie.pieces_requises.all()] == [p.conditions for p in source.pieces_requises.all()]
    assert [c.poids for c in copie.criteres.all()] == [c.poids for c in source.criteres.all()]
    assert {o.enveloppe_id: o.offert for o in copie.offres.all()} == {o.enveloppe_id: None for o in source.offres.all()}
    assert not Projet.objects.filter(appel=copie).exists()
    for avant, apres in zip(source.periodes.all(), copie.periodes.all(), strict=True):
        assert apres.fermeture.year == avant.fermeture.year + 1
        assert (apres.fermeture - avant.fermeture).days in {365, 366}


def test_la_copie_retrouve_les_enveloppes_d_une_autre_entente_par_leurs_lettres() -> None:
    copie = copier(source="02-2017-2", annees=8)
    assert {o.enveloppe.code for o in copie.offres.select_related("enveloppe")} == {
        f"02-2024/{o.enveloppe.lettres}" for o in appel("02-2017-2").offres.select_related("enveloppe")
    }
    assert copie.fermeture == datetime(2028, 2, 8, 5, tzinfo=UTC), "« 7 février à minuit », huit ans plus tard"
    assert not copie.etapes.exists(), "des étapes en mots ne se décalent pas"


def test_la_copie_se_refuse_ailleurs_et_en_arriere() -> None:
    with pytest.raises(Refus, match="même mandataire"):
        copier(vers="14-2017")
    with pytest.raises(Refus, match="vers l’avant"):
        copier(annees=0)
    with pytest.raises(Refus) as refus:
        copier(auteur=personne("coordination.lanaudiere"))
    assert refus.value.code == "permission"


def test_les_dates_non_ouvrables_se_signalent() -> None:
    lu = appel("02-2024-1")
    Appel.objects.filter(pk=lu.pk).update(
        ouverture=datetime(2026, 1, 5, 14, tzinfo=UTC),
        fermeture=datetime(2026, 6, 25, 4, tzinfo=UTC),
        reponse_visee=date(2026, 10, 3),
    )
    signalees = [s.replace("\u00a0", " ") for s in dates_a_signaler(appel("02-2024-1"))]
    assert signalees[0].startswith("Fin du dépôt : mercredi 24 juin 2026 (")
    assert signalees[1] == "Réponse visée : samedi 3 octobre 2026"


# Aperçu ------------------------------------------------------------------------------------------------------


def test_l_apercu_est_la_page_publique_et_n_existe_pas_pour_les_autres() -> None:
    completer()
    c = client("coordination")
    apercu = c.get("/appels/02-2024-3/apercu/").content.decode()
    assert "Aperçu" in apercu
    assert "Pour se loger et manger." in apercu
    assert "L’appel ouvre le" in apercu
    assert c.get("/appels/02-2024-3/").status_code == 404
    for role in ROLES:
        if role not in {"coordination", "agent"}:
            assert client(role).get("/appels/02-2024-3/apercu/").status_code == 404, role
    cycle.publier_appel(appel=appel("02-2024-3"), auteur=None, instant=maintenant())
    publique = c.get("/appels/02-2024-3/").content.decode()
    coupe = "<h2>Combien" if "<h2>Combien" in publique else "<h2>"
    assert apercu.partition(coupe)[2].partition("</main>")[0] == publique.partition(coupe)[2].partition("</main>")[0]


# Publication programmée --------------------------------------------------------------------------------------


def programmer(**autres) -> Appel:
    instant = maintenant()
    return cycle.programmer_publication(
        **{
            "appel": appel("02-2024-3"),
            "quand": instant + JOUR,
            "auteur": personne("coordination"),
            "instant": instant,
            **autres,
        }
    )


def test_l_appel_se_publie_a_l_heure_dite_meme_si_le_battement_a_manque_et_une_seule_fois() -> None:
    completer()
    prevu = programmer().publication_prevue
    assert cycle.publier_prevus(prevu - timedelta(microseconds=1)) == 0
    assert cycle.publier_prevus(prevu + timedelta(hours=7)) == 1
    assert cycle.publier_prevus(prevu + timedelta(hours=7)) == 0
    publie = appel("02-2024-3")
    assert (publie.etat, publie.publication_prevue) == ("publie", None)
    assert publie.parametres_figes is not None


def test_une_publication_refusee_s_ecrit_a_la_coordination_une_fois_et_s_affiche() -> None:
    prevu = programmer().publication_prevue
    assert cycle.publier_prevus(prevu) == 0
    assert cycle.publier_prevus(prevu + MINUTE) == 0
    courriels = Courriel.objects.filter(genre="appels/publication_refusee")
    assert [c.destinataire for c in courriels] == ["coordination@demo.example"]
    assert "résumé" in courriels[0].texte
    lu = appel("02-2024-3")
    assert (lu.etat, lu.publication_prevue) == ("brouillon", None)
    page = client("coordination").get(reverse("admin:appels_appel_preparer", args=[lu.pk])).content.decode()
    assert "La publication programmée n’a pas eu lieu" in page
    assert "Publications programmées refusées" in client("coordination").get("/admin/").content.decode()


def test_programmer_se_refuse_dans_le_passe_apres_la_fin_ou_deja_publie() -> None:
    for quand, mots in ((maintenant() - JOUR, "passé"), (appel("02-2024-3").fermeture, "après la fin")):
        with pytest.raises(Refus, match=mots):
            programmer(quand=quand)
    with pytest.raises(Refus, match="plus en préparation"):
        programmer(appel=appel("02-2024-1"))
    with pytest.raises(Refus) as refus:
        programmer(auteur=personne("agent"))
    assert refus.value.code == "permission"
    programmer()
    commun = {"appel": appel("02-2024-3"), "auteur": personne("coordination"), "instant": maintenant()}
    cycle.deprogrammer_publication(**commun)
    assert appel("02-2024-3").publication_prevue is None
    with pytest.raises(Refus, match="Aucune publication"):
        cycle.deprogrammer_publication(**commun)


# Annuler -----------------------------------------------------------------------------------------------------


def test_annuler_dit_pourquoi_au_public_et_a_chaque_brouillon() -> None:
    commun = {"appel": appel("02-2024-1"), "auteur": personne("coordination"), "instant": maintenant()}
    with pytest.raises(Refus, match="motif"):
        cycle.annuler_appel(motif=" ", **commun)
    with pytest.raises(Refus) as refus:
        cycle.annuler_appel(motif="x", **{**commun, "auteur": personne("secretariat")})
    assert refus.value.code == "permission"
    avant = set(Courriel.objects.values_list("pk", flat=True))
    cycle.annuler_appel(motif="Les fonds sont reportés.", **commun)
    page = client("anonyme").get("/appels/02-2024-1/").content.decode()
    assert "Les fonds sont reportés." in page
    neufs = Courriel.objects.exclude(pk__in=avant)
    assert [c.destinataire for c in neufs] == ["organismes@demo.example"]
    assert "Les fonds sont reportés." in neufs[0].texte
    assert Projet.objects.filter(appel=commun["appel"], etat="brouillon").exists(), "le brouillon reste"
    with pytest.raises(Refus, match="n’est plus possible"):
        cycle.annuler_appel(motif="x", **commun)


def test_un_appel_annule_avant_sa_publication_ne_parait_jamais() -> None:
    cycle.annuler_appel(
        appel=appel("02-2024-3"), motif="Reporté.", auteur=personne("coordination"), instant=maintenant()
    )
    assert client("anonyme").get("/appels/02-2024-3/").status_code == 404
    assert "logement et alimentation" not in client("anonyme").get("/appels/").content.decode()


def test_le_battement_publie_et_sonde(settings) -> None:
    """Les tâches que beat réveille font ce que leur nom dit, et beat les connaît."""
    completer()
    Appel.objects.filter(code="02-2024-3").update(publication_prevue=maintenant() - JOUR)
    battre_appels()
    assert appel("02-2024-3").etat == "publie"
    settings.ADRESSE_SONDE = "http://127.0.0.1:9"
    sonder()
    assert Battement.objects.filter(processus="sonde_refus").exists()
    prevues = {entree["task"] for entree in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {battre_appels.name, sonder.name} <= prevues


# Pannes ------------------------------------------------------------------------------------------------------


def test_un_trou_de_la_sonde_devient_une_interruption_et_une_seule() -> None:
    debut = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert pannes.mesurer(debut, lambda: True) is None
    assert pannes.mesurer(debut + 3 * MINUTE, lambda: True) is None, "deux minutes de retard, pas une panne"
    for n in range(4, 44):
        assert pannes.mesurer(debut + n * MINUTE, lambda: False) is None
    fini = pannes.mesurer(debut + 44 * MINUTE, lambda: True)
    assert (fini.debut, fini.fin, fini.constatee) == (debut + 3 * MINUTE, debut + 44 * MINUTE, True)
    assert pannes.mesurer(debut + 45 * MINUTE, lambda: True) is None
    silence = pannes.mesurer(debut + 105 * MINUTE, lambda: True)
    assert (silence.duree, silence.constatee) == (60 * MINUTE, False)
    assert Interruption.objects.count() == 2


class _Sante(BaseHTTPRequestHandler):
    code = 200

    def do_GET(self) -> None:
        self.send_response(self.code)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Muet."""


def test_la_sonde_est_une_vraie_requete(settings) -> None:
    serveur = HTTPServer(("127.0.0.1", 0), _Sante)
    threading.Thread(target=serveur.serve_forever, daemon=True).start()
    settings.ADRESSE_SONDE = f"http://127.0.0.1:{serveur.server_port}"
    try:
        assert sonde.sonder() is True
        _Sante.code = 503
        assert sonde.sonder() is False
    finally:
        _Sante.code = 200
        serveur.shutdown()
        serveur.server_close()
    assert sonde.sonder() is False, "plus personne n'écoute"


def interrompre(debut: datetime, minutes: int) -> Interruption:
    return Interruption.objects.create(debut=debut, fin=debut + minutes * MINUTE, constatee=True)


def test_r21_apres_une_panne_la_prolongation_proposee_rend_au_moins_le_temps_perdu() -> None:
    lu, instant = appel("02-2024-1"), maintenant()
    assert prolongation_proposee(lu, instant) is None
    interrompre(instant - 90 * MINUTE, 40)
    interrompre(instant - 40 * MINUTE, 30)
    proposee = prolongation_proposee(lu, instant)
    assert proposee.duree == 70 * MINUTE
    assert proposee.nouvelle == lu.fermeture + JOUR, "le lendemain, à la même heure"
    page = client("coordination").get(reverse("admin:appels_appel_change", args=[lu.pk])).content.decode()
    assert "hors d’usage" in page
    adresse = reverse("admin:appels_appel_prolonger", args=[lu.pk])
    assert "70" in client("coordination").get(adresse).content.decode()
    assert "Pannes pendant un dépôt" in client("coordination").get("/admin/").content.decode()
    prolonger_depot(
        appel=lu, nouvelle=proposee.nouvelle, motif="Panne.", auteur=personne("coordination"), instant=instant
    )
    assert prolongation_proposee(appel("02-2024-1"), instant) is None, "rendu : on n'en propose plus"


def test_une_panne_a_cheval_sur_l_echeance_laisse_du_temps_apres_elle() -> None:
    instant = maintenant()
    Appel.objects.filter(code="02-2024-1").update(fermeture=instant - 30 * MINUTE)
    interrompre(instant - 60 * MINUTE, 59)
    proposee = prolongation_proposee(appel("02-2024-1"), instant)
    assert proposee.duree == 30 * MINUTE, "ce qui dépasse l'échéance n'était plus du dépôt"
    assert proposee.nouvelle >= instant + proposee.duree


@pytest.mark.parametrize(("debut", "minutes"), [(-200 * JOUR, 60), (20 * JOUR, 60)])
def test_une_panne_hors_du_depot_ne_propose_rien(debut: timedelta, minutes: int) -> None:
    instant = maintenant()
    interrompre(instant + debut, minutes)
    assert prolongation_proposee(appel("02-2024-1"), instant) is None


def test_le_battement_de_la_sonde_ne_se_confond_pas_avec_les_autres() -> None:
    pannes.mesurer(maintenant(), lambda: True)
    assert Battement.objects.filter(processus="sonde").exists()
    assert not Battement.objects.filter(processus="sonde_refus").exists()


def test_une_entente_sans_enveloppe_a_sa_page_de_montants() -> None:
    lu = appel("02-2024-3")
    vide = Entente.objects.exclude(pk__in=Enveloppe.objects.values("entente")).filter(mandataire__code="14").first()
    if vide is None:
        vide = Entente.objects.create(
            code="14-2024",
            mandataire=Entente.objects.get(code="14-2017").mandataire,
            cycle=lu.entente.cycle,
            debut=lu.entente.debut,
            fin=lu.entente.fin,
        )
    neuf = preparation.creer_appel(
        entente=vide,
        titre="Sans enveloppe",
        ouverture=lu.ouverture,
        fermeture=lu.fermeture,
        auteur=personne("coordination.lanaudiere"),
        instant=maintenant(),
    )
    page = client("coordination.lanaudiere").get(reverse("admin:appels_appel_montants", args=[neuf.pk]))
    assert "aucune enveloppe" in page.content.decode()
