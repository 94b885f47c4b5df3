"""Capitale-Nationale, entente 2024 (démonstration) : un premier appel de 69 demandes, en plein examen.

De source publique : 69 propositions, 20 organismes retenus, 1 200 000 $, montant arrondi par sa source. Tout le reste est fictif.
Les demandes s'écrivent en lots; le comité travaille par les mêmes services que les écrans.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction

from alliances.enums import NatureEnveloppe, Origine
from alliances.models import Cycle, Entente, Enveloppe, Mandataire
from alliances.services import grand_livre
from alliances.services.publications import charger_instance, charger_priorites
from appels.enums import Gravite, NatureProjet, PhaseComite
from appels.models import Appel, PieceRequise
from appels.services.comite import ecrire_comite
from comptes.enums import Role
from comptes.models import Organisme, Utilisateur
from portail.demonstration.appels import creer_appel
from portail.demonstration.chargement import taire_le_passe
from portail.demonstration.comptes import Compte as CompteDemo
from portail.demonstration.comptes import charger_compte
from portail.demonstration.dossiers import PARTS_DEPENSES
from portail.demonstration.ententes import Compte, doter_entente
from portail.demonstration.evaluations import confier_l_appel, noter_les_evaluations
from portail.demonstration.organismes import MODELES, charger_organisme
from projets.contenu import contenu_de, empreinte_de
from projets.enums import EtatEvaluation, EtatProjet, SensDecision
from projets.models import (
    Activite,
    Depot,
    Evaluation,
    LigneDepense,
    LigneFinancement,
    PieceJointe,
    Projet,
    ResultatAttendu,
)
from projets.services.decisions import Part
from projets.services.evaluations import consigner_recommandation
from projets.services.pieces import ACCES_PIECE
from projets.services.preparation import preparer_decision
from socle.argent import repartir
from socle.documents.fichiers import ranger
from socle.documents.pdf import rendre_pdf
from socle.exercices import exercice_de
from socle.formats import jour_local
from socle.models import TransitionEtat

CODE = "03-2024"
RECUES, A_RETENIR, SOMME = 69, 20, Decimal(1_200_000)
INCOMPLETES, NON_ADMISSIBLES = 4, 2
MONTANT = Decimal(4_305_650)
PRESQUE_PLEINE, RESTE = "PN", Decimal(5_000)
# lettres, nom, dotation, offert à l'appel; Σ offert = 1 200 000 $
TERRITOIRES = (
    ("QC", "Ville de Québec", 1_200_000, 520_000),
    ("JC", "La Jacques-Cartier", 320_000, 130_000),
    ("PN", "Portneuf", 380_000, 150_000),
    ("CB", "La Côte-de-Beaupré et L’Île-d’Orléans", 300_000, 120_000),
    ("CX", "Charlevoix", 290_000, 140_000),
    ("CE", "Charlevoix-Est", 290_000, 140_000),
)
EQUIPE = (
    CompteDemo("coordination.capitale", "Coordination 03 (démonstration)", "conduit l’appel", Role.COORDINATION, "03"),
    CompteDemo("secretariat.capitale", "Secrétariat 03 (démonstration)", "consigne", Role.SECRETARIAT, "03"),
    *(
        CompteDemo(f"comite{n}.capitale", f"Comité 03-{n} (démonstration)", "évalue", Role.EVALUATION, "03")
        for n in range(1, 7)
    ),
)
EN_RETARD, NON_REMISES = ("comite4.capitale", "comite5.capitale", "comite6.capitale"), 4
PAR_DEMANDE = 2


@dataclass(frozen=True)
class Calendrier:
    """Les dates de l'appel, comptées du jour."""

    instant: datetime
    fuseau: str

    def jour(self, ecart: int, heure: int = 0) -> datetime:
        minuit = datetime.combine(jour_local(self.instant, self.fuseau), datetime.min.time(), ZoneInfo(self.fuseau))
        return minuit + timedelta(days=ecart, hours=heure)


@transaction.atomic
def charger_capitale(instant: datetime) -> Appel | None:
    """L'entente 03-2024, son comité et l'appel de 69 demandes; rend l'appel, ou nul s'il est déjà là."""
    if Entente.objects.filter(code=CODE).exists():
        return None
    personnes = {compte.local: charger_compte(compte) for compte in EQUIPE}
    coordination = personnes["coordination.capitale"]
    entente = _entente()
    temps = Calendrier(instant, entente.mandataire.fuseau)
    enveloppes = _doter(entente, coordination, temps)
    appel = _appel(entente, coordination, temps)
    promoteur = Utilisateur.objects.get(email="organismes@demo.example")
    projets = _demandes(appel, enveloppes, promoteur, temps)
    _juger(projets, coordination, temps)
    confier_l_appel(appel, coordination, temps.jour(-20, 9), par_demande=PAR_DEMANDE, limite=temps.jour(-2))
    _noter(appel, personnes, temps)
    _sur_deux_territoires(appel, enveloppes, coordination, temps)
    taire_le_passe(instant)
    return appel


