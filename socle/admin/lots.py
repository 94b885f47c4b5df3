"""Une action en lot : elle nomme d'abord, objet par objet, ce qui changera et ce qui sera sauté; puis elle se confirme.

Chaque lot laisse un `Travail` et une ligne par objet, écrite dans la transaction de l'effet : fait, sauté ou refusé, et
pourquoi. Au-delà de `DIRECT` objets, un travailleur l'exécute; annulé ou interrompu, il reprend où il en était.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID, uuid4

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from socle import travaux
from socle.erreurs import Refus
from socle.formulaires import ConfirmerForm
from socle.horloge import maintenant
from socle.models import LigneTravail, Travail
from socle.models.travail import IssueLigne
from socle.travaux import Avancement, production

DIRECT = 50  # au-delà, le lot part en travail de fond
BLOC = 100
NOMMES = 500  # au-delà, la page donne le compte sans tout nommer
SELECTION_MAX = 20_000
GENRE = "socle.lot"


@dataclass(frozen=True)
class Prevision:
    """Un objet de la sélection : ce qui lui arrivera, ou pourquoi il sera sauté."""

    objet: Any
    effet: str = ""
    saut: str = ""


@dataclass(frozen=True)
class Lot:
    """Un geste sur plusieurs objets.

    `executer(objet, auteur=, instant=, **saisie)` appelle un service; `saut(objet, instant)` dit d'avance pourquoi un objet
    serait sauté; `effet(objet)` ce qui lui arrivera. `lire` prépare la sélection en un nombre fixe de requêtes.
    `formulaire(donnees, utilisateur=, objets=)` : ce qu'on demande avant de confirmer. `genre` : le lot ne change rien, il
    produit un fichier.
    """

    code: str
    libelle: Any
    permission: str
    bouton: Callable[[int], str]
    executer: Callable[..., Any] | None = None
    saut: Callable[[Any, datetime], str | None] = lambda _objet, _instant: None
    effet: Callable[[Any], str] = lambda _objet: ""
    lire: Callable[[models.QuerySet], models.QuerySet] = lambda objets: objets
    formulaire: Callable[..., Form] | None = None
    genre: str = ""
    note: Any = ""


_lots: dict[str, tuple[str, Lot]] = {}


def enregistrer(modele: type[models.Model], lots: Iterable[Lot]) -> None:
    """Inscrit les lots d'un modèle, pour que le travailleur les retrouve par leur nom."""
    _lots.update({f"{modele._meta.label_lower}.{lot.code}": (modele._meta.label_lower, lot) for lot in lots})


def prevoir(lot: Lot, objets: Iterable[Any], utilisateur: Any, instant: datetime) -> list[Prevision]:
    """Objet par objet : sans le droit, ou écarté par le lot, il sera sauté, et la raison est dite."""
    previsions = []
    for objet in objets:
        if not utilisateur.has_perm(lot.permission, objet):
            raison: str | None = _("Votre rôle ne permet pas ce geste sur cet objet.")
        else:
            raison = lot.saut(objet, instant)
        previsions.append(Prevision(objet, saut=raison) if raison else Prevision(objet, effet=lot.effet(objet)))
    return previsions


def cles_postees(request: HttpRequest) -> list[int]:
    """Les clés de la sélection, dans l'ordre, sans doublon; ce qui n'est pas un nombre est ignoré."""
    brutes = request.POST.get("objets", "").split(",")[:SELECTION_MAX]
    return list(dict.fromkeys(int(cle) for cle in brutes if cle.isascii() and cle.isdecimal() and len(cle) < 19))  # noqa: PLR2004


