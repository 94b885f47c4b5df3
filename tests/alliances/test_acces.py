"""Accès : inviter, dater, retirer à l'instant; qui a accès à quoi, sur une page; l'agent et son territoire."""

import os
import re
import subprocess
import sys
import time
from datetime import date, timedelta

import psycopg
import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from alliances.models import Affectation, Mandataire, OrganismeConnu, Territoire
from alliances.requetes.acces import tableaux_acces
from alliances.services.acces import changer_fin, inviter_personne, renvoyer_invitation, retirer_acces
from comptes.connexion import JOURS_INVITATION, JetonsCompte
from comptes.enums import Role
from comptes.models import Adhesion, Utilisateur
from outillage.chemins import RACINE
from projets.models import Projet, RapportProjet
from socle.documents.fichiers import ranger
from socle.erreurs import Refus
from socle.horloge import aujourd_hui, maintenant
from socle.models import Courriel, TransitionEtat
from tests.outils.personnes import ROLES, client, personne

pytestmark = pytest.mark.django_db
JOUR = aujourd_hui()
LIEN = re.compile(r"https?://\S+/password/reset/key/\S+")


def mandataire(code: str = "02") -> Mandataire:
    return Mandataire.objects.get(code=code)


def inviter(role: str = Role.LECTURE, email: str = "nouvelle@demo.example", **autres: object) -> Affectation:
    arguments = {
        "mandataire": mandataire(),
        "email": email,
        "role": role,
        "debut": JOUR,
        "auteur": personne("coordination"),
        "instant": maintenant(),
    }
    return inviter_personne(**{**arguments, **autres})


def retirer(affectation: Affectation, auteur: str = "coordination") -> Affectation:
    return retirer_acces(affectation=affectation, auteur=personne(auteur), instant=maintenant())


def acces(nom: str) -> Affectation:
    return Affectation.objects.get(utilisateur=personne(nom))


# Inviter ----------------------------------------------------------------------------------------------------


def test_inviter_sans_compte_en_ouvre_un_sans_mot_de_passe() -> None:
    affectation = inviter(nom="Lecture (démonstration)", email="Nouvelle@Demo.example")
    neuve = Utilisateur.objects.get(email="nouvelle@demo.example")
    assert affectation.utilisateur == neuve
    assert not neuve.has_usable_password()
    assert (affectation.invitee_par, affectation.debut) == (personne("coordination"), JOUR)
    courriel = Courriel.objects.get(destinataire=neuve.email)
    assert courriel.genre == "alliances/invitation"
    assert "Lecture" in courriel.texte
    assert TransitionEtat.objects.filter(objet_type="alliances.affectation", objet_id=affectation.pk).count() == 1


def test_le_lien_de_l_invitation_donne_un_mot_de_passe_puis_ne_sert_plus() -> None:
    inviter(Role.SECRETARIAT)
    lien = LIEN.search(Courriel.objects.get(destinataire="nouvelle@demo.example").texte)[0]
    chemin = "/compte" + lien.partition("/compte")[2]
    c = Client()
    page = c.get(chemin, follow=True)
    neuf = {"password1": "un long mot de passe", "password2": "un long mot de passe"}
    assert c.post(page.request["PATH_INFO"], neuf, follow=True).status_code == 200
    assert Client().login(email="nouvelle@demo.example", password="un long mot de passe")
    assert "Ce lien ne sert plus" in Client().get(chemin, follow=True).content.decode()


def test_l_invitation_vaut_sept_jours_un_oubli_une_heure(monkeypatch: pytest.MonkeyPatch) -> None:
    neuve, ancienne = inviter().utilisateur, personne("finances")
    jetons = {p: JetonsCompte().make_token(p) for p in (neuve, ancienne)}
    depart = JetonsCompte()._now()

    def valides(age: timedelta) -> tuple[bool, bool]:
        monkeypatch.setattr("django.contrib.auth.tokens.PasswordResetTokenGenerator._now", lambda _s: depart + age)
        return tuple(JetonsCompte().check_token(p, jetons[p]) for p in (neuve, ancienne))

    assert valides(timedelta(minutes=59)) == (True, True)
    assert valides(timedelta(hours=2)) == (True, False)
    assert valides(timedelta(days=JOURS_INVITATION, hours=1)) == (False, False)


