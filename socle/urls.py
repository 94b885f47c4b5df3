"""Adresses des fichiers et des travaux."""

from django.urls import path

from socle import views

app_name = "socle"

urlpatterns = [
    path("fichiers/<uuid:uuid>/", views.telecharger, name="telecharger"),
    path("travaux/<uuid:uuid>/", views.suivre_travail, name="travail"),
    path("travaux/<uuid:uuid>/reprendre/", views.reprendre_travail, name="reprendre_travail"),
    path("travaux/<uuid:uuid>/annuler/", views.annuler_travail, name="annuler_travail"),
]
