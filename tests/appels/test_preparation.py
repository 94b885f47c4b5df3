"""Préparer un appel : le créer, l'écrire étape par étape, ce qui manque, ce qui se fige, qui le peut."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from alliances.models import Entente, Enveloppe
from appels.enums import Famille, Gravite, ModeDepot, Phase
from appels.enums import GenreCondition as G
from appels.etats import prete
from appels.models import Appel, AppelEnveloppe
from appels.regles.conditions import Condition
from appels.requetes.preparation import etapes_de_preparation
from appels.services import exigences, preparation
from appels.services.cycle import publier_appel
from appels.services.depot import constater_epuisement, fermer_epuises, prolonger_depot
from projets.models import PieceJointe, Projet
from projets.sections import pieces_manquantes, reste_a_faire
from socle.documents.fichiers import ranger
from socle.erreurs import Refus
from socle.horloge import maintenant
from socle.models import Courriel
from tests.outils.personnes import ROLES, client, personne

pytestmark = pytest.mark.django_db
D, JOUR = Decimal, timedelta(days=1)


def entente() -> Entente:
    return Entente.objects.select_related("mandataire").get(code="02-2024")


def brouillon() -> Appel:
    return Appel.objects.select_related("entente__mandataire").get(code="02-2024-3")


def commun(**autres):
    return {"appel": brouillon(), "auteur": personne("coordination"), "instant": maintenant(), **autres}


def creer(**autres) -> Appel:
    instant = maintenant()
    return preparation.creer_appel(
        **{
            "entente": entente(),
            "titre": "Appel neuf",
            "ouverture": instant + JOUR,
            "fermeture": instant + 30 * JOUR,
            "auteur": personne("coordination"),
            "instant": instant,
            **autres,
        }
    )


def completer() -> Appel:
    """Le brouillon de la démonstration, prêt à publier."""
    appel = brouillon()
    preparation.ecrire_renseignements(
        **commun(
            titre=appel.titre,
            terme=appel.terme,
            resume="Pour se loger et manger.",
            formes_admissibles=["obnl"],
            fin_max_projet=appel.fin_max_projet,
            suite_jours=14,
        )
    )
    exigences.ecrire_offres(**commun(offres={Enveloppe.objects.get(code="02-2024/CH"): D(1000)}))
    exigences.ecrire_grille(**commun(criteres=[critere(100)]))
    return brouillon()


def critere(poids: int) -> dict:
    return {"libelle": "Effet", "question": "Que change le projet?", "poids": poids, "maximum": 5}


# Créer -------------------------------------------------------------------------------------------------------


def test_un_appel_cree_propose_son_rang_et_herite() -> None:
    neuf = creer()
    assert (neuf.code, neuf.rang, neuf.etat) == ("02-2024-4", 4, "brouillon")
    assert neuf.fuseau == "America/Toronto"
    assert neuf.fin_max_projet == entente().fin
    assert neuf.terme == brouillon().terme, "celui du dernier appel du mandataire"
    assert neuf.contact_courriel == brouillon().contact_courriel
    assert neuf.aide == entente().aide


def test_le_fuseau_est_celui_des_territoires() -> None:
    entente().territoires.update(fuseau="America/Halifax")
    assert creer().fuseau == "America/Halifax"


def test_un_appel_ne_se_cree_ni_a_l_envers_ni_dans_une_entente_close() -> None:
    instant = maintenant()
    with pytest.raises(Refus, match="avant l’ouverture"):
        creer(fermeture=instant)
    with pytest.raises(Refus, match="titre"):
        creer(titre=" ")
    close = entente()
    close.etat = "close"
    with pytest.raises(Refus, match="close"):
        creer(entente=close)


@pytest.mark.parametrize("role", [role for role in ROLES if role not in {"anonyme", "coordination"}])
def test_seule_la_coordination_cree(role: str) -> None:
    with pytest.raises(Refus) as refus:
        creer(auteur=personne(role))
    assert refus.value.code == "permission"


@pytest.mark.parametrize("role", [role for role in ROLES if role != "anonyme"])
def test_qui_prepare_un_brouillon_et_qui_corrige_un_appel_publie(role: str) -> None:
    """L'agent territorial écrit aussi le brouillon; publié, seule la coordination corrige."""
    valeurs = {nom: getattr(brouillon(), nom) for nom in preparation.CONTACT}
    for appel, permis in (
        (brouillon(), {"coordination", "agent"}),
        (Appel.objects.get(code="02-2024-1"), {"coordination"}),
    ):
        arguments = {**commun(appel=appel, auteur=personne(role)), **valeurs}
        if role in permis:
            assert preparation.ecrire_contact(**arguments) == appel
            continue
        with pytest.raises(Refus) as refus:
            preparation.ecrire_contact(**arguments)
        assert refus.value.code == "permission"


