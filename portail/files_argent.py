"""Files de l'accueil de l'admin pour l'argent de l'entente : à répartir, à reporter, à recevoir, à payer hors projet."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from alliances.enums import EtatEntente
from alliances.models import Engagement, Entente, ExerciceFerme, TrancheMinistere
from alliances.requetes.soldes import soldes_non_engages
from comptes.enums import Role
from portail.files_cadre import Rangee
from socle.admin.actes import adresse_lecture
from socle.argent import ZERO
from socle.exercices import exercice_de
from socle.formats import argent_cents, date_longue
from socle.horloge import aujourd_hui


def files_de_l_argent(utilisateur: Any) -> Iterator[tuple[str, str, QuerySet | list, str, Callable[[Any], Rangee]]]:
    """(titre, geste, objets, adresse de la liste, objet → rangée), selon le rôle."""
    jour, portees = aujourd_hui(), utilisateur.portees
    ententes = reverse("admin:alliances_entente_changelist")
    if portees.a_role(Role.COORDINATION):
        actives = Entente.objects.visibles_pour(utilisateur).filter(etat=EtatEntente.ACTIVE, fin__gte=jour)
        yield (
            _("Argent à répartir"),
            _("L’entente a plus que ses enveloppes : allouer."),
            [entente for entente in _avec_reste(actives) if entente.reste > 0],
            ententes,
            lambda e: (e.code, adresse_lecture(e), argent_cents(e.reste)),
        )
        precedent = _exercice_precedent(jour)
        yield (
            _("Soldes à reporter"),
            _("L’exercice {exercice} est fini : reporter ce qui n’est pas engagé.").format(exercice=precedent),
            _a_reporter(actives, precedent),
            ententes,
            lambda paire: (paire[0].code, adresse_lecture(paire[0]), argent_cents(paire[1])),
        )
    if portees.a_role(Role.COORDINATION, Role.FINANCES, Role.TRESORERIE):
        yield (
            _("Tranches attendues du ministère"),
            _("La date est passée : inscrire ce qui est reçu."),
            TrancheMinistere.objects.visibles_pour(utilisateur)
            .filter(recue__isnull=True, prevue_le__lte=jour)
            .select_related("entente")
            .order_by("prevue_le", "id"),
            ententes,
            lambda t: (
                f"{t.entente.code} – {argent_cents(t.prevue)}",
                adresse_lecture(t.entente),
                _("Prévue le {date}").format(date=date_longue(t.prevue_le)),
            ),
        )
    if portees.a_role(Role.FINANCES, Role.TRESORERIE):
        yield (
            _("Dépenses hors projet à payer"),
            _("Engagées par une autre personne."),
            Engagement.objects.visibles_pour(utilisateur)
            .filter(libre=True, clos_le__isnull=True, montant__gt=F("verse"))
            .select_related("enveloppe")
            .order_by("ouvert_le", "id"),
            f"{reverse('admin:alliances_engagement_changelist')}?libre__exact=1",
            lambda e: (e.reference, adresse_lecture(e), f"{e.enveloppe} – {argent_cents(e.montant - e.verse)}"),
        )


def _avec_reste(ententes: QuerySet[Entente]) -> list[Any]:
    """Les ententes au montant connu, avec `reste` : ce qui n'est dans aucune enveloppe (une requête)."""
    annotees = list(ententes.filter(montant__isnull=False).annotate(reparti=Sum("enveloppes__dotation", default=ZERO)))
    for entente in annotees:
        entente.reste = entente.montant - entente.reparti
    return annotees


def _exercice_precedent(jour: date) -> str:
    premiere = int(exercice_de(jour)[:4])
    return f"{premiere - 1}-{premiere}"


def _a_reporter(ententes: QuerySet[Entente], exercice: str) -> list[tuple[Entente, Decimal]]:
    soldes = soldes_non_engages(exercice)
    ouvertes = ententes.exclude(
        exercices_fermes__in=ExerciceFerme.objects.filter(exercice=exercice, rouvert_le__isnull=True)
    )
    return [(entente, soldes[entente.pk]) for entente in ouvertes.order_by("code") if soldes.get(entente.pk, ZERO) > 0]