def montrer(request: HttpRequest, lot: Lot, objets: models.QuerySet, cles: Sequence[int]) -> HttpResponse:
    """La page unique des lots : nomme, demande, et, confirmée, exécute ou met en file."""
    trouves = list(lot.lire(objets.filter(pk__in=cles)))
    previsions = prevoir(lot, trouves, request.user, request.arrivee)  # type: ignore[attr-defined]
    faits = [p for p in previsions if not p.saut]
    retour = reverse(f"admin:{objets.model._meta.app_label}_{objets.model._meta.model_name}_changelist")
    confirme = request.method == "POST" and "confirmer" in request.POST
    formulaire = _formulaire(lot, request.POST if confirme else None, request.user, [p.objet for p in faits])
    if isinstance(formulaire, ConfirmerForm):
        formulaire.bouton = lot.bouton(len(faits))
    if confirme and faits and formulaire.is_valid():
        return _lancer(request, lot, objets.model, faits, previsions, retour)
    sautes = [p for p in previsions if p.saut]
    return TemplateResponse(
        request,
        "admin/lot.html",
        {
            **admin.site.each_context(request),
            "title": lot.libelle,
            "opts": objets.model._meta,
            "lot": lot,
            "formulaire": formulaire,
            "erreurs_formulaire": formulaire.errors if confirme else None,
            "bouton": lot.bouton(len(faits)),
            "objets": ",".join(map(str, cles)),
            "cle": request.POST.get("cle") or uuid4(),
            "faits": faits[:NOMMES],
            "total_faits": len(faits),
            "sautes": sautes[:NOMMES],
            "total_sautes": len(sautes),
            "inconnus": len(cles) - len(trouves),
            "long": len(faits) > DIRECT or bool(lot.genre),
            "retour": retour,
            "adresse": reverse(
                f"admin:{objets.model._meta.app_label}_{objets.model._meta.model_name}_lot", args=[lot.code]
            ),
        },
    )


def _formulaire(lot: Lot, donnees: Any, utilisateur: Any, objets: Sequence[Any]) -> Form:
    if lot.formulaire is None:
        return ConfirmerForm(donnees, bouton=lot.libelle)
    return lot.formulaire(donnees, utilisateur=utilisateur, objets=objets)


def _lancer(
    request: HttpRequest,
    lot: Lot,
    modele: type[models.Model],
    faits: Sequence[Prevision],
    previsions: Sequence[Prevision],
    retour: str,
) -> HttpResponse:
    """Une clé déjà servie (double clic) mène au travail déjà demandé. Les objets sautés ont leur ligne, eux aussi."""
    try:
        uuid = UUID(request.POST.get("cle", ""))
    except ValueError:
        uuid = uuid4()
    deja = Travail.objects.filter(uuid=uuid, demande_par=cast(Any, request.user)).first()
    if deja is not None:
        return HttpResponseRedirect(deja.get_absolute_url())
    saisie = request.POST.copy()
    for nom in ("csrfmiddlewaretoken", "objets", "cle", "confirmer"):
        saisie.pop(nom, None)
    long = len(faits) > DIRECT or bool(lot.genre)
    commun = {
        "libelle": f"{lot.libelle} ({len(faits)})",
        "demande_par": request.user,
        "mandataire_code": _mandataire_commun(faits),
        "retour": retour,
        "uuid": uuid,
    }
    parametres = {
        "lot": f"{modele._meta.label_lower}.{lot.code}",
        "objets": [p.objet.pk for p in faits],
        "saisie": saisie.urlencode(),
    }
    instant = cast(Any, request).arrivee
    with transaction.atomic():
        if long:
            travail = travaux.demander(
                lot.genre or GENRE, parametres=parametres, instant=instant, aviser=True, **commun
            )
        else:
            travail = Travail.objects.create(genre=GENRE, parametres=parametres, demande_le=instant, **commun)
        LigneTravail.objects.bulk_create(
            LigneTravail(
                travail=travail,
                objet_id=p.objet.pk,
                libelle=str(p.objet)[:200],
                issue=IssueLigne.SAUTE,
                detail=p.saut,
            )
            for p in previsions
            if p.saut
        )
    if not long:
        travaux.executer(travail.pk)
    messages.info(request, _("Le lot est lancé.") if long else _("Le lot est fait : voici son bilan."))
    return HttpResponseRedirect(travail.get_absolute_url())


def _mandataire_commun(faits: Sequence[Prevision]) -> str:
    codes = {_code_mandataire(p.objet) for p in faits}
    return codes.pop() if len(codes) == 1 else ""


def _code_mandataire(objet: Any) -> str:
    entente = getattr(objet, "entente", None)
    return entente.mandataire.code if entente is not None else ""


@production(GENRE)
def executer_lot(travail: Travail, avancement: Avancement) -> None:
    """Chaque objet dans sa transaction, sa ligne avec lui : repris, le lot saute ce qui est déjà fait."""
    _modele, lot = _lots[travail.parametres["lot"]]
    modele = cast(Any, _modele_de(travail.parametres["lot"]))
    cles = travail.parametres["objets"]
    faites = set(travail.lignes.values_list("objet_id", flat=True))
    restantes = [cle for cle in cles if cle not in faites]
    avancement.prevoir(len(cles), deja=len(cles) - len(restantes))
    for debut in range(0, len(restantes), BLOC):
        _un_bloc(travail, lot, modele, restantes[debut : debut + BLOC], avancement)


