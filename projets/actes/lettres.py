"""Les actes des lettres : corriger, relire, envoyer; écrire un modèle et le voir rempli d'une vraie décision."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as L  # noqa: N812

from alliances.models import Entente
from projets.enums import EtatLettre, GenreLettre
from projets.forms.decisions import LettreForm, ModeleForm
from projets.models import Decision, Lettre, ModeleLettre, Projet
from projets.publipostage import CHAMPS, champs_inconnus, composer, valeurs_de_la_lettre
from projets.services import lettres
from socle.admin.actes import adresse_lecture, adresse_liste
from socle.admin.lots import Lot, enregistrer
from socle.formats import compter
from socle.saisie import essayer

RAISONS = {EtatLettre.ENVOYEE: L("Déjà envoyée."), EtatLettre.RELUE: L("Déjà relue.")}


def corriger(request: HttpRequest, lettre: Lettre) -> HttpResponse:
    """Relire, corriger, marquer relue, envoyer, depuis la liste des lettres."""
    return _relire(request, lettre, adresse_lecture(lettre))


def du_projet(request: HttpRequest, projet: Projet) -> HttpResponse:
    """La même page, depuis le dossier."""
    return _relire(request, projet.decision.lettre, adresse_lecture(projet))


def _relire(request: HttpRequest, lettre: Lettre, retour: str) -> HttpResponse:
    formulaire = LettreForm(request.POST or None, initial={"objet": lettre.objet, "corps": lettre.corps})
    if request.method == "POST" and formulaire.is_valid():
        corrigee = essayer(
            formulaire, lettres.corriger_lettre, lettre=lettre, **formulaire.cleaned_data, auteur=request.user
        )
        if corrigee is not None and _poursuivre(request, formulaire, corrigee):
            return HttpResponseRedirect(retour)
    return TemplateResponse(
        request,
        "admin/projets/lettre/corriger.html",
        {
            **admin.site.each_context(request),
            "title": _("Relire la lettre"),
            "objet": lettre,
            "opts": lettre._meta,
            "formulaire": formulaire,
            "retour": retour,
            "projet": lettre.decision.projet,
            "proposee": lettres.retroaction_proposee(lettre.decision.projet),
            "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
        },
    )


def _poursuivre(request: HttpRequest, formulaire: LettreForm, lettre: Lettre) -> bool:
    """Le geste du bouton : garder, marquer relue, ou relire et envoyer d'un trait."""
    acteur: dict[str, Any] = {"auteur": request.user, "instant": request.arrivee}  # type: ignore[attr-defined]
    if "garder" in request.POST:
        messages.success(request, _("La lettre est enregistrée; elle reste à relire."))
        return True
    if essayer(formulaire, lettres.relire_lettre, lettre=lettre, **acteur) is None:
        return False
    if "envoyer" not in request.POST:
        messages.success(request, _("La lettre est relue : elle peut partir."))
        return True
    if essayer(formulaire, lettres.envoyer_lettre, lettre=lettre, **acteur) is None:
        return False
    messages.success(request, _("La lettre est dans la boîte d’envoi."))
    return True


def _saut_relire(lettre: Lettre, _instant: datetime) -> str | None:
    raison = RAISONS.get(EtatLettre(lettre.etat))
    return str(raison) if raison else None


def _saut_envoyer(lettre: Lettre, _instant: datetime) -> str | None:
    if lettre.etat == EtatLettre.ENVOYEE:
        return str(RAISONS[EtatLettre.ENVOYEE])
    return None if lettre.etat == EtatLettre.RELUE else _("Personne ne l’a encore relue.")


