"""Un acte d'argent se relit avant d'être inscrit : la page montre l'avant et l'après, puis inscrit.

L'aperçu exécute la vraie opération et la défait aussitôt : les refus et les soldes montrés sont ceux de la base.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Model, Sum
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from alliances.forms import argent as f
from alliances.models import Engagement, Entente, Enveloppe, Mouvement
from alliances.requetes.soldes import soldes_a_reporter
from alliances.services import enveloppes as s
from socle.admin.actes import adresse_lecture
from socle.argent import ZERO
from socle.exercices import exercice_de
from socle.horloge import EST
from socle.saisie import essayer

Soldes = list[tuple[str, str, Decimal]]  # (compte, solde, montant)


@dataclass(frozen=True)
class Ecart:
    """Un solde avant et après l'opération."""

    compte: str
    solde: str
    avant: Decimal
    apres: Decimal

    @property
    def change(self) -> bool:
        return self.avant != self.apres


def jouer_operation(
    request: HttpRequest,
    *,
    objet: Model,
    titre: str,
    formulaire: Form,
    commande: Callable[..., Any],
    lire: Callable[[], Soldes],
    succes: str,
    attention: str = "",
    arguments: dict[str, Any] | None = None,
) -> HttpResponse:
    """Formulaire, aperçu (avant et après), inscription. `lire` rend les soldes touchés, relus de la base."""
    retour, ecarts = adresse_lecture(objet), None
    if request.method == "POST" and "corriger" not in request.POST and formulaire.is_valid():
        valeurs = {**(arguments or {}), **formulaire.arguments(), "auteur": request.user, "instant": request.arrivee}
        if "inscrire" in request.POST:
            if essayer(formulaire, commande, **valeurs) is not None:
                messages.success(request, succes)
                return HttpResponseRedirect(retour)
        else:
            ecarts = _apercevoir(formulaire, commande, lire, valeurs)
    return TemplateResponse(
        request,
        "admin/alliances/operation.html",
        {
            **admin.site.each_context(request),
            "title": titre,
            "objet": objet,
            "opts": objet._meta,
            "formulaire": formulaire,
            "retour": retour,
            "ecarts": ecarts,
            "attention": attention,
            "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
        },
    )


def _apercevoir(
    formulaire: Form, commande: Callable[..., Any], lire: Callable[[], Soldes], valeurs: dict[str, Any]
) -> list[Ecart] | None:
    avant = lire()
    with transaction.atomic():
        fait = essayer(formulaire, commande, **valeurs)
        apres = lire() if fait is not None else []
        transaction.set_rollback(True)
    if fait is None:
        return None
    debut = {(compte, solde): montant for compte, solde, montant in avant}
    return [Ecart(compte, solde, debut.get((compte, solde), ZERO), montant) for compte, solde, montant in apres]


def soldes_enveloppes(*cles: int) -> Callable[[], Soldes]:
    """Lit dotation, engagé, versé et disponible des enveloppes, et ce qui reste à répartir de l'entente."""

    def lire() -> Soldes:
        enveloppes = Enveloppe.objects.filter(pk__in=cles).select_related("entente").order_by("ordre")
        soldes = [
            (enveloppe.libelle, nom, montant)
            for enveloppe in enveloppes
            for nom, montant in (
                (_("Dotation"), enveloppe.dotation),
                (_("Engagé"), enveloppe.engage),
                (_("Versé"), enveloppe.verse),
                (_("Disponible"), enveloppe.disponible),
            )
        ]
        entente = enveloppes[0].entente
        reparti = entente.enveloppes.aggregate(total=Sum("dotation"))["total"] or ZERO
        return [
            *soldes,
            (_("Entente {code}").format(code=entente.code), _("Reste à répartir"), (entente.montant or ZERO) - reparti),
        ]

    return lire


def _exercice(request: HttpRequest) -> str:
    return exercice_de(request.arrivee.astimezone(EST).date())