def _entente() -> Entente:
    cycle = Cycle.objects.get(code="2024-2029")
    entente = Entente.objects.create(
        code=CODE,
        mandataire=Mandataire.objects.select_related("region").get(code="03"),
        cycle=cycle,
        debut=cycle.debut,
        fin=cycle.fin,
        montant=MONTANT,
        origine=Origine.CALCULE,
    )
    charger_priorites(entente)
    charger_instance(entente)
    return entente


def _doter(entente: Entente, coordination: Utilisateur, temps: Calendrier) -> dict[str, Enveloppe]:
    """Les enveloppes de démonstration; celle de Portneuf est presque pleine."""
    instant = temps.jour(-150, 9)
    comptes = [
        Compte(lettres, nom, Decimal(dotation), Origine.DEMONSTRATION, NatureEnveloppe.TERRITORIALE)
        for lettres, nom, dotation, _offert in TERRITOIRES
    ]
    return doter_entente(entente, comptes, auteur=coordination, instant=instant)


def _remplir(enveloppe: Enveloppe, coordination: Utilisateur, temps: Calendrier) -> None:
    """Un engagement hors projet ne laisse que 5 000 $."""
    enveloppe.refresh_from_db()
    instant = temps.jour(-30, 9)
    grand_livre.engager(
        enveloppe,
        enveloppe.disponible - RESTE,
        exercice=exercice_de(jour_local(instant, temps.fuseau)),
        reference="Soutien au milieu (démonstration)",
        auteur=coordination,
        instant=instant,
        cle=f"demonstration:{enveloppe.code}",
        motif="Engagement antérieur",
        libre=True,
    )


def _appel(entente: Entente, coordination: Utilisateur, temps: Calendrier) -> Appel:
    appel = creer_appel(
        entente=entente,
        rang=1,
        titre="Premier appel de projets de la Capitale-Nationale",
        ouverture=temps.jour(-100, 9),
        fermeture=temps.jour(-40),
        fin_max=min(temps.jour(700).date(), entente.fin),
        reponse=temps.jour(45).date(),
        offres={lettres: Decimal(offert) for lettres, _nom, _dotation, offert in TERRITOIRES},
        auteur=coordination,
        pieces=False,
    )
    Appel.objects.filter(pk=appel.pk).update(
        resume="Un soutien aux projets de la région. L’appel offre 1 200 000 $, montant arrondi par sa source."
    )
    PieceRequise.objects.create(
        entente=entente,
        appel=appel,
        code="resolution_ca",
        libelle="Résolution du conseil d’administration",
        aide="Elle appuie la demande et désigne qui la signe.",
        gravite=Gravite.SUITE,
    )
    ecrire_comite(
        appel=appel,
        debuts={
            PhaseComite.LECTURE: temps.jour(-21),
            PhaseComite.COMMUN: temps.jour(3),
            PhaseComite.SEANCE: temps.jour(10, 13),
            PhaseComite.CLOSE: temps.jour(12),
        },
        commentaires_exiges=appel.commentaires_exiges,
        retrait_hors_quorum=True,
        auteur=coordination,
        instant=temps.jour(-22, 9),
    )
    _remplir(Enveloppe.objects.select_related("entente").get(code=f"{CODE}/{PRESQUE_PLEINE}"), coordination, temps)
    return Appel.objects.select_related("entente__mandataire").get(pk=appel.pk)


def _montants() -> list[Decimal]:
    """Les vingt premières totalisent 1 200 000 $; les autres, de 18 000 $ à 63 000 $."""
    retenues = repartir(SOMME, [5 + (rang * 3) % 7 for rang in range(A_RETENIR)])
    return [*retenues, *(Decimal(18_000 + rang * 7 % 10 * 5_000) for rang in range(RECUES - A_RETENIR))]


