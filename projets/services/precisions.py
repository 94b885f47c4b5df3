"""Demandes de précision (R22) : la coordination rouvre des champs nommés, l'organisme répond par un nouveau dépôt."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from alliances.requetes.adresses import coordinations
from appels.enums import GenreQuestion
from appels.questions import COLONNES
from comptes.models import Utilisateur
from comptes.requetes import courriels_des_membres
from projets.champs import MONTANT, colonne_remplie, en_json, nom_du_champ, questions_posees
from projets.comparaison import LISTES
from projets.contenu import contenu_de, empreinte_de
from projets.enums import EtatEvaluation, EtatPrecision
from projets.etats import PRECISABLES, PRECISION
from projets.models import ChampPrecision, DemandePrecision, Depot, Projet
from projets.sections import blocages, reste_a_faire
from projets.services.brouillons import ecrire_reponse
from projets.services.depots import demander_signature, figer_depot
from socle import courriels
from socle.erreurs import Refus
from socle.etats import noter_transition, verifier_droit
from socle.formats import instant_long, jour_local

PIECES = "pieces"
FIGES = ("territoire", "zone")  # le territoire est dans le numéro; la zone suit la question de la zone
LIENS = ("appel", "organisme", "enveloppe", "priorite", "zone", "formulaire", "entente__mandataire")


def champs_precisables(projet: Projet) -> dict[str, str]:
    """Ce qui peut se rouvrir : les questions de la demande, le montant, les listes, les pièces; ni territoire ni zone."""
    questions = {
        question.cle: question.libelle
        for _section, question in questions_posees(projet)
        if question.cle not in {"enveloppe", *FIGES} and question.genre != GenreQuestion.FICHIER
    }
    return {**questions, **{cle: nom_du_champ(projet, cle) for cle in (MONTANT, *LISTES)}}


def _verrouiller(projet_id: int) -> Projet:
    return Projet.objects.select_for_update(of=("self",), no_key=True).select_related(*LIENS).get(pk=projet_id)


def fin_du_jour(jour: date, fuseau: str) -> datetime:
    """L'instant exclusif qui suit la dernière seconde du jour, dans le fuseau de l'appel (R20)."""
    return datetime.combine(jour + timedelta(days=1), time(0), tzinfo=ZoneInfo(fuseau))


def _limite(projet: Projet, jour: date, instant: datetime) -> datetime:
    if jour <= jour_local(instant, projet.appel.fuseau):
        raise Refus(
            _("La date limite est passée ou tombe aujourd’hui : laissez au moins un jour à l’organisme."),
            code="limite",
            champ="limite",
        )
    return fin_du_jour(jour, projet.appel.fuseau)


@transaction.atomic
def demander_precisions(
    *,
    projet: Projet,
    champs: Iterable[str],
    message: str,
    limite: date,
    auteur: Utilisateur,
    instant: datetime,
) -> DemandePrecision:
    """Rouvre les `champs` jusqu'au jour `limite` compris, et prévient les membres.

    Refuse : aucun champ ou un champ inconnu, rien de demandé, une date passée, une demande de précision déjà ouverte, un examen avancé.
    """
    projet = _verrouiller(projet.pk)
    verifier_droit(auteur, "projets.demander_precisions", projet, _("Demander des précisions"))
    choisis, offerts = set(champs), champs_precisables(projet)
    if not choisis or not choisis <= set(offerts):
        raise Refus(_("Choisissez au moins un champ à rouvrir."), code="champs", champ="champs")
    if not message.strip():
        raise Refus(_("Dites à l’organisme ce que vous voulez savoir."), code="message", champ="message")
    if projet.etat not in PRECISABLES:
        raise Refus(
            _("L’examen de cette demande est avancé : son contenu ne change plus. Écrivez un message à l’organisme."),
            code="etat",
        )
    if projet.precisions.filter(etat=EtatPrecision.OUVERTE).exists():
        raise Refus(
            _("Une demande de précision attend déjà une réponse. Prolongez-la ou annulez-la, puis recommencez."),
            code="ouverte",
        )
    demande = DemandePrecision.objects.create(
        entente=projet.entente,
        projet=projet,
        depot=projet.depots.latest("rang"),
        message=message.strip(),
        limite=_limite(projet, limite, instant),
        demandee_par=auteur,
        demandee_le=instant,
    )
    ChampPrecision.objects.bulk_create(
        ChampPrecision(demande=demande, cle=cle, ordre=rang)
        for rang, cle in enumerate(cle for cle in offerts if cle in choisis)
    )
    noter_transition(demande, action="demander", de="", vers=demande.etat, auteur=auteur, instant=instant)
    _aviser_membres(demande, "demandee", _("Précisions demandées : {numero}"), instant)
    return demande


@transaction.atomic
def prolonger_precisions(
    *, demande: DemandePrecision, limite: date, auteur: Utilisateur, instant: datetime
) -> DemandePrecision:
    """Reporte la date limite, vers l'avant seulement, et prévient les membres."""
    nouvelle = _limite(demande.projet, limite, instant)
    if nouvelle <= demande.limite:
        raise Refus(_("Choisissez une date plus tardive que la limite présente."), code="limite", champ="limite")
    demande = PRECISION.appliquer(demande, "prolonger", auteur=auteur, instant=instant, limite=nouvelle)
    _aviser_membres(demande, "prolongee", _("Plus de temps pour répondre : {numero}"), instant)
    return demande


