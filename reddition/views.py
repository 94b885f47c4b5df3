"""L'espace du ministère : les redditions, une reddition, les dossiers derrière un chiffre."""

from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as L  # noqa: N812
from django.views.decorators.http import require_POST

from projets.models import Projet
from projets.requetes import dossier_complet
from projets.sections import demande_de
from reddition.enums import EtatReddition, GenreProduction
from reddition.exports import contenu, rangees_de
from reddition.forms import ExamenForm
from reddition.models import Reddition
from reddition.regles import sommer
from reddition.requetes import exercices_connus, lignes_de, rangees, totaux_publies
from reddition.services.redditions import accepter_reddition, demander_production, renvoyer_reddition
from socle.acces import acces, exiger
from socle.exercices import est_exercice
from socle.horloge import EST
from socle.saisie import essayer

TITRES_CHIFFRES = {
    "nouveaux": L("Projets comptés dans l’exercice"),
    "accorde": L("FQIS accordé dans l’exercice"),
    "verse": L("FQIS versé dans l’exercice"),
    "partenaires": L("Contributions des partenaires"),
    "personnes": L("Personnes rejointes"),
}


@acces("reddition.lister_redditions")
def redditions(request: HttpRequest) -> HttpResponse:
    """Une ligne par entente, dans l'ordre du risque."""
    jour = request.arrivee.astimezone(EST).date()
    exercices = exercices_connus(jour)
    exercice = request.GET.get("exercice", "")
    exercice = exercice if est_exercice(exercice) and exercice in exercices else exercices[1]
    lignes = rangees(request.user, exercice, jour)
    return render(
        request,
        "reddition/redditions.html",
        {
            "exercice": exercice,
            "exercices": exercices,
            "rangees": lignes,
            "fil": [{"titre": _("Redditions"), "url": None}],
            "publies": totaux_publies(exercice),
            "total": {
                c: sum((getattr(r, c) or Decimal(0) for r in lignes), Decimal(0))
                for c in ("dotation", "engage", "verse")
            }
            | {"montant": sum((r.entente.montant or Decimal(0) for r in lignes), Decimal(0))},
        },
    )


def _reddition(request: HttpRequest, entente: str, exercice: str, version: int) -> Reddition:
    redditions = Reddition.objects.visibles_pour(request.user).select_related(
        "entente__mandataire", "deposee_par", "traitee_par"
    )
    reddition = get_object_or_404(redditions, entente__code=entente, exercice=exercice, version=version)
    exiger(request.user, "reddition.lire_reddition", reddition)
    return reddition


def _fil(reddition: Reddition, *suite: str) -> list[dict[str, str | None]]:
    morceaux = [
        {"titre": _("Redditions"), "url": f"{reverse('reddition:redditions')}?exercice={reddition.exercice}"},
        {
            "titre": f"{reddition.entente.code} {reddition.exercice} v{reddition.version}",
            "url": reddition.get_absolute_url(),
        },
        *[{"titre": titre, "url": None} for titre in suite],
    ]
    morceaux[-1]["url"] = None
    return morceaux


@acces("reddition.lister_redditions")
def reddition(request: HttpRequest, entente: str, exercice: str, version: int) -> HttpResponse:
    """Une reddition : chaque chiffre ouvre ses dossiers; accepter ou retourner."""
    reddition = _reddition(request, entente, exercice, version)
    formulaire = ExamenForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        exiger(request.user, "reddition.examiner_reddition", reddition)
        retour = "retourner" in request.POST
        acteur = {
            "auteur": request.user,
            "instant": request.arrivee,
            "commentaire": formulaire.cleaned_data["commentaire"],
        }
        if essayer(formulaire, renvoyer_reddition if retour else accepter_reddition, reddition=reddition, **acteur):
            messages.success(
                request,
                _("La reddition est retournée à la coordination.") if retour else _("La reddition est acceptée."),
            )
            return redirect(reddition)
    return render(
        request,
        "reddition/reddition.html",
        {
            **contenu(reddition),
            "formulaire": formulaire,
            "fil": _fil(reddition),
            "examinable": reddition.etat == EtatReddition.DEPOSEE,
            "productions": reddition.productions.select_related("fichier", "travail"),
            "genres": GenreProduction.values,
            "versions": Reddition.objects.visibles_pour(request.user)
            .filter(entente=reddition.entente, exercice=exercice)
            .order_by("-version"),
            "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
        },
    )


@acces("reddition.lister_redditions")
def dossiers(request: HttpRequest, entente: str, exercice: str, version: int) -> HttpResponse:
    """Les projets qui font un chiffre, filtrés par enveloppe ou par priorité, et leur somme."""
    reddition = _reddition(request, entente, exercice, version)
    filtres = {nom: request.GET.get(nom, "")[:120] for nom in ("enveloppe", "priorite", "chiffre")}
    lignes = list(lignes_de(reddition, **filtres))
    if filtres["chiffre"] not in {"", *TITRES_CHIFFRES} or (
        not lignes and any(filtres.values()) and not filtres["chiffre"]
    ):
        raise Http404
    return render(
        request,
        "reddition/dossiers.html",
        {
            "reddition": reddition,
            "lignes": lignes,
            "total": sommer("Total", rangees_de(lignes)),
            "filtre": filtres["enveloppe"] or filtres["priorite"],
            "chiffre": filtres["chiffre"],
            "titre_chiffre": TITRES_CHIFFRES.get(filtres["chiffre"], ""),
            "fil": _fil(reddition, _("Dossiers")),
        },
    )


@acces("reddition.lister_redditions")
def dossier(request: HttpRequest, numero: str) -> HttpResponse:
    """Un projet soutenu, en lecture."""
    projet = get_object_or_404(dossier_complet(Projet.objects.visibles_pour(request.user)), numero=numero)
    exiger(request.user, "projets.lire_projet", projet)
    return render(
        request,
        "reddition/dossier.html",
        {
            "projet": projet,
            "demande": demande_de(projet, projet.depenses.all(), projet.financements.all()),
            "fil": [{"titre": _("Redditions"), "url": reverse("reddition:redditions")}, {"titre": numero, "url": None}],
        },
    )


@acces("reddition.lister_redditions")
@require_POST
def produire(request: HttpRequest, entente: str, exercice: str, version: int, genre: str) -> HttpResponse:
    """Demande le PDF ou le XLSX et montre sa progression."""
    reddition = _reddition(request, entente, exercice, version)
    if genre not in GenreProduction.values or reddition.sequence is None:
        raise Http404
    production = demander_production(reddition=reddition, genre=genre, auteur=request.user, instant=request.arrivee)
    if production.fichier is None and production.travail.demande_par_id == request.user.pk:
        return redirect(f"{production.travail.get_absolute_url()}?retour={reddition.get_absolute_url()}")
    messages.info(request, _("Le document se prépare déjà : rechargez la page dans un instant."))
    return redirect(reddition)