LOTS = (
    Lot(
        "relire",
        L("Marquer ces lettres relues"),
        "projets.envoyer_lettre",
        lambda n: _("Marquer {n}").format(n=compter(n, _("lettre relue"), _("lettres relues"))),
        executer=lambda lettre, **acteur: lettres.relire_lettre(lettre=lettre, **acteur),
        saut=_saut_relire,
        effet=lambda lettre: f"{lettre.decision.projet.organisme} – {lettre.objet}",
        lire=lambda objets: objets.select_related("decision__projet__organisme", "decision__projet__entente"),
        note=L("Chaque lettre doit avoir été lue : elle part telle quelle."),
    ),
    Lot(
        "envoyer",
        L("Envoyer ces lettres"),
        "projets.envoyer_lettre",
        lambda n: _("Envoyer {n}").format(n=compter(n, _("lettre"), _("lettres"))),
        executer=lambda lettre, **acteur: lettres.envoyer_lettre(lettre=lettre, **acteur),
        saut=_saut_envoyer,
        effet=lambda lettre: f"{lettre.decision.projet.organisme} – {lettre.objet}",
        lire=lambda objets: objets.select_related("decision__projet__organisme", "decision__projet__entente"),
        note=L("Une lettre envoyée ne se rappelle pas."),
    ),
)
enregistrer(Lettre, LOTS)


def ecrire_modele(request: HttpRequest, modele: ModeleLettre) -> HttpResponse:
    """Une version de plus d'un modèle; « Voir » le remplit d'une vraie décision, sans rien enregistrer."""
    return _modele(request, modele.entente, modele.genre, adresse_lecture(modele))


def nouveau_modele(request: HttpRequest) -> HttpResponse:
    """Le premier modèle d'un genre : le texte type, à récrire."""
    ententes = Entente.objects.visibles_pour(request.user).filter(
        mandataire__in=request.user.portees.mandataires("coordination")  # type: ignore[union-attr]
    )
    choisie = ententes.filter(code=request.GET.get("entente", "")).first() or ententes.order_by("-debut").first()
    genre = request.GET.get("genre", GenreLettre.OCTROI)
    if choisie is None or genre not in GenreLettre.values:
        return HttpResponseRedirect(adresse_liste(ModeleLettre))
    return _modele(request, choisie, genre, adresse_liste(ModeleLettre), ententes=ententes.order_by("-debut"))


def _modele(request: HttpRequest, entente: Entente, genre: str, retour: str, **contexte: Any) -> HttpResponse:
    exemples = (
        Decision.objects.visibles_pour(request.user)
        .filter(entente=entente)
        .select_related("projet")
        .order_by("-pk")[:50]
    )
    objet, corps = lettres.modele_en_vigueur(entente, genre)
    formulaire = ModeleForm(
        request.POST or None,
        exemples=Decision.objects.filter(pk__in=[d.pk for d in exemples]).select_related("projet"),
        initial={"objet": objet, "corps": corps},
    )
    apercu = None
    if request.method == "POST" and formulaire.is_valid():
        valeurs = {nom: formulaire.cleaned_data[nom] for nom in ("objet", "corps")}
        if "voir" in request.POST:
            apercu = _apercu(formulaire.cleaned_data["exemple"], **valeurs)
        elif essayer(
            formulaire,
            lettres.ecrire_modele,
            entente=entente,
            genre=genre,
            **valeurs,
            auteur=request.user,
            instant=request.arrivee,  # type: ignore[attr-defined]
        ):
            messages.success(
                request, _("Cette version vaut pour les prochaines lettres; celles déjà rédigées ne changent pas.")
            )
            return HttpResponseRedirect(adresse_liste(ModeleLettre))
    return TemplateResponse(
        request,
        "admin/projets/modelelettre/ecrire.html",
        {
            **admin.site.each_context(request),
            "title": _("Modèle de lettre : {genre}").format(genre=GenreLettre(genre).label),
            "opts": ModeleLettre._meta,
            "entente": entente,
            "genre": genre,
            "genres": GenreLettre.choices,
            "formulaire": formulaire,
            "retour": retour,
            "champs": CHAMPS.items(),
            "apercu": apercu,
            "erreurs_formulaire": formulaire.errors if request.method == "POST" else None,
            **contexte,
        },
    )


def _apercu(exemple: Decision | None, *, objet: str, corps: str) -> dict[str, Any]:
    if exemple is None:
        return {"objet": objet, "corps": corps, "inconnus": champs_inconnus(objet, corps)}
    projet = exemple.projet
    valeurs = valeurs_de_la_lettre(exemple, projet, lettres.retroaction_proposee(projet))
    return {
        "objet": composer(objet, valeurs),
        "corps": composer(corps, valeurs),
        "inconnus": champs_inconnus(objet, corps),
        "projet": projet,
    }
