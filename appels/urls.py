"""Adresses publiques des appels."""

from django.urls import path

from appels import views

app_name = "appels"

urlpatterns = [
    path("", views.liste, name="liste"),
    path("fil.atom", views.atom, name="atom"),
    path("agenda.ics", views.agenda, name="agenda"),
    path("<slug:code>/", views.appel, name="appel"),
]
