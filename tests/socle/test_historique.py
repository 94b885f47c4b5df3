"""Les valeurs d'avant : gardées à chaque changement, d'où qu'il vienne, avec la personne, sans pouvoir se réécrire."""

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from alliances.models import Affectation, Delegation, Entente, Mandataire, MembreComite, Territoire
from comptes.models import Organisme
from socle.historique import modifications
from tests.outils.personnes import client, personne

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("modele", [Mandataire, Entente, Territoire, Delegation, MembreComite, Affectation, Organisme])
def test_une_mise_a_jour_en_lot_garde_les_valeurs_d_avant(modele) -> None:
    objet = modele.objects.order_by("pk").first()
    champ = next(c for c in objet._meta.concrete_fields if c.get_internal_type() in {"CharField", "DateField"})
    modele.objects.filter(pk=objet.pk).update(**{champ.attname: objet.__dict__[champ.attname]})
    sans_changement = len(modifications(objet))
    with connection.cursor() as curseur:
        curseur.execute(f'UPDATE "{objet._meta.db_table}" SET "{champ.column}" = "{champ.column}"')
    assert len(modifications(objet)) == sans_changement, "rien n'a changé : rien ne se range"


def test_la_fiche_montre_qui_a_change_quoi() -> None:
    mandataire, c = Mandataire.objects.get(code="02"), client("coordination")
    adresse = reverse("admin:alliances_mandataire_fiche", args=[mandataire.pk])
    assert c.post(adresse, {"presentation": "Une présentation neuve", "ville": "Alma"}).status_code == 302
    mandataire.refresh_from_db()
    derniere = modifications(mandataire)[0]
    assert derniere.personne == str(personne("coordination"))
    lus = {changement.champ: (changement.avant, changement.apres) for changement in derniere.changements}
    assert lus["ville"] == ("–", "Alma")
    page = c.get(reverse("admin:alliances_mandataire_change", args=[mandataire.pk])).content.decode()
    assert "Ce que valaient les champs changés" in page
    assert "Alma" in page


def test_deux_changements_se_lisent_dans_l_ordre() -> None:
    territoire = Territoire.objects.get(entente__code="02-2024", code="MC")
    for nom in ("Premier", "Second"):
        Territoire.objects.filter(pk=territoire.pk).update(nom=nom)
    territoire.refresh_from_db()
    [second, premier] = [m.changements[0] for m in modifications(territoire)[:2]]
    assert (second.avant, second.apres) == ("Premier", "Second")
    assert (premier.avant, premier.apres) == ("Maria-Chapdelaine", "Premier")


def test_les_valeurs_d_avant_ne_se_reecrivent_pas() -> None:
    Territoire.objects.filter(entente__code="02-2024", code="MC").update(nom="X")
    for requete in (
        "UPDATE alliances_territoireavant SET nom = 'faux'",
        "DELETE FROM alliances_territoireavant",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as curseur:
            curseur.execute(requete)