def test_inviter_un_compte_existant_l_avise_sans_lien_secret() -> None:
    affectation = inviter(Role.EVALUATION, "promoteur@demo.example", fin=JOUR + timedelta(days=30))
    assert affectation.utilisateur == personne("promoteur")
    courriel = Courriel.objects.filter(destinataire="promoteur@demo.example").latest("id")
    assert courriel.genre == "alliances/acces"
    assert not LIEN.search(courriel.texte)
    assert client("promoteur").get("/comite/").status_code == 200


def test_une_invitation_ne_se_lit_pas_a_la_coordination() -> None:
    """Son lien ouvre le compte : il n'est qu'à la personne invitée."""
    inviter()
    assert not Courriel.objects.visibles_pour(personne("coordination")).filter(genre="alliances/invitation").exists()


def test_renvoyer_l_invitation_jusqu_au_mot_de_passe() -> None:
    affectation = inviter()
    faire = {"affectation": affectation, "auteur": personne("coordination"), "instant": maintenant()}
    renvoyer_invitation(**faire)
    assert Courriel.objects.filter(destinataire="nouvelle@demo.example").count() == 2
    affectation.utilisateur.set_password("un long mot de passe")
    affectation.utilisateur.save()
    with pytest.raises(Refus):
        renvoyer_invitation(**faire)


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        ("ministere", {"role": Role.MINISTERE}),
        ("ministere", {"role": "superutilisateur"}),
        ("dates", {"fin": JOUR - timedelta(days=1)}),
        ("dates", {"debut": JOUR + timedelta(days=2), "fin": JOUR + timedelta(days=1)}),
        ("territoire", {"role": Role.AGENT}),
        ("doublon", {"role": Role.FINANCES, "email": "finances@demo.example"}),
        ("compte_ferme", {"email": "promoteur@demo.example"}),
    ],
)
def test_invitations_refusees(code: str, arguments: dict) -> None:
    if code == "compte_ferme":
        Utilisateur.objects.filter(email=arguments["email"]).update(is_active=False)
    avant = (Affectation.objects.count(), Utilisateur.objects.count(), Courriel.objects.count())
    with pytest.raises(Refus) as refus:
        inviter(**arguments)
    assert refus.value.code == code
    assert (Affectation.objects.count(), Utilisateur.objects.count(), Courriel.objects.count()) == avant


def test_le_territoire_d_un_autre_mandataire_est_refuse() -> None:
    ailleurs = Territoire.objects.filter(entente__mandataire__code="14").first()
    with pytest.raises(Refus, match="autre mandataire"):
        inviter(Role.AGENT, territoire=ailleurs)


@pytest.mark.parametrize("nom", [r for r in ROLES if r not in {"anonyme", "coordination"}])
def test_seule_la_coordination_du_mandataire_invite_et_retire(nom: str) -> None:
    for geste in (lambda: inviter(auteur=personne(nom)), lambda: retirer(acces("finances"), nom)):
        with pytest.raises(Refus) as refus:
            geste()
        assert refus.value.code == "permission"


def test_deux_territoires_pour_un_agent_ne_sont_pas_un_doublon() -> None:
    ch = Territoire.objects.get(entente__code="02-2024", code="CH")
    inviter(Role.AGENT, "agent@demo.example", territoire=ch)
    with pytest.raises(Refus, match="déjà ce rôle"):
        inviter(Role.AGENT, "agent@demo.example", territoire=ch)


# Dates ------------------------------------------------------------------------------------------------------


def test_un_acces_vaut_entre_ses_dates_comprises() -> None:
    inviter(Role.EVALUATION, "promoteur@demo.example", debut=JOUR + timedelta(days=1), fin=JOUR + timedelta(days=3))
    siens = Affectation.objects.filter(utilisateur=personne("promoteur"))
    vaut = [siens.en_vigueur(JOUR + timedelta(days=n)).exists() for n in range(5)]
    assert vaut == [False, True, True, True, False]


