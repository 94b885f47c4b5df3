"""Demandes de précision (R22) : seuls les champs nommés se rouvrent, jusqu'à la limite; la version d'avant reste."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from pypdf import PdfReader

from portail.rappels import battre
from portail.rappels.paliers import a_neuf_heures
from projets.comparaison import differences
from projets.contenu import empreinte_de
from projets.enums import EtatPrecision, EtatProjet
from projets.etats import PRECISABLES, PRECISION
from projets.models import DemandePrecision, Projet
from projets.services.depots import retirer_projet
from projets.services.precisions import (
    annuler_precisions,
    demander_precisions,
    enregistrer_precisions,
    prolonger_precisions,
    repondre_precisions,
)
from socle import travaux
from socle.erreurs import Refus
from socle.formats import jour_local
from socle.horloge import maintenant
from socle.models import Courriel, Rappel, Travail
from tests.outils.fichiers import octets
from tests.outils.personnes import ROLES, client, personne

pytestmark = pytest.mark.django_db
DANS_UNE_SEMAINE = timedelta(days=7)


@pytest.fixture
def projet() -> Projet:
    """Une demande déposée sans précision encore."""
    return (
        Projet.objects.filter(entente__code="02-2024", etat="depose", precisions__isnull=True)
        .select_related("entente__mandataire", "appel")
        .first()
    )


def demander(projet: Projet, *champs: str, **options) -> DemandePrecision:
    instant = options.pop("instant", maintenant())
    return demander_precisions(
        **{
            "projet": projet,
            "champs": champs or ("besoin",),
            "message": "Combien de personnes?",
            "limite": jour_local(instant) + DANS_UNE_SEMAINE,
            "auteur": personne("coordination"),
            "instant": instant,
            **options,
        }
    )


def repondre(demande: DemandePrecision, mot: str = "", instant=None, auteur: str = "organismes", **valeurs):
    instant = instant or maintenant()
    demande = enregistrer_precisions(
        demande=demande, valeurs=valeurs, mot=mot, version=demande.version, auteur=personne(auteur), instant=instant
    )
    return repondre_precisions(demande=demande, auteur=personne(auteur), instant=instant)


def test_r22_la_reponse_fait_une_version_de_plus_et_garde_la_precedente(projet: Projet) -> None:
    avant = projet.depots.latest("rang")
    demande = demander(projet, "besoin", "montant_demande", "depenses")
    depot = repondre(
        demande,
        besoin="Cent personnes attendent.",
        montant_demande=Decimal("31000.50"),
        depenses=[
            {"categorie": "salaires", "libelle": "Une personne", "engagee_le": None, "montant": Decimal("50000")}
        ],
    )
    assert (depot.rang, depot.empreinte) == (avant.rang + 1, empreinte_de(depot.contenu))
    assert depot.contenu["besoin"] == "Cent personnes attendent."
    assert depot.contenu["montant_demande"] == "31000.50"
    assert [d["montant"] for d in depot.contenu["depenses"]] == ["50000.00"]
    assert projet.depots.get(rang=avant.rang).contenu == avant.contenu
    projet.refresh_from_db()
    assert (projet.besoin, projet.etat, projet.numero is not None) == ("Cent personnes attendent.", "depose", True)
    changes = differences(avant.contenu, depot.contenu, {})
    assert [d.cle for d in changes] == ["montant_demande", "besoin", "depenses"]
    assert changes[2].ajoutees == ["Salaires et charges, Une personne, 50\u00a0000,00\u00a0$"]
    assert len(changes[2].otees) == len(avant.contenu["depenses"])


def test_tant_que_la_reponse_n_est_pas_envoyee_la_version_deposee_vaut(projet: Projet) -> None:
    demande = demander(projet, "besoin")
    enregistrer_precisions(
        demande=demande,
        valeurs={"besoin": "En préparation", "titre": "Hors sujet"},
        mot="",
        version=0,
        auteur=personne("organismes"),
        instant=maintenant(),
    )
    frais = Projet.objects.get(pk=projet.pk)
    assert (frais.besoin, frais.titre) == (projet.besoin, projet.titre)
    assert demande.champs.get().valeur == {"v": "En préparation"}
    assert projet.depots.count() == 1


def test_un_champ_non_nomme_ne_se_rouvre_pas(projet: Projet) -> None:
    demande = demander(projet, "besoin")
    depot = repondre(demande, besoin="Neuf", titre="Un autre titre", montant_demande=Decimal(1))
    assert depot.contenu["titre"] == projet.titre
    assert Decimal(depot.contenu["montant_demande"]) == projet.montant_demande


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"champs": ()}, "au moins un champ"),
        ({"champs": ("inconnu",)}, "au moins un champ"),
        ({"champs": ("territoire",)}, "au moins un champ"),
        ({"message": "  "}, "ce que vous voulez savoir"),
        ({"limite": jour_local(maintenant())}, "laissez au moins un jour"),
    ],
)
def test_ce_qui_ne_se_demande_pas(projet: Projet, options: dict, message: str) -> None:
    with pytest.raises(Refus, match=message):
        demander(projet, **{"champs": ("besoin",), **options})
    assert not projet.precisions.exists()


def test_une_seule_demande_ouverte_a_la_fois(projet: Projet) -> None:
    demander(projet)
    with pytest.raises(Refus, match="attend déjà une réponse"):
        demander(projet, "titre")


@pytest.mark.parametrize("etat", [e for e in EtatProjet.values if e != "brouillon"])
def test_l_etat_du_projet_permet_ou_non_de_preciser(projet: Projet, etat: str) -> None:
    Projet.objects.filter(pk=projet.pk).update(etat=etat, decide_le=maintenant())
    if etat in PRECISABLES:
        assert demander(projet).ouverte
        return
    with pytest.raises(Refus, match="son contenu ne change plus"):
        demander(projet)


@pytest.mark.parametrize("nom", [nom for nom in ROLES if nom != "anonyme"])
@pytest.mark.parametrize("etat", EtatPrecision.values)
def test_table_etat_par_role(projet: Projet, nom: str, etat: str) -> None:
    demande = demander(projet)
    demande.etat = etat
    permises = {"coordination": {"prolonger", "annuler"}, "organismes": {"repondre"}}
    attendu = permises.get(nom, set()) if etat == "ouverte" else set()
    assert {t.action for t in PRECISION.actions_possibles(demande, personne(nom))} == attendu


@pytest.mark.parametrize("nom", [nom for nom in ROLES if nom not in {"anonyme", "coordination"}])
def test_seule_la_coordination_demande(projet: Projet, nom: str) -> None:
    with pytest.raises(Refus, match="Votre rôle"):
        demander(projet, auteur=personne(nom))


def test_la_limite_est_exclusive_et_le_retard_garde_la_reponse(projet: Projet) -> None:
    demande = demander(projet)
    derniere = demande.limite - timedelta(microseconds=1)
    assert (demande.en_retard(derniere), demande.en_retard(demande.limite)) == (False, True)
    enregistrer_precisions(
        demande=demande,
        valeurs={"besoin": "Presque"},
        mot="",
        version=0,
        auteur=personne("organismes"),
        instant=derniere,
    )
    for commande in (
        lambda: repondre(demande, besoin="Trop tard", instant=demande.limite),
        lambda: repondre_precisions(demande=demande, auteur=personne("organismes"), instant=demande.limite),
    ):
        with pytest.raises(Refus, match="a pris fin le"), transaction.atomic():
            commande()
    assert demande.champs.get().valeur == {"v": "Presque"}
    assert projet.depots.count() == 1
    tard = demande.limite + timedelta(hours=1)
    prolonger_precisions(
        demande=demande, limite=jour_local(tard) + timedelta(days=2), auteur=personne("coordination"), instant=tard
    )
    depot = repondre_precisions(demande=demande, auteur=personne("organismes"), instant=tard)
    assert depot.contenu["besoin"] == "Presque"


def test_prolonger_va_vers_l_avant(projet: Projet) -> None:
    demande = demander(projet)
    with pytest.raises(Refus, match="plus tardive"):
        prolonger_precisions(
            demande=demande,
            limite=jour_local(maintenant()) + timedelta(days=1),
            auteur=personne("coordination"),
            instant=maintenant(),
        )


def test_annuler_referme_et_le_dit(projet: Projet) -> None:
    demande, acteur = demander(projet), {"auteur": personne("coordination"), "instant": maintenant()}
    with pytest.raises(Refus, match="pourquoi"):
        annuler_precisions(demande=demande, motif=" ", **acteur)
    annuler_precisions(demande=demande, motif="Trouvé ailleurs.", **acteur)
    with pytest.raises(Refus):
        repondre(demande, besoin="x")
    assert "Trouvé ailleurs." in Courriel.objects.get(genre="projets/precision_annulee").texte
    assert demander(projet, "titre").ouverte, "une autre demande peut s'ouvrir"


def test_sans_le_mandat_on_prepare_mais_on_n_envoie_pas(projet: Projet) -> None:
    personne("organismes").adhesions.filter(organisme=projet.organisme).update(mandat_de_deposer=False)
    demande = demander(projet)
    with pytest.raises(Refus, match="Votre rôle"):
        repondre(demande, besoin="Prêt")
    page = client("organismes").get(reverse("projets:precisions", args=[projet.uuid])).content.decode()
    assert "Enregistrer sans envoyer" in page
    assert 'name="envoyer"' not in page


def test_ne_rien_changer_demande_un_mot_et_vider_un_champ_obligatoire_est_refuse(projet: Projet) -> None:
    demande = demander(projet)
    with pytest.raises(Refus, match="Rien n’a changé"), transaction.atomic():
        repondre(demande, besoin=projet.besoin)
    with pytest.raises(Refus, match="champ obligatoire"), transaction.atomic():
        repondre(demande, besoin="")
    assert Projet.objects.get(pk=projet.pk).besoin == projet.besoin
    assert repondre(demande, mot="Tout était déjà juste.").rang == 2


def test_deux_personnes_ne_s_ecrasent_pas(projet: Projet) -> None:
    demande, acteur = demander(projet), {"auteur": personne("organismes"), "instant": maintenant()}
    enregistrer_precisions(demande=demande, valeurs={"besoin": "Un"}, mot="", version=0, **acteur)
    with pytest.raises(Refus, match="Une autre personne"):
        enregistrer_precisions(demande=demande, valeurs={"besoin": "Deux"}, mot="", version=0, **acteur)
    assert demande.champs.get().valeur == {"v": "Un"}


def test_une_demande_retiree_ne_se_precise_plus(projet: Projet) -> None:
    demande = demander(projet)
    retirer_projet(projet=projet, auteur=personne("organismes"), instant=maintenant(), motif="Financé ailleurs")
    with pytest.raises(Refus, match="avancé"):
        repondre(demande, besoin="x")
    assert "Rien n’est attendu" in client("organismes").get(projet.get_absolute_url()).content.decode()


def test_les_pieces_se_rouvrent_seulement_si_elles_sont_nommees(projet: Projet) -> None:
    Projet.objects.filter(pk=projet.pk).update(etat="en_evaluation")
    adresse = reverse("projets:pieces", args=[projet.uuid])
    demande = demander(projet, "besoin")
    assert 'type="file"' not in client("organismes").get(adresse).content.decode()
    annuler_precisions(demande=demande, motif="x", auteur=personne("coordination"), instant=maintenant())
    demander(projet, "pieces")
    assert 'type="file"' in client("organismes").get(adresse).content.decode()


def test_les_evaluations_a_soumettre_passent_a_la_nouvelle_version() -> None:
    projet = Projet.objects.filter(entente__code="02-2024", etat="en_evaluation").select_related("appel").first()
    [premiere, seconde] = projet.evaluations.order_by("id")[:2]
    projet.evaluations.filter(pk=premiere.pk).update(etat="soumise", soumise_le=maintenant(), note=80)
    projet.evaluations.filter(pk=seconde.pk).update(etat="en_cours")
    depot = repondre(demander(projet), besoin="Neuf")
    assert projet.evaluations.get(pk=seconde.pk).depot == depot
    assert projet.evaluations.get(pk=premiere.pk).depot.rang == 1


def test_le_pdf_du_dossier_lit_la_version_deposee(projet: Projet) -> None:
    premier, ancien = projet.depots.get(), projet.besoin
    depot = repondre(demander(projet, "besoin", "titre"), besoin="Un besoin tout neuf.", titre="Titre précisé")
    for version, present, absent in ((premier, ancien[:30], "tout neuf"), (depot, "tout neuf", ancien[:30])):
        travail = Travail.objects.create(
            genre="projets.dossier", libelle="x", parametres={"objet_id": version.pk}, demande_le=maintenant()
        )
        travaux.executer(travail.pk)
        travail.refresh_from_db()
        texte = " ".join(
            " ".join(page.extract_text() for page in PdfReader(BytesIO(octets(travail.fichier))).pages).split()
        )
        assert present in texte
        assert absent not in texte


def test_les_pages_du_promoteur(projet: Projet) -> None:
    c, adresse = client("organismes"), reverse("projets:precisions", args=[projet.uuid])
    assert "Aucune précision demandée" in c.get(adresse).content.decode()
    demande = demander(projet, "besoin", "debut", "zone_visee", "priorite", "montant_demande", "activites")
    suivi = c.get(projet.get_absolute_url()).content.decode()
    assert "Répondre à la demande de précision au plus tard le" in suivi
    assert "Précisions demandées" in suivi
    page = c.get(adresse)
    saisie = {nom: page.context["formulaire"][nom].value() for nom in page.context["formulaire"].fields}
    liste = page.context["formulaire"].listes["activites"]
    saisie |= {"activites-TOTAL_FORMS": 1, "activites-INITIAL_FORMS": 1}
    saisie |= {f"activites-0-{nom}": liste.forms[0][nom].value() for nom in ("libelle", "debut", "fin")}
    saisie = {nom: "" if valeur is None else valeur for nom, valeur in saisie.items()}
    mauvaise = c.post(adresse, {**saisie, "besoin": "Gardé", "montant_demande": "1.234,50"})
    assert "Il y a un problème" in mauvaise.content.decode()
    assert "Gardé" in mauvaise.content.decode()
    assert c.post(adresse, {**saisie, "besoin": "En route"}).status_code == 302
    assert projet.depots.count() == 1
    assert "En route" in c.get(adresse).content.decode()
    envoi = {**saisie, "besoin": "Arrivé", "version": 1, "envoyer": "1"}
    for _ in range(2):  # double clic : une seule version
        assert c.post(adresse, envoi).status_code == 302
    assert projet.depots.count() == 2
    demande.refresh_from_db()
    assert demande.etat == EtatPrecision.REPONDUE
    page = c.get(adresse).content.decode()
    assert "Ce qui a changé" in page
    assert "Arrivé" in page


def test_la_page_de_la_coordination(projet: Projet) -> None:
    c = client("coordination")
    adresse = reverse("admin:projets_projet_precisions", args=[projet.pk])
    assert "Il y a un problème" in c.post(adresse, {"message": ""}).content.decode()
    limite = (jour_local(maintenant()) + DANS_UNE_SEMAINE).isoformat()
    reponse = c.post(adresse, {"champs": ["besoin", "depenses"], "message": "Combien?", "limite": limite})
    assert reponse.status_code == 302
    assert set(projet.precisions.get().champs.values_list("cle", flat=True)) == {"besoin", "depenses"}
    dossier = c.get(reverse("admin:projets_projet_change", args=[projet.pk])).content.decode()
    assert "Réponse attendue" in dossier
    repondre(projet.precisions.get(), besoin="Beaucoup de personnes")
    dossier = c.get(reverse("admin:projets_projet_change", args=[projet.pk])).content.decode()
    assert "Beaucoup de personnes" in dossier
    assert "Version 2" in dossier
    liste = reverse("admin:projets_projet_changelist")
    assert projet.numero in c.get(liste, {"precisions": "recues"}).content.decode()
    assert projet.numero not in c.get(liste, {"precisions": "attendues"}).content.decode()


def test_rappels_et_retard_dits_des_deux_cotes(projet: Projet) -> None:
    demande = demander(projet)
    jour = (demande.limite - timedelta(seconds=1)).astimezone().date()
    for decalage, attendus in ((-3, {"J-3"}), (0, {"J-3", "J"}), (1, {"J-3", "J", "J+1"})):
        battre(a_neuf_heures(jour + timedelta(days=decalage), projet.appel.fuseau) + timedelta(minutes=1))
        paliers = Rappel.objects.filter(genre="precision", objet_id=demande.pk).values_list("palier", flat=True)
        assert set(paliers) == attendus
    retard = Rappel.objects.filter(genre="precision", objet_id=demande.pk, palier="J+1")
    assert set(retard.values_list("destinataire", flat=True)) == {
        "organismes@demo.example",
        "coordination@demo.example",
    }


def test_la_base_refuse_de_changer_un_depot_precedent(projet: Projet) -> None:
    repondre(demander(projet), besoin="Neuf")
    with pytest.raises(IntegrityError), transaction.atomic():
        projet.depots.filter(rang=1).update(contenu={})


def test_l_accuse_d_une_version_se_verifie(projet: Projet) -> None:
    depot = repondre(demander(projet), besoin="Neuf")
    for version in (depot, projet.depots.get(rang=1)):
        page = client("anonyme").get("/verifier/", {"numero": projet.numero, "empreinte": version.empreinte[:16]})
        assert "Authentique" in page.content.decode()
        assert "ne correspond pas" not in page.content.decode()


def test_une_question_propre_de_l_appel_se_rouvre_et_sa_difference_se_lit(projet: Projet) -> None:
    demande = demander(projet, "suite_d_un_projet", "moyens")
    c = client("organismes")
    page = c.get(demande.get_absolute_url()).content.decode()
    assert "Le projet est-il la suite d’un projet déjà soutenu" in page
    reponse = c.post(
        demande.get_absolute_url(),
        {"version": 0, "mot": "", "suite_d_un_projet": "oui", "moyens": ["porte"], "envoyer": "1"},
    )
    assert reponse.status_code == 302, reponse.content.decode()
    premier, second = projet.depots.order_by("rang")
    lues = {d.cle: (d.avant, d.apres) for d in differences(premier.contenu, second.contenu, {})}
    assert lues["suite_d_un_projet"] == ("Non", "Oui")
    assert lues["moyens"][1] == "Porte-à-porte"
    projet = Projet.objects.get(pk=projet.pk)
    assert {r.cle: r.valeur for r in projet.reponses.all()}["suite_d_un_projet"] == "oui"
