"""Les actes de la coordination sur une évaluation : remplacer, relancer, rouvrir, dater, recopier un papier, inscrire un retrait."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from comite.forms.coordination import LimiteForm, MotifForm, PapierForm, RemplacerForm, RetirerForm, fin_du_jour
from comite.requetes.assignation import remplacants
from comite.services import assignation
from comite.services.papier import saisir_notes_papier
from projets.models import Evaluation
from projets.services.evaluations import inscrire_retrait
from socle.admin.actes import adresse_lecture, jouer
from socle.formats import fin_exclusive
from socle.formulaires import ConfirmerForm


def _recap(evaluation: Evaluation) -> list[tuple[str, str]]:
    projet = evaluation.projet
    return [
        (_("Demande"), f"{projet.numero} {projet.titre}"),
        (_("Organisme"), str(projet.organisme)),
        (_("Membre"), str(evaluation.evaluateur)),
        (_("État"), str(evaluation.get_etat_display())),
        (
            _("À remettre au plus tard le"),
            fin_exclusive(evaluation.limite, projet.appel.fuseau) if evaluation.limite else "–",
        ),
    ]


def remplacer(request: HttpRequest, evaluation: Evaluation) -> HttpResponse:
    possibles = remplacants(evaluation.projet, request.arrivee)
    formulaire = RemplacerForm(request.POST if request.method == "POST" else None, possibles=possibles)
    return jouer(
        request,
        objet=evaluation,
        titre=_("Remplacer la personne"),
        formulaire=formulaire,
        commande=partial(assignation.remplacer_evaluateur, evaluation=evaluation),
        succes=_("La demande est confiée à une autre personne; un courriel prévient les deux."),
        arguments=formulaire.arguments,
        vers=adresse_lecture,
        recap=_recap(evaluation),
        attention="" if possibles else _("Aucune autre personne du comité ne peut recevoir cette demande."),
    )


def relancer(request: HttpRequest, evaluation: Evaluation) -> HttpResponse:
    return jouer(
        request,
        objet=evaluation,
        titre=_("Relancer"),
        formulaire=ConfirmerForm(request.POST if request.method == "POST" else None, bouton=_("Envoyer la relance")),
        commande=assignation.relancer,
        succes=_("La relance est dans la boîte d’envoi."),
        arguments=lambda: {"evaluations": [evaluation]},
        recap=_recap(evaluation),
    )


def rouvrir(request: HttpRequest, evaluation: Evaluation) -> HttpResponse:
    formulaire = MotifForm(request.POST if request.method == "POST" else None, bouton=_("Rouvrir l’évaluation"))
    return jouer(
        request,
        objet=evaluation,
        titre=_("Rouvrir l’évaluation"),
        formulaire=formulaire,
        commande=assignation.rouvrir_evaluation,
        succes=_("L’évaluation est rouverte; un courriel prévient la personne."),
        arguments=lambda: {"evaluation": evaluation, **formulaire.cleaned_data},
        recap=_recap(evaluation),
        attention=_("Ses notes restent, sa note sur 100 se refera quand la personne soumettra de nouveau."),
    )


def limite(request: HttpRequest, evaluation: Evaluation) -> HttpResponse:
    formulaire = LimiteForm(request.POST if request.method == "POST" else None)
    return jouer(
        request,
        objet=evaluation,
        titre=_("Changer la date limite"),
        formulaire=formulaire,
        commande=assignation.changer_limite,
        succes=_("La date limite est changée."),
        arguments=lambda: {
            "evaluation": evaluation,
            "limite": fin_du_jour(formulaire.cleaned_data["jour"], evaluation.projet.appel.fuseau),
        },
        recap=_recap(evaluation),
    )


def retirer(request: HttpRequest, evaluation: Evaluation) -> HttpResponse:
    formulaire = RetirerForm(request.POST if request.method == "POST" else None)
    return jouer(
        request,
        objet=evaluation,
        titre=_("Inscrire un retrait"),
        formulaire=formulaire,
        commande=inscrire_retrait,
        succes=_("Le retrait est inscrit au registre; ses notes sur ce dossier sont effacées."),
        arguments=lambda: {"evaluation": evaluation, **formulaire.cleaned_data},
        recap=_recap(evaluation),
        attention=_(
            "À la demande de la personne : ses notes et ses commentaires sur ce dossier s’effacent, pour de bon."
        ),
    )


def papier(request: HttpRequest, evaluation: Evaluation) -> HttpResponse:
    formulaire = PapierForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        evaluation=evaluation,
    )
    return jouer(
        request,
        objet=evaluation,
        titre=_("Saisir des notes papier"),
        gabarit="admin/comite/evaluation/papier.html",
        formulaire=formulaire,
        commande=saisir_notes_papier,
        succes=_("Les notes du papier sont recopiées et soumises au nom de la personne."),
        arguments=lambda: {"evaluation": evaluation, **formulaire.arguments()},
        recap=_recap(evaluation),
    )