def _un_bloc(travail: Travail, lot: Lot, modele: Any, cles: Sequence[int], avancement: Avancement) -> None:
    """Un bloc d'objets; les rôles de la personne se relisent à chacun : retirés en route, le reste est sauté."""
    auteur = get_user_model()._default_manager.get(pk=travail.demande_par_id)
    objets = {objet.pk: objet for objet in lot.lire(modele._default_manager.visibles_pour(auteur).filter(pk__in=cles))}
    formulaire = _formulaire(lot, QueryDict(travail.parametres["saisie"]), auteur, list(objets.values()))
    lisible = not objets or formulaire.is_valid()
    for cle in cles:
        objet = objets.get(cle)
        if objet is None:
            _ligne(travail, cle, str(cle), IssueLigne.SAUTE, _("Introuvable, ou hors de votre portée."))
        elif not lisible:
            raisons = " ".join(erreur for erreurs in formulaire.errors.values() for erreur in erreurs)
            _ligne(travail, cle, str(objet), IssueLigne.REFUSE, raisons)
        else:
            _un_objet(travail, lot, objet, auteur, formulaire.cleaned_data)
        avancement.avancer(str(objet or cle)[:200])


def _modele_de(nom: str) -> type[models.Model]:
    etiquette, _lot = _lots[nom]
    return next(modele for modele in admin.site._registry if modele._meta.label_lower == etiquette)


def _un_objet(travail: Travail, lot: Lot, objet: Any, auteur: Any, saisie: dict[str, Any]) -> None:
    """L'effet et sa ligne, ou rien; un refus du service est noté avec sa raison."""
    instant = maintenant()
    try:
        with transaction.atomic():
            LigneTravail.objects.create(
                travail=travail, objet_id=objet.pk, libelle=str(objet)[:200], issue=IssueLigne.FAIT
            )
            cast(Any, lot.executer)(objet, auteur=auteur, instant=instant, **saisie)
    except Refus as refus:
        _ligne(travail, objet.pk, str(objet), IssueLigne.REFUSE, str(refus))
    except IntegrityError:
        # Une autre exécution du même travail vient de traiter cet objet : sa ligne en fait foi.
        if not travail.lignes.filter(objet_id=objet.pk).exists():
            raise


def _ligne(travail: Travail, cle: int, libelle: str, issue: str, detail: str) -> None:
    LigneTravail.objects.get_or_create(
        travail=travail, objet_id=cle, defaults={"libelle": libelle[:200], "issue": issue, "detail": detail}
    )


class AvecLots:
    """Mixin d'une classe d'admin : ses `lots` paraissent au menu d'actions de la liste, et mènent à la page des lots."""

    lots: tuple[Lot, ...] = ()

    def get_urls(self) -> list[Any]:
        opts = cast(Any, self).opts
        vue = cast(Any, self).admin_site.admin_view(self.vue_lot)
        adresse = path("lots/<slug:code>/", vue, name=f"{opts.app_label}_{opts.model_name}_lot")
        return [adresse, *cast(Any, super()).get_urls()]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        permises = [lot for lot in self.lots if request.user.has_perm(lot.permission)]
        return {lot.code: (_action(lot), lot.code, lot.libelle) for lot in permises}

    def vue_lot(self, request: HttpRequest, code: str) -> HttpResponse:
        """La page d'un lot; sans sélection, retour à la liste."""
        lot = next((lot for lot in self.lots if lot.code == code), None)
        if lot is None:
            raise Http404
        if not request.user.has_perm(lot.permission):
            raise PermissionDenied(lot.permission)
        objets = cast(Any, self).get_queryset(request)
        if request.method != "POST":
            opts = objets.model._meta
            return HttpResponseRedirect(reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist"))
        return montrer(request, lot, objets, cles_postees(request))


def _action(lot: Lot) -> Callable[..., HttpResponse]:
    def action(classe: Any, request: HttpRequest, objets: models.QuerySet) -> HttpResponse:
        cles = list(objets.order_by().values_list("pk", flat=True)[:SELECTION_MAX])
        return montrer(request, lot, classe.get_queryset(request), cles)

    return action
