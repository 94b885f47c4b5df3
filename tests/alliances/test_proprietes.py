"""Toute suite d'opérations, permises ou refusées, laisse le grand livre juste : propriété, sur les vrais services."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliances.models import Engagement, Entente, Enveloppe, Mouvement
from alliances.requetes.soldes import releve, soldes_a_reporter
from alliances.services import enveloppes as s
from socle.erreurs import Refus
from socle.horloge import maintenant
from socle.integrite import CONTROLES
from tests.outils.exercices import exercice_dote, exercice_suivant
from tests.outils.personnes import personne

pytestmark = pytest.mark.django_db
LETTRES = ("MC", "RG", "AD", "BS")
LIVRE = [nom for nom in CONTROLES if "livre" in nom or "soldes" in nom or "virement" in nom or "≥" in nom]
operations = st.tuples(
    st.sampled_from(
        ["allouer", "virer", "ajuster", "engager", "degager", "verser", "recouvrer", "reporter", "contrepasser"]
    ),
    st.integers(0, 3),
    st.integers(0, 3),
    st.decimals(min_value="-200000", max_value="700000", places=2),
    st.integers(0, 1),
)


def _exercices() -> tuple[str, str]:
    return exercice_dote(), exercice_suivant()


def _enveloppe(rang: int) -> Enveloppe:
    return Enveloppe.objects.select_related("entente__mandataire").get(code=f"02-2024/{LETTRES[rang]}")


def _engagement(rang: int) -> Engagement | None:
    return (
        Engagement.objects.filter(entente__code="02-2024", libre=True)
        .select_related("entente__mandataire", "enveloppe")
        .order_by("-id")[rang : rang + 1]
        .first()
    )


def _jouer(operation: tuple, cle: str) -> None:
    acte, un, deux, montant, rang = operation
    commun = {"auteur": personne("coordination"), "instant": maintenant(), "motif": "Essai"}
    chiffre = {**commun, "cle": cle, "exercice": _exercices()[rang], "montant": montant}
    engagement = _engagement(un)
    if acte == "allouer":
        s.allouer_enveloppe(enveloppe=_enveloppe(un), **chiffre)
    elif acte == "virer":
        s.virer_solde(enveloppe=_enveloppe(un), cible=_enveloppe(deux), mandat="CA", **chiffre)
    elif acte == "ajuster":
        s.ajuster_dotation(enveloppe=_enveloppe(un), mandat="", **chiffre)
    elif acte == "engager":
        s.engager_hors_projet(enveloppe=_enveloppe(un), reference=cle, **chiffre)
    elif acte == "reporter":
        s.reporter_soldes(entente=_enveloppe(un).entente, de=_exercices()[0], vers=_exercices()[1], cle=cle, **commun)
    elif acte == "contrepasser":
        mouvement = Mouvement.objects.filter(entente__code="02-2024").order_by("-sequence")[un]
        s.contrepasser(mouvement=mouvement, exercice=_exercices()[rang], **commun)
    elif engagement is not None and acte == "degager":
        s.degager_engagement(engagement=engagement, **chiffre)
    elif engagement is not None and acte == "recouvrer":
        s.recouvrer_versement(engagement=engagement, **chiffre)
    elif engagement is not None:
        paiement = {**chiffre, "auteur": personne("tresorerie"), "paiement": "V"}
        paiement.pop("motif")
        s.verser_engagement(engagement=engagement, **paiement)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(operations, min_size=1, max_size=10))
def test_toute_suite_d_operations_laisse_le_livre_juste(suite: list[tuple]) -> None:
    with transaction.atomic():
        for rang, operation in enumerate(suite):
            ecrits = Mouvement.objects.count()
            try:
                _jouer(operation, f"suite-{rang}")
            except Refus:
                assert Mouvement.objects.count() == ecrits, "un refus n'écrit rien"
        entente = Entente.objects.get(code="02-2024")
        enveloppes = list(entente.enveloppes.all())
        assert sum(e.dotation for e in enveloppes) <= entente.montant
        assert all(0 <= e.verse <= e.engage <= e.dotation for e in enveloppes)
        assert [f"{nom} : {f.constat}" for nom in LIVRE for f in CONTROLES[nom]()] == []
        for lettres in LETTRES:
            e = Enveloppe.objects.get(code=f"02-2024/{lettres}")
            fin = releve(e, maintenant()).fin
            assert (fin.dotation, fin.engage, fin.verse) == (e.dotation, e.engage, e.verse)
        par_exercice = sum(r.solde for exercice in _exercices() for r in soldes_a_reporter(entente, exercice))
        assert par_exercice == sum(e.disponible for e in enveloppes)
        assert Mouvement.objects.filter(entente=entente, type="virement").aggregate(t=Sum("montant"))["t"] in {
            None,
            Decimal(0),
        }
        transaction.set_rollback(True)
