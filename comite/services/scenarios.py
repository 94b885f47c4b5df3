"""Les scénarios d'une séance : les enregistrer, les copier, en retenir un (R14, R25, R27)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from comite.enums import OCTROIENT, ChoixScenario, EtatSeance
from comite.models import LigneScenario, Scenario, Seance
from comite.regles.tableau import ligne_valide
from comite.requetes.retenue import SENS, Prevision, prevision
from comite.services.seances import refuser_levee
from comite.services.tenue import verrouiller
from comptes.models import Utilisateur
from projets.enums import EtatProjet
from projets.services.decisions import Part
from projets.services.evaluations import consigner_recommandation
from projets.services.preparation import preparer_decision
from socle.argent import ZERO
from socle.erreurs import Refus
from socle.etats import noter_transition, verifier_droit
from socle.formats import argent_cents, instant_court

Choix = Mapping[int, tuple[str, Decimal]]  # projet → choix, montant en dollars


@transaction.atomic
def enregistrer_scenario(
    *,
    seance: Seance,
    scenario: Scenario | None,
    nom: str,
    version: int,
    choix: Choix,
    auteur: Utilisateur,
    instant: datetime,
) -> Scenario:
    """Crée un scénario, ou remplace ses lignes; il n'adopte rien, et peut dépasser une enveloppe.

    Refuse une séance levée, un scénario retenu, changé par quelqu'un d'autre depuis sa lecture (`version`), un nom vide ou
    déjà pris, une demande hors de l'ordre du jour, un montant qui ne va pas avec son choix.
    """
    rangee = verrouiller(seance)
    verifier_droit(auteur, "comite.ecrire_scenario", rangee, _("Enregistrer le scénario"))
    refuser_levee(rangee)
    nom = _nom_libre(rangee, nom, scenario)
    _verifier_choix(rangee, choix)
    if scenario is None:
        scenario = Scenario(entente_id=rangee.entente_id, seance=rangee, cree_par=auteur, cree_le=instant, version=0)
    else:
        scenario = Scenario.objects.select_for_update(of=("self",)).select_related("modifie_par").get(pk=scenario.pk)
        _verifier_version(scenario, version, rangee)
    scenario.nom, scenario.version = nom, scenario.version + 1
    scenario.modifie_par, scenario.modifie_le = auteur, instant
    scenario.save()
    LigneScenario.objects.filter(scenario=scenario).delete()
    LigneScenario.objects.bulk_create(
        LigneScenario(entente_id=rangee.entente_id, scenario=scenario, projet_id=projet, choix=valeur, montant=montant)
        for projet, (valeur, montant) in choix.items()
    )
    _noter(rangee, "scenario", nom, auteur, instant)
    return scenario


def _nom_libre(seance: Seance, nom: str, scenario: Scenario | None) -> str:
    nom = nom.strip()
    if not nom:
        raise Refus(_("Donnez un nom au scénario, par exemple « Scénario B »."), code="nom", champ="nom")
    if seance.scenarios.filter(nom=nom).exclude(pk=scenario.pk if scenario else None).exists():
        raise Refus(
            _("Un autre scénario de cette séance s’appelle déjà « {nom} » : choisissez un autre nom.").format(nom=nom),
            code="nom",
            champ="nom",
        )
    return nom


def _verifier_version(scenario: Scenario, version: int, seance: Seance) -> None:
    if scenario.retenu_le is not None:
        raise Refus(_("Ce scénario est retenu : il ne change plus. Enregistrez-en une copie."), code="retenu")
    if scenario.version != version:
        raise Refus(
            _(
                "{qui} a changé ce scénario à {quand}, après votre lecture : rien n’est écrasé. Enregistrez une copie, ou"
                " relisez la page."
            ).format(qui=scenario.modifie_par, quand=instant_court(scenario.modifie_le, seance.appel.fuseau)),
            code="version",
        )


def _verifier_choix(seance: Seance, choix: Choix) -> None:
    demandes = dict(seance.points.filter(projet__isnull=False).values_list("projet_id", "projet__montant_demande"))
    for projet, (valeur, montant) in choix.items():
        if projet not in demandes:
            raise Refus(_("Une demande n’est plus à l’ordre du jour : relisez la page."), code="point")
        if not ligne_valide(ChoixScenario(valeur), montant, demandes[projet] or ZERO):
            raise Refus(
                _("Le montant {montant} ne va pas avec « {choix} » : relisez la ligne.").format(
                    montant=argent_cents(montant), choix=ChoixScenario(valeur).label
                ),
                code="montant",
            )


@transaction.atomic
def retenir_scenario(
    *,
    scenario: Scenario,
    signature: str,
    exercice: str,
    motifs: Mapping[int, str],
    auteur: Utilisateur,
    instant: datetime,
) -> Scenario:
    """Consigne les recommandations du scénario et prépare ses décisions, comme la prévision les a nommées; tout, ou rien.

    Retenir de nouveau le même scénario complète ce qui avait été sauté. Refuse une séance pas encore ouverte, une prévision
    qui a changé depuis (`signature`) ou vide, un autre scénario déjà retenu, une enveloppe dépassée (R14, le manque est dit
    au cent), un refus ou une attente sans motif.
    """
    seance = verrouiller(scenario.seance)
    verifier_droit(auteur, "comite.ecrire_scenario", seance, _("Retenir le scénario"))
    if seance.etat == EtatSeance.PREPAREE:
        raise Refus(_("La séance n’est pas encore ouverte : un scénario se retient en séance, ou après."), code="etat")
    autre = seance.scenarios.filter(retenu_le__isnull=False).exclude(pk=scenario.pk).first()
    if autre is not None:
        raise Refus(_("« {nom} » est déjà retenu pour cette séance.").format(nom=autre), code="deja")
    scenario = Scenario.objects.select_for_update(of=("self",)).get(pk=scenario.pk)
    prevue = prevision(seance, scenario)
    if prevue.signature != signature:
        raise Refus(_("La situation a changé depuis l’aperçu : rien n’est consigné. Relisez-le."), code="signature")
    if prevue.depassements:
        raise Refus(" ".join(prevue.depassements), code="depassement")
    if not prevue.changements:
        raise Refus(_("Rien ne changerait : chaque demande serait sautée. Les raisons sont nommées."), code="vide")
    _appliquer(prevue.changements, exercice, motifs, auteur, instant)
    if scenario.retenu_le is None:
        scenario.retenu_le, scenario.retenu_par = instant, auteur
        scenario.save(update_fields=["retenu_le", "retenu_par"])
    _noter(seance, "retenir", scenario.nom, auteur, instant)
    return scenario


def _appliquer(
    changements: Sequence[Prevision], exercice: str, motifs: Mapping[int, str], auteur: Utilisateur, instant: datetime
) -> None:
    for prevue in changements:
        projet, ligne = prevue.projet, prevue.ligne
        sens, motif = SENS[ligne.choix], motifs.get(projet.pk, "").strip()
        try:
            if projet.etat == EtatProjet.EN_EVALUATION:
                consigner_recommandation(
                    projet=projet, sens=sens, montant=ligne.montant, motif=motif, auteur=auteur, instant=instant
                )
            preparer_decision(
                projet=projet,
                sens=sens,
                parts=[Part(projet.enveloppe, exercice, ligne.montant)]
                if ligne.choix in OCTROIENT and projet.enveloppe
                else [],
                conditions="",
                motif_public=motif,
                auteur=auteur,
                instant=instant,
            )
        except Refus as refus:
            champ = f"motif_{projet.pk}" if refus.champ == "motif_public" else refus.champ
            raise Refus(
                _("{numero} : {raison}").format(numero=projet.numero, raison=refus), code=refus.code, champ=champ
            ) from refus


def _noter(seance: Seance, action: str, nom: str, auteur: Utilisateur, instant: datetime) -> None:
    noter_transition(seance, action=action, de=seance.etat, vers=seance.etat, auteur=auteur, instant=instant, motif=nom)
