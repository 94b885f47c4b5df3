"""Les actes de la séance tenue : présences, retraits, ouverture, levée, réouverture, procès-verbal."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from comite.forms.tenue import PresencesForm, RetraitSeanceForm, RouvrirForm
from comite.models import Seance
from comite.requetes.tenue import appeles, tenue_de
from comite.services import tenue as services
from projets.models import Projet
from socle.admin.actes import adresse_lecture, jouer
from socle.formulaires import ConfirmerForm


def _quorum(seance: Seance) -> list[tuple[str, str]]:
    tenue = tenue_de(seance)
    requis = str(tenue.requis) if tenue.requis is not None else _("Le comité n’en a pas fixé")
    return [(_("Votants présents"), str(len(tenue.votants))), (_("Quorum"), requis)]


def presences(request: HttpRequest, seance: Seance) -> HttpResponse:
    """La feuille de présence."""
    feuille = appeles(seance)
    formulaire = PresencesForm(request.POST if request.method == "POST" else None, feuille=feuille)
    return jouer(
        request,
        objet=seance,
        titre=_("Présences"),
        gabarit="admin/comite/seance/presences.html",
        formulaire=formulaire,
        commande=services.ecrire_presences,
        succes=_("Les présences sont inscrites."),
        arguments=lambda: {"seance": seance, "etats": formulaire.etats()},
        recap=_quorum(seance),
        feuille=feuille,
    )


def retrait(request: HttpRequest, seance: Seance) -> HttpResponse:
    """R25 : une personne se retire d'un dossier."""
    formulaire = RetraitSeanceForm(
        request.POST if request.method == "POST" else None,
        presences=seance.presences.select_related("seance", "utilisateur"),
        projets=Projet.objects.filter(points__seance=seance).order_by("numero"),
    )
    vide = not seance.presences.exists()
    return jouer(
        request,
        objet=seance,
        titre=_("Inscrire un retrait"),
        formulaire=formulaire,
        commande=services.retirer_en_seance,
        succes=_("Le retrait est inscrit : la personne ne vote pas sur ce dossier."),
        arguments=lambda: formulaire.cleaned_data,
        attention=_("Personne n’est encore inscrit à cette séance : prenez d’abord les présences.")
        if vide
        else _(
            "La personne ne vote pas sur ce dossier; si elle l’avait noté, ses notes s’effacent. Cela ne s’annule pas."
        ),
    )


def _geste(titre: Any, commande: Callable[..., Any], succes: Any, attention: Any) -> Callable[..., HttpResponse]:
    """Un acte sans saisie sur la séance."""

    def acte(request: HttpRequest, seance: Seance) -> HttpResponse:
        return jouer(
            request,
            objet=seance,
            titre=titre(),
            formulaire=ConfirmerForm(request.POST if request.method == "POST" else None, bouton=titre()),
            commande=commande,
            succes=succes(),
            arguments=lambda: {"seance": seance},
            recap=_quorum(seance),
            attention=attention(),
        )

    return acte


ouvrir = _geste(
    lambda: _("Ouvrir la séance"),
    services.ouvrir_seance,
    lambda: _("La séance est ouverte."),
    lambda: _("Le quorum se fige à l’ouverture. Les arrivées et les retraits s’inscrivent encore ensuite."),
)
lever = _geste(
    lambda: _("Lever la séance"),
    services.lever_seance,
    lambda: _("La séance est levée : le procès-verbal peut se produire."),
    lambda: _(
        "Les présences, les retraits et les scénarios ne changeront plus. Un scénario enregistré peut encore être retenu."
    ),
)


def rouvrir(request: HttpRequest, seance: Seance) -> HttpResponse:
    """Corriger une séance levée : le motif reste à l'historique."""
    formulaire = RouvrirForm(request.POST if request.method == "POST" else None)
    return jouer(
        request,
        objet=seance,
        titre=_("Rouvrir la séance"),
        formulaire=formulaire,
        commande=services.rouvrir_seance,
        succes=_("La séance est rouverte."),
        arguments=lambda: {"seance": seance, **formulaire.cleaned_data},
        attention=_("Le procès-verbal déjà produit sera à refaire."),
    )


def proces_verbal(request: HttpRequest, seance: Seance) -> HttpResponse:
    """Le produit un travailleur; la progression se suit sur la page du travail."""
    retour, titre = adresse_lecture(seance), _("Produire le procès-verbal")
    return jouer(
        request,
        objet=seance,
        titre=titre,
        formulaire=ConfirmerForm(request.POST if request.method == "POST" else None, bouton=titre),
        commande=services.demander_proces_verbal,
        succes=_("Le procès-verbal se produit; on peut fermer la page."),
        arguments=lambda: {"seance": seance},
        vers=lambda travail: f"{travail.get_absolute_url()}?retour={retour}",
        attention=_("Présences, quorum, retraits, recommandations et montants; jamais une note individuelle."),
    )