@transaction.atomic
def annuler_precisions(
    *, demande: DemandePrecision, motif: str, auteur: Utilisateur, instant: datetime
) -> DemandePrecision:
    """Referme les champs sans réponse; la version déposée reste. Refuse sans motif : l'organisme le lira."""
    if not motif.strip():
        raise Refus(_("Dites à l’organisme pourquoi la réponse n’est plus attendue."), code="motif", champ="motif")
    demande = PRECISION.appliquer(demande, "annuler", auteur=auteur, instant=instant, motif=motif.strip())
    _aviser_membres(demande, "annulee", _("Réponse qui n’est plus attendue : {numero}"), instant, motif=motif.strip())
    return demande


def valeur_de(modele: type[models.Model], nom: str, brut: Any) -> Any:
    """La valeur d'une colonne, relue de ce qui a été rangé en JSON."""
    colonne: Any = modele._meta.get_field(nom)
    return getattr(colonne, "target_field", colonne).to_python(brut) if brut is not None else None


@transaction.atomic
def enregistrer_precisions(
    *,
    demande: DemandePrecision,
    valeurs: Mapping[str, Any],
    mot: str,
    version: int,
    auteur: Utilisateur,
    instant: datetime,
) -> DemandePrecision:
    """Garde la réponse en préparation; la version déposée ne bouge pas. Un champ non rouvert est ignoré.

    Refuse : une demande close, un délai passé, ou une version dépassée (une autre personne a enregistré entre-temps).
    """
    demande = (
        DemandePrecision.objects.select_for_update(of=("self",), no_key=True)
        .select_related("projet__appel")
        .get(pk=demande.pk)
    )
    verifier_droit(auteur, "projets.ecrire_precisions", demande, _("Écrire la réponse"))
    if not demande.ouverte:
        raise Refus(_("Cette demande de précision est close : rien ne s’y ajoute."), code="etat")
    if demande.en_retard(instant):
        raise Refus(
            _("Le délai pour répondre a pris fin le {date}. Écrivez à la coordination, qui peut le prolonger.").format(
                date=instant_long(demande.limite, demande.projet.appel.fuseau)
            ),
            code="delai",
        )
    if version != demande.version:
        raise Refus(
            _(
                "Une autre personne de votre organisme vient d’enregistrer cette réponse. La vôtre est affichée ci-dessous;"
                " la sienne reste tant que vous n’enregistrez pas de nouveau."
            ),
            code="conflit",
        )
    for champ in demande.champs.all():
        if champ.cle in valeurs and champ.cle != PIECES:
            champ.valeur = {"v": en_json(valeurs[champ.cle])}
            champ.save(update_fields=["valeur"])
    demande.mot, demande.version = mot, version + 1
    demande.save(update_fields=["mot", "version"])
    return demande