def _demandes(
    appel: Appel, enveloppes: dict[str, Enveloppe], promoteur: Utilisateur, temps: Calendrier
) -> list[Projet]:
    """Les 69 demandes, en lots : contenu, budget, dépôt figé, pièce (sauf quatre)."""
    organismes = _organismes(appel, promoteur, temps)
    lettres = [t[0] for t in TERRITOIRES]
    priorites = {priorite.code: priorite for priorite in appel.entente.priorites.all()}
    projets = []
    for rang, montant in enumerate(_montants()):
        modele, enveloppe = MODELES[rang % len(MODELES)], enveloppes[lettres[rang * 5 % len(lettres)]]
        depose = appel.fermeture - timedelta(minutes=7 + rang * 131)
        projets.append(
            Projet(
                entente=appel.entente,
                appel=appel,
                organisme=organismes[rang],
                enveloppe=enveloppe,
                priorite=priorites[modele.priorite],
                titre=f"{modele.titre}, {enveloppe.libelle}",
                numero=f"{appel.code}-{enveloppe.lettres}-{rang + 1:04d}",
                etat=EtatProjet.DEPOSE,
                resume_public=modele.resume,
                besoin=modele.besoin,
                clienteles=modele.clienteles,
                objectifs="Améliorer concrètement les conditions de vie des personnes du territoire.",
                personnes_visees=30 + rang % 9 * 15,
                participation="Deux personnes concernées siègent au groupe de suivi.",
                ancrage="Projet porté avec la table locale de développement social.",
                partenaires="Municipalité, table locale, organismes du milieu.",
                perennite="Les partenaires gardent l’équipement et les façons de faire.",
                nature=NatureProjet.INTERVENTION,
                zone_visee=(True, False, None)[rang % 3],
                montant_demande=montant,
                debut=temps.jour(75).date(),
                fin=temps.jour(75 + 300).date(),
                cree_par=promoteur,
                cree_le=depose - timedelta(days=9),
                enregistre_le=depose,
                depose_le=depose,
            )
        )
    projets = Projet.objects.bulk_create(projets)
    _contenus(projets, temps)
    Appel.objects.filter(pk=appel.pk).update(dernier_numero=len(projets))
    _joindre(projets, appel.pieces_requises.get())
    _figer(projets, promoteur)
    return projets


def _organismes(appel: Appel, promoteur: Utilisateur, temps: Calendrier) -> list[Organisme]:
    lus = [
        charger_organisme(
            f"Organisme de la Capitale {rang + 1} (démonstration)",
            rang=3001 + rang,
            region=appel.entente.mandataire.region,
            membre=promoteur,
            instant=temps.jour(-120),
        )
        for rang in range(RECUES)
    ]
    Organisme.objects.filter(pk__in=[o.pk for o in lus]).update(
        ville="Québec", code_postal="G1R4S9", telephone="4185550103"
    )
    return list(Organisme.objects.filter(pk__in=[o.pk for o in lus]).order_by("neq"))


def _contenus(projets: list[Projet], temps: Calendrier) -> None:
    """Activités, résultats, dépenses (l'aide en couvre environ 62 %) et autres contributions."""
    debut, fin = temps.jour(75).date(), temps.jour(375).date()
    Activite.objects.bulk_create(
        Activite(projet=p, libelle=libelle, debut=du, fin=au, ordre=ordre)
        for p in projets
        for ordre, (libelle, du, au) in enumerate(_activites(debut, fin))
    )
    ResultatAttendu.objects.bulk_create(
        ResultatAttendu(projet=p, indicateur="Personnes rejointes", cible=p.personnes_visees) for p in projets
    )
    totaux = {p.pk: (p.montant_demande / Decimal("0.62")).quantize(Decimal(1)) for p in projets}
    LigneDepense.objects.bulk_create(
        LigneDepense(projet=p, categorie=categorie, libelle=libelle, montant=montant, ordre=ordre)
        for p in projets
        for ordre, ((categorie, libelle, _part), montant) in enumerate(
            zip(PARTS_DEPENSES, repartir(totaux[p.pk], [part for _c, _l, part in PARTS_DEPENSES]), strict=True)
        )
    )
    LigneFinancement.objects.bulk_create(
        LigneFinancement(
            projet=p,
            source="promoteur",
            libelle="Mise de fonds",
            montant=totaux[p.pk] - p.montant_demande,
            confirme=True,
        )
        for p in projets
    )


def _activites(debut: date, fin: date) -> tuple[tuple[str, date, date], ...]:
    milieu = debut + timedelta(days=60)
    return (
        ("Mise en place et recrutement", debut, milieu),
        ("Activités auprès des personnes", milieu, fin),
    )


def _joindre(projets: list[Projet], requise: PieceRequise) -> None:
    """La résolution de chaque organisme, sauf aux quatre dernières demandes."""
    page = "<h1>Résolution du conseil d’administration</h1><p>Document fictif de la démonstration.</p>"
    contenu = rendre_pdf(
        f'<!doctype html><html lang="fr-CA"><head><title>Résolution (démonstration)</title></head><body>{page}</body></html>'
    )
    PieceJointe.objects.bulk_create(
        PieceJointe(
            projet=projet,
            requise=requise,
            fichier=ranger(
                contenu,
                nom="resolution.pdf",
                type_mime="application/pdf",
                acces=ACCES_PIECE,
                objet_id=projet.pk,
                instant=projet.depose_le,
            ),
            jointe_le=projet.depose_le,
        )
        for projet in projets[: RECUES - INCOMPLETES]
    )


