"""Comptes de la démonstration, un par rôle, tous au même mot de passe."""

from dataclasses import dataclass
from datetime import date

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password

from alliances.models import Affectation, Mandataire, Territoire
from comptes.enums import Role
from comptes.models import Utilisateur

DEPUIS = date(2017, 4, 1)


@dataclass(frozen=True)
class Compte:
    """Un compte : sa partie locale, son nom, ce qu'il fait, son rôle, chez qui, et pour quel territoire (entente/lettres)."""

    local: str
    nom: str
    fait: str
    role: str | None = None
    mandataire: str | None = None
    territoire: str = ""

    @property
    def email(self) -> str:
        return f"{self.local}@demo.example"


COMPTES = (
    Compte("promoteur", "Promoteur (démonstration)", "dépose une demande, suit son projet, fait rapport"),
    Compte(
        "coordination",
        "Coordination 02 (démonstration)",
        "examine, assigne, prépare, certifie",
        Role.COORDINATION,
        "02",
    ),
    Compte("evaluation1", "Comité 1 (démonstration)", "évalue", Role.EVALUATION, "02"),
    Compte("evaluation2", "Comité 2 (démonstration)", "évalue", Role.EVALUATION, "02"),
    Compte("secretariat", "Secrétariat 02 (démonstration)", "consigne les résolutions", Role.SECRETARIAT, "02"),
    Compte("finances", "Finances 02 (démonstration)", "approuve les versements", Role.FINANCES, "02"),
    Compte("tresorerie", "Trésorerie 02 (démonstration)", "paie", Role.TRESORERIE, "02"),
    Compte(
        "agent",
        "Agent territorial de Maria-Chapdelaine (démonstration)",
        "lit les demandes déposées dans son territoire",
        Role.AGENT,
        "02",
        "02-2024/MC",
    ),
    Compte("ministere", "Ministère (démonstration)", "examine et télécharge les redditions", Role.MINISTERE),
    Compte(
        "coordination.lanaudiere",
        "Coordination de Lanaudière (démonstration)",
        "autre mandataire",
        Role.COORDINATION,
        "14",
    ),
)
AUXILIAIRES = (
    Compte("organismes", "Organismes de la démonstration", "a déposé les dossiers passés"),
    Compte("evaluation.lanaudiere", "Comité de Lanaudière (démonstration)", "évalue", Role.EVALUATION, "14"),
    Compte("secretariat.lanaudiere", "Secrétariat de Lanaudière (démonstration)", "consigne", Role.SECRETARIAT, "14"),
    Compte("tresorerie.lanaudiere", "Trésorerie de Lanaudière (démonstration)", "paie", Role.TRESORERIE, "14"),
)


def charger_comptes() -> dict[str, Utilisateur]:
    """Crée ou remet à jour les comptes; rend chacun par sa partie locale."""
    commun = make_password(settings.MOT_DE_PASSE_DEMO)
    return {compte.local: charger_compte(compte, commun) for compte in (*COMPTES, *AUXILIAIRES)}


def charger_compte(compte: Compte, commun: str = "") -> Utilisateur:
    """Crée le compte, son adresse vérifiée et son rôle, ou les retrouve; `commun` : le mot de passe, déjà haché."""
    commun = commun or make_password(settings.MOT_DE_PASSE_DEMO)
    personne, _neuve = Utilisateur.objects.get_or_create(
        email=compte.email, defaults={"nom": compte.nom, "password": commun}
    )
    if not check_password(settings.MOT_DE_PASSE_DEMO, personne.password):
        personne.password = commun
        personne.save(update_fields=["password"])
    EmailAddress.objects.get_or_create(user=personne, email=compte.email, defaults={"verified": True, "primary": True})
    if compte.role and not compte.territoire:
        mandataire = Mandataire.objects.get(code=compte.mandataire) if compte.mandataire else None
        Affectation.objects.get_or_create(
            utilisateur=personne, role=compte.role, mandataire=mandataire, defaults={"debut": DEPUIS}
        )
    return personne


def affecter_agents(personnes: dict[str, Utilisateur]) -> None:
    """Donne leur territoire aux agents, une fois les territoires chargés."""
    for compte in COMPTES:
        if not compte.territoire:
            continue
        entente, _barre, lettres = compte.territoire.partition("/")
        territoire = Territoire.objects.select_related("entente__mandataire").get(entente__code=entente, code=lettres)
        Affectation.objects.get_or_create(
            utilisateur=personnes[compte.local],
            role=compte.role,
            mandataire=territoire.entente.mandataire,
            territoire=territoire,
            defaults={"debut": territoire.entente.debut},
        )