def test_changer_la_fin() -> None:
    affectation = acces("finances")
    faire = {"affectation": affectation, "auteur": personne("coordination"), "instant": maintenant()}
    assert changer_fin(**faire, fin=JOUR).fin == JOUR
    assert changer_fin(**faire, fin=None).fin is None
    with pytest.raises(Refus, match="passée"):
        changer_fin(**faire, fin=JOUR - timedelta(days=1))
    retirer(affectation)
    with pytest.raises(Refus, match="déjà retiré"):
        changer_fin(**faire, fin=JOUR)


# Retirer ----------------------------------------------------------------------------------------------------


def test_une_session_ouverte_est_refusee_a_la_requete_suivante() -> None:
    c = client("finances")
    assert c.get("/admin/").status_code == 200
    retirer(acces("finances"))
    reponse = c.get("/admin/")
    assert reponse.status_code == 302
    assert reponse["Location"].startswith("/admin/login")
    assert c.get("/mon-espace/").status_code == 302, "la session est fermée, pas seulement l'admin"
    retour = client("finances")
    assert retour.get("/admin/", follow=True).status_code == 403, "connectée de nouveau, elle n'a plus le rôle"


def test_retirer_garde_les_autres_roles_de_la_personne() -> None:
    garde = inviter(Role.EVALUATION, "finances@demo.example")
    retirer(Affectation.objects.get(utilisateur=personne("finances"), role=Role.FINANCES))
    assert [r.role for r in personne("finances").portees.roles] == [garde.role]


def test_on_ne_retire_pas_deux_fois() -> None:
    retirer(acces("finances"))
    with pytest.raises(Refus, match="déjà retiré"):
        retirer(acces("finances"))


def test_la_derniere_coordination_reste() -> None:
    seule = acces("coordination")
    with pytest.raises(Refus, match="seule coordination"):
        retirer(seule)
    with pytest.raises(Refus, match="seule coordination"):
        changer_fin(affectation=seule, fin=JOUR, auteur=personne("coordination"), instant=maintenant())
    inviter(Role.COORDINATION, "promoteur@demo.example")
    retirer(seule)
    assert not personne("coordination").interne
    with pytest.raises(Refus, match="seule coordination"):
        retirer(Affectation.objects.get(utilisateur=personne("promoteur")), "promoteur")


def test_une_coordination_a_venir_ou_fermee_ne_compte_pas() -> None:
    inviter(Role.COORDINATION, "promoteur@demo.example", debut=JOUR + timedelta(days=1))
    inviter(Role.COORDINATION, "organismes@demo.example")
    Utilisateur.objects.filter(email="organismes@demo.example").update(is_active=False)
    with pytest.raises(Refus, match="seule coordination"):
        retirer(acces("coordination"))


def test_redonner_un_acces_retire() -> None:
    retirer(acces("finances"))
    inviter(Role.FINANCES, "finances@demo.example")
    assert personne("finances").interne


# La page ----------------------------------------------------------------------------------------------------


def test_qui_a_acces_a_quoi_sur_une_page() -> None:
    retirer(acces("tresorerie"))
    page = client("coordination").get(reverse("admin:alliances_affectation_acces")).content.decode()
    for mots in (
        "Agent territorial de Maria-Chapdelaine",
        "Maria-Chapdelaine <span",
        "Lit et note les demandes",
        "Comité 1 (démonstration)",
        "Trésorerie 02 (démonstration)",
        "retiré le",
    ):
        assert mots in page
    assert "Lanaudière" not in page
    tableau = tableaux_acces(personne("coordination"), JOUR)[0]
    assert tableau.groupes[0].libelle == "Coordination"
    assert [a.utilisateur.email for a in tableau.finis] == ["tresorerie@demo.example"]


