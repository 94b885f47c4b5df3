"""Adresses du portail : accueil, pages d'information, état."""

from django.urls import path

from portail import composants, views

app_name = "portail"

urlpatterns = [
    path("", views.accueil, name="accueil"),
    path("mon-espace/", views.accueil_personnel, name="accueil_personnel"),
    *[path(f"{nom}/", views.page, {"nom": nom}, name=nom) for nom in views.PAGES],
    path("etat/", views.etat, name="etat"),
    path("composants/", composants.composants, name="composants"),
    path("sante", views.sante, name="sante"),
    path("pret", views.pret, name="pret"),
]
