"""Le tableau du comité : écrire un scénario, le comparer, le retenir."""

from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from comite.enums import ChoixScenario, EtatSeance
from comite.forms.tableau import CompareForm, RetenirForm, TableauForm
from comite.models import Scenario, Seance
from comite.requetes.retenue import prevision
from comite.requetes.tableau import TRIS, choix_de, comparer, tableau
from comite.services.scenarios import enregistrer_scenario, retenir_scenario
from projets.models import Projet
from socle.admin.actes import adresse_lecture, element_demande, jouer
from socle.exercices import exercice_de
from socle.formats import jour_local
from socle.saisie import essayer

LETTRES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def adresse_tableau(scenario: Scenario) -> str:
    """Le tableau, sur ce scénario."""
    return f"{reverse('admin:comite_seance_tableau', args=[scenario.seance_id])}?element={scenario.pk}"


def nom_libre(scenarios: list[Scenario]) -> str:
    """« Scénario A », puis B : la première lettre qui n'est pas prise."""
    pris = {scenario.nom for scenario in scenarios}
    noms = [_("Scénario {lettre}").format(lettre=lettre) for lettre in LETTRES]
    return next((nom for nom in noms if nom not in pris), "")


def _demande(request: HttpRequest, scenarios: list[Scenario]) -> Scenario | None:
    """Celui que nomme l'adresse; sinon le dernier changé; `?element=nouveau` n'en prend aucun."""
    voulu = request.GET.get("element", "")
    if voulu == "nouveau":
        return None
    if not voulu:
        return max(scenarios, key=lambda s: s.modifie_le, default=None)
    trouve = next((s for s in scenarios if str(s.pk) == voulu), None)
    if trouve is None:
        raise Http404
    return trouve


def tableau_du_comite(request: HttpRequest, seance: Seance) -> HttpResponse:
    """Le tableau; posté, il enregistre le scénario, ou une copie sous un autre nom. Il n'adopte rien."""
    scenarios = list(seance.scenarios.select_related("modifie_par"))
    scenario = _demande(request, scenarios)
    avant = choix_de(scenario)
    choix, formulaire = avant, None
    if request.method == "POST":
        projets = list(Projet.objects.filter(points__seance=seance).only("pk", "numero", "montant_demande"))
        formulaire = TableauForm(request.POST, projets=projets, avant=avant)
        copie = "copier" in request.POST or scenario is None
        if formulaire.is_valid():
            fait = _enregistrer(request, seance, None if copie else scenario, formulaire)
            if fait is not None:
                messages.success(request, _("« {nom} » est enregistré; il n’adopte rien.").format(nom=fait))
                return HttpResponseRedirect(adresse_tableau(fait))
        choix = formulaire.choix
    formulaire_lu = formulaire or TableauForm(
        projets=[],
        avant={},
        initial={
            "nom": scenario.nom if scenario else nom_libre(scenarios),
            "version": scenario.version if scenario else 0,
        },
    )
    return _montrer(request, seance, scenario, scenarios, choix, formulaire_lu)


def _enregistrer(request: Any, seance: Seance, scenario: Scenario | None, formulaire: TableauForm) -> Scenario | None:
    return essayer(
        formulaire,
        enregistrer_scenario,
        seance=seance,
        scenario=scenario,
        nom=formulaire.cleaned_data["nom"],
        version=formulaire.cleaned_data["version"] or 0,
        choix=formulaire.choix,
        auteur=request.user,
        instant=request.arrivee,
    )


def _montrer(
    request: Any, seance: Seance, scenario: Scenario | None, scenarios: list[Scenario], choix: Any, formulaire: Any
) -> HttpResponse:
    tri = request.GET.get("tri", "")
    tri = tri if tri in TRIS else TRIS[0]
    lu = tableau(seance, choix, request.user, request.arrivee, tri=tri, saisis=formulaire.saisis)
    fige = seance.etat == EtatSeance.LEVEE or (scenario is not None and scenario.retenu_le is not None)
    return TemplateResponse(
        request,
        "admin/comite/seance/tableau.html",
        {
            **admin.site.each_context(request),
            "title": _("Tableau du comité"),
            "objet": seance,
            "opts": seance._meta,
            "retour": adresse_lecture(seance),
            "seance": seance,
            "scenario": scenario,
            "scenarios": scenarios,
            "tableau": lu,
            "formulaire": formulaire,
            "erreurs_formulaire": formulaire.errors,
            "choix": [(c.value, str(c.label)) for c in ChoixScenario],
            "tri": tri,
            "tris": [("note", _("note")), ("numero", _("numéro")), ("demande", _("montant demandé"))],
            "fige": fige,
            "element": f"element={scenario.pk if scenario else 'nouveau'}",
            "nom_copie": nom_libre(scenarios),
        },
    )


def comparer_scenarios(request: Any, seance: Seance) -> HttpResponse:
    """Deux scénarios côte à côte; sans choix, les deux premiers."""
    scenarios = list(seance.scenarios.all()[:2])
    formulaire = CompareForm(
        request.GET if "a" in request.GET else None,
        seance=seance,
        initial={nom: s.pk for nom, s in zip("ab", scenarios, strict=False)},
    )
    paire = scenarios
    if formulaire.is_bound:
        paire = [formulaire.cleaned_data["a"], formulaire.cleaned_data["b"]] if formulaire.is_valid() else []
    complets = len(paire) == len("ab")
    lus = [tableau(seance, choix_de(s), request.user, request.arrivee) for s in paire] if complets else []
    return TemplateResponse(
        request,
        "admin/comite/seance/comparer.html",
        {
            **admin.site.each_context(request),
            "title": _("Comparer deux scénarios"),
            "objet": seance,
            "opts": seance._meta,
            "retour": adresse_lecture(seance),
            "formulaire": formulaire,
            "erreurs_formulaire": formulaire.errors if formulaire.is_bound else None,
            "paire": paire if complets else [],
            "lus": lus,
            "groupes": comparer(*lus) if lus else [],
            "assez": len(scenarios) == len("ab"),
        },
    )


def retenir(request: Any, seance: Seance) -> HttpResponse:
    """Ce qui changera, ce qui sera sauté et pourquoi; puis la confirmation."""
    scenario = element_demande(request, seance.scenarios.select_related("seance__appel", "seance__entente__mandataire"))
    scenario = scenario or seance.scenarios.order_by("retenu_le", "-modifie_le").first()
    if scenario is None:
        messages.info(request, _("Aucun scénario n’est enregistré : le tableau en crée un."))
        return HttpResponseRedirect(reverse("admin:comite_seance_tableau", args=[seance.pk]))
    retenue = prevision(seance, scenario)
    formulaire = RetenirForm(
        request.POST if request.method == "POST" else None,
        seance=seance,
        retenue=retenue,
        exercice=exercice_de(jour_local(request.arrivee)),
    )
    return jouer(
        request,
        objet=seance,
        titre=_("Retenir « {nom} »").format(nom=scenario),
        gabarit="admin/comite/seance/retenir.html",
        formulaire=formulaire,
        commande=retenir_scenario,
        succes=_("Les recommandations sont consignées, les décisions préparées; l’instance décidera par résolution."),
        arguments=lambda: {"scenario": scenario, **formulaire.arguments()},
        retour=adresse_tableau(scenario),
        vers=lambda _fait: adresse_lecture(seance),
        scenario=scenario,
        retenue=retenue,
    )
