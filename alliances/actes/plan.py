"""Les actes de la coordination sur le plan de travail : une page, un formulaire, un service chacun."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from alliances.actes.communs import dans_une_entente
from alliances.forms import plan as f
from alliances.models import Consultation, Entente, PlanTravail
from alliances.services import elements_plan as elements
from alliances.services import plans
from socle.admin.actes import adresse_lecture, creer, element_demande, jouer
from socle.formulaires import ConfirmerForm
from socle.horloge import EST


def creer_plan(request: HttpRequest) -> HttpResponse:
    return dans_une_entente(request, modele=PlanTravail, titre=_("Créer un plan"), vue=_creer_plan)


def _creer_plan(request: HttpRequest, entente: Entente) -> HttpResponse:
    formulaire = f.CreerPlanForm(request.POST or None, entente=entente)
    return creer(
        request,
        PlanTravail,
        titre=_("Créer un plan, entente {entente}").format(entente=entente),
        formulaire=formulaire,
        commande=plans.creer_plan,
        succes=_("Le plan est créé : c’est un brouillon."),
        arguments=lambda: {"entente": entente, **formulaire.cleaned_data},
    )


def version(request: HttpRequest, plan: PlanTravail) -> HttpResponse:
    formulaire = f.VersionForm(request.POST or None)
    return jouer(
        request,
        objet=plan,
        titre=_("Créer la version {n}").format(n=plan.version + 1),
        formulaire=formulaire,
        commande=plans.preparer_version,
        vers=adresse_lecture,
        succes=_("La version est créée : une copie de celle-ci, en brouillon."),
        arguments=lambda: {"plan": plan, **formulaire.cleaned_data},
    )


def _ecrire(
    request: HttpRequest, plan: PlanTravail, titre: str, formulaire: Any, commande: Any, succes: str, **fixes: Any
) -> HttpResponse:
    """Un acte dont le formulaire porte tous les arguments, sauf le plan et `fixes`."""
    return jouer(
        request,
        objet=plan,
        titre=titre,
        formulaire=formulaire,
        commande=commande,
        succes=succes,
        arguments=lambda: {"plan": plan, **fixes, **formulaire.cleaned_data},
    )


def textes(request: HttpRequest, plan: PlanTravail) -> HttpResponse:
    initial = {nom: getattr(plan, nom) for nom in (*plans.TEXTES, "echeance")}
    formulaire = f.TextesPlanForm(request.POST or None, initial=initial)
    return _ecrire(
        request, plan, _("Textes du plan"), formulaire, plans.ecrire_textes, _("Les textes sont enregistrés.")
    )


def priorites(request: HttpRequest, plan: PlanTravail) -> HttpResponse:
    formulaire = f.PrioritesForm(request.POST or None, plan=plan, initial={"priorites": plan.priorites.all()})
    return _ecrire(
        request,
        plan,
        _("Priorités du plan"),
        formulaire,
        plans.choisir_priorites,
        _("Les priorités sont enregistrées."),
    )


def priorite(request: HttpRequest, plan: PlanTravail) -> HttpResponse:
    formulaire = f.AjouterPrioriteForm(request.POST or None, plan=plan)
    return _ecrire(
        request,
        plan,
        _("Ajouter une priorité"),
        formulaire,
        elements.ajouter_priorite,
        _("La priorité est ajoutée à l’entente et au plan."),
    )


def zones(request: HttpRequest, plan: PlanTravail) -> HttpResponse:
    formulaire = f.ZonesForm(request.POST or None, plan=plan, initial={"zones": plan.zones.all()})
    return _ecrire(
        request, plan, _("Zones à privilégier"), formulaire, plans.choisir_zones, _("Les zones sont enregistrées.")
    )


def zone(request: HttpRequest, plan: PlanTravail) -> HttpResponse:
    formulaire = f.AjouterZoneForm(request.POST or None, plan=plan)
    return _ecrire(
        request,
        plan,
        _("Ajouter une zone"),
        formulaire,
        elements.ajouter_zone,
        _("La zone est ajoutée à l’entente et au plan."),
    )


def objectif(request: HttpRequest, plan: PlanTravail) -> HttpResponse:
    """Ajoute un objectif, ou récrit celui de l'adresse (`?element=`)."""
    element = element_demande(request, plan.objectifs.all())
    initial = {nom: getattr(element, nom) for nom in ("code", "libelle", "priorite", "echeance")} if element else {}
    formulaire = f.ObjectifForm(request.POST or None, plan=plan, initial=initial)
    return _ecrire(
        request,
        plan,
        _("Modifier l’objectif {code}").format(code=element.code) if element else _("Ajouter un objectif"),
        formulaire,
        elements.ecrire_objectif,
        _("L’objectif est enregistré."),
        objectif=element,
    )