@transaction.atomic
def repondre_precisions(*, demande: DemandePrecision, auteur: Utilisateur, instant: datetime) -> Depot:
    """Applique la réponse préparée et dépose une version de plus (rang + 1); la précédente reste.

    Refuse : délai passé, personne sans mandat, examen avancé, rien de changé ni d'écrit, un champ essentiel vidé.
    """
    projet = _verrouiller(demande.projet_id)
    champs = list(demande.champs.all())
    for champ in champs:
        _appliquer(projet, champ)
    projet.save(update_fields=[champ.cle for champ in champs if champ.valeur and est_colonne(champ.cle)])
    projet = _verrouiller(projet.pk)
    if bloquants := blocages(reste_a_faire(projet)):
        raise Refus(
            _("La réponse viderait un champ obligatoire : {premier}").format(premier=bloquants[0].titre),
            code="incomplet",
        )
    precedent, contenu = projet.depots.latest("rang"), contenu_de(projet)
    if empreinte_de(contenu) == precedent.empreinte and not demande.mot.strip():
        raise Refus(
            _("Rien n’a changé : corrigez une réponse, joignez une pièce, ou expliquez dans votre mot."),
            code="vide",
            champ="mot",
        )
    depot = figer_depot(projet, auteur=auteur, instant=instant, contenu=contenu)
    demande = PRECISION.appliquer(
        demande, "repondre", auteur=auteur, instant=instant, repondue_par=auteur, repondue_le=instant, reponse=depot
    )
    projet.evaluations.filter(etat__in=[EtatEvaluation.ASSIGNEE, EtatEvaluation.EN_COURS]).update(depot=depot)
    if depot.signe_le is None:
        demander_signature(depot, instant)
    _accuser(demande, auteur, instant)
    _aviser_coordination(demande, instant)
    return depot


def est_colonne(cle: str) -> bool:
    """La réponse s'écrit dans une colonne du projet, et non dans une liste ni une `Reponse`."""
    return cle == MONTANT or cle in COLONNES


def colonne_de(cle: str) -> str:
    """Le nom de la colonne du projet : `priorite` → `priorite_id`."""
    return str(getattr(Projet._meta.get_field(cle), "attname", cle))


def _appliquer(projet: Projet, champ: ChampPrecision) -> None:
    """Pose la valeur préparée sur le projet; une liste est remplacée en entier."""
    if champ.valeur is None or champ.cle == PIECES:
        return
    if est_colonne(champ.cle):
        valeur = valeur_de(Projet, champ.cle, champ.valeur["v"])
        setattr(projet, colonne_de(champ.cle), colonne_remplie(champ.cle, valeur))
        return
    if champ.cle not in LISTES:
        ecrire_reponse(projet, champ.cle, champ.valeur["v"])
        return
    gestionnaire = getattr(projet, champ.cle)
    modele = gestionnaire.model
    gestionnaire.all().delete()
    modele.objects.bulk_create(
        modele(
            projet=projet,
            ordre=rang,
            **{nom: valeur for nom, brut in rangee.items() if (valeur := valeur_de(modele, nom, brut)) is not None},
        )
        for rang, rangee in enumerate(champ.valeur["v"] or ())
    )


def _ecrire(demande: DemandePrecision, genre: str, objet: str, adresse: str, chemin: str, **suite: Any) -> None:
    projet = demande.projet
    courriels.ecrire(
        f"projets/precision_{genre}",
        destinataire=adresse,
        instant=suite["instant"],
        cle=f"precision:{genre}:{demande.pk}:{demande.limite.isoformat()}:{adresse}",
        objet=objet.format(numero=projet.numero),
        objet_lie=projet,
        mandataire_code=projet.entente.mandataire.code,
        contexte={
            "projet": projet,
            "appel": projet.appel,
            "demande": demande,
            "champs": [nom_du_champ(projet, champ.cle) for champ in demande.champs.all()],
            "lien": courriels.adresse_absolue(chemin),
            **suite,
        },
    )


def _aviser_membres(demande: DemandePrecision, genre: str, objet: str, instant: datetime, **suite: Any) -> None:
    organisme = demande.projet.organisme_id
    for adresse in courriels_des_membres([organisme]).get(organisme, ()):
        _ecrire(demande, genre, objet, adresse, demande.get_absolute_url(), instant=instant, **suite)


def _accuser(demande: DemandePrecision, auteur: Utilisateur, instant: datetime) -> None:
    objet = _("Réponse reçue : {numero}")
    _ecrire(demande, "accuse", objet, auteur.email, demande.get_absolute_url(), instant=instant, depot=demande.reponse)


def _aviser_coordination(demande: DemandePrecision, instant: datetime) -> None:
    mandataire = demande.projet.entente.mandataire_id
    chemin, objet = (
        reverse("admin:projets_projet_change", args=[demande.projet_id]),
        _("Précisions reçues : {numero}"),
    )
    for adresse in coordinations([mandataire], instant).get(mandataire, ()):
        _ecrire(demande, "recue", objet, adresse, chemin, instant=instant)