# Ce qui manque -----------------------------------------------------------------------------------------------


def test_la_preparation_dit_ce_qui_manque_et_la_publication_le_refuse() -> None:
    etapes = {e.famille: e for e in etapes_de_preparation(brouillon(), maintenant())}
    assert {f for f, e in etapes.items() if e.etat == "incomplet"} == {
        Famille.RENSEIGNEMENTS,
        Famille.MONTANTS,
        Famille.GRILLE,
    }
    with pytest.raises(Refus, match="résumé") as refus:
        publier_appel(appel=brouillon(), auteur=personne("coordination"), instant=maintenant())
    assert "85" in str(refus.value), "tout ce qui manque, d'un coup"
    appel = completer()
    assert prete(appel, maintenant()) is None
    publie = publier_appel(appel=appel, auteur=personne("coordination"), instant=maintenant())
    assert publie.etat == "publie"
    assert publie.parametres_figes == entente().aide.ecrire()


def test_r19_la_fin_des_projets_ne_depasse_pas_l_entente() -> None:
    appel = completer()
    Appel.objects.filter(pk=appel.pk).update(fin_max_projet=entente().fin + JOUR)
    assert "R19" in prete(brouillon(), maintenant())


# Montants ----------------------------------------------------------------------------------------------------


def test_l_offert_ne_depasse_pas_le_disponible_du_grand_livre() -> None:
    enveloppe = Enveloppe.objects.get(code="02-2024/MC")
    exigences.ecrire_offres(**commun(offres={enveloppe: enveloppe.disponible}))
    with pytest.raises(Refus, match="de trop") as refus:
        exigences.ecrire_offres(**commun(offres={enveloppe: enveloppe.disponible + D("0.01")}))
    assert refus.value.champ == f"offert_{enveloppe.pk}"
    ailleurs = (
        Enveloppe.objects.get(code="14-2017/RG")
        if Enveloppe.objects.filter(code="14-2017/RG").exists()
        else (Enveloppe.objects.filter(entente__code="14-2017").first())
    )
    with pytest.raises(Refus, match="pas de l’entente"):
        exigences.ecrire_offres(**commun(offres={ailleurs: None}))


def test_un_montant_a_venir_est_inconnu_jamais_zero_puis_se_precise_une_fois() -> None:
    appel = Appel.objects.get(code="02-2024-2")
    page = client("anonyme").get("/appels/02-2024-2/").content.decode()
    assert "à venir" in page
    offre = appel.offres.get(offert=None)
    with pytest.raises(Refus, match="au grand livre"):
        exigences.preciser_montants(**commun(appel=appel, montants={offre: offre.enveloppe.disponible + 1}))
    exigences.preciser_montants(**commun(appel=appel, montants={offre: D(25_000)}))
    assert AppelEnveloppe.objects.get(pk=offre.pk).offert == D(25_000)
    with pytest.raises(Refus, match="déjà annoncé"):
        exigences.preciser_montants(**commun(appel=appel, montants={offre: D(30_000)}))


# Bornes, gravités, grille ------------------------------------------------------------------------------------


def test_une_borne_vide_s_herite_une_valeur_la_remplace_une_case_la_leve() -> None:
    exigences.ecrire_parametres(
        **commun(bornes={"plafond": D(40_000), "cumul_max": None}, gravites={"R7": Gravite.BLOQUE, "R9": "avertit"})
    )
    aide = brouillon().aide
    assert (aide.plafond, aide.cumul_max, aide.plancher) == (D(40_000), None, None)
    assert (aide.gravite("R7", "x"), aide.gravite("R9", "avertit")) == ("bloque", "avertit")
    assert "plancher" not in brouillon().parametres
    with pytest.raises(Refus, match="dépasse l’aide maximale"):
        exigences.ecrire_parametres(**commun(bornes={"plafond": D(1), "plancher": D(2)}, gravites={}))
    with pytest.raises(Refus, match="gravité"):
        exigences.ecrire_parametres(**commun(bornes={}, gravites={"R99": "bloque"}))


