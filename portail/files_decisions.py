"""Files de l'accueil de l'admin pour la décision : à préparer, à servir de la liste d’attente, à consigner, lettres à relire et à envoyer."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from comptes.enums import Role
from portail.files_cadre import Rangee
from projets.enums import EtatLettre, EtatProjet
from projets.models import DecisionPreparee, Lettre, Projet
from projets.requetes.attente import qui_tiennent
from socle.admin.actes import adresse_lecture
from socle.argent import ZERO
from socle.formats import argent_cents

Geste = tuple[str, str]  # libellé, adresse
A_DECIDER = (EtatProjet.RECOMMANDE, EtatProjet.NON_RECOMMANDE)


def files_des_decisions(
    utilisateur: Any,
) -> Iterator[tuple[str, str, QuerySet, str, Callable[[Any], Rangee], Geste | None]]:
    """(titre, geste, objets, adresse de la liste, objet → rangée, bouton de la file), selon le rôle."""
    demandes = f"{reverse('admin:projets_projet_changelist')}?etat__exact={EtatProjet.RECOMMANDE}"
    sans_preparation = (
        Projet.objects.visibles_pour(utilisateur)
        .filter(etat__in=A_DECIDER, preparation=None)
        .select_related("organisme")
        .order_by("depose_le", "id")
    )
    if utilisateur.portees.a_role(Role.COORDINATION):
        yield (
            _("Décisions à préparer"),
            _("Le comité a recommandé : proposer une décision à l’instance."),
            sans_preparation,
            demandes,
            _projet,
            None,
        )
        yield (
            _("Un solde s’est libéré"),
            _("Ces demandes en attente tiennent dans leur enveloppe : proposer un octroi à l’instance."),
            qui_tiennent(utilisateur),
            reverse("admin:projets_projet_liste_attente"),
            _en_attente,
            (_("Voir la liste d’attente"), reverse("admin:projets_projet_liste_attente")),
        )
        yield from _lettres(utilisateur)
    if utilisateur.portees.a_role(Role.SECRETARIAT):
        yield (
            _("Décisions préparées"),
            _("L’instance les a adoptées : inscrire sa résolution."),
            DecisionPreparee.objects.visibles_pour(utilisateur)
            .select_related("projet__organisme")
            .annotate(total=Sum("parts__montant", default=ZERO))
            .order_by("projet__numero"),
            reverse("admin:projets_decisionpreparee_changelist"),
            _preparee,
            (_("Consigner une résolution"), reverse("admin:projets_projet_resolution")),
        )
        yield (
            _("Décisions à consigner"),
            _("Sans décision préparée : inscrire la résolution depuis le dossier."),
            sans_preparation,
            demandes,
            _projet,
            None,
        )


def _lettres(
    utilisateur: Any,
) -> Iterator[tuple[str, str, QuerySet, str, Callable[[Any], Rangee], Geste | None]]:
    liste = reverse("admin:projets_lettre_changelist")
    lettres = (
        Lettre.objects.visibles_pour(utilisateur).select_related("decision__projet__organisme").order_by("decision")
    )
    for titre, geste, etat in (
        (_("Lettres à relire"), _("La décision est consignée : relire, corriger."), EtatLettre.REDIGEE),
        (_("Lettres relues, à envoyer"), _("Une à une, en lot, ou à l’heure de l’annonce."), EtatLettre.RELUE),
    ):
        yield titre, geste, lettres.filter(etat=etat), f"{liste}?etat__exact={etat}", _lettre, None


def _projet(projet: Projet) -> Rangee:
    detail = f"{projet.organisme} – {argent_cents(projet.montant_demande)}"
    return f"{projet.numero} {projet.titre}", adresse_lecture(projet), detail


def _en_attente(projet: Any) -> Rangee:
    detail = _("{organisme} – {voulu}; {libre} libres, {enveloppe}").format(
        organisme=projet.organisme,
        voulu=argent_cents(projet.voulu),
        libre=argent_cents(projet.libre),
        enveloppe=projet.enveloppe,
    )
    return (
        f"{projet.numero} {projet.titre}",
        reverse("admin:projets_projet_preparer_decision", args=[projet.pk]),
        detail,
    )


def _preparee(preparee: Any) -> Rangee:
    projet = preparee.projet
    proposee = str(preparee.get_sens_display())
    if preparee.total:
        proposee = f"{proposee}, {argent_cents(preparee.total)}"
    return f"{projet.numero} {projet.titre}", adresse_lecture(projet), f"{projet.organisme} – {proposee}"


def _lettre(lettre: Lettre) -> Rangee:
    projet = lettre.decision.projet
    return f"{projet.numero} {projet.titre}", adresse_lecture(lettre), f"{projet.organisme} – {lettre.objet}"
