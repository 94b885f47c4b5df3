"""Adresses des organismes."""

from django.urls import path

from comptes import views

app_name = "comptes"

urlpatterns = [
    path("nouveau/", views.creer, name="creer_organisme"),
    path("<uuid:uuid>/", views.organisme, name="organisme"),
]