def test_decision_8_l_entente_change_l_appel_publie_garde_ses_bornes() -> None:
    appel = Appel.objects.select_related("entente").get(code="02-2024-2")
    appel.entente.parametres = {"plafond": "1.00"}
    assert appel.aide.plafond == D(5_000)


def test_r24_la_grille_se_complete_mais_ne_depasse_jamais_cent() -> None:
    exigences.ecrire_grille(**commun(criteres=[critere(60), critere(30)]))
    assert "90" in prete(brouillon(), maintenant())
    with pytest.raises(Refus, match="de trop"):
        exigences.ecrire_grille(**commun(criteres=[critere(60), critere(41)]))
    assert [c.poids for c in brouillon().criteres.all()] == [60, 30], "un refus n'efface rien"


def test_r24_le_total_se_recalcule_au_serveur_sans_enregistrer() -> None:
    adresse = reverse("admin:appels_appel_grille", args=[brouillon().pk])
    donnees = {"libelle_0": "A", "question_0": "B", "poids_0": "70", "maximum_0": "5", "geste": "calculer"}
    reponse = client("coordination").post(adresse, donnees)
    assert "Total des poids" in reponse.content.decode()
    assert "70 sur 100" in reponse.content.decode()
    assert sum(c.poids for c in brouillon().criteres.all()) == 85
    assert client("coordination").post(adresse, donnees | {"geste": "", "poids_0": "100"}).status_code == 302
    assert [c.poids for c in brouillon().criteres.all()] == [100]


# Gel ---------------------------------------------------------------------------------------------------------


def test_publie_les_bornes_les_pieces_la_grille_et_les_dates_sont_figees() -> None:
    publie = commun(appel=Appel.objects.get(code="02-2024-1"))
    gestes = (
        lambda: exigences.ecrire_parametres(**publie, bornes={}, gravites={}),
        lambda: exigences.ecrire_grille(**publie, criteres=[critere(100)]),
        lambda: exigences.ecrire_piece(**publie, piece=None, libelle="x", aide="", gravite="suite", conditions=[]),
        lambda: exigences.ecrire_offres(**publie, offres={}),
        lambda: preparation.ecrire_depot(
            **publie, mode="date", ouverture=maintenant(), fermeture=maintenant() + 99 * JOUR
        ),
    )
    for geste in gestes:
        with pytest.raises(Refus) as refus:
            geste()
        assert refus.value.code == "gele"


def test_publie_le_resume_se_corrige_pas_qui_peut_deposer() -> None:
    appel = Appel.objects.get(code="02-2024-1")
    champs = {
        nom: getattr(appel, nom) for nom in ("titre", "terme", "formes_admissibles", "fin_max_projet", "suite_jours")
    }
    preparation.ecrire_renseignements(**commun(appel=appel, resume="Mieux dit.", **champs))
    assert Appel.objects.get(pk=appel.pk).resume == "Mieux dit."
    with pytest.raises(Refus, match="ne change plus") as refus:
        preparation.ecrire_renseignements(
            **commun(appel=appel, resume="x", **{**champs, "formes_admissibles": ["obnl"]})
        )
    assert refus.value.champ == "formes_admissibles"


# Modes -------------------------------------------------------------------------------------------------------


def periode(debut: int, fin: int) -> preparation.Periode:
    instant = datetime(2027, 1, 1, 5, tzinfo=UTC)
    return preparation.Periode(instant + debut * JOUR, instant + fin * JOUR)


def test_a_plusieurs_periodes_on_depose_pendant_chacune_pas_entre_elles() -> None:
    appel = completer()
    preparation.ecrire_depot(
        **commun(
            mode=ModeDepot.PERIODES,
            ouverture=appel.ouverture,
            fermeture=appel.fermeture,
            periodes=[periode(60, 90), periode(0, 30)],
        )
    )
    Appel.objects.filter(pk=appel.pk).update(etat="publie")
    appel = brouillon()
    debut, fin = periode(0, 30).ouverture, periode(60, 90).fermeture
    assert (appel.ouverture, appel.fermeture) == (debut, fin)
    attendus = {-1: Phase.A_VENIR, 0: Phase.OUVERT, 29: Phase.OUVERT, 30: Phase.ENTRE, 60: Phase.OUVERT, 90: Phase.CLOS}
    assert {n: appel.phase_a(debut + n * JOUR) for n in attendus} == attendus
    for n, phase in attendus.items():
        ouverts = Appel.objects.ouverts(debut + n * JOUR).filter(pk=appel.pk)
        assert ouverts.exists() is (phase == Phase.OUVERT)
    assert appel.fermeture_a(debut + 35 * JOUR) == fin
    assert appel.fermeture_a(debut) == periode(0, 30).fermeture