def engagement(request: HttpRequest, plan: PlanTravail) -> HttpResponse:
    """Ajoute l'engagement d'un partenaire, ou récrit celui de l'adresse (`?element=`)."""
    element = element_demande(request, plan.engagements.all())
    champs = ("partenaire", "nature", "description", "promis")
    initial = {nom: getattr(element, nom) for nom in champs} if element else {}
    formulaire = f.EngagementForm(request.POST or None, plan=plan, initial=initial)
    return _ecrire(
        request,
        plan,
        _("Modifier l’engagement") if element else _("Ajouter l’engagement d’un partenaire"),
        formulaire,
        elements.ecrire_engagement,
        _("L’engagement est enregistré."),
        engagement=element,
    )


def retirer(request: HttpRequest, plan: PlanTravail) -> HttpResponse:
    formulaire = f.RetirerForm(request.POST or None, plan=plan, initial={"element": request.GET.get("element")})
    return jouer(
        request,
        objet=plan,
        titre=_("Retirer du plan"),
        formulaire=formulaire,
        commande=elements.retirer_element,
        succes=_("L’élément est retiré du plan."),
        arguments=lambda: {"element": formulaire.choisi()},
    )


def fait(request: HttpRequest, plan: PlanTravail) -> HttpResponse:
    """Marque un objectif fait, à une date."""
    element = element_demande(request, plan.objectifs.all())
    jour = element.fait_le if element and element.fait_le else request.arrivee.astimezone(EST).date()
    formulaire = f.FaitForm(request.POST or None, plan=plan, initial={"objectif": element, "fait_le": jour})
    return jouer(
        request,
        objet=plan,
        titre=_("Marquer un objectif fait"),
        formulaire=formulaire,
        commande=elements.marquer_objectif,
        succes=_("Le suivi de l’objectif est enregistré."),
        arguments=lambda: dict(formulaire.cleaned_data),
    )


def recu(request: HttpRequest, plan: PlanTravail) -> HttpResponse:
    """Inscrit ce qui est reçu d'un partenaire, au cumul."""
    element = element_demande(request, plan.engagements.all())
    initial = {"engagement": element, "recu": element.recu} if element else {}
    formulaire = f.RecuForm(request.POST or None, plan=plan, initial=initial)
    return jouer(
        request,
        objet=plan,
        titre=_("Inscrire ce qui est reçu"),
        formulaire=formulaire,
        commande=elements.inscrire_recu,
        succes=_("Le montant reçu est inscrit."),
        arguments=lambda: dict(formulaire.cleaned_data),
    )


def deposer(request: HttpRequest, plan: PlanTravail) -> HttpResponse:
    return jouer(
        request,
        objet=plan,
        titre=_("Déposer le plan"),
        formulaire=ConfirmerForm(request.POST if request.method == "POST" else None, bouton=_("Déposer le plan")),
        commande=plans.deposer_plan,
        succes=_("Le plan est déposé : le ministère l’examine."),
        arguments=lambda: {"plan": plan},
        attention=_("Une fois déposé, le plan ne s’écrit plus, à moins que le ministère le retourne."),
        recap=[
            (_("Priorités"), str(plan.priorites.count())),
            (_("Objectifs"), str(plan.objectifs.count())),
            (_("Zones à privilégier"), str(plan.zones.count())),
            (_("Engagements des partenaires"), str(plan.engagements.count())),
        ],
    )


def creer_consultation(request: HttpRequest) -> HttpResponse:
    return dans_une_entente(request, modele=Consultation, titre=_("Inscrire une consultation"), vue=_creer_consultation)


def _creer_consultation(request: HttpRequest, entente: Entente) -> HttpResponse:
    formulaire = f.ConsultationForm(request.POST or None, entente=entente)
    return creer(
        request,
        Consultation,
        titre=_("Inscrire une consultation, entente {entente}").format(entente=entente),
        formulaire=formulaire,
        commande=partial(elements.ecrire_consultation, entente=entente, consultation=None),
        succes=_("La consultation est inscrite."),
        arguments=lambda: dict(formulaire.cleaned_data),
    )


def modifier_consultation(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    champs = ("tenue_le", "lieu", "territoire", "participants", "constats")
    initial = {nom: getattr(consultation, nom) for nom in champs} | {"priorites": consultation.priorites.all()}
    formulaire = f.ConsultationForm(request.POST or None, entente=consultation.entente, initial=initial)
    return jouer(
        request,
        objet=consultation,
        titre=_("Modifier la consultation"),
        formulaire=formulaire,
        commande=partial(elements.ecrire_consultation, entente=consultation.entente, consultation=consultation),
        succes=_("La consultation est enregistrée."),
        arguments=lambda: dict(formulaire.cleaned_data),
    )
