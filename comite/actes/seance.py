"""Les actes de la coordination sur une séance : la changer, écrire son ordre du jour, produire les cahiers."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from comite.forms.coordination import OrdreDuJourForm, SeanceForm
from comite.models import Seance
from comite.requetes.assignation import A_CONFIER
from comite.services.seances import demander_cahiers, ecrire_ordre_du_jour, ecrire_seance
from projets.enums import EtatProjet
from projets.models import Projet
from socle.admin.actes import adresse_lecture, jouer
from socle.formulaires import ConfirmerForm

A_L_ORDRE = (*A_CONFIER, EtatProjet.RECOMMANDE, EtatProjet.NON_RECOMMANDE)
MINUTES = 10


def modifier(request: HttpRequest, seance: Seance) -> HttpResponse:
    formulaire = SeanceForm(request.POST if request.method == "POST" else None, appel=seance.appel, seance=seance)
    return jouer(
        request,
        objet=seance,
        titre=_("Modifier la séance"),
        formulaire=formulaire,
        commande=partial(ecrire_seance, appel=seance.appel, seance=seance),
        succes=_("La séance est modifiée."),
        arguments=formulaire.arguments,
    )


def ordre_du_jour(request: HttpRequest, seance: Seance) -> HttpResponse:
    """Vide, il se propose : les demandes devant le comité, par territoire puis par numéro."""
    projets = Projet.objects.filter(appel=seance.appel, etat__in=A_L_ORDRE).select_related("enveloppe__territoire")
    if seance.territoire_id:
        projets = projets.filter(enveloppe__territoire=seance.territoire_id)
    proposes = list(projets.order_by("enveloppe__ordre", "numero"))
    points = list(seance.points.select_related("projet").order_by("ordre"))
    rangees = [
        {
            "numero": point.projet.numero if point.projet else "",
            "genre": "" if point.projet else point.genre,
            "libelle": point.libelle,
            "minutes": point.minutes,
        }
        for point in points
    ] or [{"numero": projet.numero, "minutes": MINUTES} for projet in proposes]
    formulaire = OrdreDuJourForm(
        request.POST if request.method == "POST" else None,
        rangees=rangees,
        projets=list(Projet.objects.filter(appel=seance.appel, etat__in=A_L_ORDRE)),
    )
    return jouer(
        request,
        objet=seance,
        titre=_("Ordre du jour"),
        gabarit="admin/appels/appel/rangees.html",
        formulaire=formulaire,
        commande=ecrire_ordre_du_jour,
        succes=_("L’ordre du jour est enregistré."),
        arguments=lambda: {"seance": seance, "points": formulaire.points()},
        aide=_(
            "Un point est une demande, par son numéro, ou une pause, ou un autre sujet; les minutes donnent l’heure des suivants."
        ),
    )


def cahiers(request: HttpRequest, seance: Seance) -> HttpResponse:
    retour = adresse_lecture(seance)
    return jouer(
        request,
        objet=seance,
        titre=_("Produire les cahiers"),
        formulaire=ConfirmerForm(request.POST if request.method == "POST" else None, bouton=_("Produire les cahiers")),
        commande=demander_cahiers,
        succes=_("Les cahiers se produisent, un par membre; on peut fermer la page."),
        arguments=lambda: {"seance": seance},
        vers=lambda travail: f"{travail.get_absolute_url()}?retour={retour}",
        attention=_(
            "Chaque membre a le sien : sans les dossiers dont il s’est retiré, sans les moyennes s’il doit encore ses notes."
        ),
    )
