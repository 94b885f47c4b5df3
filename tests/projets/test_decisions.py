"""Décider : les fonds au cent (R14), les parts (R18), la résolution et la lettre (R27)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from alliances.models import Engagement, Enveloppe, Mouvement
from projets.models import Decision, DecisionLigne, Lettre, Projet
from projets.services.decisions import Part, decider_projet
from projets.services.lettres import corriger_lettre, envoyer_lettre, relire_lettre
from socle.erreurs import Refus
from socle.exercices import exercice_de
from socle.horloge import aujourd_hui, maintenant
from socle.models import Courriel, Envoi, TransitionEtat, Travail
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db
D = Decimal
COURANT = exercice_de(aujourd_hui())
SUIVANT = exercice_de(aujourd_hui().replace(year=aujourd_hui().year + 1))
SUIVIES = (Mouvement, Engagement, Decision, DecisionLigne, Lettre, TransitionEtat, Courriel, Envoi, Travail)


@pytest.fixture
def projet() -> Projet:
    """Recommandé, 126 497,00 $ demandés, exactement le disponible de Maria-Chapdelaine."""
    return Projet.objects.select_related("enveloppe", "entente").get(
        entente__code="02-2024", etat="recommande", enveloppe__code="02-2024/MC"
    )


def enveloppe(lettres: str, entente: str = "02-2024") -> Enveloppe:
    return Enveloppe.objects.select_related("entente").get(code=f"{entente}/{lettres}")


def solde(lettres: str) -> Decimal:
    with connection.cursor() as curseur:
        curseur.execute("SELECT disponible FROM v_enveloppe_solde WHERE enveloppe_code = %s", [f"02-2024/{lettres}"])
        return curseur.fetchone()[0]


def ecrit() -> dict[str, int]:
    return {modele.__name__: modele.objects.count() for modele in SUIVIES}


def part(montant: str, lettres: str = "MC", exercice: str = COURANT, entente: str = "02-2024") -> Part:
    return Part(enveloppe(lettres, entente), exercice, D(montant))


def decider(projet: Projet, *parts: Part, **options: object) -> Decision:
    arguments = {
        "sens": "accepter",
        "resolution": "CA-2026-01",
        "adoptee_le": aujourd_hui(),
        "motif_public": "",
        "auteur": personne("secretariat"),
        "instant": maintenant(),
        **options,
    }
    return decider_projet(projet=projet, parts=parts, **arguments)


def test_r14_un_cent_de_trop_dit_ce_qui_manque_et_n_ecrit_rien(projet: Projet) -> None:
    avant, reste = ecrit(), solde("MC")
    with pytest.raises(Refus) as refus:
        decider(projet, part(f"{reste + D('0.01')}"))
    assert (
        str(refus.value)
        .replace("\u00a0", " ")
        .startswith(
            "Il manque 0,01 $ dans l’enveloppe « Maria-Chapdelaine » : elle a 126 497,00 $ de disponible. Rien n’a été inscrit."
        )
    )
    projet.refresh_from_db()
    assert (ecrit(), solde("MC"), projet.etat) == (avant, reste, "recommande")


def test_r14_par_l_ecran_le_refus_reste_dans_le_formulaire(projet: Projet) -> None:
    avant = ecrit()
    reponse = client("secretariat").post(
        reverse("admin:projets_projet_decider", args=[projet.pk]),
        {
            "sens": "accepter",
            "resolution": "CA-2026-01",
            "adoptee_le": aujourd_hui().isoformat(),
            "enveloppe_1": projet.enveloppe_id,
            "exercice_1": COURANT,
            "montant_1": "126 497,01",
        },
    )
    page = reponse.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")
    assert (reponse.status_code, "Il manque 0,01 $" in page, 'value="126 497,01"' in page) == (200, True, True)
    assert ecrit() == avant


def test_r14_une_part_refusee_annule_celles_qui_passaient(projet: Projet) -> None:
    avant, soldes = ecrit(), [solde("MC"), solde("RG")]
    with pytest.raises(Refus, match="Il manque"):
        decider(projet, part("1000.00"), part("999999.00", "RG"))
    assert (ecrit(), [solde("MC"), solde("RG")]) == (avant, soldes)


def test_r18_parts_sur_deux_enveloppes_et_deux_exercices(projet: Projet) -> None:
    reste = {lettres: solde(lettres) for lettres in ("MC", "RG")}
    parts = (part("60000.00"), part("40000.00", exercice=SUIVANT), part("10000.01", "RG"))
    decision = decider(projet, *parts)
    assert decision.montant == D("110000.01") == sum(ligne.montant for ligne in decision.lignes.all())
    assert {(li.enveloppe.lettres, li.exercice, li.montant) for li in decision.lignes.select_related("enveloppe")} == {
        ("MC", COURANT, D("60000.00")),
        ("MC", SUIVANT, D("40000.00")),
        ("RG", COURANT, D("10000.01")),
    }
    assert {lettres: reste[lettres] - solde(lettres) for lettres in reste} == {
        "MC": D("100000.00"),
        "RG": D("10000.01"),
    }
    exercices = Mouvement.objects.filter(engagement__octroi__decision=decision).values_list("exercice", flat=True)
    assert sorted(exercices) == sorted([COURANT, COURANT, SUIVANT])


@pytest.mark.parametrize(
    ("parts", "options", "message", "champ"),
    [
        ([("500", "MC")], {"resolution": "  "}, "numéro de la résolution", "resolution"),
        ([], {}, "montant positif", "montant"),
        ([("0", "MC")], {}, "montant positif", "montant"),
        ([("-5", "MC")], {}, "montant positif", "montant"),
        ([("5", "MC"), ("6", "MC")], {}, "réunissez-les", "enveloppe"),
        ([], {"sens": "refuser"}, "Écrivez le motif", "motif_public"),
        ([], {"sens": "attente", "motif_public": " "}, "Écrivez le motif", "motif_public"),
        ([("5", "MC")], {"sens": "refuser", "motif_public": "Non."}, "Seul un octroi", "montant"),
        ([("5", "JO", COURANT, "14-2017")], {}, "n’est pas de l’entente", "enveloppe"),
        ([("5", "MC", "2019-2020")], {}, "L’exercice 2019-2020 n’est pas dans la durée de l’entente", "exercice"),
        ([("5", "MC", "n’importe")], {}, "n’est pas dans la durée de l’entente", "exercice"),
        ([("0.005", "MC"), ("0.005", "RG")], {}, "au cent", "montant"),
    ],
)
def test_ce_qui_manque_a_une_decision_se_dit_au_bon_champ(
    projet: Projet, parts: list[tuple], options: dict, message: str, champ: str
) -> None:
    avant = ecrit()
    with pytest.raises(Refus, match=message) as refus:
        decider(projet, *[part(*valeurs) for valeurs in parts], **options)
    assert (refus.value.champ, ecrit()) == (champ, avant)


@pytest.mark.parametrize(("sens", "etat"), [("refuser", "refuse"), ("attente", "liste_attente")])
def test_r27_un_refus_motive_se_consigne_sans_argent(projet: Projet, sens: str, etat: str) -> None:
    mouvements = Mouvement.objects.count()
    decision = decider(projet, sens=sens, motif_public="Le budget est à préciser.")
    projet.refresh_from_db()
    assert (projet.etat, decision.montant, Mouvement.objects.count()) == (etat, 0, mouvements)
    assert "Le budget est à préciser." in decision.lettre.corps


def test_de_la_liste_d_attente_a_l_octroi_une_seule_decision(projet: Projet) -> None:
    decider(projet, sens="attente", motif_public="Fonds épuisés.", resolution="CA-1")
    decision = decider(projet, part("500.00"), resolution="CA-2")
    projet.refresh_from_db()
    assert (projet.etat, projet.decision.pk, decision.resolution) == ("accepte", decision.pk, "CA-2")
    assert "500,00" in Lettre.objects.get(decision=decision).corps


def test_un_double_clic_n_inscrit_qu_une_fois(projet: Projet) -> None:
    adresse = reverse("admin:projets_projet_decider", args=[projet.pk])
    donnees = {
        "sens": "accepter",
        "resolution": "CA-2026-01",
        "adoptee_le": aujourd_hui().isoformat(),
        "enveloppe_1": projet.enveloppe_id,
        "exercice_1": COURANT,
        "montant_1": "500,00",
    }
    c = client("secretariat")
    premiere, seconde = [c.post(adresse, donnees) for _ in range(2)]
    assert premiere.status_code == seconde.status_code == 302, "le rejeu d'un succès répond comme lui"
    assert Mouvement.objects.filter(engagement__octroi__decision__projet=projet).count() == 1
    assert solde("MC") == D("125997.00")
    with pytest.raises(Refus, match="n’est plus possible"):
        decider(projet, part("501.00"))


def test_le_refus_d_une_autre_personne_que_le_secretariat(projet: Projet) -> None:
    for nom in ("coordination", "finances", "organismes", "ministere"):
        with pytest.raises(Refus, match="Votre rôle ne permet pas"):
            decider(projet, part("1.00"), auteur=personne(nom))


@pytest.fixture
def lettre(projet: Projet) -> Lettre:
    return decider(projet, part("500.00")).lettre


def envoyer(lettre: Lettre) -> Lettre:
    relire_lettre(lettre=lettre, auteur=personne("coordination"), instant=maintenant())
    return envoyer_lettre(lettre=lettre, auteur=personne("coordination"), instant=maintenant())


def test_la_lettre_part_une_fois_par_la_boite_d_envoi(lettre: Lettre) -> None:
    corriger_lettre(lettre=lettre, objet="Bonne nouvelle", corps="Un texte relu.", auteur=personne("coordination"))
    envoyee = envoyer(lettre)
    assert (envoyee.etat, envoyee.courriel.destinataire) == ("envoyee", "organismes@demo.example")
    assert envoyee.courriel.objet == "Bonne nouvelle"
    assert Envoi.objects.filter(cle=f"courriel:{envoyee.courriel_id}").count() == 1
    with pytest.raises(Refus, match="déjà envoyée"):
        envoyer(lettre)
    with pytest.raises(Refus, match="elle ne se corrige plus"):
        corriger_lettre(lettre=lettre, objet="x", corps="x", auteur=personne("coordination"))
    assert Courriel.objects.filter(genre="projets/decision", objet="Bonne nouvelle").count() == 1


def test_l_organisme_ne_lit_rien_avant_la_lettre(lettre: Lettre) -> None:
    projet, c = lettre.decision.projet, client("organismes")
    assert "500,00" not in c.get(projet.get_absolute_url()).content.decode()
    envoyer(lettre)
    assert "500,00" in c.get(projet.get_absolute_url()).content.decode()


def test_une_resolution_du_futur_est_refusee(projet: Projet) -> None:
    with pytest.raises(Refus, match="pas encore venu") as refus:
        decider(projet, part("100.00"), adoptee_le=aujourd_hui() + timedelta(days=1))
    assert refus.value.champ == "adoptee_le"
