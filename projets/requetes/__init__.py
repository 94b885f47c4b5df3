"""Lectures partagées des projets : dossier complet, frise, antécédents, effet sur l'enveloppe."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    Aggregate,
    Avg,
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
    prefetch_related_objects,
)
from django.urls import reverse
from django.utils.translation import gettext as _

from alliances.regles.ententes import part
from projets.champs import nom_du_champ
from projets.comparaison import Difference, differences
from projets.enums import (
    DECIDES,
    EVALUATIONS_OUVERTES,
    EVALUATIONS_SORTIES,
    EtatEvaluation,
    EtatLettre,
    EtatPrecision,
    EtatProjet,
    EtatVersement,
    OrigineDemande,
)
from projets.etats import PRECISABLES
from projets.models import (
    DecisionLigne,
    DemandePrecision,
    Depot,
    Evaluation,
    LectureFil,
    Message,
    PieceJointe,
    Projet,
    Versement,
)
from projets.pieces import limite_des_pieces, pieces_recevables
from socle.argent import ZERO
from socle.etats import transitions_de
from socle.formats import argent_cents, compter, date_longue, instant_long

CACHES_AU_PROMOTEUR = (EtatProjet.EN_EVALUATION, EtatProjet.RECOMMANDE, EtatProjet.NON_RECOMMANDE)


# Ce que les règles d'une demande lisent, tout son contenu, puis ce que sa suite y ajoute.
REGLES: tuple[Any, ...] = (
    "activites",
    "depenses",
    "financements",
    "reponses",
    "appel__pieces_requises",
    Prefetch("pieces", PieceJointe.objects.select_related("fichier", "requise")),
)
CONTENU: tuple[Any, ...] = (*REGLES, "resultats")
SUITE: tuple[Any, ...] = (
    "depots__accuse",
    "depots__dossier",
    Prefetch("decision__lignes", DecisionLigne.objects.select_related("enveloppe", "engagement")),
    Prefetch("evaluations", Evaluation.objects.select_related("evaluateur").order_by("id")),
    Prefetch("convention__versements", Versement.objects.select_related("approuve_par", "paye_par").order_by("rang")),
)


def dossier_complet(projets: QuerySet[Projet]) -> QuerySet[Projet]:
    """Tout ce qu'une page de dossier affiche, en un nombre fixe de requêtes."""
    return avec_les_liens(projets).prefetch_related(*CONTENU, *SUITE)


def avec_les_liens(projets: QuerySet[Projet]) -> QuerySet[Projet]:
    """Le projet et tout ce qu'il pointe, en une requête."""
    return projets.select_related(
        "appel__entente__mandataire",
        "entente__mandataire",
        "organisme__region",
        "enveloppe",
        "priorite",
        "zone",
        "responsable",
        "formulaire",
        "remplace",
        "decision__lettre__fichier",
        "recommandation__auteur",
        "convention__rapport",
        "convention__fichier",
        "budget_revise",
        "preparation",
    )


def file_de_travail(projets: QuerySet[Projet]) -> QuerySet[Projet]:
    """Colonnes d'une liste : évaluations faites et note moyenne, sans requête par rangée.

    Des sous-requêtes, et non une jointure groupée : la base ne les calcule que pour les rangées de la page.
    """
    return projets.select_related("organisme", "enveloppe", "appel", "entente").annotate(
        evaluations_total=_des_evaluations(Count("pk", filter=~Q(etat__in=EVALUATIONS_SORTIES))),
        evaluations_faites=_des_evaluations(Count("pk", filter=Q(etat=EtatEvaluation.SOUMISE))),
        note_moyenne=moyenne_du_dossier_clos(),
    )


def moyenne_du_dossier_clos() -> Subquery:
    """La moyenne, une fois toutes les évaluations du dossier remises : avant, une liste ne la dit à personne (R26)."""
    siennes = Evaluation.objects.filter(projet=OuterRef("pk")).order_by().values("projet")
    return Subquery(
        siennes.annotate(
            ouvertes=Count("pk", filter=Q(etat__in=EVALUATIONS_OUVERTES)),
            moyenne=Avg("note", filter=Q(etat=EtatEvaluation.SOUMISE)),
        )
        .annotate(valeur=Case(When(ouvertes=0, then=F("moyenne"))))
        .values("valeur")
    )


