"""Les actes de la coordination sur le comité d'un appel : partager, relancer, préparer une séance."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from comite.forms.coordination import EquilibreForm, SeanceForm, fin_du_jour
from comite.models import ComiteAppel
from comite.requetes.assignation import apercu_equilibre
from comite.requetes.avancement import en_retard
from comite.services.assignation import assigner_equilibre, relancer
from comite.services.seances import ecrire_seance
from socle.admin.actes import adresse_lecture, jouer
from socle.formats import jour_local
from socle.formulaires import ConfirmerForm

PAR_DEFAUT = 2


def partager(request: HttpRequest, appel: ComiteAppel) -> HttpResponse:
    """L'aperçu avant et après, nommé; le confirmer applique ce qu'on a relu, ou refuse si la situation a changé."""
    poste = request.method == "POST"
    formulaire = EquilibreForm(request.POST if poste else None, initial={"par_demande": PAR_DEFAUT})
    valide = poste and formulaire.is_valid()
    par_demande = formulaire.cleaned_data["par_demande"] if valide else PAR_DEFAUT
    if poste and valide and request.POST.get("geste") == "recalculer":
        formulaire = EquilibreForm(initial=formulaire.cleaned_data)
    return jouer(
        request,
        objet=appel,
        titre=_("Partager les demandes"),
        gabarit="admin/comite/comiteappel/partager.html",
        formulaire=formulaire,
        commande=assigner_equilibre,
        succes=_("Les demandes sont confiées; un courriel prévient chaque personne."),
        arguments=lambda: {
            "appel": appel,
            "par_demande": par_demande,
            "signature": request.POST.get("signature", ""),
            "limite": fin_du_jour(formulaire.cleaned_data["jour"], appel.fuseau)
            if formulaire.cleaned_data["jour"]
            else None,
        },
        apercu=apercu_equilibre(appel, par_demande, request.arrivee),
    )


def relancer_retards(request: HttpRequest, appel: ComiteAppel) -> HttpResponse:
    """Qui serait relancé, qui est sauté parce qu'il l'a été aujourd'hui."""
    retards = en_retard(appel, request.arrivee)
    jour = jour_local(request.arrivee)
    sautes = [e for e in retards if e.relancee_le and jour_local(e.relancee_le) == jour]
    partent = [e for e in retards if e not in sautes]
    return jouer(
        request,
        objet=appel,
        titre=_("Relancer les évaluations en retard"),
        gabarit="admin/comite/comiteappel/relancer.html",
        formulaire=ConfirmerForm(request.POST if request.method == "POST" else None, bouton=_("Envoyer les relances")),
        commande=relancer,
        succes=_("Les relances sont dans la boîte d’envoi."),
        arguments=lambda: {"evaluations": partent},
        partent=partent,
        sautes=sautes,
    )


def creer_seance(request: HttpRequest, appel: ComiteAppel) -> HttpResponse:
    """Une séance du comité pour cet appel."""
    formulaire = SeanceForm(request.POST if request.method == "POST" else None, appel=appel)
    return jouer(
        request,
        objet=appel,
        titre=_("Préparer une séance"),
        formulaire=formulaire,
        commande=partial(ecrire_seance, appel=appel, seance=None),
        succes=_("La séance est créée : écrivez son ordre du jour."),
        arguments=formulaire.arguments,
        vers=adresse_lecture,
    )
