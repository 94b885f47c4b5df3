"""Les actes de la décision : préparer, adopter une résolution, consigner, réviser; le budget révisé."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from projets.enums import EtatProjet, SensDecision
from projets.forms import decisions as f
from projets.models import DecisionPreparee, PartPreparee, Projet
from projets.requetes.decisions import preparees_a_adopter, propose_ailleurs, soldes_proposes
from projets.services import budgets_revises, decisions, preparation
from projets.services.budgets_revises import constats_du_budget
from socle.admin.actes import adresse_lecture, adresse_liste, jouer
from socle.exercices import exercice_de
from socle.formats import argent_cents
from socle.formulaires import ConfirmerForm
from socle.graphiques import barre_enveloppe
from socle.horloge import EST

GABARIT = "admin/projets/projet/decider.html"


def _contexte(projet: Projet) -> dict[str, Any]:
    """Ce que l'enveloppe permet encore, octrois déjà préparés compris."""
    recommandation, enveloppe = getattr(projet, "recommandation", None), projet.enveloppe
    ailleurs = propose_ailleurs(projet, enveloppe)
    return {
        "gabarit": GABARIT,
        "recap": [
            (_("Demandé"), argent_cents(projet.montant_demande)),
            (_("Recommandé"), argent_cents(recommandation.montant if recommandation else None)),
            (_("Disponible, {enveloppe}").format(enveloppe=enveloppe), argent_cents(enveloppe.disponible)),
            (_("Proposé pour d’autres demandes, pas encore adopté"), argent_cents(ailleurs)),
            (_("Resterait à proposer"), argent_cents(enveloppe.disponible - ailleurs)),
        ],
        "barre": barre_enveloppe(
            dotation=enveloppe.dotation,
            engage=enveloppe.engage,
            verse=enveloppe.verse,
            propose=recommandation.montant if recommandation else 0,
        ),
    }


def _initial(request: HttpRequest, projet: Projet) -> dict[str, Any]:
    """La décision préparée, s'il y en a une; sinon la recommandation du comité; en attente, l'octroi qu'elle attendait."""
    jour = request.arrivee.astimezone(EST).date()  # type: ignore[attr-defined]
    preparee = DecisionPreparee.objects.filter(projet=projet).prefetch_related("parts__enveloppe").first()
    if preparee:
        return {
            "sens": preparee.sens,
            "conditions": preparee.conditions,
            "motif_public": preparee.motif_public,
            "adoptee_le": jour,
            **f.initiales(preparee.parts.all()),
        }
    recommandation = getattr(projet, "recommandation", None)
    if projet.etat == EtatProjet.LISTE_ATTENTE:
        voulu = (recommandation.montant if recommandation else None) or projet.montant_demande
        return {"sens": SensDecision.ACCEPTER, "adoptee_le": jour, "montant_1": voulu}
    return {
        "sens": recommandation.sens if recommandation else None,
        "adoptee_le": jour,
        "montant_1": (recommandation.montant or None) if recommandation else None,
    }


def _exercice(request: HttpRequest) -> str:
    return exercice_de(request.arrivee.astimezone(EST).date())  # type: ignore[attr-defined]


def preparer(request: HttpRequest, projet: Projet) -> HttpResponse:
    """R27 : la coordination prépare; l'argent ne bouge qu'à la résolution."""
    formulaire = f.PreparerForm(
        request.POST or None, projet=projet, exercice=_exercice(request), initial=_initial(request, projet)
    )
    return jouer(
        request,
        objet=projet,
        titre=_("Préparer la décision"),
        formulaire=formulaire,
        commande=preparation.preparer_decision,
        succes=_("La décision est préparée : le secrétariat de l’instance la consignera avec sa résolution."),
        arguments=lambda: {"projet": projet, **formulaire.arguments()},
        **_contexte(projet),
    )


def retirer(request: HttpRequest, projet: Projet) -> HttpResponse:
    """Retire la décision préparée."""
    preparee = DecisionPreparee.objects.filter(projet=projet).select_related("projet__entente").first()
    if preparee is None:
        return HttpResponseRedirect(adresse_lecture(projet))
    titre = _("Retirer la décision préparée")
    return jouer(
        request,
        objet=projet,
        titre=titre,
        formulaire=ConfirmerForm(request.POST if request.method == "POST" else None, bouton=titre),
        commande=preparation.retirer_preparation,
        succes=_("La décision préparée est retirée : la demande attend de nouveau."),
        arguments=lambda: {"preparee": preparee},
        recap=[(_("Décision préparée"), preparee.get_sens_display())],
    )


