"""Le plan de travail : versions, état × rôle, gardes de dépôt, un seul en vigueur, suivi des objectifs et des engagements."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from alliances.enums import EtatObjectif, EtatPlan
from alliances.etats.plan import PLAN
from alliances.models import (
    Consultation,
    EngagementPartenaire,
    Entente,
    ObjectifPlan,
    Partenaire,
    PlanTravail,
    Priorite,
    Territoire,
)
from alliances.regles.plan import etat_objectif, plan_en_retard
from alliances.requetes.plans import lire_plan, plan_en_vigueur
from alliances.services import elements_plan as elements
from alliances.services import plans
from appels.models import Appel
from appels.services.plan import lier_objectifs, plan_a_citer
from socle.erreurs import Refus
from socle.horloge import aujourd_hui, maintenant
from socle.models import Courriel, TransitionEtat
from tests.outils.personnes import ROLES, personne

pytestmark = pytest.mark.django_db
CONNECTES = [nom for nom in ROLES if nom != "anonyme"]
QUI = {
    "deposer": {"coordination"},
    "commenter": {"ministere"},
    "accepter": {"ministere"},
    "remplacer": {"ministere"},
}
JOURS = st.dates(min_value=date(2019, 1, 1), max_value=date(2030, 1, 1))


def acte(nom: str = "coordination") -> dict:
    return {"auteur": personne(nom), "instant": maintenant()}


@pytest.fixture
def entente() -> Entente:
    return Entente.objects.select_related("mandataire").get(code="02-2024")


@pytest.fixture
def en_vigueur(entente: Entente) -> PlanTravail:
    return PlanTravail.objects.en_vigueur().get(entente=entente, territoire=None)


@pytest.fixture
def plan(en_vigueur: PlanTravail) -> PlanTravail:
    """La version qui suit le plan en vigueur, en brouillon."""
    return plans.preparer_version(plan=en_vigueur, echeance=None, **acte())


def refus(motif: str):
    return pytest.raises(Refus, match=motif)


# États --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("etat", EtatPlan.values)
@pytest.mark.parametrize("nom", CONNECTES)
def test_table_etat_par_role(en_vigueur: PlanTravail, etat: str, nom: str) -> None:
    en_vigueur.etat = etat
    offertes = {t.action for t in PLAN.actions_possibles(en_vigueur, personne(nom))}
    assert offertes == {t.action for t in PLAN.transitions if etat in t.de and nom in QUI[t.action]}


def test_la_table_couvre_toutes_les_actions() -> None:
    assert set(QUI) == {t.action for t in PLAN.transitions}


@pytest.mark.parametrize(
    ("champ", "motif"),
    [
        ("orientations", "pas d’orientations"),
        ("structure", "structure de gouvernance"),
        ("priorites", "aucune priorité"),
    ],
)
def test_gardes_du_depot(plan: PlanTravail, champ: str, motif: str) -> None:
    if champ == "priorites":
        plan.objectifs.all().delete()
        plan.priorites.clear()
    else:
        PlanTravail.objects.filter(pk=plan.pk).update(**{champ: "  "})
    with refus(motif):
        plans.deposer_plan(plan=plan, **acte())
    plan.refresh_from_db()
    assert (plan.etat, plan.depose_le) == ("brouillon", None)


def test_accepter_remplace_l_ancien_et_previent(plan: PlanTravail, en_vigueur: PlanTravail) -> None:
    plans.deposer_plan(plan=plan, **acte())
    plans.accepter_plan(plan=plan, commentaire="Merci.", **acte("ministere"))
    en_vigueur.refresh_from_db()
    plan.refresh_from_db()
    assert (en_vigueur.etat, plan.etat, plan.commentaire) == ("remplace", "accepte", "Merci.")
    assert plan_en_vigueur(plan.entente) == plan
    courriel = Courriel.objects.get(genre="alliances/plan_accepte", objet_id=plan.pk)
    assert courriel.destinataire == "coordination@demo.example"
    assert "Merci." in courriel.texte


def test_commenter_rend_le_brouillon_et_exige_un_commentaire(plan: PlanTravail) -> None:
    plans.deposer_plan(plan=plan, **acte())
    with refus("Écrivez ce que la coordination doit revoir"):
        plans.commenter_plan(plan=plan, commentaire=" ", **acte("ministere"))
    plans.commenter_plan(plan=plan, commentaire="Précisez les zones.", **acte("ministere"))
    plan.refresh_from_db()
    assert (plan.etat, plan.commentaire) == ("brouillon", "Précisez les zones.")
    assert "Précisez les zones." in Courriel.objects.get(genre="alliances/plan_commente", objet_id=plan.pk).texte
    plans.deposer_plan(plan=plan, **acte())
    assert (
        TransitionEtat.objects.filter(objet_type="alliances.plantravail", objet_id=plan.pk, action="deposer").count()
        == 2
    )


def test_accepter_un_brouillon_ne_remplace_rien(plan: PlanTravail, en_vigueur: PlanTravail) -> None:
    with refus("n’est plus possible"):
        plans.accepter_plan(plan=plan, commentaire="", **acte("ministere"))
    en_vigueur.refresh_from_db()
    assert en_vigueur.etat == "accepte"


@pytest.mark.parametrize("etat", ["accepte", "depose"])
def test_la_base_refuse_deux_plans_du_meme_rang(en_vigueur: PlanTravail, etat: str) -> None:
    """Un seul en vigueur, un seul en préparation, même sans passer par les services."""
    champs = {"entente": en_vigueur.entente, "cree_le": maintenant(), "depose_le": maintenant()}
    if etat == "depose":
        PlanTravail.objects.create(version=90, etat="brouillon", **champs)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanTravail.objects.create(version=91, etat=etat, accepte_le=maintenant(), **champs)


def test_la_base_refuse_un_territoire_d_ailleurs(entente: Entente) -> None:
    ailleurs = Territoire.objects.filter(entente__code="14-2017").first()
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanTravail.objects.create(entente=entente, territoire=ailleurs, version=1, cree_le=maintenant())


# Versions -----------------------------------------------------------------------------------------------------


def test_une_version_copie_la_precedente(plan: PlanTravail, en_vigueur: PlanTravail) -> None:
    assert plan.version == en_vigueur.version + 1
    for nom in plans.TEXTES:
        assert getattr(plan, nom) == getattr(en_vigueur, nom)
    for ensemble in ("priorites", "zones"):
        assert set(getattr(plan, ensemble).all()) == set(getattr(en_vigueur, ensemble).all())
    lus = [list(p.objectifs.order_by("code").values_list("code", "fait_le")) for p in (plan, en_vigueur)]
    assert lus[0] == lus[1] != []
    sommes = [sorted(p.engagements.values_list("partenaire", "promis", "recu")) for p in (plan, en_vigueur)]
    assert sommes[0] == sommes[1] != []
    assert (plan.depose_le, plan.accepte_le, plan.commentaire) == (None, None, "")


def test_une_seule_version_en_preparation(plan: PlanTravail, en_vigueur: PlanTravail) -> None:
    with refus("déjà en préparation"):
        plans.preparer_version(plan=en_vigueur, echeance=None, **acte())


def test_un_territoire_sans_delegation_n_a_pas_son_plan(entente: Entente) -> None:
    territoire = Territoire.objects.get(entente=entente, code="CH")
    with refus("pas de délégation"):
        plans.creer_plan(entente=entente, territoire=territoire, echeance=None, **acte())
    delegue = Territoire.objects.get(entente=entente, code="DR")
    assert plan_en_vigueur(entente, delegue) == plan_en_vigueur(entente), "pas encore accepté : celui de l'entente vaut"
    depose = PlanTravail.objects.get(territoire=delegue)
    plans.accepter_plan(plan=depose, commentaire="", **acte("ministere"))
    assert plan_en_vigueur(entente, delegue) == depose


@pytest.mark.parametrize("etat", ["depose", "accepte", "remplace"])
def test_un_plan_depose_ne_s_ecrit_plus(plan: PlanTravail, etat: str) -> None:
    PlanTravail.objects.en_vigueur().filter(entente=plan.entente).update(etat="remplace")
    PlanTravail.objects.filter(pk=plan.pk).update(etat=etat, depose_le=maintenant(), accepte_le=maintenant())
    plan.refresh_from_db()
    textes = {"orientations": "x", "structure": "x", "mecanique": "", "echeance": None}
    for commande, arguments in (
        (plans.ecrire_textes, textes),
        (plans.choisir_priorites, {"priorites": []}),
        (plans.choisir_zones, {"zones": []}),
        (elements.ajouter_zone, {"nom": "X", "motif": "", "territoire": None}),
    ):
        with refus("n’est plus un brouillon"):
            commande(plan=plan, **arguments, **acte())
    with refus("n’est plus un brouillon"):
        elements.retirer_element(element=plan.objectifs.first(), **acte())


@pytest.mark.parametrize("nom", [nom for nom in CONNECTES if nom != "coordination"])
def test_personne_d_autre_n_ecrit(plan: PlanTravail, en_vigueur: PlanTravail, nom: str) -> None:
    objectif = en_vigueur.objectifs.get(code="O1")
    for commande, arguments in (
        (plans.creer_plan, {"entente": plan.entente, "territoire": None, "echeance": None}),
        (plans.choisir_zones, {"plan": plan, "zones": []}),
        (plans.deposer_plan, {"plan": plan}),
        (elements.marquer_objectif, {"objectif": objectif, "fait_le": None}),
        (elements.inscrire_recu, {"engagement": en_vigueur.engagements.first(), "recu": Decimal(1)}),
    ):
        with refus("Votre rôle ne permet pas"):
            commande(**arguments, **acte(nom))


# Contenu ------------------------------------------------------------------------------------------------------


def objectif(plan: PlanTravail, **champs) -> ObjectifPlan:
    valeurs = {"objectif": None, "code": "O9", "libelle": "Essai", "priorite": None, "echeance": None}
    return elements.ecrire_objectif(plan=plan, **{**valeurs, **champs}, **acte())


def test_objectifs_ecrits_modifies_retires(plan: PlanTravail) -> None:
    ajoute = objectif(plan)
    assert objectif(plan, objectif=ajoute, libelle="Autre").pk == ajoute.pk
    with refus("existe déjà"):
        objectif(plan, code="O1")
    with refus("n’est pas au plan"):
        objectif(plan, code="O8", priorite=plan.entente.priorites.exclude(plans=plan).first())
    elements.retirer_element(element=ajoute, **acte())
    assert not plan.objectifs.filter(code="O9").exists()


def test_un_objectif_d_un_autre_plan_ne_se_recrit_pas(plan: PlanTravail, en_vigueur: PlanTravail) -> None:
    with refus("pas de ce plan"):
        objectif(plan, objectif=en_vigueur.objectifs.first(), code="O7")


def test_une_priorite_servie_ne_se_retire_pas(plan: PlanTravail) -> None:
    with refus("O1 sert une priorité"):
        plans.choisir_priorites(plan=plan, priorites=[], **acte())
    with refus("n’est pas de l’entente"):
        plans.choisir_priorites(
            plan=plan, priorites=[Priorite.objects.filter(entente__code="14-2017").first()], **acte()
        )


@pytest.mark.parametrize(
    ("niveau", "lettres", "motif"),
    [("locale", "", "priorité locale"), ("regionale", "CH", "priorité locale"), ("regionale", "", None)],
)
def test_niveau_et_territoire_d_une_priorite(plan: PlanTravail, niveau: str, lettres: str, motif: str | None) -> None:
    territoire = Territoire.objects.filter(entente=plan.entente, code=lettres).first()
    arguments = {"plan": plan, "libelle": "Fracture numérique", "niveau": niveau, "territoire": territoire, **acte()}
    if motif:
        with refus(motif):
            elements.ajouter_priorite(**arguments)
        return
    assert elements.ajouter_priorite(**arguments) in plan.priorites.all()
    with refus("existe déjà"):
        elements.ajouter_priorite(**arguments)


def test_marquer_fait_suit_la_version_qui_se_prepare(plan: PlanTravail, en_vigueur: PlanTravail) -> None:
    elements.marquer_objectif(objectif=en_vigueur.objectifs.get(code="O1"), fait_le=aujourd_hui(), **acte())
    assert plan.objectifs.get(code="O1").fait_le == aujourd_hui()
    with refus("pas encore venu"):
        elements.marquer_objectif(
            objectif=en_vigueur.objectifs.get(code="O3"), fait_le=aujourd_hui() + timedelta(days=1), **acte()
        )
    elements.marquer_objectif(objectif=plan.objectifs.get(code="O3"), fait_le=aujourd_hui(), **acte())
    assert en_vigueur.objectifs.get(code="O3").fait_le is None, "le brouillon n'écrit pas dans le plan en vigueur"


def test_recu_au_cumul_et_totaux(plan: PlanTravail, en_vigueur: PlanTravail) -> None:
    engagement = en_vigueur.engagements.get(nature="argent")
    elements.inscrire_recu(engagement=engagement, recu=Decimal("60000.00"), **acte())
    assert plan.engagements.get(nature="argent").recu == Decimal(60_000)
    lu = lire_plan(en_vigueur, aujourd_hui())
    assert (lu.total.promis, lu.total.recu) == (Decimal(102_500), Decimal("91250.50"))
    assert sum(c.recu for c in lu.contributions) == lu.total.recu
    for faux in (Decimal("-1"), Decimal("0.001")):
        with refus("zéro ou plus"):
            elements.inscrire_recu(engagement=engagement, recu=faux, **acte())


def test_engagement_d_un_partenaire(plan: PlanTravail) -> None:
    valeurs = {"engagement": None, "nature": "temps", "description": "Accueil", "promis": Decimal(100)}
    partenaire = Partenaire.objects.filter(entente=plan.entente).first()
    ecrit = elements.ecrire_engagement(plan=plan, partenaire=partenaire, **valeurs, **acte())
    assert ecrit.recu == 0
    with refus("déjà au plan"):
        elements.ecrire_engagement(plan=plan, partenaire=partenaire, **valeurs, **acte())
    with refus("en dollars"):
        elements.ecrire_engagement(plan=plan, partenaire=partenaire, **{**valeurs, "promis": Decimal(0)}, **acte())
    elements.retirer_element(element=ecrit, **acte())
    assert not EngagementPartenaire.objects.filter(pk=ecrit.pk).exists()


def test_un_plan_remplace_ne_se_suit_plus(en_vigueur: PlanTravail) -> None:
    ancien = PlanTravail.objects.get(entente=en_vigueur.entente, territoire=None, etat="remplace")
    objectif_ancien = ObjectifPlan.objects.create(entente=ancien.entente, plan=ancien, code="A", libelle="A")
    with refus("remplacé"):
        elements.marquer_objectif(objectif=objectif_ancien, fait_le=aujourd_hui(), **acte())


def consultation(entente: Entente, **champs) -> Consultation:
    valeurs = {
        "consultation": None,
        "territoire": None,
        "tenue_le": aujourd_hui(),
        "lieu": "Salle",
        "participants": 12,
        "constats": "Se loger.",
        "priorites": [],
    }
    return elements.ecrire_consultation(entente=entente, **{**valeurs, **champs}, **acte())


def test_consultation_tenue_et_ce_qui_en_sort(entente: Entente) -> None:
    priorite = entente.priorites.first()
    ecrite = consultation(entente, priorites=[priorite])
    assert list(ecrite.priorites.all()) == [priorite]
    assert consultation(entente, consultation=ecrite, lieu="Ailleurs").pk == ecrite.pk
    for champs, motif in (
        ({"tenue_le": aujourd_hui() + timedelta(days=1)}, "une fois tenue"),
        ({"constats": " "}, "ce qui en est sorti"),
        ({"territoire": Territoire.objects.filter(entente__code="14-2017").first()}, "pas de l’entente"),
        ({"priorites": [Priorite.objects.filter(entente__code="14-2017").first()]}, "pas de l’entente"),
    ):
        with refus(motif):
            consultation(entente, **champs)


# Appels -------------------------------------------------------------------------------------------------------


def test_l_appel_cite_le_plan_en_vigueur_a_sa_publication(en_vigueur: PlanTravail) -> None:
    appel = Appel.objects.get(code="02-2024-1")
    assert appel.plan == en_vigueur == plan_a_citer(appel)
    assert {o.code for o in appel.objectifs.all()} == {"O1", "O3"}


def test_un_appel_ne_se_lie_qu_aux_objectifs_du_plan_cite(plan: PlanTravail) -> None:
    appel = Appel.objects.get(code="02-2024-1")
    with refus("pas du plan que l’appel cite"):
        lier_objectifs(appel=appel, objectifs=[plan.objectifs.first()], **acte())
    with refus("Votre rôle"):
        lier_objectifs(appel=appel, objectifs=[], **acte("finances"))


def test_un_objectif_cite_reste_au_plan(plan: PlanTravail) -> None:
    cite = plan.objectifs.get(code="O1")
    cite.appels.add(Appel.objects.get(code="02-2024-1"))
    with refus("cite cet objectif"):
        elements.retirer_element(element=cite, **acte())


# Règles -------------------------------------------------------------------------------------------------------


@given(st.none() | JOURS, st.none() | JOURS, JOURS)
def test_l_etat_d_un_objectif_se_deduit(echeance: date | None, fait_le: date | None, jour: date) -> None:
    etat = etat_objectif(echeance, fait_le, jour)
    assert (etat == EtatObjectif.FAIT) is (fait_le is not None)
    assert (etat == EtatObjectif.EN_RETARD) is (fait_le is None and echeance is not None and echeance < jour)


def test_le_jour_meme_n_est_pas_en_retard() -> None:
    jour = date(2019, 3, 31)
    assert etat_objectif(jour, None, jour) == EtatObjectif.A_FAIRE
    assert not plan_en_retard("brouillon", jour, jour)
    assert plan_en_retard("brouillon", jour, date(2019, 4, 1))
    assert not plan_en_retard("depose", jour, date(2019, 4, 1))