def _donnees(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _sur_enveloppe(
    request: HttpRequest,
    enveloppe: Enveloppe,
    classe: type[f.OperationForm],
    titre: str,
    commande: Callable[..., Any],
    succes: str,
    autres: Sequence[int] = (),
    **propres: Any,
) -> HttpResponse:
    formulaire = classe(_donnees(request), entente=enveloppe.entente, exercice=_exercice(request), **propres)
    cles = (enveloppe.pk, *autres)
    return jouer_operation(
        request,
        objet=enveloppe,
        titre=f"{titre} – {enveloppe}",
        formulaire=formulaire,
        commande=commande,
        arguments={"enveloppe": enveloppe},
        lire=soldes_enveloppes(*cles),
        succes=succes,
    )


def allouer(request: HttpRequest, enveloppe: Enveloppe) -> HttpResponse:
    return _sur_enveloppe(
        request, enveloppe, f.OperationForm, _("Allouer"), s.allouer_enveloppe, _("L’allocation est inscrite.")
    )


def virer(request: HttpRequest, enveloppe: Enveloppe) -> HttpResponse:
    choisie = request.POST.get("cible", "")
    return _sur_enveloppe(
        request,
        enveloppe,
        f.VirementForm,
        _("Virer vers une autre enveloppe"),
        s.virer_solde,
        _("Le virement est inscrit : la paire s’annule, l’entente ne change pas."),
        autres=[int(choisie)] if choisie.isdigit() else [],
        source=enveloppe,
    )


def prolonger(request: HttpRequest, enveloppe: Enveloppe) -> HttpResponse:
    return _sur_enveloppe(
        request,
        enveloppe,
        f.ProlongationForm,
        _("Répartir l’argent d’un avenant"),
        s.prolonger_enveloppe,
        _("La prolongation est inscrite."),
    )


def ajuster(request: HttpRequest, enveloppe: Enveloppe) -> HttpResponse:
    return _sur_enveloppe(
        request,
        enveloppe,
        f.AjustementForm,
        _("Ajuster la dotation"),
        s.ajuster_dotation,
        _("L’ajustement est inscrit."),
    )


def engager(request: HttpRequest, enveloppe: Enveloppe) -> HttpResponse:
    return _sur_enveloppe(
        request,
        enveloppe,
        f.EngagementForm,
        _("Engager une dépense hors projet"),
        s.engager_hors_projet,
        _("La dépense est engagée. Une autre personne en inscrira le paiement."),
    )


def _sur_engagement(
    request: HttpRequest,
    engagement: Engagement,
    formulaire: Form,
    titre: str,
    commande: Callable[..., Any],
    succes: str,
) -> HttpResponse:
    lire_enveloppe = soldes_enveloppes(engagement.enveloppe_id)

    def lire() -> Soldes:
        relu = Engagement.objects.get(pk=engagement.pk)
        return [
            (engagement.reference, _("Engagé"), relu.montant),
            (engagement.reference, _("Versé"), relu.verse),
            *lire_enveloppe(),
        ]

    return jouer_operation(
        request,
        objet=engagement,
        titre=f"{titre} – {engagement.reference}",
        formulaire=formulaire,
        commande=commande,
        arguments={"engagement": engagement},
        lire=lire,
        succes=succes,
    )


def degager(request: HttpRequest, engagement: Engagement) -> HttpResponse:
    formulaire = f.OperationForm(_donnees(request), entente=engagement.entente, exercice=_exercice(request))
    return _sur_engagement(
        request,
        engagement,
        formulaire,
        _("Désengager"),
        s.degager_engagement,
        _("Le désengagement est inscrit : l’argent est de nouveau disponible."),
    )


def verser(request: HttpRequest, engagement: Engagement) -> HttpResponse:
    formulaire = f.VersementForm(_donnees(request), engagement=engagement, exercice=_exercice(request))
    return _sur_engagement(
        request, engagement, formulaire, _("Inscrire un paiement"), s.verser_engagement, _("Le paiement est inscrit.")
    )


def recouvrer(request: HttpRequest, engagement: Engagement) -> HttpResponse:
    formulaire = f.OperationForm(_donnees(request), entente=engagement.entente, exercice=_exercice(request))
    return _sur_engagement(
        request,
        engagement,
        formulaire,
        _("Inscrire un recouvrement"),
        s.recouvrer_versement,
        _("Le recouvrement est inscrit : l’argent rendu est de nouveau disponible."),
    )


def reporter(request: HttpRequest, entente: Entente) -> HttpResponse:
    """R17 : une seule opération pour toutes les enveloppes, relue avant d'être inscrite."""
    courant = _exercice(request)
    precedent = f"{int(courant[:4]) - 1}-{courant[:4]}"
    formulaire = f.ReportForm(_donnees(request), entente=entente, de=precedent, vers=courant)
    de, vers = (request.POST.get(nom) or defaut for nom, defaut in (("de", precedent), ("vers", courant)))

    def lire() -> Soldes:
        return [
            (rangee.enveloppe.libelle, _("Non engagé, {exercice}").format(exercice=exercice), rangee.solde)
            for exercice in (de, vers)
            for rangee in soldes_a_reporter(entente, exercice)
        ]

    return jouer_operation(
        request,
        objet=entente,
        titre=_("Reporter les soldes – {entente}").format(entente=entente),
        formulaire=formulaire,
        commande=s.reporter_soldes,
        arguments={"entente": entente},
        lire=lire,
        succes=_("Les soldes sont reportés, en une opération."),
        attention=_("Le report ne change pas ce qui est disponible : il dit à quel exercice l’argent appartient."),
    )


def contrepasser(request: HttpRequest, mouvement: Mouvement) -> HttpResponse:
    touches = list(
        Mouvement.objects.filter(operation_id=mouvement.operation_id).values_list("enveloppe_id", flat=True).distinct()
    )
    return jouer_operation(
        request,
        objet=mouvement,
        titre=_("Contrepasser le mouvement {sequence}").format(sequence=mouvement.sequence),
        formulaire=f.ContrepassationForm(_donnees(request), entente=mouvement.entente, exercice=_exercice(request)),
        commande=s.contrepasser,
        arguments={"mouvement": mouvement},
        lire=soldes_enveloppes(*touches),
        succes=_("L’opération est contrepassée; l’originale reste au grand livre."),
    )