@pytest.mark.parametrize(
    ("periodes", "mots"),
    [
        ([], "au moins deux"),
        ([periode(0, 30), periode(29, 60)], "chevauchent"),
        ([periode(10, 10)], "avant l’ouverture"),
    ],
)
def test_des_periodes_mal_ecrites_se_refusent(periodes: list, mots: str) -> None:
    with pytest.raises(Refus, match=mots):
        preparation.ecrire_depot(
            **commun(mode=ModeDepot.PERIODES, ouverture=maintenant(), fermeture=maintenant(), periodes=periodes)
        )


def test_r21_la_periode_en_cours_se_prolonge_sans_empieter_sur_la_suivante() -> None:
    appel = Appel.objects.get(code="02-2024-2")
    premiere, deuxieme, derniere = appel.periodes.all()
    with pytest.raises(Refus, match="période suivante"):
        prolonger_depot(**commun(appel=appel, nouvelle=deuxieme.ouverture + JOUR, motif="x"))
    prolonger_depot(**commun(appel=appel, nouvelle=premiere.fermeture + JOUR, motif="Neige."))
    premiere.refresh_from_db()
    appel.refresh_from_db()
    assert premiere.fermeture == appel.prolongations.get().nouvelle
    assert appel.fermeture == derniere.fermeture


def _en_continu() -> Appel:
    appel = completer()
    Appel.objects.filter(pk=appel.pk).update(
        etat="publie",
        mode="continu",
        jusqua_epuisement=True,
        ouverture=maintenant() - JOUR,
        fermeture=maintenant() + 99 * JOUR,
    )
    return brouillon()


def test_en_continu_le_depot_ferme_quand_les_fonds_sont_epuises_et_les_brouillons_le_savent() -> None:
    appel = _en_continu()
    with pytest.raises(Refus, match="ne sont pas épuisés"):
        constater_epuisement(**commun(appel=appel))
    assert fermer_epuises(maintenant()) == 0
    vide = Enveloppe.objects.exclude(nature="administration").filter(entente=appel.entente, dotation=0).first()
    if vide is None:
        vide = Enveloppe.objects.create(entente=appel.entente, code="02-2024/ZZ", libelle="Vide")
    AppelEnveloppe.objects.filter(appel=appel).update(enveloppe=vide)
    Projet.objects.filter(etat="brouillon", entente__code="02-2024").update(appel=appel)
    avant, instant = Courriel.objects.count(), maintenant()
    assert fermer_epuises(instant) == 1
    assert fermer_epuises(instant) == 0, "une seule fois"
    assert Courriel.objects.count() == avant + 1
    appel = brouillon()
    assert not appel.est_ouvert(maintenant())
    assert not Appel.objects.ouverts(maintenant()).filter(pk=appel.pk).exists()
    assert "Les fonds sont épuisés" in client("anonyme").get(appel.get_absolute_url()).content.decode()


# Pièces ------------------------------------------------------------------------------------------------------


def test_r36_une_piece_deja_fournie_ne_se_redemande_pas() -> None:
    """Les statuts ne se demandent qu'à qui ne les a jamais joints à une demande déposée chez le mandataire."""
    projet = Projet.objects.select_related("appel", "organisme", "entente__mandataire").get(
        etat="brouillon", entente__code="02-2024"
    )
    statuts = projet.appel.pieces_requises.get(code="statuts")
    assert statuts.libelle in {c.titre for c in pieces_manquantes(projet, [])}
    autre = Projet.objects.filter(entente__code="02-2024", etat="depose").exclude(organisme=projet.organisme).first()
    fichier = ranger(
        b"%PDF-", nom="s.pdf", type_mime="application/pdf", acces="projet", objet_id=autre.pk, instant=maintenant()
    )
    PieceJointe.objects.create(projet=autre, requise=statuts, fichier=fichier, jointe_le=maintenant())
    assert statuts.libelle in {c.titre for c in pieces_manquantes(projet, [])}, (
        "la pièce d'un autre organisme ne compte pas"
    )
    Projet.objects.filter(pk=autre.pk).update(organisme=projet.organisme)
    assert statuts.libelle not in {c.titre for c in pieces_manquantes(projet, [])}


