"""Jouer un dossier, du brouillon au dernier versement, par les mêmes services que les écrans."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from alliances.models import Enveloppe
from appels.enums import NatureProjet
from appels.models import Appel
from comptes.models import Organisme, Utilisateur
from portail.demonstration.agenda import Agenda, quand
from portail.demonstration.formulaire import MILIEU, REPONSES
from portail.demonstration.organismes import Modele
from projets.enums import LienOrganisme, SensDecision
from projets.models import Projet
from projets.services.admissibilite import juger_admissibilite
from projets.services.brouillons import Ecriture, creer_brouillon, enregistrer_reponses
from projets.services.conventions import contresigner_convention, preparer_convention, signer_convention
from projets.services.decisions import Part, decider_projet
from projets.services.depots import deposer_projet
from projets.services.evaluations import (
    assigner_evaluations,
    consigner_recommandation,
    declarer_lien,
    enregistrer_notes,
    soumettre_evaluation,
)
from projets.services.lettres import envoyer_lettre, relire_lettre
from projets.services.rapports import accepter_rapport, enregistrer_rapport, soumettre_rapport
from projets.services.versements import approuver_versement, payer_versement
from socle.argent import repartir

PARTS_DEPENSES = (
    ("salaires", "Intervention et coordination", 60),
    ("materiel", "Matériel", 18),
    ("deplacements", "Déplacements", 9),
    ("communications", "Communications", 7),
    ("administration", "Administration du projet", 6),
)


@dataclass(frozen=True)
class Equipe:
    """Qui joue chaque rôle."""

    promoteur: Utilisateur
    coordination: Utilisateur
    comite: tuple[Utilisateur, ...]
    secretariat: Utilisateur
    finances: Utilisateur
    tresorerie: Utilisateur


@dataclass
class Dossier:
    """Un dossier fictif et ce que ses étapes demandent."""

    equipe: Equipe
    appel: Appel
    organisme: Organisme
    enveloppe: Enveloppe
    modele: Modele
    rang: int
    demande: Decimal
    debut: date
    fin: date
    titre: str = ""
    projet: Projet | None = None

    @property
    def milieu(self) -> date:
        """Où finit la mise en place et commencent les activités : soixante jours, ou la moitié d'un projet court."""
        return self.debut + min(timedelta(days=60), (self.fin - self.debut) / 2)

    def brouillon(self, instant: datetime) -> None:
        self.projet = creer_brouillon(
            appel=self.appel,
            organisme=self.organisme,
            titre=self.titre or self.modele.titre,
            auteur=self.equipe.promoteur,
            instant=instant,
        )
        self._section("projet", self._textes(), instant)
        if self.projet.formulaire_id:
            self._section(MILIEU.cle, REPONSES, instant)
        self._section(
            "activites",
            {
                "activites": [
                    {
                        "libelle": "Mise en place et recrutement",
                        "debut": self.debut,
                        "fin": self.milieu,
                    },
                    {
                        "libelle": "Activités auprès des personnes",
                        "debut": self.milieu,
                        "fin": self.fin,
                    },
                ],
                "resultats": [
                    {"indicateur": "Personnes rejointes", "cible": 40 + self.rang % 7 * 15},
                    {"indicateur": "Rencontres tenues", "cible": 24},
                ],
            },
            instant,
        )
        depenses = [
            {"categorie": categorie, "libelle": libelle, "montant": montant}
            for (categorie, libelle, _part), montant in zip(
                PARTS_DEPENSES, repartir(self._total, [part for _c, _l, part in PARTS_DEPENSES]), strict=True
            )
        ]
        self._section(
            "budget",
            {"montant_demande": self.demande, "depenses": depenses, "financements": self._apports()},
            instant,
        )

    def _section(self, section: str, champs: dict, instant: datetime) -> None:
        self.projet, _conflits = enregistrer_reponses(
            projet=self.projet,
            section=section,
            ecritures=[Ecriture(champ, valeur) for champ, valeur in champs.items()],
            instant=instant,
            auteur=self.equipe.promoteur,
        )

    def _textes(self) -> dict:
        m = self.modele
        return {
            "enveloppe": self.enveloppe,
            "priorite": self.appel.entente.priorites.get(code=m.priorite),
            "resume_public": m.resume,
            "besoin": m.besoin,
            "clienteles": m.clienteles,
            "nature": NatureProjet.INTERVENTION,
            "objectifs": "Améliorer concrètement les conditions de vie des personnes du territoire.",
            "personnes_visees": 40 + self.rang % 7 * 15,
            "participation": "Deux personnes concernées siègent au groupe de suivi.",
            "ancrage": "Projet porté avec la table locale de développement social.",
            "partenaires": "Municipalité, table locale, organismes du milieu.",
            "perennite": "Les partenaires gardent l’équipement et les façons de faire.",
            "zone_visee": self.rang % 3 != 0,
            "debut": self.debut,
            "fin": self.fin,
        }

    @property
    def _total(self) -> Decimal:
        """Dépenses : l'aide en couvre environ 62 %, au dollar près."""
        return (self.demande / Decimal("0.62")).quantize(Decimal(1)) + (self.demande % 1)

    def _apports(self) -> list[dict]:
        promoteur, milieu, nature = repartir(self._total - self.demande, (4, 3, 3))
        return [
            {
                "source": "promoteur",
                "libelle": "Mise de fonds",
                "genre": "argent",
                "montant": promoteur,
                "confirme": True,
            },
            {
                "source": "philanthropie",
                "libelle": "Fondation du milieu",
                "genre": "argent",
                "montant": milieu,
                "confirme": True,
            },
            {
                "source": "autre",
                "libelle": "Bénévolat et locaux",
                "genre": "nature",
                "montant": nature,
                "confirme": True,
            },
        ]

    def deposer(self, instant: datetime) -> None:
        deposer_projet(projet=self.projet, auteur=self.equipe.promoteur, instant=instant)
        self.projet = Projet.objects.select_related("entente__mandataire", "appel", "organisme").get(pk=self.projet.pk)

    def admettre(self, instant: datetime) -> None:
        juger_admissibilite(
            projet=self.projet, admissible=True, motif="", auteur=self.equipe.coordination, instant=instant
        )

    def confier(self, instant: datetime) -> None:
        assigner_evaluations(
            projet=self.projet, evaluateurs=self.equipe.comite, auteur=self.equipe.coordination, instant=instant
        )

    def evaluer(self, instant: datetime) -> None:
        for decalage, evaluation in enumerate(self.projet.evaluations.order_by("id")):
            personne = evaluation.evaluateur
            declarer_lien(evaluation=evaluation, lien=LienOrganisme.AUCUN, auteur=personne, instant=instant)
            notes = {
                critere.pk: (
                    max(0, critere.maximum - (self.rang * 3 + decalage + position) % max(2, critere.maximum // 3)),
                    "",
                )
                for position, critere in enumerate(self.appel.criteres.all())
            }
            enregistrer_notes(
                evaluation=evaluation,
                notes=notes,
                commentaire="Projet clair, bien ancré.",
                auteur=personne,
                instant=instant,
            )
            soumettre_evaluation(evaluation=evaluation, auteur=personne, instant=instant)

    def recommander(self, instant: datetime, montant: Decimal | None = None) -> None:
        consigner_recommandation(
            projet=self.projet,
            sens=SensDecision.ACCEPTER,
            montant=montant or self.demande,
            motif="",
            auteur=self.equipe.coordination,
            instant=instant,
        )

    def octroyer(self, instant: datetime, montant: Decimal, exercice: str, resolution: str) -> None:
        decider_projet(
            projet=self.projet,
            sens=SensDecision.ACCEPTER,
            resolution=resolution,
            adoptee_le=instant.date(),
            parts=[Part(self.enveloppe, exercice, montant)],
            motif_public="",
            auteur=self.equipe.secretariat,
            instant=instant,
        )

    def refuser(self, instant: datetime, resolution: str) -> None:
        consigner_recommandation(
            projet=self.projet,
            sens=SensDecision.REFUSER,
            montant=Decimal(0),
            motif="Les retombées restent à préciser.",
            auteur=self.equipe.coordination,
            instant=instant,
        )
        decider_projet(
            projet=self.projet,
            sens=SensDecision.REFUSER,
            resolution=resolution,
            adoptee_le=instant.date(),
            parts=[],
            motif_public="Les retombées attendues et le partage des rôles avec les partenaires restent à préciser.",
            auteur=self.equipe.secretariat,
            instant=instant,
        )

    def ecrire(self, instant: datetime) -> None:
        lettre, coordination = self.projet.decision.lettre, self.equipe.coordination
        relire_lettre(lettre=lettre, auteur=coordination, instant=instant)
        envoyer_lettre(lettre=lettre, auteur=coordination, instant=instant)

    def convenir(self, instant: datetime) -> None:
        self.projet = Projet.objects.select_related("entente__mandataire", "appel", "organisme").get(pk=self.projet.pk)
        convention = preparer_convention(projet=self.projet, auteur=self.equipe.coordination, instant=instant)
        signer_convention(convention=convention, auteur=self.equipe.promoteur, instant=instant + timedelta(days=3))
        contresigner_convention(
            convention=convention, auteur=self.equipe.coordination, instant=instant + timedelta(days=5)
        )

    def verser(self, rang: int) -> Callable[[datetime], None]:
        def acte(instant: datetime) -> None:
            versement = (
                self.projet.convention.versements.filter(rang=rang, etat="prevu")
                .select_related("convention__projet")
                .first()
            )
            if versement is None:
                return
            approuver_versement(versement=versement, auteur=self.equipe.finances, instant=instant)
            payer_versement(
                versement=versement,
                paiement=f"VIR-{self.projet.numero[-7:]}-{rang}",
                auteur=self.equipe.tresorerie,
                instant=instant + timedelta(hours=30),
            )

        return acte

    def rapporter(self, instant: datetime) -> None:
        rapport = self.projet.convention.rapport
        argent, nature = self._apports(), self._apports()
        reelles = {d.pk: d.montant for d in self.projet.depenses.all()}
        if self.rang % 5 == 0:  # quelques projets coûtent moins que prévu : leur solde revient à l'enveloppe
            premiere = next(iter(reelles))
            reelles[premiere] -= Decimal("750.00")
        enregistrer_rapport(
            rapport=rapport,
            reelles=reelles,
            obtenus={r.pk: (r.cible or 0) + 3 for r in self.projet.resultats.all()},
            champs={
                "realisations": "Toutes les activités prévues ont eu lieu.",
                "retombees": "Les personnes se disent moins isolées.",
                "ecarts": "",
                "personnes_rejointes": 40 + self.rang % 7 * 15 + 3,
                "partenaires_argent": argent[0]["montant"] + argent[1]["montant"],
                "partenaires_nature": nature[2]["montant"],
            },
            auteur=self.equipe.promoteur,
        )
        rapport.refresh_from_db()
        soumettre_rapport(rapport=rapport, auteur=self.equipe.promoteur, instant=instant)
        accepter_rapport(rapport=rapport, auteur=self.equipe.coordination, instant=instant + timedelta(days=6))


def inscrire_depot(agenda: Agenda, dossier: Dossier, jour: date, minute: int) -> None:
    """Brouillon puis dépôt, puis l'examen par la coordination et le comité."""
    agenda.inscrire(quand(jour - timedelta(days=12), 14, minute), dossier.brouillon)
    agenda.inscrire(quand(jour, 15 + dossier.rang % 7, minute, dossier.rang % 60), dossier.deposer)


def inscrire_examen(agenda: Agenda, dossier: Dossier, jour: date) -> None:
    """Admissibilité, comité, évaluations."""
    agenda.inscrire(quand(jour, 9), dossier.admettre)
    agenda.inscrire(quand(jour + timedelta(days=3), 9), dossier.confier)
    agenda.inscrire(quand(jour + timedelta(days=24), 19), dossier.evaluer)
