"""Les personnes de la démonstration, connectées au client d'essai."""

from django.test import Client

from comptes.models import Utilisateur

ROLES = (
    "anonyme",
    "promoteur",
    "organismes",
    "evaluation1",
    "coordination",
    "secretariat",
    "finances",
    "tresorerie",
    "agent",
    "ministere",
    "coordination.lanaudiere",
)


def personne(nom: str) -> Utilisateur:
    return Utilisateur.objects.get(email=f"{nom}@demo.example")


def client(nom: str) -> Client:
    """Un client connecté; anonyme pour « anonyme »."""
    c = Client(raise_request_exception=False)
    if nom != "anonyme":
        c.force_login(personne(nom), backend="comptes.connexion.ConnexionCourriel")
    return c
