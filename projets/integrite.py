"""Contrôles d'intégrité des projets : numéros sans trou, dépôts intacts, décisions et versements accordés au grand livre."""

from collections.abc import Iterator

from django.db.models import Count, F, Max, Q, Sum

from appels.models import Appel
from projets.contenu import empreinte_de
from projets.enums import EtatVersement
from projets.models import Convention, Decision, Depot, Projet
from socle.argent import ZERO
from socle.formats import argent_cents
from socle.integrite import Faute, controle


@controle("numéros de dossier sans trou")
def numeros() -> Iterator[Faute]:
    for appel in Appel.objects.annotate(deposes=Count("projets", filter=Q(projets__numero__isnull=False))).exclude(
        deposes=F("dernier_numero")
    ):
        yield Faute(
            f"appels_appel {appel.pk} ({appel.code})",
            f"{appel.deposes} numéros donnés, le compteur dit {appel.dernier_numero}",
        )
    for appel in Appel.objects.filter(dernier_numero__gt=0):
        rangs = sorted(
            int(n.rpartition("-")[2])
            for n in Projet.objects.filter(appel=appel, numero__isnull=False).values_list("numero", flat=True)
        )
        manquants = sorted(set(range(1, appel.dernier_numero + 1)) - set(rangs))
        if manquants:
            yield Faute(f"appels_appel {appel.pk} ({appel.code})", f"numéros absents : {manquants[:5]}")


@controle("contenu des dépôts intact")
def depots() -> Iterator[Faute]:
    for depot in Depot.objects.order_by("id").iterator(chunk_size=500):
        if empreinte_de(depot.contenu) != depot.empreinte:
            yield Faute(f"projets_depot {depot.pk}", "l’empreinte ne correspond pas au contenu déposé")


@controle("octrois égaux à leurs lignes")
def octrois() -> Iterator[Faute]:
    for decision in Decision.objects.annotate(somme=Sum("lignes__montant", default=ZERO)).exclude(montant=F("somme")):
        yield Faute(
            f"projets_decision {decision.pk}",
            f"{argent_cents(decision.montant)}, ses lignes font {argent_cents(decision.somme)}",
        )


@controle("versements payés égaux au grand livre")
def versements() -> Iterator[Faute]:
    payes = Convention.objects.annotate(
        paye=Sum("versements__montant", filter=Q(versements__etat=EtatVersement.PAYE), default=ZERO)
    )
    livre = dict(
        Decision.objects.annotate(verse=Sum("lignes__engagement__verse", default=ZERO)).values_list(
            "projet_id", "verse"
        )
    )
    for convention in payes.order_by("id"):
        if convention.paye != livre.get(convention.projet_id, ZERO):
            yield Faute(
                f"projets_convention {convention.pk}",
                f"payé {argent_cents(convention.paye)}, au grand livre {argent_cents(livre.get(convention.projet_id))}",
            )


@controle("dépôts datés avant l’échéance")
def echeances() -> Iterator[Faute]:
    for projet in Projet.objects.filter(depose_le__gte=F("appel__fermeture")).annotate(rang=Max("depots__rang")):
        yield Faute(f"projets_projet {projet.pk} ({projet.numero})", "déposé après la fermeture de l’appel")