def _des_evaluations(agregat: Aggregate) -> Subquery:
    siennes = Evaluation.objects.filter(projet=OuterRef("pk")).order_by().values("projet")
    return Subquery(siennes.annotate(valeur=agregat).values("valeur"))


def lettre_envoyee(projet: Projet) -> bool:
    """L'organisme apprend la décision par sa lettre, pas par un changement d'état."""
    decision = getattr(projet, "decision", None)
    return bool(decision and hasattr(decision, "lettre") and decision.lettre.etat == EtatLettre.ENVOYEE)


def etat_pour_promoteur(projet: Projet) -> str:
    """L'état que lit l'organisme : le travail du comité et une décision non communiquée restent « En évaluation »."""
    cache = projet.etat in CACHES_AU_PROMOTEUR or (projet.etat in DECIDES and not lettre_envoyee(projet))
    return str(EtatProjet.EN_EVALUATION.label if cache else projet.get_etat_display())


def suite_en_mots(projet: Projet) -> str:
    """Ce qu'un projet soutenu est devenu : convention, rapport, personnes rejointes. Vide avant la lettre (R28)."""
    convention = getattr(projet, "convention", None) if lettre_envoyee(projet) else None
    if convention is None:
        return ""
    rapport = convention.rapport
    if rapport.accepte_le is None:
        return _("Rapport final dû le {date}").format(date=date_longue(rapport.du_le))
    if not rapport.personnes_rejointes:
        return _("Rapport final accepté")
    return _("Rapport final accepté : {n} rejointes").format(
        n=compter(rapport.personnes_rejointes, _("personne"), _("personnes"))
    )


@dataclass(frozen=True)
class Jalon:
    """Une étape de la frise : faite (avec sa date) ou à venir."""

    titre: str
    instant: datetime | None = None
    detail: str = ""

    @property
    def fait(self) -> bool:
        return self.instant is not None


def frise(projet: Projet) -> list[Jalon]:
    """Les étapes du projet, vues de l'organisme."""
    passages = {t.vers: t for t in reversed(transitions_de([projet]))}
    jalons = [Jalon(_("Demande déposée"), projet.depose_le, projet.numero or ""), *_jalons_precisions(projet)]
    if projet.etat == EtatProjet.RETIRE:
        return [*jalons, Jalon(_("Demande retirée"), passages["retire"].instant)]
    examen = None if projet.etat == EtatProjet.DEPOSE else _examen(passages)
    detail = (
        _("Non admissible : {motif}").format(motif=examen.motif) if examen and examen.vers == "non_admissible" else ""
    )
    jalons.append(Jalon(_("Admissibilité examinée"), examen.instant if examen else None, detail))
    comite = passages.get("en_evaluation")
    jalons.append(Jalon(_("Confiée au comité"), comite.instant if comite else None))
    if not lettre_envoyee(projet):
        visee = projet.appel.reponse_visee
        return [
            *jalons,
            Jalon(_("Décision"), None, _("Réponse visée : {date}").format(date=date_longue(visee)) if visee else ""),
        ]
    jalons.append(
        Jalon(_("Décision communiquée"), projet.decision.lettre.envoyee_le, str(projet.decision.get_sens_display()))
    )
    return jalons if projet.etat != EtatProjet.ACCEPTE else [*jalons, *_apres_octroi(projet)]


def _examen(passages: dict[str, Any]) -> Any:
    """Le dernier verdict d'admissibilité; un examen défait ne compte plus."""
    verdicts = [passages[etat] for etat in ("admissible", "non_admissible") if etat in passages]
    return max(verdicts, key=lambda transition: (transition.instant, transition.pk), default=None)


def _jalons_precisions(projet: Projet) -> Iterator[Jalon]:
    """Chaque demande de précision, puis la version reçue ou ce qu'on attend encore."""
    prefetch_related_objects([projet], "precisions__champs", "precisions__reponse")
    for demande in projet.precisions.all():
        yield Jalon(_("Précisions demandées"), demande.demandee_le, champs_en_mots(demande))
        if demande.etat == EtatPrecision.REPONDUE:
            yield Jalon(
                _("Précisions reçues"),
                demande.repondue_le,
                _("Version {n} de la demande").format(n=demande.reponse.rang),
            )
        elif demande.ouverte and projet.etat in PRECISABLES:
            limite = instant_long(demande.derniere_minute, projet.appel.fuseau)
            yield Jalon(_("Précisions à envoyer"), None, _("Au plus tard le {date}").format(date=limite))