def decider(request: HttpRequest, projet: Projet) -> HttpResponse:
    """R14 : ce qui manque à l'enveloppe revient au cent, et rien n'est écrit."""
    formulaire = f.DeciderForm(
        request.POST or None, projet=projet, exercice=_exercice(request), initial=_initial(request, projet)
    )
    return jouer(
        request,
        objet=projet,
        titre=_("Décision de l’instance"),
        formulaire=formulaire,
        commande=decisions.decider_projet,
        succes=_("La résolution est consignée au grand livre; la lettre est prête à relire."),
        arguments=lambda: {"projet": projet, **formulaire.arguments()},
        **_contexte(projet),
    )


def reviser(request: HttpRequest, projet: Projet) -> HttpResponse:
    """Une autre résolution; l'ancienne décision se garde, le grand livre prend l'écart."""
    decision = getattr(projet, "decision", None)
    if decision is None:
        return HttpResponseRedirect(adresse_lecture(projet))
    formulaire = f.ReviserForm(
        request.POST or None,
        projet=projet,
        exercice=_exercice(request),
        initial={
            "sens": decision.sens,
            "conditions": decision.conditions,
            "motif_public": decision.motif_public,
            **f.initiales(ligne for ligne in decision.lignes.all() if ligne.montant),
        },
    )
    contexte = _contexte(projet)
    contexte["recap"] = [
        (_("Décision en vigueur"), f"{decision.get_sens_display()}, {argent_cents(decision.montant)}"),
        (_("Résolution"), decision.resolution),
        *contexte["recap"],
    ]
    return jouer(
        request,
        objet=projet,
        titre=_("Réviser la décision"),
        formulaire=formulaire,
        commande=decisions.reviser_decision,
        succes=_("La révision est consignée; la décision d’avant reste à l’historique, une lettre neuve est à relire."),
        arguments=lambda: {"projet": projet, **formulaire.arguments()},
        **contexte,
    )


def adopter(request: HttpRequest) -> HttpResponse:
    """Une résolution adopte plusieurs décisions préparées, toutes ou aucune; ce que chaque enveloppe garderait se lit d'abord."""
    siennes = DecisionPreparee.objects.visibles_pour(request.user)
    preparees = preparees_a_adopter(siennes)
    jour = request.arrivee.astimezone(EST).date()  # type: ignore[attr-defined]
    formulaire = f.AdopterForm(
        request.POST if request.method == "POST" else None,
        preparees=preparees,
        initial={"adoptee_le": jour, "preparees": [preparee.pk for preparee in preparees]},
    )
    return jouer(
        request,
        objet=None,
        opts=Projet._meta,
        retour=adresse_liste(Projet),
        titre=_("Consigner une résolution"),
        gabarit="admin/projets/projet/adopter.html",
        formulaire=formulaire,
        commande=preparation.adopter_decisions,
        succes=_("La résolution est consignée; les lettres sont prêtes à relire."),
        arguments=formulaire.arguments,
        preparees=preparees,
        soldes=soldes_proposes(PartPreparee.objects.filter(preparee__in=siennes)),
    )


def accepter_budget(request: HttpRequest, projet: Projet) -> HttpResponse:
    """R29 : le budget révisé accepté remplace celui du projet; la convention peut suivre."""
    budget = getattr(projet, "budget_revise", None)
    if budget is None:
        return HttpResponseRedirect(adresse_lecture(projet))
    return jouer(
        request,
        objet=projet,
        titre=_("Accepter le budget révisé"),
        gabarit="admin/projets/projet/budget_revise.html",
        formulaire=ConfirmerForm(
            request.POST if request.method == "POST" else None, bouton=_("Accepter le budget révisé")
        ),
        commande=budgets_revises.accepter_budget_revise,
        succes=_("Le budget révisé est accepté : la convention peut se préparer."),
        arguments=lambda: {"budget": budget},
        budget=budget,
        constats=constats_du_budget(budget),
    )


def renvoyer_budget(request: HttpRequest, projet: Projet) -> HttpResponse:
    """Redemande le budget révisé."""
    budget = getattr(projet, "budget_revise", None)
    if budget is None:
        return HttpResponseRedirect(adresse_lecture(projet))
    formulaire = f.CorrectionBudgetForm(request.POST or None)
    return jouer(
        request,
        objet=projet,
        titre=_("Demander une correction au budget révisé"),
        gabarit="admin/projets/projet/budget_revise.html",
        formulaire=formulaire,
        commande=budgets_revises.renvoyer_budget_revise,
        succes=_("La correction est demandée; l’organisme est prévenu."),
        arguments=lambda: {"budget": budget, **formulaire.cleaned_data},
        budget=budget,
        constats=constats_du_budget(budget),
    )