def _figer(projets: list[Projet], promoteur: Utilisateur) -> None:
    """Le dépôt de chaque demande : son contenu entier et son empreinte, au journal."""
    depots = []
    for projet in projets:
        contenu = contenu_de(projet)
        depots.append(
            Depot(
                projet=projet,
                rang=1,
                instant=projet.depose_le,
                contenu=contenu,
                empreinte=empreinte_de(contenu),
                deposant=promoteur,
                signe_le=projet.depose_le,
                signe_par=promoteur,
            )
        )
    Depot.objects.bulk_create(depots)
    _noter_au_journal(projets, "deposer", EtatProjet.BROUILLON, EtatProjet.DEPOSE, promoteur)


def _juger(projets: list[Projet], coordination: Utilisateur, temps: Calendrier) -> None:
    """Soixante-trois admissibles, deux non; les quatre incomplètes attendent leur pièce."""
    instant, examinees = temps.jour(-25, 10), projets[: RECUES - INCOMPLETES]
    for etat, lot in (
        (EtatProjet.ADMISSIBLE, examinees[:-NON_ADMISSIBLES]),
        (EtatProjet.NON_ADMISSIBLE, examinees[-NON_ADMISSIBLES:]),
    ):
        Projet.objects.filter(pk__in=[p.pk for p in lot]).update(etat=etat)
        _noter_au_journal(lot, "juger", EtatProjet.DEPOSE, etat, coordination, instant)


def _noter_au_journal(
    projets: list[Projet], action: str, de: str, vers: str, auteur: Utilisateur, instant: datetime | None = None
) -> None:
    TransitionEtat.objects.bulk_create(
        TransitionEtat(
            objet_type=Projet._meta.label_lower,
            objet_id=projet.pk,
            action=action,
            de=de,
            vers=vers,
            auteur=auteur,
            instant=instant or projet.depose_le,
        )
        for projet in projets
    )


def _noter(appel: Appel, personnes: dict[str, Utilisateur], temps: Calendrier) -> None:
    """Deux conflits déclarés; trois personnes gardent chacune quatre évaluations passé la limite; le reste est remis."""
    evaluations = list(
        Evaluation.objects.filter(projet__appel=appel)
        .select_related("projet__appel", "projet__organisme", "projet__entente__mandataire", "evaluateur", "depot")
        .prefetch_related("projet__appel__criteres")
        .order_by("projet__numero", "pk")
    )
    retard = {personnes[nom].pk for nom in EN_RETARD}
    gardees: set[int] = set()
    for personne in retard:
        gardees |= {e.pk for e in [e for e in evaluations if e.evaluateur_id == personne][-NON_REMISES:]}
    rangs = {
        p: rang for rang, p in enumerate(Projet.objects.filter(appel=appel).order_by("pk").values_list("pk", flat=True))
    }
    conflits = [e.pk for e in evaluations if e.evaluateur_id not in retard and rangs[e.projet_id] >= A_RETENIR][:2]
    noter_les_evaluations(
        [e for e in evaluations if e.pk not in gardees],
        temps.jour(-6, 19),
        profil=lambda e: (
            Decimal(92 - rangs[e.projet_id] % 6 if rangs[e.projet_id] < A_RETENIR else 48 + rangs[e.projet_id] % 20)
            / 100
        ),
        se_retirent=conflits,
    )


def _sur_deux_territoires(
    appel: Appel, enveloppes: dict[str, Enveloppe], coordination: Utilisateur, temps: Calendrier
) -> None:
    """La première demande toute évaluée est recommandée; sa décision préparée la partage entre deux territoires."""
    projet = (
        Projet.objects.filter(appel=appel, etat=EtatProjet.EN_EVALUATION)
        .exclude(evaluations__etat__in=[EtatEvaluation.ASSIGNEE, EtatEvaluation.EN_COURS])
        .select_related("entente__mandataire", "appel", "organisme", "enveloppe__entente")
        .order_by("pk")
        .first()
    )
    consigner_recommandation(
        projet=projet,
        sens=SensDecision.ACCEPTER,
        montant=projet.montant_demande,
        motif="",
        auteur=coordination,
        instant=temps.jour(-4, 9),
    )
    autre = next(e for cle, e in enveloppes.items() if e.pk != projet.enveloppe_id and cle != PRESQUE_PLEINE)
    exercice = exercice_de(jour_local(temps.instant, temps.fuseau))
    moities = repartir(projet.montant_demande, (2, 1))
    preparer_decision(
        projet=Projet.objects.select_related("entente", "enveloppe").get(pk=projet.pk),
        sens=SensDecision.ACCEPTER,
        parts=[Part(projet.enveloppe, exercice, moities[0]), Part(autre, exercice, moities[1])],
        conditions="",
        motif_public="",
        auteur=coordination,
        instant=temps.jour(-3, 9),
    )
