"""Les ententes, pour le ministère : la liste d'un cycle et ses écarts publiés, une page par entente, ses mouvements, ses actes."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from alliances.forms.ententes import EntenteForm
from alliances.models import Cycle, Entente, Mandataire
from alliances.regles.ententes import est_echue
from alliances.requetes.bilan import bilan_entente
from alliances.requetes.couverture import couverture
from alliances.requetes.ententes import entente_entiere, ententes_du_cycle, mouvements_filtres, total_du_cycle
from alliances.requetes.gouvernance import ententes_sans_vecu
from alliances.requetes.publications import tableau_publie
from alliances.services.ententes import creer_entente
from alliances.views.actes_ministere import ACTES
from socle.acces import acces, exiger
from socle.argent import ZERO
from socle.etats import journal_lisible
from socle.horloge import EST
from socle.saisie import essayer

PAR_PAGE = 100


@acces("alliances.lister_ententes")
def ententes(request: HttpRequest) -> HttpResponse:
    """Les ententes d'un cycle, et le tableau publié avec ses écarts."""
    cycles = list(Cycle.objects.order_by("-debut"))
    choisi = request.GET.get("cycle", "")
    cycle = next((c for c in cycles if c.code == choisi), next(c for c in cycles if c.code == "2017-2023"))
    rangees = ententes_du_cycle(request.user, cycle)
    confie, total = total_du_cycle(rangees)
    jour = request.arrivee.astimezone(EST).date()
    visibles = Entente.objects.visibles_pour(request.user).filter(cycle=cycle)
    return render(
        request,
        "alliances/ententes.html",
        {
            "cycles": cycles,
            "cycle": cycle,
            "rangees": rangees,
            "confie": confie,
            "total": total,
            "tableau": tableau_publie(cycle),
            "couverture": couverture(cycle, min(jour, cycle.fin)),
            "sans_vecu": [entente.pk for entente in ententes_sans_vecu(visibles, jour)],
            "jour": jour,
            "mandataires": Mandataire.objects.visibles_pour(request.user).exclude(ententes__cycle=cycle),
            "fil": [{"titre": _("Ententes"), "url": None}],
        },
    )


def _entente(request: HttpRequest, code: str) -> Entente:
    entente = get_object_or_404(entente_entiere(request.user), code=code)
    exiger(request.user, "alliances.gerer_entente", entente)
    return entente


def _fil(entente: Entente, titre: str = "") -> list[dict[str, str | None]]:
    page = {"titre": entente.code, "url": reverse("alliances:entente", args=[entente.code]) if titre else None}
    suite = [{"titre": titre, "url": None}] if titre else []
    return [{"titre": _("Ententes"), "url": reverse("alliances:ententes")}, page, *suite]


@acces("alliances.lister_ententes")
def entente(request: HttpRequest, code: str) -> HttpResponse:
    """Une entente : son bilan, son contrat, son historique, ce que le ministère peut faire."""
    entente = _entente(request, code)
    return render(
        request,
        "alliances/entente.html",
        {
            "entente": entente,
            "bilan": bilan_entente(entente),
            "echue": est_echue(entente.fin, request.arrivee.astimezone(EST).date()),
            "journal": journal_lisible(entente),
            "actes": [(nom, acte.titre) for nom, acte in ACTES.items() if acte.offert(entente)],
            "fil": _fil(entente),
        },
    )


@acces("alliances.lister_ententes")
def mouvements(request: HttpRequest, code: str) -> HttpResponse:
    """Les mouvements derrière un chiffre, et leur somme."""
    entente = _entente(request, code)
    filtres = mouvements_filtres(entente, request.GET)
    suite = request.GET.copy()
    suite.pop("page", None)
    return render(
        request,
        "alliances/mouvements.html",
        {
            "entente": entente,
            "page": Paginator(filtres, PAR_PAGE).get_page(request.GET.get("page")),
            "total": filtres.order_by().aggregate(total=Sum("montant"))["total"] or ZERO,
            "suite": suite.urlencode(),
            "fil": _fil(entente, _("Mouvements")),
        },
    )


@acces("alliances.lister_ententes")
def acte(request: HttpRequest, code: str, nom: str) -> HttpResponse:
    """Un acte du ministère sur l'entente; son refus revient au bon champ."""
    entente = _entente(request, code)
    choisi = ACTES.get(nom)
    if choisi is None:
        raise Http404
    formulaire = choisi.formulaire(request.POST if request.method == "POST" else None, entente)
    if request.method == "POST" and formulaire.is_valid():
        arguments = choisi.arguments(formulaire, entente)
        if essayer(formulaire, choisi.commande, **arguments, auteur=request.user, instant=request.arrivee) is not None:
            messages.success(request, str(choisi.succes))
            return redirect("alliances:entente", code=code)
    return _formulaire(request, formulaire, str(choisi.titre), _fil(entente, str(choisi.titre)))


@acces("alliances.lister_ententes")
def nouvelle(request: HttpRequest, mandataire: str) -> HttpResponse:
    """Créer l'entente d'un mandataire pour un cycle."""
    objet = get_object_or_404(Mandataire.objects.visibles_pour(request.user), code=mandataire)
    exiger(request.user, "alliances.gerer_entente", objet)
    formulaire = EntenteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulaire.is_valid():
        creee = essayer(
            formulaire,
            creer_entente,
            mandataire=objet,
            **formulaire.cleaned_data,
            auteur=request.user,
            instant=request.arrivee,
        )
        if creee is not None:
            messages.success(request, _("L’entente est créée, en brouillon. Inscrivez ses trois signatures."))
            return redirect("alliances:entente", code=creee.code)
    titre = _("Nouvelle entente : {mandataire}").format(mandataire=objet)
    fil = [{"titre": _("Ententes"), "url": reverse("alliances:ententes")}, {"titre": titre, "url": None}]
    return _formulaire(request, formulaire, titre, fil)


def _formulaire(request: HttpRequest, formulaire: object, titre: str, fil: list) -> HttpResponse:
    return render(
        request,
        "alliances/acte.html",
        {
            "formulaire": formulaire,
            "titre": titre,
            "fil": fil,
            "retour": fil[-2]["url"],
            "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
        },
    )