def test_un_membre_du_comite_qui_est_aussi_d_un_organisme_connu_se_signale() -> None:
    evaluateur = personne("evaluation1")
    connu = OrganismeConnu.objects.filter(mandataire=mandataire()).select_related("organisme").order_by("pk").first()
    Adhesion.objects.create(utilisateur=evaluateur, organisme=connu.organisme, depuis=maintenant())
    pages = [
        reverse("admin:alliances_affectation_acces"),
        reverse("admin:alliances_affectation_change", args=[acces("evaluation1").pk]),
    ]
    for page in pages:
        contenu = client("coordination").get(page).content.decode()
        assert "Lien à connaître" in contenu
        assert connu.organisme.nom in contenu


def test_inviter_et_retirer_par_les_pages() -> None:
    c = client("coordination")
    adresse = reverse("admin:alliances_affectation_inviter")
    vide = c.post(adresse, {"email": ""})
    assert "Il y a un problème" in vide.content.decode()
    saisie = {"email": "page@demo.example", "role": Role.LECTURE, "debut": JOUR.isoformat()}
    reponse = c.post(adresse, saisie)
    assert reponse["Location"] == reverse("admin:alliances_affectation_acces")
    affectation = Affectation.objects.get(utilisateur__email="page@demo.example")
    doublon = c.post(adresse, saisie).content.decode()
    assert "déjà ce rôle" in doublon
    assert (
        c.post(reverse("admin:alliances_affectation_retirer", args=[affectation.pk]), {"motif": "Départ"}).status_code
        == 302
    )
    affectation.refresh_from_db()
    assert affectation.retiree_par == personne("coordination")
    assert TransitionEtat.objects.filter(objet_id=affectation.pk, motif="Départ").exists()


def test_un_mandataire_d_ailleurs_est_introuvable() -> None:
    adresse = reverse("admin:alliances_affectation_inviter")
    assert client("coordination").get(adresse, {"mandataire": "14"}).status_code == 404


# L'agent territorial ----------------------------------------------------------------------------------------


def test_l_agent_ne_voit_que_les_demandes_deposees_de_son_territoire() -> None:
    agent, c = personne("agent"), client("agent")
    siens = set(
        Projet.objects.filter(enveloppe__code="02-2024/MC", depose_le__isnull=False).values_list("pk", flat=True)
    )
    assert siens
    assert set(Projet.objects.visibles_pour(agent).values_list("pk", flat=True)) == siens
    liste = c.get(reverse("admin:projets_projet_changelist")).content.decode()
    assert set(re.findall(r"02-2024-1-([A-Z]{2})-\d{4}", liste)) == {"MC"}
    cherche = c.get(reverse("admin:projets_projet_changelist"), {"q": "02-2024-1-CH"}).content.decode()
    assert not re.search(r"/projet/\d+/change/", cherche)
    for projet in Projet.objects.filter(entente__mandataire__code="02").order_by("pk"):
        attendu = 200 if projet.pk in siens else 404
        assert c.get(reverse("admin:projets_projet_change", args=[projet.pk])).status_code == attendu, projet


def test_l_agent_ne_lit_que_les_fichiers_de_son_territoire() -> None:
    for lettres, attendu in (("MC", 200), ("CH", 404)):
        projet = Projet.objects.filter(enveloppe__code=f"02-2024/{lettres}", depose_le__isnull=False).first()
        fichier = ranger(
            b"%PDF-", nom="a.pdf", type_mime="application/pdf", acces="projet", objet_id=projet.pk, instant=maintenant()
        )
        reponse = client("agent").get(reverse("socle:telecharger", args=[fichier.uuid]))
        if reponse.streaming:
            b"".join(reponse.streaming_content)
        assert reponse.status_code == attendu


def test_l_agent_ne_voit_rien_d_un_brouillon() -> None:
    brouillon = Projet.objects.get(entente__code="02-2024", etat="brouillon")
    mc = Territoire.objects.get(entente__code="02-2024", code="MC")
    Projet.objects.filter(pk=brouillon.pk).update(enveloppe=mc.enveloppes.get(), titre="Canari brouillon")
    assert not Projet.objects.visibles_pour(personne("agent")).filter(pk=brouillon.pk).exists()
    assert client("agent").get(reverse("admin:projets_projet_change", args=[brouillon.pk])).status_code == 404
    assert "Canari brouillon" not in client("agent").get(reverse("admin:projets_projet_changelist")).content.decode()


