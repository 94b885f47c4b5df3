"""Assigner, remplacer, relancer, rouvrir, recopier un papier, déclarer, codes, séances : services et refus (R24 à R26)."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from PIL import Image

from appels.enums import PhaseComite
from appels.models import Appel
from appels.services.comite import ecrire_comite
from comite.enums import GenrePoint
from comite.models import FeuilleCodes, Relance, SaisiePapier, Seance
from comite.requetes.assignation import apercu_equilibre
from comite.services.assignation import (
    assigner_equilibre,
    changer_limite,
    relancer,
    remplacer_evaluateur,
    rouvrir_evaluation,
)
from comite.services.codes import imprimer_codes, revoquer_feuille, utiliser_code
from comite.services.papier import saisir_notes_papier
from comite.services.seances import Point, ecrire_ordre_du_jour, ecrire_seance
from comptes.enums import Role
from comptes.models import Utilisateur
from projets.conflits import conflits_detectes
from projets.models import DeclarationInteret, Evaluation, Projet
from projets.services.evaluations import assigner_evaluations, declarer_lien, enregistrer_notes, soumettre_evaluation
from socle.erreurs import Refus
from socle.formats import jour_local
from socle.horloge import maintenant
from socle.models import Courriel, TransitionEtat
from tests.outils.personnes import personne

pytestmark = pytest.mark.django_db


def acteur(nom: str) -> dict:
    return {"auteur": personne(nom), "instant": maintenant()}


@pytest.fixture
def appel() -> Appel:
    return Appel.objects.select_related("entente__mandataire").get(code="02-2024-1")


def evaluation(nom: str = "evaluation1") -> Evaluation:
    return Evaluation.objects.select_related("projet__appel", "projet__entente__mandataire", "evaluateur").get(
        projet__appel__code="02-2024-1", projet__etat="en_evaluation", evaluateur=personne(nom)
    )


def nouveau_membre(appel: Appel, nom: str = "nouveau") -> Utilisateur:
    membre = Utilisateur.objects.create_user(f"{nom}@demo.example", "un mot de passe assez long", nom=f"Comité {nom}")
    membre.affectations.create(
        role=Role.EVALUATION, mandataire=appel.entente.mandataire, debut=jour_local(maintenant())
    )
    return membre


def notes_de(sienne: Evaluation, *valeurs: int | None) -> dict:
    return {c.pk: (v, "") for c, v in zip(sienne.projet.appel.criteres.all(), valeurs, strict=True)}


def soumettre(nom: str, *valeurs: int | None) -> Evaluation:
    sienne = evaluation(nom)
    declarer_lien(evaluation=sienne, lien="aucun", **acteur(nom))
    enregistrer_notes(evaluation=sienne, notes=notes_de(sienne, *valeurs), commentaire="", **acteur(nom))
    return soumettre_evaluation(evaluation=sienne, **acteur(nom))


def test_partager_applique_ce_qu_on_a_relu(appel: Appel) -> None:
    apercu = apercu_equilibre(appel, 2, maintenant())
    assert [len(ligne.recevront) for ligne in apercu.lignes] == [2, 0]
    n = assigner_equilibre(
        appel=appel, par_demande=2, limite=None, signature=apercu.signature, **acteur("coordination")
    )
    assert n == 2
    projet = apercu.lignes[0].projet
    projet.refresh_from_db()
    assert projet.etat == "en_evaluation"
    commun = appel.phases_comite.get(genre=PhaseComite.COMMUN).debut
    assert {e.limite for e in projet.evaluations.all()} == {commun}


def test_partager_refuse_quand_la_situation_a_change(appel: Appel) -> None:
    apercu = apercu_equilibre(appel, 2, maintenant())
    projet = apercu.lignes[0].projet
    projet.organisme.adhesions.create(utilisateur=personne("evaluation1"), depuis=maintenant())
    with pytest.raises(Refus, match="a changé depuis l’aperçu"):
        assigner_equilibre(
            appel=appel, par_demande=2, limite=None, signature=apercu.signature, **acteur("coordination")
        )
    neuf = apercu_equilibre(appel, 2, maintenant())
    assert neuf.lignes[0].sauts == [(personne("evaluation1"), "est membre de l’organisme évalué")]
    assert neuf.lignes[0].manque == 1


@pytest.mark.parametrize("nom", ["secretariat", "evaluation1", "coordination.lanaudiere"])
def test_partager_est_a_la_coordination(appel: Appel, nom: str) -> None:
    signature = apercu_equilibre(appel, 2, maintenant()).signature
    with pytest.raises(Refus, match="Votre rôle ne permet pas"):
        assigner_equilibre(appel=appel, par_demande=2, limite=None, signature=signature, **acteur(nom))


def test_r25_conflits_certains_et_possibles(appel: Appel) -> None:
    projet = Projet.objects.select_related("organisme", "entente__mandataire").get(appel=appel, etat="en_evaluation")
    membre = personne("evaluation1")

    def trouves() -> list[tuple[bool, str]]:
        detectes = conflits_detectes([projet], [membre], maintenant())
        return [(c.certain, c.raison) for c in detectes.get((projet.pk, membre.pk), [])]

    assert trouves() == []
    adhesion = projet.organisme.adhesions.create(utilisateur=membre, depuis=maintenant())
    assert trouves() == [(True, "est membre de l’organisme évalué")]
    adhesion.retiree_le = maintenant()
    adhesion.save()
    assert trouves() == [(False, "a été membre de l’organisme évalué")]
    adhesion.delete()
    fiche = appel.entente.comites.get(type="analyse").membres.get(utilisateur=personne("evaluation2"))
    fiche.utilisateur, fiche.represente = membre, projet.organisme.nom.upper()
    fiche.save()
    assert trouves() == [(True, "représente l’organisme évalué au comité")]
    fiche.represente = "Table locale"
    fiche.save()
    assert "partenaire que la demande cite" in trouves()[0][1]
    assert not trouves()[0][0]


def test_r25_le_registre_est_en_ajout_seul_et_dit_tout() -> None:
    retiree = declarer_lien(
        evaluation=evaluation(), lien="conflit", nature="conseil", precision="Trésorerie", **acteur("evaluation1")
    )
    ligne = DeclarationInteret.objects.get(projet=retiree.projet_id, lien="conflit")
    assert (ligne.utilisateur, ligne.nature, ligne.precision, ligne.origine) == (
        personne("evaluation1"),
        "conseil",
        "Trésorerie",
        "personne",
    )
    for geste in (ligne.delete, lambda: DeclarationInteret.objects.filter(pk=ligne.pk).update(nature="autre")):
        with pytest.raises(DatabaseError, match="ne se change pas"), transaction.atomic():
            geste()


def test_r25_le_doute_laisse_le_dossier_ferme() -> None:
    sienne = declarer_lien(evaluation=evaluation(), lien="doute", **acteur("evaluation1"))
    assert (sienne.etat, sienne.lien) == ("assignee", "doute")
    with pytest.raises(Refus, match="Dites d’abord si vous avez un lien"):
        enregistrer_notes(evaluation=sienne, notes={}, commentaire="", **acteur("evaluation1"))
    assert declarer_lien(evaluation=evaluation(), lien="aucun", **acteur("evaluation1")).etat == "en_cours"


def test_remplacer_efface_confie_et_ecrit_aux_deux(appel: Appel) -> None:
    membre, sienne = nouveau_membre(appel), evaluation()
    declarer_lien(evaluation=sienne, lien="aucun", **acteur("evaluation1"))
    enregistrer_notes(evaluation=sienne, notes=notes_de(sienne, 1, 2, 3), commentaire="x", **acteur("evaluation1"))
    neuve = remplacer_evaluateur(evaluation=sienne, remplacant=membre, motif="Congé", **acteur("coordination"))
    sienne.refresh_from_db()
    assert (sienne.etat, sienne.commentaire, sienne.notes.count()) == ("remplacee", "", 0)
    assert (neuve.evaluateur, neuve.etat, neuve.limite) == (membre, "assignee", sienne.limite)
    assert Courriel.objects.filter(genre="comite/remplacee", destinataire="evaluation1@demo.example").count() == 1
    assert Courriel.objects.filter(genre="projets/evaluation", destinataire=membre.email).count() == 1
    assert TransitionEtat.objects.filter(objet_type="projets.evaluation", objet_id=sienne.pk, motif="Congé").exists()
    reconfiee = assigner_evaluations(
        projet=sienne.projet, evaluateurs=[personne("evaluation1")], **acteur("coordination")
    )[0]
    assert (reconfiee.pk, reconfiee.etat) == (sienne.pk, "assignee")


@pytest.mark.parametrize(
    ("cas", "message"),
    [("motif", "Dites pourquoi"), ("meme", "une autre personne"), ("soumise", "n’est plus possible")],
)
def test_remplacer_refuse(appel: Appel, cas: str, message: str) -> None:
    membre = nouveau_membre(appel)
    sienne = soumettre("evaluation1", 1, 2, 3) if cas == "soumise" else evaluation()
    qui = personne("evaluation1") if cas == "meme" else membre
    with pytest.raises(Refus, match=message):
        remplacer_evaluateur(
            evaluation=sienne, remplacant=qui, motif="" if cas == "motif" else "Congé", **acteur("coordination")
        )


def test_remplacer_refuse_un_conflit_certain(appel: Appel) -> None:
    membre, sienne = nouveau_membre(appel), evaluation()
    sienne.projet.organisme.adhesions.create(utilisateur=membre, depuis=maintenant())
    with pytest.raises(Refus, match="est membre de l’organisme évalué"):
        remplacer_evaluateur(evaluation=sienne, remplacant=membre, motif="Congé", **acteur("coordination"))


def test_relancer_une_fois_par_jour_avec_sa_trace() -> None:
    assert relancer(evaluations=[evaluation()], **acteur("coordination")) == 1
    assert Relance.objects.filter(evaluation=evaluation()).count() == 1
    assert Courriel.objects.filter(genre="comite/relance").count() == 1
    with pytest.raises(Refus, match="Aucune relance n’est partie"):
        relancer(evaluations=[evaluation()], **acteur("coordination"))


def test_changer_la_limite_refuse_le_passe() -> None:
    with pytest.raises(Refus, match="déjà passée"):
        changer_limite(evaluation=evaluation(), limite=maintenant() - timedelta(days=1), **acteur("coordination"))
    limite = maintenant() + timedelta(days=3)
    assert changer_limite(evaluation=evaluation(), limite=limite, **acteur("coordination")).limite == limite


def test_rouvrir_avec_motif_puis_figee_apres_les_notes_closes(appel: Appel) -> None:
    sienne = soumettre("evaluation1", 12, 40, 28)
    with pytest.raises(Refus, match="Dites pourquoi"):
        rouvrir_evaluation(evaluation=sienne, motif=" ", **acteur("coordination"))
    rouverte = rouvrir_evaluation(evaluation=sienne, motif="Erreur de dossier", **acteur("coordination"))
    assert (rouverte.etat, rouverte.note, rouverte.notes.count()) == ("en_cours", None, 3)
    soumettre_evaluation(evaluation=rouverte, **acteur("evaluation1"))
    ecrire_comite(
        appel=appel,
        debuts={PhaseComite.CLOSE: maintenant() - timedelta(minutes=1)},
        commentaires_exiges=False,
        retrait_hors_quorum=True,
        **acteur("coordination"),
    )
    with pytest.raises(Refus, match="notes de cet appel sont closes"):
        rouvrir_evaluation(evaluation=evaluation(), motif="Encore", **acteur("coordination"))


def test_un_commentaire_exige_se_nomme(appel: Appel) -> None:
    Appel.objects.filter(pk=appel.pk).update(commentaires_exiges=True)
    sienne = evaluation()
    declarer_lien(evaluation=sienne, lien="aucun", **acteur("evaluation1"))
    premier = sienne.projet.appel.criteres.first()
    notes = notes_de(sienne, 12, None, 28) | {premier.pk: (12, "Bien.")}
    enregistrer_notes(evaluation=sienne, notes=notes, commentaire="", **acteur("evaluation1"))
    with pytest.raises(Refus, match=r"Il manque.: Structure financière et faisabilité"):
        soumettre_evaluation(evaluation=evaluation(), **acteur("evaluation1"))


def test_r24_la_grille_ne_change_plus_une_fois_une_evaluation_faite(appel: Appel) -> None:
    for geste in (
        lambda: appel.criteres.update(poids=1),
        lambda: appel.criteres.create(entente=appel.entente, code="x", libelle="x", question="x", poids=1, maximum=1),
    ):
        with pytest.raises(DatabaseError, match="la grille de l'appel ne change plus"), transaction.atomic():
            geste()


def papier(**options: object) -> Evaluation:
    sienne = evaluation()
    champs = {
        "evaluation": sienne,
        "lien": "aucun",
        "notes": notes_de(sienne, 12, 40, None),
        "commentaire": "Vu sur papier.",
        "signee_le": jour_local(maintenant()),
        **acteur("coordination"),
    }
    return saisir_notes_papier(**{**champs, **options})


def test_papier_soumis_comme_les_autres_avec_sa_trace() -> None:
    pdf = SimpleUploadedFile("papier.png", image_png(), content_type="image/png")
    soumise = papier(numerisation=pdf)
    assert (soumise.etat, str(soumise.note), soumise.lien) == ("soumise", "80.00", "aucun")
    trace = SaisiePapier.objects.get(evaluation=soumise)
    assert (trace.saisie_par, trace.evaluation.evaluateur) == (personne("coordination"), personne("evaluation1"))
    assert trace.numerisation is not None
    assert DeclarationInteret.objects.get(projet=soumise.projet_id).origine == "papier"


def image_png() -> bytes:
    sortie = BytesIO()
    Image.new("RGB", (8, 8), "white").save(sortie, "PNG")
    return sortie.getvalue()


def test_papier_dont_le_lien_est_coche_retire_la_personne() -> None:
    retiree = papier(lien="conflit", nature="proche")
    assert (retiree.etat, retiree.note, retiree.notes.count()) == ("retiree", None, 0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (lambda: {"lien": "doute"}, "ne dit pas le lien"),
        (lambda: {"signee_le": jour_local(maintenant()) + timedelta(days=1)}, "vérifiez la date"),
        (lambda: {"notes": {}}, "Il reste à noter"),
        (lambda: acteur("secretariat"), "Votre rôle ne permet pas"),
        (lambda: acteur("evaluation1"), "Vos propres notes"),
    ],
)
def test_papier_refuse(options: Callable[[], dict], message: str) -> None:
    with pytest.raises(Refus, match=message), transaction.atomic():
        papier(**options())
    assert evaluation().etat == "assignee"
    assert not SaisiePapier.objects.exists()


def test_r26_qui_doit_ses_notes_ne_recopie_pas_celles_d_un_autre(appel: Appel) -> None:
    coordination = personne("coordination")
    coordination.affectations.create(
        role=Role.EVALUATION, mandataire=appel.entente.mandataire, debut=jour_local(maintenant())
    )
    assigner_evaluations(projet=evaluation().projet, evaluateurs=[coordination], **acteur("coordination"))
    with pytest.raises(Refus, match="une autre personne recopie"):
        papier()


def test_un_code_ne_sert_qu_une_fois_et_une_feuille_remplace_l_autre(appel: Appel) -> None:
    qui = {"mandataire": appel.entente.mandataire, "membre": personne("evaluation1")}
    premiere, codes = imprimer_codes(**qui, **acteur("coordination"))
    assert len(set(codes)) == 10
    assert not premiere.codes.filter(empreinte__in=codes).exists()
    assert utiliser_code(code=codes[0].lower().replace("-", " "), instant=maintenant()).feuille == premiere
    with pytest.raises(Refus, match="Ce code ne fonctionne pas"):
        utiliser_code(code=codes[0], instant=maintenant())
    with pytest.raises(Refus, match="Ce code ne fonctionne pas"):
        utiliser_code(code=codes[1], instant=premiere.expire_le)
    seconde, _codes = imprimer_codes(**qui, **acteur("coordination"))
    with pytest.raises(Refus, match="Ce code ne fonctionne pas"):
        utiliser_code(code=codes[1], instant=maintenant())
    revoquer_feuille(feuille=seconde, **acteur("coordination"))
    with pytest.raises(Refus, match="déjà révoquée"):
        revoquer_feuille(feuille=seconde, **acteur("coordination"))
    assert not FeuilleCodes.objects.filter(membre=personne("evaluation1"), revoquee_le__isnull=True).exists()


def test_codes_refuses_hors_du_comite_et_hors_de_la_coordination(appel: Appel) -> None:
    with pytest.raises(Refus, match="n’est pas du comité"):
        imprimer_codes(mandataire=appel.entente.mandataire, membre=personne("finances"), **acteur("coordination"))
    with pytest.raises(Refus, match="Votre rôle ne permet pas"):
        imprimer_codes(mandataire=appel.entente.mandataire, membre=personne("evaluation1"), **acteur("secretariat"))


def test_seance_et_ordre_du_jour_refusent(appel: Appel) -> None:
    seance = Seance.objects.select_related("appel", "entente__mandataire").get(etat="preparee")
    with pytest.raises(Refus, match="Dites où"):
        ecrire_seance(appel=appel, seance=None, debut=maintenant(), lieu=" ", territoire=None, **acteur("coordination"))
    projet, autre = (
        Projet.objects.filter(appel=appel, numero__isnull=False)[0],
        Projet.objects.filter(appel__code="02-2017-1")[0],
    )
    for points, message in (
        ([Point(GenrePoint.PROJET, 5, projet)] * 2, "y est deux fois"),
        ([Point(GenrePoint.PROJET, 5, autre)], "d’un autre appel"),
        ([Point(GenrePoint.PAUSE, 481)], "de 0 à 480"),
    ):
        with pytest.raises(Refus, match=message):
            ecrire_ordre_du_jour(seance=seance, points=points, **acteur("coordination"))
