"""Adresses de l'espace du comité."""

from django.urls import path

from comite.views import dossiers

app_name = "comite"

urlpatterns = [
    path("", dossiers.mes_evaluations, name="dossiers"),
    path("<int:pk>/", dossiers.evaluation, name="evaluation"),
    path("<int:pk>/retrait/", dossiers.retrait, name="retrait"),
]
