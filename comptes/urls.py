"""Adresses des organismes : fiche, membres, dossier permanent."""

from django.urls import path

from comptes.views import dossier, membres, organismes

app_name = "comptes"

urlpatterns = [
    path("nouveau/", organismes.creer, name="creer_organisme"),
    path("rejoindre/", membres.rejoindre, name="rejoindre"),
    path("invitation/<str:jeton>/", membres.invitation, name="invitation"),
    path("<uuid:uuid>/", organismes.organisme, name="organisme"),
    path("<uuid:uuid>/correction/<int:pk>/", organismes.correction, name="correction"),
    path("<uuid:uuid>/membres/", membres.membres, name="membres"),
    path("<uuid:uuid>/membres/<int:pk>/", membres.membre, name="membre"),
    path("<uuid:uuid>/membres/<int:pk>/retirer/", membres.retirer, name="retirer_membre"),
    path("<uuid:uuid>/invitations/<int:pk>/annuler/", membres.annuler, name="annuler_invitation"),
    path("<uuid:uuid>/demandes/<int:pk>/", membres.trancher, name="trancher_adhesion"),
    path("<uuid:uuid>/documents/", dossier.documents, name="documents"),
    path("<uuid:uuid>/documents/<int:pk>/retirer/", dossier.retirer, name="retirer_document"),
]
