"""Territoires et délégations : l'arbre sans boucle, contacts et zones, ce qui est confié, qui décide; la démonstration."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from alliances.enums import Pouvoir
from alliances.models import (
    Comite,
    ContactTerritoire,
    Delegation,
    Entente,
    Enveloppe,
    InstanceDecisionnelle,
    PlanTravail,
    Territoire,
    ZoneVisee,
)
from alliances.regles.periodes import chevauchement
from alliances.regles.territoires import fait_une_boucle
from alliances.requetes.instances import instance_competente
from alliances.services.delegations import deleguer, finir_delegation, modifier_delegation
from alliances.services.territoires import creer_territoire, inscrire_contact, inscrire_zone, modifier_territoire
from socle.erreurs import Refus
from socle.formats import argent_cents
from socle.horloge import aujourd_hui, maintenant
from socle.models import Mrc, TransitionEtat
from tests.outils.personnes import ROLES, client, personne

pytestmark = pytest.mark.django_db
JOUR = aujourd_hui()


def entente(code: str = "02-2024") -> Entente:
    return Entente.objects.select_related("mandataire__region").get(code=code)


def territoire(lettres: str = "CH", code: str = "02-2024") -> Territoire:
    return Territoire.objects.select_related("entente__mandataire").get(entente__code=code, code=lettres)


def acteur(nom: str = "coordination") -> dict[str, object]:
    return {"auteur": personne(nom), "instant": maintenant()}


def creer(**autres: object) -> Territoire:
    return creer_territoire(**{"entente": entente(), "code": "SU", "nom": "Sous-territoire", **acteur(), **autres})


def modifier(objet: Territoire, **autres: object) -> Territoire:
    return modifier_territoire(**{"territoire": objet, "nom": objet.nom, **acteur(), **autres})


def confier(objet: Territoire | None = None, **autres: object) -> Delegation:
    arguments = {
        "territoire": objet or territoire(),
        "delegataire": "MRC (démonstration)",
        "pouvoirs": [Pouvoir.EVALUER],
        "depuis": JOUR,
        **acteur(),
    }
    return deleguer(**{**arguments, **autres})


# L'arbre ----------------------------------------------------------------------------------------------------


def test_creer_un_territoire_et_ses_mrc() -> None:
    mrc = list(Mrc.objects.filter(code__in=["941", "942"]))
    neuf = creer(code="su", parent=territoire(), mrc=mrc, fuseau="America/Halifax")
    assert (neuf.code, neuf.parent, neuf.fuseau) == ("SU", territoire(), "America/Halifax")
    assert set(neuf.mrc.all()) == set(mrc)
    assert TransitionEtat.objects.filter(objet_type="alliances.territoire", objet_id=neuf.pk, action="creer").exists()


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        ("lettres", {"code": "A"}),
        ("lettres", {"code": "É1"}),
        ("pris", {"code": "CH"}),
        ("entente", {"parent": ("CH", "02-2017")}),
        ("mrc", {"mrc": ["23"]}),
        ("fuseau", {"fuseau": "Europe/Paris"}),
    ],
)
def test_territoires_refuses(code: str, arguments: dict) -> None:
    if "parent" in arguments:
        arguments = {"parent": territoire(*arguments["parent"])}
    if "mrc" in arguments:
        arguments = {"mrc": list(Mrc.objects.filter(code__in=arguments["mrc"]))}
    avant = Territoire.objects.count()
    with pytest.raises(Refus) as refus:
        creer(**arguments)
    assert refus.value.code == code
    assert Territoire.objects.count() == avant


def test_une_entente_close_garde_ses_territoires() -> None:
    Entente.objects.filter(code="02-2024").update(etat="close")
    with pytest.raises(Refus, match="close"):
        creer()
    with pytest.raises(Refus, match="close"):
        modifier(territoire(), nom="Autre")


def test_les_premieres_nations_sont_hors_mrc() -> None:
    pn = entente("PN-2017")
    with pytest.raises(Refus) as refus:
        creer_territoire(
            entente=pn, code="XX", nom="X", mrc=list(Mrc.objects.filter(code="23")), auteur=None, instant=maintenant()
        )
    assert refus.value.code == "mrc"


def test_un_arbre_ne_tourne_pas_en_rond() -> None:
    haut = territoire()
    milieu = creer(parent=haut)
    bas = creer(code="SV", parent=milieu)
    for parent in (haut, milieu, bas):
        with pytest.raises(Refus) as refus:
            modifier(haut, parent=parent)
        assert (refus.value.code, refus.value.champ) == ("boucle", "parent")
    assert modifier(bas, parent=haut).parent == haut


def test_la_base_refuse_un_territoire_dans_lui_meme() -> None:
    objet = territoire()
    with pytest.raises(IntegrityError), transaction.atomic():
        Territoire.objects.filter(pk=objet.pk).update(parent=objet)


@given(
    st.dictionaries(st.integers(0, 6), st.integers(0, 6) | st.none(), max_size=7), st.integers(0, 6), st.integers(0, 6)
)
def test_fait_une_boucle_dit_vrai_si_l_on_se_retrouve(parents: dict, enfant: int, parent: int) -> None:
    vus, ici = [], parent
    while ici is not None and ici not in vus:
        vus.append(ici)
        ici = parents.get(ici)
    assert fait_une_boucle(parents, enfant, parent) is (enfant in vus)


JOURS = st.integers(0, 20).map(lambda n: date(2026, 1, 1) + timedelta(days=n))


@given(JOURS, JOURS | st.none(), JOURS, JOURS | st.none())
def test_chevauchement(debut: date, fin: date | None, autre: date, autre_fin: date | None) -> None:
    def jours(du: date, au: date | None) -> set[date]:
        return {
            date(2026, 1, 1) + timedelta(days=n)
            for n in range(40)
            if du <= date(2026, 1, 1) + timedelta(days=n) <= (au or date(2027, 1, 1))
        }

    if (fin is None or fin >= debut) and (autre_fin is None or autre_fin >= autre):
        assert chevauchement(debut, fin, autre, autre_fin) is bool(jours(debut, fin) & jours(autre, autre_fin))


@pytest.mark.parametrize("nom", [r for r in ROLES if r not in {"anonyme", "coordination"}])
def test_seule_la_coordination_gere(nom: str) -> None:
    delegation = Delegation.objects.get(entente__code="02-2024", territoire__code="MC")
    gestes = (
        lambda: creer(**acteur(nom)),
        lambda: modifier(territoire(), **acteur(nom)),
        lambda: inscrire_contact(territoire=territoire(), nom="x", telephone="4185550100", **acteur(nom)),
        lambda: inscrire_zone(territoire=territoire(), nom="x", **acteur(nom)),
        lambda: confier(**acteur(nom)),
        lambda: finir_delegation(delegation=delegation, jusqua=JOUR, **acteur(nom)),
    )
    for geste in gestes:
        with pytest.raises(Refus) as refus:
            geste()
        assert refus.value.code == "permission"


# Contacts et zones ------------------------------------------------------------------------------------------


def test_contacts_publics() -> None:
    objet = territoire()
    present = objet.contacts.get()
    faire = {"territoire": objet, **acteur()}
    with pytest.raises(Refus, match="téléphone ou un courriel"):
        inscrire_contact(**faire, nom="Accueil")
    inscrire_contact(**faire, nom="Accueil", courriel="accueil@demo.example")
    inscrire_contact(**faire, contact=present, nom="Autre fonction", telephone="4185550100")
    assert set(objet.contacts.values_list("nom", flat=True)) == {"Accueil", "Autre fonction"}
    inscrire_contact(**faire, contact=present, nom="Autre fonction", retirer=True)
    assert objet.contacts.count() == 1
    with pytest.raises(Refus, match="autre territoire"):
        inscrire_contact(**faire, contact=territoire("JQ").contacts.get(), nom="x", telephone="4185550100")


def test_zones_ou_se_concentre_la_pauvrete() -> None:
    objet = territoire()
    faire = {"territoire": objet, **acteur()}
    inscrire_zone(**faire, nom="Zone neuve", motif="Étude")
    with pytest.raises(Refus, match="déjà ce nom"):
        inscrire_zone(**faire, nom="Zone neuve")
    zone = ZoneVisee.objects.get(nom="Zone neuve")
    inscrire_zone(**faire, zone=zone, nom="Zone neuve", retiree_le=JOUR)
    zone.refresh_from_db()
    assert (zone.retiree_le, zone.entente, zone.territoire) == (JOUR, objet.entente, objet)


# Déléguer ---------------------------------------------------------------------------------------------------


def test_l_instance_deleguee_l_emporte() -> None:
    """R27 : le conseil de la MRC décide pour son territoire et ce qui en fait partie, l'instance de l'entente ailleurs."""
    objet = territoire()
    dessous = creer(parent=objet)
    avant = instance_competente(entente(), objet.pk, JOUR)
    confier(pouvoirs=[Pouvoir.DECIDER], instance_nom="conseil de la MRC (démonstration)", depuis=JOUR)
    for lieu in (objet, dessous):
        assert instance_competente(entente(), lieu.pk, JOUR) == "conseil de la MRC (démonstration)"
    assert instance_competente(entente(), objet.pk, JOUR - timedelta(days=1)) == avant
    assert instance_competente(entente(), territoire("JQ").pk, JOUR) == avant


def test_mettre_fin_rend_la_decision_au_mandataire() -> None:
    avant = instance_competente(entente(), territoire().pk, JOUR)
    delegation = confier(pouvoirs=[Pouvoir.DECIDER], instance_nom="conseil (démonstration)", depuis=JOUR)
    finie = finir_delegation(delegation=delegation, jusqua=JOUR + timedelta(days=3), **acteur())
    assert finie.jusqua == JOUR + timedelta(days=3)
    decide = [instance_competente(entente(), territoire().pk, JOUR + timedelta(days=n)) for n in (3, 4)]
    assert decide == ["conseil (démonstration)", avant]
    for jusqua, mots in ((JOUR - timedelta(days=1), "avant le début"), (JOUR + timedelta(days=9), "plus tôt")):
        with pytest.raises(Refus, match=mots):
            finir_delegation(delegation=delegation, jusqua=jusqua, **acteur())


def test_une_seule_delegation_courante_par_territoire() -> None:
    premiere = confier()
    with pytest.raises(Refus) as refus:
        confier(depuis=JOUR + timedelta(days=30))
    assert refus.value.code == "deja"
    finir_delegation(delegation=premiere, jusqua=JOUR + timedelta(days=29), **acteur())
    suivante = confier(depuis=JOUR + timedelta(days=30))
    with pytest.raises(Refus, match="déjà délégué"):
        modifier_delegation(
            delegation=suivante,
            delegataire="x",
            pouvoirs=[Pouvoir.EVALUER],
            depuis=JOUR + timedelta(days=29),
            **acteur(),
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.create(
            entente=entente(), territoire=territoire(), delegataire="x", pouvoirs=["evaluer"], depuis=JOUR
        )


def _ailleurs() -> dict[str, object]:
    instance = InstanceDecisionnelle.objects.create(
        entente=entente(), territoire=territoire("JQ"), nom="ailleurs", depuis=JOUR
    )
    comite = Comite.objects.create(entente=entente("02-2017"), type="local", nom="ailleurs", depuis=JOUR)
    return {"enveloppe": Enveloppe.objects.get(code="02-2024/JQ"), "instance": instance, "comite": comite}


@pytest.mark.parametrize("nom", ["enveloppe", "instance", "comite"])
def test_ce_qui_est_d_ailleurs_est_refuse(nom: str) -> None:
    with pytest.raises(Refus) as refus:
        confier(**{nom: _ailleurs()[nom]})
    assert (refus.value.code, refus.value.champ) == (nom, nom)


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        ("pouvoirs", {"pouvoirs": []}),
        ("pouvoirs", {"pouvoirs": ["tout"]}),
        ("instance", {"pouvoirs": [Pouvoir.DECIDER]}),
        ("dates", {"jusqua": JOUR - timedelta(days=1)}),
    ],
)
def test_delegations_refusees(code: str, arguments: dict) -> None:
    avant = (Delegation.objects.count(), InstanceDecisionnelle.objects.count())
    with pytest.raises(Refus) as refus:
        confier(**arguments)
    assert refus.value.code == code
    assert (Delegation.objects.count(), InstanceDecisionnelle.objects.count()) == avant


def test_le_rapport_de_la_delegation() -> None:
    delegation = Delegation.objects.get(entente__code="02-2024", territoire__code="MC")
    PlanTravail.objects.create(
        entente=delegation.entente,
        territoire=delegation.territoire,
        version=90,
        etat="accepte",
        cree_le=maintenant(),
        depose_le=maintenant(),
        accepte_le=maintenant(),
    )
    contenu = (
        client("coordination").get(reverse("admin:alliances_delegation_change", args=[delegation.pk])).content.decode()
    )
    enveloppe = delegation.enveloppe
    assert enveloppe.dotation == Decimal(126_497)
    for mots in (
        argent_cents(enveloppe.dotation),
        argent_cents(enveloppe.disponible),
        "Faire rapport au mandataire",
        "version 90",
        "agir ensemble contre la pauvreté",
        "Celle du mandataire",
    ):
        assert mots in contenu


# Les pages --------------------------------------------------------------------------------------------------


def test_les_actes_par_les_pages() -> None:
    c, objet = client("coordination"), territoire()
    page = reverse("admin:alliances_territoire_change", args=[objet.pk])
    ajouter = reverse("admin:alliances_territoire_ajouter") + "?entente=02-2024"
    saisie = {"code": "pg", "nom": "Par la page", "portee": "locale", "fuseau": "America/Toronto", "parent": objet.pk}
    assert c.post(ajouter, saisie).status_code == 302
    neuf = territoire("PG")
    modifie = reverse("admin:alliances_territoire_modifier", args=[objet.pk])
    refus = c.post(modifie, {"nom": "x", "portee": "locale", "fuseau": "America/Toronto", "parent": neuf.pk})
    assert "dans lui-même" in refus.content.decode()
    contact = objet.contacts.get()
    adresse = reverse("admin:alliances_territoire_contact", args=[objet.pk]) + f"?contact={contact.pk}"
    assert contact.nom in c.get(adresse).content.decode()
    assert c.post(adresse, {"nom": contact.nom, "retirer": "on"}).status_code == 302
    assert not ContactTerritoire.objects.filter(pk=contact.pk).exists()
    autre = territoire("JQ").contacts.get()
    for brut in (autre.pk, "x", "9" * 30):
        ailleurs = reverse("admin:alliances_territoire_contact", args=[objet.pk]) + f"?contact={brut}"
        assert c.get(ailleurs).status_code == 404
    assert (
        c.post(reverse("admin:alliances_territoire_zone", args=[objet.pk]), {"nom": "Zone par la page"}).status_code
        == 302
    )
    assert "Zone par la page" in c.get(page).content.decode()
    confie = reverse("admin:alliances_territoire_deleguer", args=[objet.pk])
    donnees = {
        "delegataire": "MRC",
        "pouvoirs": ["evaluer"],
        "instance_genre": "conseil_mrc",
        "depuis": JOUR.isoformat(),
    }
    assert c.post(confie, donnees).status_code == 302
    delegation = Delegation.objects.get(territoire=objet)
    finir = reverse("admin:alliances_delegation_finir", args=[delegation.pk])
    assert c.post(finir, {"jusqua": JOUR.isoformat()}).status_code == 302


def test_une_entente_d_ailleurs_est_introuvable() -> None:
    ajouter = reverse("admin:alliances_territoire_ajouter")
    assert client("coordination").get(ajouter, {"entente": "14-2017"}).status_code == 404


# La démonstration -------------------------------------------------------------------------------------------


def test_la_cote_nord_delegue_a_chaque_mrc_et_son_conseil_decide() -> None:
    cote_nord = entente("09-2017")
    assert cote_nord.territoires.count() == cote_nord.delegations.count() == 6
    for lieu in cote_nord.territoires.all():
        assert instance_competente(cote_nord, lieu.pk, cote_nord.debut).startswith("conseil de la MRC")
        assert lieu.mrc.count() == 1
    assert territoire("GO", "09-2017").fuseau == "America/Blanc-Sablon"
    assert not Enveloppe.objects.filter(entente=cote_nord).exists(), "sans montant publié, pas de dotation"


def test_montreal_les_iles_les_cris_et_les_premieres_nations() -> None:
    assert entente("06-2017").territoires.count() == 19
    assert territoire("IL", "11B-2017").fuseau == "America/Halifax"
    crie = territoire("EI", "10B-2017")
    assert (crie.portee, crie.communautes.count()) == ("autochtone", 9)
    pn = territoire("NC", "PN-2017")
    assert (pn.portee, pn.mrc.count()) == ("autochtone", 0)
    lanaudiere = entente("14-2017").territoires
    assert lanaudiere.filter(portee="locale", parent__portee="regionale", mrc__isnull=False).count() == 6


@pytest.mark.parametrize("code", ["02-2017", "02-2024"])
def test_l_alliance_02_a_ses_mrc_ses_contacts_et_ses_zones(code: str) -> None:
    objet = entente(code)
    mrc = {t.code: set(t.mrc.values_list("code", flat=True)) for t in objet.territoires.all()}
    saguenay = {"941", "942"}
    assert mrc == {"BS": saguenay, "CH": saguenay, "JQ": saguenay, "LE": {"93"}, "DR": {"91"}, "MC": {"92"}}
    assert all("(démonstration)" in t.contacts.get().nom for t in objet.territoires.all())
    assert objet.zones.count() == 2