def champs_en_mots(demande: DemandePrecision) -> str:
    """Les champs rouverts, en une ligne."""
    return ", ".join(nom_du_champ(demande.projet, champ.cle) for champ in demande.champs.all())


def precision_ouverte(projet: Projet) -> DemandePrecision | None:
    """La demande de précision qui attend une réponse, si l'examen en est encore là."""
    if projet.etat not in PRECISABLES:
        return None
    return next((demande for demande in projet.precisions.all() if demande.ouverte), None)


def _apres_octroi(projet: Projet) -> list[Jalon]:
    convention = getattr(projet, "convention", None)
    if convention is None:
        return [Jalon(_("Convention signée"))]
    jalons = [Jalon(_("Convention signée"), convention.mandataire_signe_le)]
    jalons += [
        Jalon(
            _("Versement {rang} : {montant}").format(rang=versement.rang, montant=argent_cents(versement.montant)),
            versement.paye_le,
            str(versement.get_condition_display()),
        )
        for versement in convention.versements.all()
        if versement.etat != EtatVersement.ANNULE
    ]
    rapport = convention.rapport
    rang = len(jalons) - 1 if len(jalons) > 2 else len(jalons)  # noqa: PLR2004 — le rapport précède le dernier versement
    jalons.insert(
        rang,
        Jalon(
            _("Rapport final accepté"), rapport.accepte_le, _("Dû le {date}").format(date=date_longue(rapport.du_le))
        ),
    )
    return jalons


@dataclass(frozen=True)
class Attente:
    """Une chose que l'organisme a à faire : en une phrase, et où."""

    texte: str
    url: str
    geste: str

    def __str__(self) -> str:
        return self.texte


def _budget_attendu(projet: Projet) -> list[Attente]:
    """R29 : l'octroi partiel, une fois communiqué, attend un budget révisé."""
    budget = getattr(projet, "budget_revise", None)
    if budget is None or not lettre_envoyee(projet) or budget.etat not in {"attendu", "a_corriger"}:
        return []
    texte = _("Remettre un budget révisé, au montant accordé : {montant}.").format(montant=argent_cents(budget.montant))
    if budget.etat == "a_corriger":
        texte = _("Corriger le budget révisé : la coordination a écrit ce qui manque.")
    return [Attente(texte, reverse("projets:budget_revise", args=[projet.uuid]), _("Faire le budget révisé"))]


def attendu_du_promoteur(projet: Projet, manquantes: int, instant: datetime) -> list[Attente]:
    """Ce que l'organisme a à faire maintenant, le plus pressant d'abord."""
    attentes = _precision_attendue(projet, instant)
    if manquantes and projet.etat in {EtatProjet.DEPOSE, EtatProjet.ADMISSIBLE} and instant < limite_des_pieces(projet):
        phrase = _("Joindre {pieces} au plus tard le {date}.").format(
            pieces=compter(manquantes, _("pièce"), _("pièces")), date=date_longue(limite_des_pieces(projet).date())
        )
        attentes.append(Attente(phrase, reverse("projets:pieces", args=[projet.uuid]), _("Joindre une pièce")))
    attentes += _signature_attendue(projet, instant)
    convention = getattr(projet, "convention", None) if lettre_envoyee(projet) else None
    if convention is None:
        return attentes + _budget_attendu(projet)
    rapport, page = convention.rapport, reverse("projets:rapport", args=[projet.uuid])
    if convention.promoteur_signe_le is None:
        page = reverse("projets:convention", args=[projet.uuid])
        attentes.append(Attente(_("Signer la convention."), page, _("Lire et signer la convention")))
    elif rapport.soumis_le is None:
        phrase = _("Remettre le rapport final au plus tard le {date}.").format(date=date_longue(rapport.du_le))
        attentes.append(Attente(phrase, page, _("Écrire le rapport final")))
    elif rapport.correction:
        phrase = _("Corriger le rapport final : {correction}").format(correction=rapport.correction)
        attentes.append(Attente(phrase, page, _("Corriger le rapport final")))
    return attentes