def test_une_piece_sous_condition_ne_se_demande_que_si_elle_s_exige() -> None:
    projet = Projet.objects.select_related("appel", "organisme", "entente__mandataire").get(
        etat="brouillon", entente__code="02-2024"
    )
    piece = projet.appel.pieces_requises.first()
    cas = (
        (Condition(G.FORME, valeurs=("conseil_bande",)), False),
        (Condition(G.FORME, valeurs=(projet.organisme.forme,)), True),
        (Condition(G.MONTANT, seuil=(projet.montant_demande or D(0)) + 1), False),
        (Condition(G.EFFECTIF, seuil=D(25)), True),
    )
    for condition, demandee in cas:
        piece.conditions, piece.gravite = [condition.ecrire()], Gravite.BLOQUE
        piece.save()
        frais = Projet.objects.select_related("appel", "organisme", "entente__mandataire").get(pk=projet.pk)
        trouvees = [c for c in pieces_manquantes(frais, []) if piece.libelle == c.titre]
        assert bool(trouvees) is demandee, condition
        if condition.genre == G.EFFECTIF:
            assert trouvees[0].gravite == Gravite.AVERTIT, "dans le doute, elle ne bloque pas"
            assert "25" in trouvees[0].detail


def test_la_borne_du_nombre_de_demandes_avertit_dans_le_brouillon() -> None:
    projet = Projet.objects.get(etat="brouillon", entente__code="02-2024")
    Projet.objects.filter(entente__code="02-2024", etat="depose").update(organisme=projet.organisme)
    appel = projet.appel
    appel.parametres_figes = {**appel.parametres_figes, "par_organisme": 3}
    appel.save()
    assert any(c.regle == "nombre" for c in reste_a_faire(Projet.objects.get(pk=projet.pk)))


# Pages -------------------------------------------------------------------------------------------------------


def test_creer_puis_preparer_par_les_pages() -> None:
    c = client("coordination")
    reponse = c.post(
        "/admin/appels/appel/creer/?entente=02-2024",
        {
            "titre": "Par la page",
            "terme": "Appel d’initiatives",
            "ouvre_le": "2027-01-11",
            "ouvre_a": "9",
            "dernier_jour": "2027-02-26",
            "heure": "24",
        },
    )
    neuf = Appel.objects.get(titre="Par la page")
    assert reponse["Location"] == reverse("admin:appels_appel_preparer", args=[neuf.pk])
    assert neuf.fermeture == datetime(2027, 2, 27, 5, tzinfo=UTC)
    assert "Il manque" in c.get(reponse["Location"]).content.decode()
    adresse = reverse("admin:appels_appel_montants", args=[neuf.pk])
    enveloppe = Enveloppe.objects.get(code="02-2024/CH")
    trop = c.post(adresse, {f"offerte_{enveloppe.pk}": "on", f"offert_{enveloppe.pk}": "99 999 999"})
    assert "de trop" in trop.content.decode()
    assert c.post(adresse, {f"offerte_{enveloppe.pk}": "on", f"offert_{enveloppe.pk}": ""}).status_code == 302
    assert neuf.offres.get().offert is None
    assert (
        c.get(reverse("admin:appels_appel_parametres", args=[neuf.pk])).content.decode().count("Hérité de l’entente")
        == 8
    )


def test_une_etape_du_calendrier_a_un_moment() -> None:
    with pytest.raises(Refus, match="moment"):
        preparation.ecrire_calendrier(
            **commun(etapes=[{"libelle": "Analyse", "quand": "", "jour": None, "jusqua": None}])
        )
    preparation.ecrire_calendrier(
        **commun(
            etapes=[
                {"libelle": "Analyse", "quand": "", "jour": date(2027, 3, 1), "jusqua": date(2027, 3, 31)},
                {"libelle": "Comité", "quand": "Mai 2027", "jour": None, "jusqua": None},
            ]
        )
    )
    assert [e.moment.replace("\u00a0", " ") for e in brouillon().etapes.all()] == [
        "du 1er mars 2027 au 31 mars 2027",
        "Mai 2027",
    ]
