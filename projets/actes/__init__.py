"""Les actes de la coordination, du secrétariat et des finances : une page, un formulaire, un service chacun."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from comptes.forms import CorrectionOrganismeForm
from comptes.models import Organisme
from comptes.services.organismes import proposer_correction
from projets.forms import coordination as f
from projets.forms.papier import SaisirPapierForm
from projets.forms.precisions import AnnulerForm, DemanderForm, MessageForm, ProlongerForm
from projets.models import DemandePrecision, Projet, Versement
from projets.requetes import champs_en_mots, precision_ouverte
from projets.services import assistance, conventions, precisions, rapports, versements
from projets.services.evaluations import assigner_evaluations, consigner_recommandation, membres_du_comite, note_moyenne
from projets.services.messages import ecrire_message, marquer_lu
from projets.visibilite import vue_de
from socle.admin.actes import adresse_lecture, adresse_liste, jouer
from socle.formats import argent_cents, instant_long, nombre
from socle.formulaires import ConfirmerForm


def assigner(request: HttpRequest, projet: Projet) -> HttpResponse:
    formulaire = f.AssignerForm(request.POST or None, membres=membres_du_comite(projet, request.arrivee))
    return jouer(
        request,
        objet=projet,
        titre=_("Confier au comité"),
        formulaire=formulaire,
        commande=assigner_evaluations,
        succes=_("La demande est confiée; un courriel prévient chaque personne."),
        arguments=lambda: {"projet": projet, "evaluateurs": list(formulaire.cleaned_data["evaluateurs"])},
    )


def recommander(request: HttpRequest, projet: Projet) -> HttpResponse:
    evaluations = list(projet.evaluations.all())
    vue = vue_de(request.user, projet, evaluations, request.arrivee)
    moyenne = note_moyenne(evaluations) if vue.notes else None
    formulaire = f.RecommanderForm(request.POST or None, initial={"montant": projet.montant_demande})
    return jouer(
        request,
        objet=projet,
        titre=_("Recommandation du comité"),
        formulaire=formulaire,
        commande=consigner_recommandation,
        succes=_("La recommandation est consignée."),
        arguments=lambda: {"projet": projet, **formulaire.arguments()},
        recap=[
            (_("Note moyenne"), f"{nombre(moyenne, 2)} / 100" if moyenne is not None else "–"),
            (_("Demandé"), argent_cents(projet.montant_demande)),
        ],
    )


def _confirmer(
    request: HttpRequest, objet: Projet, titre: str, commande: object, succes: str, **arguments: object
) -> HttpResponse:
    return jouer(
        request,
        objet=objet,
        titre=titre,
        formulaire=ConfirmerForm(request.POST if request.method == "POST" else None, bouton=titre),
        commande=commande,
        succes=succes,
        arguments=lambda: arguments,  # type: ignore[arg-type]
    )


def convention(request: HttpRequest, projet: Projet) -> HttpResponse:
    return _confirmer(
        request,
        projet,
        _("Préparer la convention"),
        conventions.preparer_convention,
        _("La convention est prête : l’organisme peut la signer."),
        projet=projet,
    )


def contresigner(request: HttpRequest, projet: Projet) -> HttpResponse:
    return _confirmer(
        request,
        projet,
        _("Signer pour le mandataire"),
        conventions.contresigner_convention,
        _("La convention est active : le premier versement est exigible."),
        convention=projet.convention,
    )


def accepter_rapport(request: HttpRequest, projet: Projet) -> HttpResponse:
    solde = rapports.solde_de(projet.convention)
    rapport = projet.convention.rapport
    return jouer(
        request,
        objet=projet,
        titre=_("Accepter le rapport final"),
        commande=rapports.accepter_rapport,
        formulaire=ConfirmerForm(request.POST if request.method == "POST" else None, bouton=_("Accepter le rapport")),
        succes=_("Le rapport est accepté; le dernier versement et l’enveloppe sont ajustés."),
        arguments=lambda: {"rapport": rapport},
        recap=[
            (_("Dépenses réelles admissibles"), argent_cents(rapport.depenses_reelles)),
            (_("Personnes rejointes"), str(rapport.personnes_rejointes)),
            (_("Solde dû") if solde >= 0 else _("Trop-versé à recouvrer"), argent_cents(abs(solde))),
            (_("Réalisations"), rapport.realisations),
        ],
    )


def renvoyer_rapport(request: HttpRequest, projet: Projet) -> HttpResponse:
    formulaire = f.CorrectionForm(request.POST or None)
    return jouer(
        request,
        objet=projet,
        titre=_("Demander une correction au rapport"),
        formulaire=formulaire,
        commande=rapports.renvoyer_rapport,
        succes=_("La correction est demandée; l’organisme est prévenu."),
        arguments=lambda: {"rapport": projet.convention.rapport, **formulaire.cleaned_data},
    )


def approuver(request: HttpRequest, versement: Versement) -> HttpResponse:
    return jouer(
        request,
        objet=versement,
        titre=_("Approuver le versement"),
        commande=versements.approuver_versement,
        recap=_recap_versement(versement),
        formulaire=ConfirmerForm(
            request.POST if request.method == "POST" else None, bouton=_("Approuver le versement")
        ),
        succes=_("Le versement est approuvé : une autre personne inscrit le paiement."),
        arguments=lambda: {"versement": versement},
    )


def payer(request: HttpRequest, versement: Versement) -> HttpResponse:
    formulaire = f.PayerForm(request.POST or None)
    return jouer(
        request,
        objet=versement,
        titre=_("Inscrire le paiement"),
        formulaire=formulaire,
        commande=versements.payer_versement,
        recap=_recap_versement(versement),
        succes=_("Le paiement est inscrit au grand livre."),
        arguments=lambda: {"versement": versement, **formulaire.cleaned_data},
    )


def _recap_versement(versement: Versement) -> list[tuple[str, str]]:
    projet = versement.convention.projet
    return [
        (_("Projet"), f"{projet.numero} {projet.titre}"),
        (_("Organisme"), str(projet.organisme)),
        (_("Montant"), argent_cents(versement.montant)),
        (_("Condition"), str(versement.get_condition_display())),
        (_("Approuvé par"), str(versement.approuve_par or "–")),
    ]


def demander_precisions(request: HttpRequest, projet: Projet) -> HttpResponse:
    """R22 : des champs nommés, une question, une date limite."""
    formulaire = DemanderForm(request.POST or None, projet=projet)
    return jouer(
        request,
        objet=projet,
        titre=_("Demander des précisions"),
        formulaire=formulaire,
        commande=precisions.demander_precisions,
        succes=_("Les champs sont rouverts; un courriel prévient l’organisme."),
        arguments=lambda: {"projet": projet, **formulaire.cleaned_data},
    )


def _recap_precision(demande: DemandePrecision) -> list[tuple[str, str]]:
    limite = instant_long(demande.derniere_minute, demande.projet.appel.fuseau)
    return [
        (_("Champs rouverts"), champs_en_mots(demande)),
        (_("Demandé"), demande.message),
        (_("Réponse attendue au plus tard le"), limite),
    ]


def prolonger_precisions(request: HttpRequest, projet: Projet) -> HttpResponse:
    return _sur_la_precision(
        request,
        projet,
        _("Prolonger le délai"),
        ProlongerForm(request.POST or None),
        precisions.prolonger_precisions,
        _("Le délai est prolongé; un courriel prévient l’organisme."),
    )


def annuler_precisions(request: HttpRequest, projet: Projet) -> HttpResponse:
    return _sur_la_precision(
        request,
        projet,
        _("Annuler la demande de précision"),
        AnnulerForm(request.POST or None),
        precisions.annuler_precisions,
        _("La demande de précision est annulée; un courriel prévient l’organisme."),
    )


def _sur_la_precision(
    request: HttpRequest, projet: Projet, titre: str, formulaire: object, commande: object, succes: str
) -> HttpResponse:
    """Un acte sur la demande ouverte; sans demande ouverte, retour au dossier."""
    demande = precision_ouverte(projet)
    if demande is None:
        return HttpResponseRedirect(adresse_lecture(projet))
    return jouer(
        request,
        objet=projet,
        titre=titre,
        formulaire=formulaire,  # type: ignore[arg-type]
        commande=commande,  # type: ignore[arg-type]
        succes=succes,
        recap=_recap_precision(demande),
        arguments=lambda: {"demande": demande, **formulaire.cleaned_data},  # type: ignore[attr-defined]
    )


def messages_du_dossier(request: HttpRequest, projet: Projet) -> HttpResponse:
    """Le fil avec l'organisme; l'ouvrir le marque lu pour la personne."""
    formulaire = MessageForm(request.POST or None)
    if request.method != "POST":
        marquer_lu(projet=projet, lecteur=request.user)
    return jouer(
        request,
        objet=projet,
        titre=_("Messages avec l’organisme"),
        gabarit="admin/projets/projet/messages.html",
        formulaire=formulaire,
        commande=ecrire_message,
        succes=_("Le message est envoyé; un courriel prévient l’organisme."),
        retour=request.path,
        arguments=lambda: {"projet": projet, **formulaire.cleaned_data},
        fil_messages=projet.messages.select_related("auteur"),
        fuseau=projet.appel.fuseau,
        dossier=adresse_lecture(projet),
    )


def saisir_papier(request: HttpRequest) -> HttpResponse:
    """Une demande remise sur papier : ouverte ici, écrite et déposée dans les mêmes écrans que l'organisme."""
    formulaire = SaisirPapierForm(request.POST if request.method == "POST" else None, utilisateur=request.user)
    return jouer(
        request,
        objet=None,
        opts=Projet._meta,
        retour=adresse_liste(Projet),
        vers=lambda projet: projet.get_absolute_url(),
        titre=_("Saisir une demande papier"),
        formulaire=formulaire,
        commande=assistance.saisir_papier,
        succes=_("La demande est ouverte : recopiez le formulaire, joignez sa numérisation, puis déposez."),
        arguments=formulaire.arguments,
    )


def corriger_organisme(request: HttpRequest, projet: Projet) -> HttpResponse:
    """Décision 10 : la coordination propose, un membre confirme."""
    formulaire = CorrectionOrganismeForm(request.POST or None, instance=Organisme.objects.get(pk=projet.organisme_id))
    return jouer(
        request,
        objet=projet,
        titre=_("Proposer une correction à la fiche"),
        formulaire=formulaire,
        commande=proposer_correction,
        succes=_("La correction est proposée; un membre de l’organisme la confirmera ou la refusera."),
        arguments=lambda: {
            "organisme": Organisme.objects.get(pk=projet.organisme_id),
            "champs": formulaire.proposees(),
            "motif": formulaire.cleaned_data["motif"],
            "nom_auteur": projet.entente.mandataire.enseigne,
        },
    )