def _signature_attendue(projet: Projet, instant: datetime) -> list[Attente]:
    """La signature peut suivre le dépôt, jusqu'à la limite des pièces."""
    depots = list(projet.depots.all())
    if (
        not depots
        or depots[0].signe_le
        or projet.origine == OrigineDemande.PAPIER
        or pieces_recevables(projet, instant)
    ):
        return []
    limite = instant_long(limite_des_pieces(projet), projet.appel.fuseau)
    phrase = _("Faire signer la demande par une personne signataire, avant le {date}.").format(date=limite)
    return [Attente(phrase, reverse("projets:signer", args=[projet.uuid]), _("Signer la demande"))]


def _precision_attendue(projet: Projet, instant: datetime) -> list[Attente]:
    demande = precision_ouverte(projet)
    if demande is None:
        return []
    limite = instant_long(demande.derniere_minute, projet.appel.fuseau)
    phrase = (
        _("La réponse à la demande de précision était attendue le {date} : écrivez à la coordination.")
        if demande.en_retard(instant)
        else _("Répondre à la demande de précision au plus tard le {date}.")
    ).format(date=limite)
    if demande.en_retard(instant):
        return [Attente(phrase, reverse("projets:messages", args=[projet.uuid]), _("Écrire à la coordination"))]
    return [Attente(phrase, demande.get_absolute_url(), _("Répondre à la demande de précision"))]


@dataclass(frozen=True)
class PrecisionLue:
    """Une demande de précision et, une fois répondue, ce qui a changé."""

    demande: DemandePrecision
    champs: str
    differences: list[Difference]
    retard: bool


def noms_du_contenu(projet: Projet) -> dict[str, dict[str, str]]:
    """Les libellés des codes qu'un contenu déposé cite : territoires et priorités de l'entente."""
    return {
        "territoire": {e.code: str(e) for e in projet.entente.enveloppes.all()},
        "priorite": {p.code: str(p) for p in projet.entente.priorites.all()},
    }


def precisions_lues(projet: Projet, instant: datetime) -> list[PrecisionLue]:
    """Les demandes de précision du projet, la plus récente d'abord, avec leurs différences."""
    demandes = list(
        projet.precisions.select_related("depot", "reponse", "demandee_par", "repondue_par")
        .prefetch_related("champs")
        .order_by("-demandee_le", "-id")
    )
    noms = noms_du_contenu(projet) if any(demande.reponse for demande in demandes) else {}
    return [
        PrecisionLue(
            demande,
            champs_en_mots(demande),
            differences(demande.depot.contenu, demande.reponse.contenu, noms) if demande.reponse else [],
            demande.en_retard(instant),
        )
        for demande in demandes
    ]


def _vus_par(utilisateur: Any, messages: QuerySet[Message]) -> QuerySet[Message]:
    """Les messages de l'autre côté que la personne n'a pas encore lus."""
    lus = LectureFil.objects.filter(projet=OuterRef("projet"), utilisateur=utilisateur, dernier__gte=OuterRef("pk"))
    return messages.filter(~Exists(lus)).exclude(auteur=utilisateur)


def non_lus(projet: Projet, utilisateur: Any) -> int:
    """Combien de messages du fil la personne n'a pas lus."""
    return _vus_par(utilisateur, Message.objects.filter(projet=projet)).count()


def projets_au_courrier(utilisateur: Any) -> QuerySet[Projet]:
    """Les demandes où un organisme a écrit et que la personne n'a pas encore lues (coordination)."""
    recus = _vus_par(utilisateur, Message.objects.visibles_pour(utilisateur).filter(de_l_organisme=True))
    return Projet.objects.visibles_pour(utilisateur).filter(pk__in=recus.values("projet")).order_by("depose_le")


def depots_du_numero(numero: str) -> list[Depot]:
    """Les dépôts d'un numéro, le plus récent d'abord : ce qu'une vérification publique peut dire (R56)."""
    return list(
        Depot.objects.filter(projet__numero=numero)
        .select_related("projet__appel", "projet__entente__mandataire")
        .order_by("-rang")
    )


def octrois_en_zone(ententes: Iterable[int]) -> dict[int, Decimal | None]:
    """R55 : part des octrois dans une zone où se concentre la pauvreté, par entente qui a octroyé (une requête)."""
    sommes = (
        DecisionLigne.objects.filter(entente__in=list(ententes))
        .order_by()
        .values("entente")
        .annotate(
            total=Sum("montant"), en_zone=Sum("montant", filter=Q(decision__projet__zone_visee=True), default=ZERO)
        )
    )
    return {s["entente"]: part(s["en_zone"], s["total"]) for s in sommes}
