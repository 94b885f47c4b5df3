"""Le formulaire de l'appel du jour : le formulaire type du FQIS, et une section propre au territoire."""

from datetime import datetime

from appels.enums import GenreQuestion as G
from appels.enums import Gravite
from appels.models import Appel
from appels.questions import Condition, Formulaire, Question, Section, poser
from appels.services.formulaire import changer_formulaire, preparer_formulaire, publier_formulaire
from comptes.models import Utilisateur

MILIEU = Section(
    "milieu",
    "Votre milieu",
    "Trois questions de l’Alliance; vos réponses aident le comité à voir le territoire en entier.",
    (
        Question(
            "suite_d_un_projet",
            G.CHOIX,
            "Le projet est-il la suite d’un projet déjà soutenu par l’Alliance?",
            options=(("oui", "Oui"), ("non", "Non")),
            gravite=Gravite.AVERTIT,
        ),
        Question(
            "apport_neuf",
            G.TEXTE_LONG,
            "Qu’apporte-t-il de neuf?",
            "Le soutien n’est pas récurrent.",
            Gravite.AVERTIT,
            150,
            "mots",
            condition=Condition("suite_d_un_projet", ("oui",)),
        ),
        Question(
            "moyens",
            G.CHOIX_MULTIPLE,
            "Comment rejoindrez-vous les personnes?",
            options=(
                ("porte", "Porte-à-porte"),
                ("partenaires", "Organismes partenaires"),
                ("ecole", "École et services de garde"),
                ("reseaux", "Réseaux sociaux"),
            ),
        ),
        Question(
            "equipe",
            G.TABLEAU,
            "L’équipe du projet",
            "Une rangée par fonction, sans nom de personne.",
            colonnes=("Fonction", "Heures par semaine"),
        ),
    ),
)
PHOTO = Question(
    "photo_du_lieu", G.FICHIER, "Une photo du lieu", "Prise avec un téléphone, elle suffit.", Gravite.SUITE
)
REPONSES = {
    "suite_d_un_projet": "non",
    "moyens": ["partenaires", "ecole"],
    "equipe": [["Coordination du projet", "21"], ["Intervention", "28"]],
}


def charger_formulaire(appel: Appel, auteur: Utilisateur) -> None:
    """Publie la version 1, à l'ouverture de l'appel."""
    commun = {"auteur": auteur, "instant": appel.ouverture}
    version = preparer_formulaire(appel=appel, **commun)
    version = changer_formulaire(version=version, changer=_ajouter_section, **commun)
    publier_formulaire(version=version, **commun)


def preparer_version(appel: Appel, auteur: Utilisateur, instant: datetime) -> None:
    """Une version en préparation : la section du territoire, et une photo du lieu à joindre."""
    commun = {"auteur": auteur, "instant": instant}
    version = preparer_formulaire(appel=appel, **commun)
    version = changer_formulaire(version=version, changer=_ajouter_section, **commun)
    changer_formulaire(version=version, changer=lambda lu: poser(lu, MILIEU.cle, PHOTO), **commun)


def _ajouter_section(formulaire: Formulaire) -> Formulaire:
    return Formulaire((*formulaire.sections, MILIEU))
