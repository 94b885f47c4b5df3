"""Adresses de l'espace du ministère."""

from django.urls import path

from reddition import views

app_name = "reddition"
UNE = "<slug:entente>/<str:exercice>/<int:version>/"

urlpatterns = [
    path("", views.redditions, name="redditions"),
    path("dossiers/<str:numero>/", views.dossier, name="dossier"),
    path(UNE, views.reddition, name="reddition"),
    path(f"{UNE}dossiers/", views.dossiers, name="dossiers"),
    path(f"{UNE}produire/<slug:genre>/", views.produire, name="produire"),
]
