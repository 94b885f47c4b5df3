"""Organismes et projets fictifs de la démonstration, nommés comme tels."""

from dataclasses import dataclass
from datetime import datetime

from comptes.enums import FormeJuridique
from comptes.models import Adhesion, Organisme, Utilisateur
from socle.models import Region


@dataclass(frozen=True)
class Modele:
    """Un projet type : titre, priorité, ce qu'il fait, pour qui."""

    titre: str
    priorite: str
    resume: str
    besoin: str
    clienteles: str


MODELES = (
    Modele(
        "Cuisines collectives de quartier",
        "securite_alimentaire",
        "Des groupes de cuisine hebdomadaires, avec transport et halte-garderie.",
        "Les personnes seules et les familles à faible revenu peinent à bien manger en fin de mois.",
        "Familles et personnes seules à faible revenu",
    ),
    Modele(
        "Transport solidaire vers les services",
        "transport",
        "Un service de transport bénévole coordonné entre trois organismes.",
        "Sans voiture ni autobus, plusieurs personnes renoncent à leurs rendez-vous.",
        "Personnes sans moyen de transport",
    ),
    Modele(
        "Plateau d’insertion en entretien d’immeubles",
        "insertion",
        "Douze places de travail encadré, de vingt-six semaines chacune.",
        "Des personnes éloignées de l’emploi veulent une première expérience soutenue.",
        "Personnes éloignées du marché du travail",
    ),
    Modele(
        "Accompagnement vers un logement stable",
        "habitation",
        "Une personne intervenante accompagne la recherche, le bail et l’installation.",
        "Le taux d’inoccupation rend la recherche d’un logement très difficile.",
        "Personnes à risque d’itinérance",
    ),
    Modele(
        "Répit et aide aux devoirs",
        "decrochage",
        "Aide aux devoirs et répit parental quatre soirs par semaine.",
        "Les parents qui travaillent le soir manquent de soutien.",
        "Enfants de 6 à 12 ans et leurs parents",
    ),
    Modele(
        "Jardins partagés et serre de quartier",
        "securite_alimentaire",
        "Quarante parcelles, une serre et des ateliers de transformation.",
        "Le quartier n’a pas d’épicerie à distance de marche.",
        "Résidentes et résidents du secteur",
    ),
    Modele(
        "Carrefour d’information et d’entraide",
        "action_communautaire",
        "Un lieu ouvert cinq jours sur sept, où l’on trouve qui peut aider.",
        "Les personnes ne savent pas à quelle porte frapper.",
        "Toute personne en situation de pauvreté",
    ),
)


def charger_organisme(nom: str, *, rang: int, region: Region, membre: Utilisateur, instant: datetime) -> Organisme:
    """Un organisme fictif, au NEQ de forme permise; `membre` a le mandat de déposer et signe."""
    organisme, _neuf = Organisme.objects.get_or_create(
        neq=f"1190{rang:06d}",
        defaults={
            "nom": nom,
            "forme": FormeJuridique.OBNL,
            "region": region,
            "adresse": f"{100 + rang}, rue de la Démonstration",
            "ville": "Saguenay" if region.code == "02" else "Joliette",
            "code_postal": "G7H1A1" if region.code == "02" else "J6E1A1",
            "telephone": "4185550100" if region.code == "02" else "4505550100",
            "courriel": membre.email,
            "cree_le": instant,
            "mission": "Organisme fictif de la démonstration : soutenir les personnes en situation de pauvreté de son territoire.",
        },
    )
    Adhesion.objects.get_or_create(
        utilisateur=membre,
        organisme=organisme,
        defaults={"mandat_de_deposer": True, "signataire": True, "depuis": instant},
    )
    membre.__dict__.pop("portees", None)  # lues une fois par requête; ici, une adhésion vient de s'y ajouter
    return organisme