def test_l_accueil_et_les_antecedents_de_l_agent_restent_dans_son_territoire() -> None:
    RapportProjet.objects.filter(entente__code="02-2024").update(du_le=JOUR + timedelta(days=9))
    sien = Projet.objects.filter(enveloppe__code="02-2024/MC", depose_le__isnull=False).first()
    autre = Projet.objects.filter(enveloppe__code="02-2024/CH", depose_le__isnull=False).first()
    Projet.objects.filter(pk=autre.pk).update(organisme=sien.organisme)
    dossier = reverse("admin:projets_projet_change", args=[sien.pk])
    assert "-JQ-" in client("coordination").get("/admin/").content.decode(), "le témoin : un rapport est attendu"
    assert autre.numero in client("coordination").get(dossier).content.decode(), "le témoin : un antécédent"
    assert not re.search(r"02-20\d\d-\d-(?!MC)[A-Z]{2}-\d{4}", client("agent").get("/admin/").content.decode())
    assert autre.numero not in client("agent").get(dossier).content.decode()


def test_l_agent_ne_fait_aucun_acte() -> None:
    projet = Projet.objects.filter(enveloppe__code="02-2024/MC", depose_le__isnull=False).first()
    classe = admin.site._registry[Projet]
    gestes = [
        acte for acte in classe.actes if acte.permission != classe.permission_lecture
    ]  # lire une pièce n'en est pas un
    assert len(gestes) > 10
    for acte in gestes:
        adresse = reverse(f"admin:projets_projet_{acte.adresse.replace('-', '_')}", args=[projet.pk])
        assert client("agent").get(adresse).status_code == 403


def test_un_agent_retire_ne_voit_plus_rien() -> None:
    c = client("agent")
    retirer(acces("agent"))
    assert c.get(reverse("admin:projets_projet_changelist")).status_code == 302
    assert not Projet.objects.visibles_pour(personne("agent")).exists()


# En course --------------------------------------------------------------------------------------------------


GESTE = """
from alliances.models import Affectation
from alliances.services.acces import retirer_acces
from comptes.models import Utilisateur
from socle.erreurs import Refus
from socle.horloge import maintenant
cible = Affectation.objects.get(role="coordination", utilisateur__email="{cible}@demo.example")
try:
    retirer_acces(affectation=cible, auteur=Utilisateur.objects.get(email="{auteur}@demo.example"), instant=maintenant())
    print("retire")
except Refus as refus:
    print("refus", refus.code)
"""


def _lancer(adresse: str, cible: str, auteur: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "shell", "-v0", "-c", GESTE.format(cible=cible, auteur=auteur)],
        cwd=RACINE,
        env={**os.environ, "DATABASE_URL": adresse},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_deux_coordinations_se_retirent_l_une_l_autre_une_seule_reste(copie_demo: str) -> None:
    """Deux processus attendent le verrou du mandataire; libérés, un seul retrait passe."""
    with psycopg.connect(copie_demo) as base, psycopg.connect(copie_demo, autocommit=True) as temoin:
        temoin.execute(
            "INSERT INTO alliances_affectation (role, debut, mandataire_id, utilisateur_id) SELECT 'coordination', %s,"
            " m.id, u.id FROM alliances_mandataire m, comptes_utilisateur u WHERE m.code = '02' AND u.email = %s",
            [date(2020, 1, 1), "finances@demo.example"],
        )
        base.execute("SELECT id FROM alliances_mandataire WHERE code = '02' FOR NO KEY UPDATE")
        fils = [_lancer(copie_demo, "coordination", "finances"), _lancer(copie_demo, "finances", "coordination")]
        limite, en_attente = time.monotonic() + 60, 0
        while en_attente < 2 and time.monotonic() < limite:
            time.sleep(0.2)
            en_attente = temoin.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ).fetchone()[0]
        base.rollback()  # les deux repartent ensemble
        sorties = sorted(fil.communicate(timeout=60)[0].strip() for fil in fils)
    assert en_attente == 2
    assert sorties == ["refus derniere_coordination", "retire"]
