"""Adresses du portail : accueil, pages d'information, état."""

from django.urls import path

from portail import composants, plans_ministere, views

app_name = "portail"

urlpatterns = [
    path("", views.accueil, name="accueil"),
    path("mon-espace/", views.accueil_personnel, name="accueil_personnel"),
    *[path(f"{nom}/", views.page, {"nom": nom}, name=nom) for nom in views.PAGES],
    path("ministere/plans/", plans_ministere.plans, name="plans"),
    path("ministere/plans/<int:pk>/", plans_ministere.plan, name="plan"),
    path("etat/", views.etat, name="etat"),
    path("composants/", composants.composants, name="composants"),
    path("sante", views.sante, name="sante"),
    path("pret", views.pret, name="pret"),
]
