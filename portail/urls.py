"""Adresses du portail : accueil, pages d'information, état."""

from django.urls import path

from portail import composants, plans_ministere, views
from portail.vitrine import views as vitrine

app_name = "portail"

urlpatterns = [
    path("", views.accueil, name="accueil"),
    path("mon-espace/", views.accueil_personnel, name="accueil_personnel"),
    *[path(f"{nom}/", views.page, {"nom": nom}, name=nom) for nom in views.PAGES],
    path("ministere/plans/", plans_ministere.plans, name="plans"),
    path("ministere/plans/<int:pk>/", plans_ministere.plan, name="plan"),
    path("alliances/", vitrine.alliances, name="alliances"),
    path("alliances/<slug:code>/", vitrine.alliance, name="alliance"),
    path("alliances/<slug:code>/image.css", vitrine.image_css, name="image_css"),
    path("alliances/<slug:code>/logo", vitrine.logo, name="logo"),
    path("etat/", views.etat, name="etat"),
    path("composants/", composants.composants, name="composants"),
    path("sante", views.sante, name="sante"),
    path("pret", views.pret, name="pret"),
]
